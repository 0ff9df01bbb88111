"""Ids made from a seed: the same ones for the same seed and count."""

import base64
import hashlib
from uuid import UUID


class Ids:
    """The next id of each form a provider has; every call counts one on."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def wamid(self) -> str:
        """Return a WhatsApp message id."""
        return "wamid.HBgL" + base64.b64encode(self.digest()[:24]).decode()

    def number(self) -> str:
        """Return a numeric id, as media have."""
        return str(10**15 + int.from_bytes(self.digest()[:6], "big"))

    def uuid(self) -> str:
        """Return a UUID of version 4's form."""
        return str(UUID(bytes=self.digest()[:16], version=4))

    def digest(self) -> bytes:
        """Return 32 bytes, for forms of the provider's own."""
        self._count += 1
        return hashlib.sha256(f"{self._seed}:{self._count}".encode()).digest()
