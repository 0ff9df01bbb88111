"""What is heard in a message: words, numbers, and what the words around them do to them."""
