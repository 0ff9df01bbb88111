"""What a file is by its bytes, and what a line takes of it; what the browser says counts for nothing. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from engine.core.capabilities import Capabilities

FileKind = Literal["image", "video", "audio", "document", "sticker"]

HEAD_BYTES: Final = 4096
"""As much of a file tells what it is."""

TAKEN: Final[Mapping[FileKind, tuple[str, ...]]] = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "sticker": ("image/webp",),
    "document": (
        "application/pdf",
        "text/plain",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
"""Types that WhatsApp's phones show. Source: Cloud API, media, read 2026-08."""

OFFICE: Final[Mapping[str, str]] = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_ZIPPED: Final = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))

_BRANDS: Final[Mapping[bytes, str]] = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"qt  ": "video/quicktime",
}
"""What a file of boxes calls itself, where it is no film."""

_MARKS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)


class Sniffed(NamedTuple):
    """What a file is to a line."""

    mime_type: str
    kind: FileKind | None
    """How it can be sent; None where the line does not take it at all."""


def takes(can: Capabilities) -> dict[FileKind, tuple[int, tuple[str, ...]]]:
    """Return, by kind of file, the most bytes and the types that a line takes."""
    return {
        kind: (most, types)
        for kind, types in TAKEN.items()
        if kind in can.kinds and (most := can.media_bytes.get(kind))
    }


def sniffed(head: bytes, name: str, can: Capabilities) -> Sniffed:
    """Return what a file is, as a line takes it.

    Args:
        head: The first bytes of the file, HEAD_BYTES of them where it has so many.
        name: Its name: of an office file it tells which of two that begin alike.
        can: What the line takes.
    """
    mime_type = type_of(head, name)
    for kind, (_, types) in takes(can).items():
        if mime_type in types:
            return Sniffed(mime_type, kind)
    return Sniffed(mime_type, None)


def type_of(head: bytes, name: str) -> str:
    """Return a file's type by its first bytes."""
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    for mark, mime_type in _MARKS:
        if head.startswith(mark):
            return mime_type
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if head[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "audio/aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return _office(head, name)
    return "text/plain" if _is_text(head) else ""


def _boxed(brand: bytes) -> str:
    return "video/3gpp" if brand.startswith(b"3g") else _BRANDS.get(brand, "video/mp4")


def _office(head: bytes, name: str) -> str:
    """Return which office file it is; an archive of anything else is none."""
    ending = name.rpartition(".")[2].lower()
    if head.startswith(b"PK"):
        found = next((kind for place, kind in _ZIPPED if place in head), None)
        # A large first part may hide the place that tells: then the name must say it.
        is_office = b"[Content_Types].xml" in head
        ending = found or (ending if is_office and ending.endswith("x") else "")
    elif ending.endswith("x"):
        return ""
    return OFFICE.get(ending, "")


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    try:
        # The last letter may be cut in two.
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and len(head) >= HEAD_BYTES
    return True
