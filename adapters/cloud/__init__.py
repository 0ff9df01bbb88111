"""Meta's Cloud API, the WhatsApp provider itself."""
