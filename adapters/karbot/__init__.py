"""Karbot: Gupshup's webhooks behind Karbot's own calls."""
