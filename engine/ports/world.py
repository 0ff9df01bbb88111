"""The rest of the world: time, ids, files."""

from datetime import datetime
from typing import Protocol

from engine.core.errors import ContentRejected
from engine.core.ids import (
    LineId,
)


class Clock(Protocol):
    """The time. A line may have its own, ahead of the others (the simulator's jump)."""

    def now(self, line: LineId | None = None) -> datetime:
        """Return the aware UTC time, on this line if one is named."""

    def monotonic(self) -> float:
        """Return seconds that never go back; for back-off, pace and timeouts."""


class IdFactory(Protocol):
    """Gives 63-bit ids that rise within a process and never repeat across processes."""

    def __call__(self) -> int:
        """Return the next id."""


class MediaStore(Protocol):
    """Keeps the bytes of files by their hash."""

    async def put(self, data: bytes) -> str:
        """Store the bytes and return their key (SHA-256 in hex)."""

    async def get(self, key: str) -> bytes:
        """Return the bytes. Raises KeyError."""


class MediaLinks(Protocol):
    """Gives stored files an address on the web, for providers that take links alone."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return an address that serves the file for a day.

        Raises ContentRejected where this server has no public address.
        """


class NoLinks:
    """For a server that nobody reaches from outside."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Refuse. Raises ContentRejected."""
        raise ContentRejected(
            "this provider takes files by link: set server.public_url to where it reaches this server"
        )
