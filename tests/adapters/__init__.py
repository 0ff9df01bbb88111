"""Adapters and the sandboxes they are tried against."""
