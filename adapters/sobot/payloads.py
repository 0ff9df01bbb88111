"""The paths of Sobot's calls and the words of its wire. Source: Sobot API documentation, read 2026-08."""

MESSAGE = "message/"
CUSTOMERS = "api/customer"
TEMPLATES = "api/template/"

PAGE_SIZE = 20
"""Items on a page of customers or templates."""

NAME_LENGTH = 100
"""The longest name of a customer."""

FILED = frozenset({"image", "video", "audio", "document", "sticker"})
"""The types of messages whose body describes a file."""
