"""One folder per provider, all with the same file names."""
