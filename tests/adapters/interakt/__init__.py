"""Interakt's WhatsApp channel."""
