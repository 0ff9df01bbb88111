"""What is heard in a message: words, numbers, and what the words around them do; shared by the types that are amounts or yes and no."""
