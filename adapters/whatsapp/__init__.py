"""WhatsApp's own wire shapes, shared by every provider that passes them on."""
