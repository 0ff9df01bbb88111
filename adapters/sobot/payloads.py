"""The paths of Sobot's calls and the words of its wire. Source: Sobot API documentation, read 2026-08."""

MESSAGE = "message/"
CUSTOMERS = "api/customer"
TEMPLATES = "api/template/"

PAGE_SIZE = 20
"""Items on a page of customers or templates."""

PAGES_READ = 500
"""How far a list is read in one go: a search through 10 000 customers takes minutes."""

NAME_LENGTH = 100
"""The longest name of a customer."""

FILED = frozenset({"image", "video", "audio", "document", "sticker"})
"""The types of messages whose body describes a file."""
