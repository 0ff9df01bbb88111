"""The only async part of the engine: it moves signals in, steps them, and sends what they say."""
