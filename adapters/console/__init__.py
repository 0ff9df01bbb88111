"""Talk to a bot in the terminal: the smallest adapter, the one to copy. No HTTP, so no client and no signature."""
