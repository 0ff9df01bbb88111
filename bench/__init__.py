"""The benchmark and its floor."""
