"""`/media/{token}`: our files, for providers that take links alone; the token names the file and is signed.

A token is the base64 of: 16 bytes of HMAC-SHA256, the file's key, when it ends, its type, its name. Whoever has no
token reads nothing: no other path of the folder can be named, and no answer tells a wrong token from an ended one.
"""

import asyncio
import base64
import binascii
import hmac
import os
import re
import secrets
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from engine.core.errors import ContentRejected
from engine.ports import NoLinks
from storage import MediaFolder
from web.errors import NOSNIFF, answering

KEY_FILE = ".link-key"
"""In the media folder, so that replicas that share it read each other's links."""

KEY_BYTES = 32
MAC_BYTES = 16

LIVES = timedelta(hours=24)
"""A provider may fetch late, and again. Our own choice: no provider names a time."""

ROUND = timedelta(hours=1)
"""Within it a file keeps its address: Meta fetches one address once in 10 minutes. Source: media reference, 2026-08."""

HEADERS = {
    **NOSNIFF,
    "Cache-Control": "private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
"""A contact's file may be a page: no browser may run it as one of ours."""

ANY_TYPE = "application/octet-stream"

_PLACE = struct.Struct(">32sI")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(; ?[\w-]+=\"?[\w., -]+\"?)*", re.ASCII)
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_~")


class _Link(NamedTuple):
    """What a token says."""

    stored: str
    mime_type: str
    filename: str


class SignedLinks:
    """Implements `engine.ports.MediaLinks` on a media folder, and serves what it gave out.

    Args:
        folder: The media folder; the key of the links stands in it, too.
        public_url: Where providers reach this server; None refuses every link.
        now: The time.
    """

    def __init__(
        self,
        folder: Path,
        *,
        public_url: str | None,
        now: Callable[[], datetime],
    ) -> None:
        self._files = MediaFolder(folder)
        self._key_file = folder / KEY_FILE
        self._public_url = public_url
        self._now = now
        self._known: bytes | None = None

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return an address that serves the file for a day; the same one for up to an hour.

        Raises:
            ContentRejected: This server has no public address, or the folder cannot be written.
        """
        if self._public_url is None:
            return NoLinks().url(stored, mime_type=mime_type, filename=filename)
        ends = _round_up(self._now()) + LIVES
        place = _PLACE.pack(bytes.fromhex(stored), int(ends.timestamp()))
        said = place + f"{mime_type or ''}\0{filename or ''}".encode(errors="replace")
        token = base64.urlsafe_b64encode(_mac(self._make_key(), said) + said).rstrip(b"=").decode()
        return f"{self._public_url}/media/{token}"

    def routes(self) -> list[web.RouteDef]:
        """Return the route; it answers GET and HEAD."""
        return [web.get("/media/{token}", answering(self._serve))]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """Answer the file's bytes, or 404 for every other reason alike."""
        link = self._read(request.match_info["token"])
        path = self._files.path(link.stored)
        if not await asyncio.to_thread(path.is_file):
            raise web.HTTPNotFound
        shown = {"Content-Type": _safe_type(link.mime_type)}
        shown["Content-Disposition"] = _disposition(link.filename)
        return web.FileResponse(path, headers=HEADERS | shown)

    def _read(self, token: str) -> _Link:
        """Return what a token of ours says. Raises HTTPNotFound."""
        key = self._find_key()
        try:
            data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise web.HTTPNotFound from None
        mac, said = data[:MAC_BYTES], data[MAC_BYTES:]
        if key is None or not hmac.compare_digest(mac, _mac(key, said)):
            raise web.HTTPNotFound
        stored, ends = _PLACE.unpack_from(said)
        if datetime.fromtimestamp(ends, UTC) <= self._now():
            raise web.HTTPNotFound
        mime_type, _, filename = said[_PLACE.size :].decode().partition("\0")
        return _Link(stored.hex(), mime_type, filename)

    def _find_key(self) -> bytes | None:
        """Return the key, or None where no link was ever given out."""
        if self._known is None:
            with suppress(OSError):
                self._known = _checked(self._key_file.read_bytes())
        return self._known

    def _make_key(self) -> bytes:
        """Return the key, made by whichever process comes first."""
        known = self._find_key()
        if known is not None:
            return known
        unfinished = self._key_file.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}.part")
        try:
            self._key_file.parent.mkdir(parents=True, exist_ok=True)
            _write_private(unfinished, secrets.token_bytes(KEY_BYTES))
            with suppress(FileExistsError):  # another process was first, and its key counts
                os.link(unfinished, self._key_file)
            unfinished.unlink()
            known = _checked(self._key_file.read_bytes())
        except OSError as error:
            raise ContentRejected(
                f"no link to the file can be made: {self._key_file}: {error.strerror}"
            ) from error
        if known is None:
            raise ContentRejected(f"{self._key_file} is damaged: remove it, and links work again")
        self._known = known
        return known


def _checked(key: bytes) -> bytes | None:
    """Return a whole key alone: a short one would sign what anyone can guess."""
    return key if len(key) == KEY_BYTES else None


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, "sha256")[:MAC_BYTES]


def _round_up(now: datetime) -> datetime:
    step = int(ROUND.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // step + 1) * step, UTC)


def _safe_type(mime_type: str) -> str:
    return mime_type if _TYPE.fullmatch(mime_type) else ANY_TYPE


def _disposition(filename: str) -> str:
    """Return the header that has a browser save the file, under its own name where it has one (RFC 6266)."""
    if not filename:
        return "attachment"
    name = "".join(chr(one) if one in _PLAIN else f"%{one:02X}" for one in filename.encode())
    return f"attachment; filename*=UTF-8''{name}"
