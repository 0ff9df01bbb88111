"""The strings of what happens by itself: presence, notifications, the installed app."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {}
