"""Interakt's Public API: its WhatsApp channel; `adapters.rcs` is the other one."""
