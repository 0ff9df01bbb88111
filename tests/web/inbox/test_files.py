"""Files of a chat: what they are, their bytes tell; what a browser might run is a download; the line's limits hold."""

import io
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from engine.core.content import Media
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import MessageReceived
from tests.journeys.pictures import sunset
from tests.web.inbox.support import Answered, Browser, Inbox
from tests.web.inbox.talking import Talk, begin_talk
from web.inbox.people.signing import PLAIN_COOKIE
from web.inbox.texts import ENGLISH
from web.keys import CLOCK, MEDIA, QUERIES

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MIB = 1024 * 1024


@pytest_asyncio.fixture(loop_scope="session")
async def talk(inbox: Inbox) -> Talk:
    return await begin_talk(inbox)


async def put(talk: Talk, data: bytes, name: str, *, csrf: str | None = None) -> dict[str, Any]:
    """Put a file into the store as the page does."""
    headers = {
        "Cookie": f"{PLAIN_COOKIE}={talk.agent.secret}",
        "Origin": talk.inbox.origin,
        "Sec-Fetch-Site": "same-origin",
        "X-CSRF-Token": talk.agent.csrf if csrf is None else csrf,
        "X-File-Name": quote(name),
        "Content-Type": "application/octet-stream",
        "Accept": "application/json",
    }
    client = talk.inbox.bot.client
    async with client.post(
        f"/inbox{talk.path}/files", data=io.BytesIO(data), headers=headers
    ) as answer:
        return {**await answer.json(), "status": answer.status}


async def receive(talk: Talk, data: bytes, mime_type: str, name: str | None = None) -> str:
    """Let a file of the contact's be in the transcript, and return where it is served."""
    stored = await talk.inbox.bot.app[MEDIA].put(data)
    content = Media(kind="document", stored=stored, mime_type=mime_type, filename=name)
    id_ = ExternalId(f"wamid.{stored[:12]}.{mime_type}.{talk.key[1]}")
    now = talk.inbox.bot.app[CLOCK].now()
    await talk.signal(MessageReceived(external_id=id_, content=content, sent_at=now))
    newest = (await talk.inbox.bot.app[QUERIES].latest_messages(*talk.key))[-1]
    return f"{talk.path}/files/{newest.id}"


async def test_a_picture_reaches_the_contact_and_is_shown(talk: Talk) -> None:
    told = await put(talk, sunset(64, 48), "../../holiday \u202egpj.exe")
    assert (told["ok"], told["kind"], told["type"]) == (True, "image", "image/png")
    said = {"kind": "file", "file": told["key"], "name": told["name"], "caption": "look"}
    answer = await talk.send(said)
    assert await talk.hears() == ["look"]
    (entry,) = answer["entries"]
    src = entry["html"].split('<img src="/inbox')[1].split('"')[0]
    shown = await _bytes(talk, src)
    assert shown[0] == 200
    assert shown[1]["Content-Type"] == "image/png"
    assert shown[2] == sunset(64, 48)


async def test_a_document_keeps_its_name(talk: Talk) -> None:
    told = await put(talk, b"%PDF-1.4 menu", 'C:\\menu "new"\r\n.pdf')
    await talk.send({"kind": "file", "file": told["key"], "name": told["name"], "caption": ""})
    await talk.hears()
    content = talk.phone.bubbles[-1].content
    assert isinstance(content, dict)
    assert content["filename"] == "menu _new_.pdf"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"MZ\x90\0 a program", "photo.jpg", id="program-named-jpg"),
        pytest.param(b"GIF89a....", "photo.jpg", id="gif-named-jpg"),
        pytest.param(b"PK\x03\x04 some archive", "letter.docx", id="archive-named-docx"),
        pytest.param(b"\0\0\0\0", "x.txt", id="no-text"),
        pytest.param(b"", "empty.txt", id="empty"),
    ],
)
async def test_what_a_phone_does_not_show_is_refused_by_its_bytes(
    talk: Talk, data: bytes, name: str
) -> None:
    refused = await put(talk, data, name)
    assert (refused["status"], refused["error"]) == (409, ENGLISH["file_kind"])


async def test_a_picture_of_ten_megabytes_is_too_large_and_a_document_is_not(talk: Talk) -> None:
    picture = sunset(8, 8) + bytes(10 * MIB)
    refused = await put(talk, picture, "large.png")
    assert (refused["status"], refused["error"]) == (409, ENGLISH["file_large"].format(most="5 MB"))
    taken = await put(talk, b"%PDF-1.4 " + bytes(10 * MIB), "large.pdf")
    assert (taken["kind"], taken["size"]) == ("document", 10 * MIB + 9)


async def test_no_file_enters_without_the_pages_token(talk: Talk) -> None:
    assert (await put(talk, sunset(8, 8), "x.png", csrf="0" * 64))["status"] == 403


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        pytest.param(SCRIPT, "image/svg+xml", id="svg"),
        pytest.param(b"<script>alert(1)</script>", "text/html", id="html"),
        pytest.param(b"<x/>", "application/xhtml+xml; charset=utf-8", id="xhtml"),
        pytest.param(b"alert(1)", "text/javascript", id="script"),
        pytest.param(b"x", "IMAGE/JPEG\r\nX-Evil: 1", id="line-break"),
    ],
)
async def test_what_a_browser_might_run_is_a_download(
    talk: Talk, data: bytes, mime_type: str
) -> None:
    where = await receive(talk, data, mime_type, '../"x"\r\n\u202egpj.html')
    answer = await talk.agent.get(where)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].endswith("''x_gpj.html")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "%E2%80%AE" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert "X-Evil" not in answer.headers


async def test_a_film_is_served_in_parts(talk: Talk) -> None:
    where = await receive(talk, b"0123456789", "video/mp4")
    part = await talk.agent.get(where, range="bytes=2-4")
    assert (part.status, part.text) == (206, "234")
    assert part.headers["Content-Range"] == "bytes 2-4/10"
    assert part.headers["Content-Disposition"] == "inline"
    assert part.headers["Cache-Control"] == "private, no-cache"


async def test_a_file_of_another_chat_is_not_served_here(talk: Talk) -> None:
    where = await receive(talk, b"secret", "text/plain")
    other = await begin_talk(talk.inbox)
    message = where.rpartition("/")[2]
    for path in (f"{other.path}/files/{message}", f"{talk.path}/files/{MessageId(17)}"):
        assert (await talk.agent.get(path)).status == 404
    assert (await talk.agent.get(where)).text == "secret"


async def test_a_file_of_another_team_is_not_served_at_all(inbox: Inbox) -> None:
    talk = await begin_talk(inbox, team="kitchen")
    where = await receive(talk, b"secret", "text/plain")
    barman = await inbox.sign_in("barfly", teams=["bar"])
    refused: Answered = await barman.get(where)
    assert (refused.status, "secret" in refused.text) == (404, False)
    assert (await Browser(inbox).get(where)).status == 303


async def _bytes(talk: Talk, path: str) -> tuple[int, Any, bytes]:
    cookie = {"Cookie": f"{PLAIN_COOKIE}={talk.agent.secret}"}
    async with talk.inbox.bot.client.get(f"/inbox{path}", headers=cookie) as answer:
        return answer.status, answer.headers.copy(), await answer.read()
