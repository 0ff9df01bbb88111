"""A Karbot webhook is Gupshup's callback, version 2, word for word. Source: Karbot's published collection, 2025-01."""

from adapters.gupshup.parse import parse_body

__all__ = ["parse_body"]
