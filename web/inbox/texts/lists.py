"""The strings of the lists of chats, their filters and the search."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {}
