"""The sandboxes do what the providers document."""
