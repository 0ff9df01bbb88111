"""Interakt's WhatsApp."""
