"""The pure engine: data in, data out. No await, no clock, no randomness, no I/O."""
