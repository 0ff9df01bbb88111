"""What a file is by its bytes, what a line takes of it, and what it may be called."""

import pytest

from adapters.cloud.capabilities import CAPABILITIES as CLOUD
from web.inbox.writing.files import headers_of, safe_name
from web.inbox.writing.kinds import sniffed, takes, type_of


@pytest.mark.parametrize(
    ("head", "name", "mime_type"),
    [
        pytest.param(b"\xff\xd8\xff\xe0", "", "image/jpeg", id="jpeg"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8 ", "", "image/webp", id="webp"),
        pytest.param(b"\0\0\0\x18ftypmp42", "", "video/mp4", id="mp4"),
        pytest.param(b"\0\0\0\x18ftyp3gp5", "", "video/3gpp", id="3gp"),
        pytest.param(b"\0\0\0\x18ftypM4A ", "", "audio/mp4", id="m4a"),
        pytest.param(b"\0\0\0\x18ftypheic", "x.jpg", "image/heic", id="heic-named-jpg"),
        pytest.param(b"OggS\0\x02", "", "audio/ogg", id="ogg"),
        pytest.param(b"ID3\x04", "", "audio/mpeg", id="mp3"),
        pytest.param(b"\xff\xfb\x90", "", "audio/mpeg", id="mp3-bare"),
        pytest.param(b"\xff\xf1\x50", "", "audio/aac", id="aac"),
        pytest.param(b"#!AMR\n", "", "audio/amr", id="amr"),
        pytest.param(b"PK\x03\x04...[Content_Types].xml", "a.xlsx", "xlsx", id="xlsx"),
        pytest.param(b"PK\x03\x04..word/document.xml", "a.zip", "docx", id="docx-named-zip"),
        pytest.param(b"PK\x03\x04..payload.exe", "a.docx", "", id="zip-named-docx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword", id="doc"),
        pytest.param(b"BMW is a car", "", "text/plain", id="words"),
        pytest.param("héllo".encode(), "", "text/plain", id="utf-8"),
        pytest.param("héllo".encode("latin-1"), "", "", id="latin-1"),
        pytest.param(b"", "", "", id="nothing"),
    ],
)
def test_a_files_bytes_tell_what_it_is(head: bytes, name: str, mime_type: str) -> None:
    assert (
        type_of(head, name)
        .rpartition("openxmlformats-officedocument.")[2]
        .startswith({"xlsx": "spreadsheetml", "docx": "wordprocessingml"}.get(mime_type, mime_type))
    )
    assert bool(type_of(head, name)) is bool(mime_type)


def test_a_line_takes_the_kinds_that_it_can_carry() -> None:
    pictures = CLOUD.model_copy(update={"media_bytes": {"image": 1000}})
    assert takes(pictures) == {"image": (1000, ("image/jpeg", "image/png"))}
    assert sniffed(b"\xff\xd8\xff", "", pictures).kind == "image"
    assert sniffed(b"%PDF-", "", pictures).kind is None
    assert takes(CLOUD.model_copy(update={"kinds": frozenset({"text"})})) == {}


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        pytest.param("../../etc/passwd", "passwd", id="path"),
        pytest.param("C:\\temp\\menu.pdf", "menu.pdf", id="windows-path"),
        pytest.param("a\"b'c.txt", "a_b'c.txt", id="quotes"),
        pytest.param("a\r\nSet-Cookie: x.txt", "a_Set-Cookie_ x.txt", id="line-break"),
        pytest.param("photo\u202egpj.exe", "photo_gpj.exe", id="turned-round"),
        pytest.param(".htaccess", "htaccess", id="hidden"),
        pytest.param("x" * 300 + ".pdf", "x" * 111 + ".pdf", id="long"),
        pytest.param("قائمة.pdf", "قائمة.pdf", id="arabic"),
        pytest.param("..", "", id="dots"),
    ],
)
def test_a_files_name_leads_nowhere(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_type_that_nobody_told_is_a_download() -> None:
    assert headers_of("", "")["Content-Disposition"] == "attachment"
    assert headers_of("application/pdf", "")["Content-Disposition"] == "inline"
