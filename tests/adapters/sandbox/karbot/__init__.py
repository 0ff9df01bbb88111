"""The Karbot sandbox: what it has of its own."""
