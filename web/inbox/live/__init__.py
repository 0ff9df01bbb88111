"""What moves without a reload, in open pages and on phones."""
