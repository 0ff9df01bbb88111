"""The strings of the chat: transcript, composer, templates, new chats."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {}
