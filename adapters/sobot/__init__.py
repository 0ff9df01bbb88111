"""Sobot."""
