"""One file a revision, oldest first; forward only."""
