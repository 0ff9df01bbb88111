"""The strings of what stands beside the chat, and what is done with it."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {}
