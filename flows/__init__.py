"""The bots we ship: each one a model for authors."""
