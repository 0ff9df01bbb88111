"""The strings of one's own account, of the agents' page and of the audit."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {}
