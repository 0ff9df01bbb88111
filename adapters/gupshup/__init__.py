"""Gupshup's v2 API."""
