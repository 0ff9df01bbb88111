"""What a transcript shows of each message, as plain data: the simulator and the inbox draw the same bubbles."""
