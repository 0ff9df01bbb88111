"""Bytes of files in a folder, named by their hash: stored whole or not at all, and each content once."""

import asyncio
import hashlib
import os
import re
import secrets
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{64}")


class MediaFolder:
    """A MediaStore on a folder, local or shared by replicas.

    Args:
        folder: Made when the first file comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, data: bytes) -> str:
        """Store the bytes and return their key (SHA-256 in hex). Raises OSError, such as for a full disk."""
        return await asyncio.to_thread(self._put, data)

    async def get(self, key: str) -> bytes:
        """Return the bytes. Raises KeyError."""
        return await asyncio.to_thread(self._get, key)

    def path(self, key: str) -> Path:
        """Return where a key's bytes are kept. Raises KeyError for what is no key."""
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        return self._folder / key[:2] / key

    def _put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        path = self.path(key)
        if path.exists():
            return key
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{key}.{secrets.token_hex(4)}.part")
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return key

    def _get(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
