"""Files of a chat: put into the store before they are sent, and shown to who may see the chat.

What a file is, its bytes tell; what the browser or a provider calls it counts for nothing. No file becomes a page of
ours: a type that a browser might run is a download.
"""

import asyncio
import re
import unicodedata
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import orjson
from aiohttp import hdrs, web

from engine.core.capabilities import Capabilities
from engine.core.content import Media
from engine.core.errors import PayloadTooLarge
from engine.core.ids import MessageId
from storage.inbox import message_stored
from storage.media import MediaFolder
from web.inbox.errors import NotFound
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH
from web.inbox.writing.composer import capabilities_of
from web.inbox.writing.kinds import HEAD_BYTES, FileKind, Sniffed, sniffed, takes
from web.inbox.writing.sent import ChatRefused
from web.keys import DATABASE, MEDIA, SETTINGS

MIB: Final = 1024 * 1024

NAME_HEADER: Final = "X-File-Name"
"""Percent-encoded: a header holds no other letters."""

NAME_CHARS: Final = 120

UPLOADS_AT_ONCE: Final = 4
"""Each may hold a hundred megabytes of memory until it is stored."""

SHOWN_TYPES: Final = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif",
        "video/mp4", "video/3gpp", "video/webm",
        "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm",
        "application/pdf", "text/plain",
    }
)  # fmt: skip
"""What a browser may show from our address; all else is a download."""

SANDBOX: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
PDF: Final = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
"""Browsers show no PDF within a sandbox; they run none of its scripts as a page of ours anyway."""

_NEVER: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
"""Not in a name: paths, quotes, line breaks, and what turns letters round so that `gpj.exe` reads `exe.jpg`."""


class Uploads:
    """How many files may come in at once."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(UPLOADS_AT_ONCE)


UPLOADS = web.AppKey("inbox_uploads", Uploads)


async def upload(asked: Asked) -> web.StreamResponse:
    """Put a file into the store: the body is its bytes. Answers what it is to the line."""
    can = _can(asked)
    name = safe_name(unquote(asked.request.headers.get(NAME_HEADER, "")))
    most = max((bytes_ for bytes_, _ in takes(can).values()), default=0)
    if not most:
        raise ChatRefused(ENGLISH["file_none"])
    async with asked.app[UPLOADS].room:
        data = await _read(asked.request, most)
        found = sniffed(data[:HEAD_BYTES], name, can)
        kind = refuse_file(found, len(data), can)
        key = await asked.app[MEDIA].put(data)
    told = {"key": key, "kind": kind, "type": found.mime_type, "size": len(data), "name": name}
    body = orjson.dumps({"ok": True, **told})
    return web.Response(body=body, content_type="application/json")


async def show_file(asked: Asked) -> web.StreamResponse:
    """Show a message's file, or a part of it, with a type that cannot become a page of ours."""
    chat, message = asked.chat, MessageId(int(asked.request.match_info["message"]))
    found = await message_stored(asked.app[DATABASE], chat.line, chat.id, message)
    if found is None or not isinstance(found.content, Media) or found.content.stored is None:
        raise NotFound
    path = _path(asked.app, found.content.stored)
    if not await asyncio.to_thread(path.is_file):
        raise NotFound
    told = (found.content.mime_type or "").partition(";")[0].strip().lower()
    return web.FileResponse(path, headers=headers_of(told, found.content.filename or ""))


def headers_of(mime_type: str, name: str) -> dict[str, str]:
    """Return what a file is served with."""
    shown = mime_type in SHOWN_TYPES
    kind = mime_type if shown else "application/octet-stream"
    how = "inline" if shown else "attachment"
    named = safe_name(name)
    return {
        hdrs.CONTENT_TYPE: f"{kind}; charset=utf-8" if kind == "text/plain" else kind,
        hdrs.CONTENT_DISPOSITION: f"{how}; filename*=UTF-8''{quote(named, safe='')}"
        if named
        else how,
        "Content-Security-Policy": PDF if kind == "application/pdf" else SANDBOX,
        "X-Content-Type-Options": "nosniff",
        # Kept, but asked for again each time: who signs out on a shared machine leaves nothing to be opened.
        "Cache-Control": "private, no-cache",
    }


async def read_file(app: web.Application, key: str, name: str, can: Capabilities) -> Media:
    """Return a stored file as it is sent. Raises ChatRefused where there is none, or the line does not take it."""
    path = _path(app, key)
    try:
        head, size = await asyncio.to_thread(_head, path)
    except FileNotFoundError:
        raise ChatRefused(ENGLISH["file_lost"]) from None
    name = safe_name(name)
    found = sniffed(head, name, can)
    kind = refuse_file(found, size, can)
    return Media(
        kind=kind,
        stored=key,
        mime_type=found.mime_type,
        filename=(name or None) if kind == "document" else None,
    )


def refuse_file(found: Sniffed, size: int, can: Capabilities) -> FileKind:
    """Return how a file is sent. Raises ChatRefused where the line does not take it."""
    if found.kind is None:
        raise ChatRefused(ENGLISH["file_kind"])
    most, _ = takes(can)[found.kind]
    if size > most:
        raise ChatRefused(ENGLISH["file_large"].format(most=_megabytes(most)))
    return found.kind


def safe_name(name: str) -> str:
    """Return a file's name without what could lead somewhere, break a line or show another ending."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _NEVER.sub("_", unicodedata.normalize("NFC", last)).strip(" ._")
    if len(plain) <= NAME_CHARS:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return (
        plain[:NAME_CHARS] if not dot or len(ending) > 8 else f"{stem[: NAME_CHARS - 9]}.{ending}"
    )


def _megabytes(size: int) -> str:
    return f"{size / MIB:.3g} MB"


def _path(app: web.Application, key: str) -> Path:
    return MediaFolder(app[SETTINGS].media.path).path(key)


def _head(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES), path.stat().st_size


def _can(asked: Asked) -> Capabilities:
    can = capabilities_of(asked.app, asked.chat.line)
    if can is None:
        raise ChatRefused(ENGLISH["lineless"])
    return can


async def _read(request: web.Request, most: int) -> bytes:
    """Return the body. Raises PayloadTooLarge."""
    refused = PayloadTooLarge(ENGLISH["file_large"].format(most=_megabytes(most)))
    if (request.content_length or 0) > most:
        raise refused
    data = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > most:
            raise refused
    return bytes(data)
