"""The strings of the supervisor's page."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {}
