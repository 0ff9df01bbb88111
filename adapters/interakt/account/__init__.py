"""What an Interakt account offers beside the chat, whichever of its channels a line is."""
