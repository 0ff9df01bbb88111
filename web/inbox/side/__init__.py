"""The right region: who the contact is, where the flow stands, and what is done with a chat."""
