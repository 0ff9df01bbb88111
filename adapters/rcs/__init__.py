"""Interakt's RCS."""
