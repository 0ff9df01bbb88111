"""The Gupshup sandbox: what its documents say, from both sides."""
