"""The left region: the lists of chats, their rows, the search."""
