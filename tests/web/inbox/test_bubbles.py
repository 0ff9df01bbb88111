"""What a transcript's entries look like as HTML: every kind of message, and nothing that runs."""

import re
from datetime import UTC, datetime

import pytest

from engine.core.content import (
    Button,
    ButtonReply,
    Buttons,
    ContactCard,
    Contacts,
    Content,
    Edited,
    Event,
    FormReply,
    Interaction,
    Location,
    Media,
    Order,
    OrderItem,
    Reaction,
    Revoked,
    System,
    Template,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId
from storage.queries import TranscriptMessage
from tests.adapters.samples import EVERY_OUTBOUND
from tests.web.inbox.support import Inbox
from web.inbox.chat.bubbles import render_entry
from web.inbox.chat.entries import Bubble, Entry, Line, Note, changed
from web.transcript.view import view_transcript

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = datetime(2026, 8, 1, 12, tzinfo=UTC)
FILE = "/inbox/chats/shop/7/files/1"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"

INBOUND: tuple[Content, ...] = (
    Text(body="hello"),
    Media(kind="image", stored="0" * 64, mime_type="image/png"),
    Location(latitude=19.4, longitude=-99.1),
    Contacts(cards=(ContactCard(name="Noor", organization="Shop", emails=("noor@shop.example",)),)),
    ButtonReply(id="1", title="Tea"),
    Order(catalog_id="1", items=(OrderItem(sku="a", quantity=1, price="2", currency="EUR"),)),
    FormReply(name="visit", body="Sent", response={}),
    Interaction(type="call_permission_reply", data={}),
    System(event="user_changed_number", body="has a new number"),
    Welcome(),
    Edited(original=ExternalId("wamid.9"), body="new"),
    Revoked(original=ExternalId("wamid.9")),
    Unsupported(type="poll", reason="unknown"),
)


def said(content: Content, *, mine: bool = False, **more: object) -> TranscriptMessage:
    known: dict[str, object] = {
        "id": MessageId(1),
        "line": LineId("shop"),
        "conversation": ConversationId(7),
        "direction": "in" if mine else "out",
        "origin": "contact" if mine else "agent",
        "content": content,
        "status": "received" if mine else "sent",
        "at": AT,
        "status_at": AT,
        "external_id": ExternalId("wamid.1"),
        "turn": 1,
        "reply_to": None,
        "extra": None,
        "attempts": 0,
        "retry_at": None,
        "maybe_twice": False,
        "error_code": None,
        "error": None,
    }
    return TranscriptMessage(**{**known, **more})  # type: ignore[arg-type]  # what a case replaces is of its field's type


def bubble(*messages: TranscriptMessage, author: str | None = None) -> Bubble:
    (view, *_) = view_transcript(messages, file_at=lambda told: f"/inbox/files/{told.id}")
    return Bubble(view, author)


@pytest.mark.parametrize(
    ("content", "mine"),
    [
        *(
            pytest.param(content, False, id=f"out-{name}")
            for name, content in EVERY_OUTBOUND.items()
            if name not in ("reaction", "read_mark")
        ),
        *(pytest.param(content, True, id=f"in-{content.kind}") for content in INBOUND),
    ],
)
async def test_every_kind_of_message_is_one_item(
    inbox: Inbox, content: Content, mine: bool
) -> None:
    shown = render_entry(inbox.bot.app, bubble(said(content, mine=mine)))
    assert re.findall(r"<li id=\"([^\"]*)\"", shown) == ["m-1"]
    assert shown.endswith("</li>")
    words = re.sub(r"<[^>]*>|\s", "", shown)
    assert words not in ("", "12:00")
    assert " style=" not in shown


async def test_what_people_wrote_never_becomes_a_part_of_the_page(inbox: Inbox) -> None:
    app = inbox.bot.app
    everywhere: list[Entry] = [
        bubble(said(Text(body=HOSTILE), mine=True), author=HOSTILE),
        bubble(said(Media(kind="document", stored="0" * 64, filename=HOSTILE, caption=HOSTILE))),
        bubble(said(Media(kind="image", error=HOSTILE), mine=True)),
        bubble(said(Contacts(cards=(ContactCard(name=HOSTILE, emails=(HOSTILE,)),)))),
        bubble(said(Location(latitude=1, longitude=2, name=HOSTILE, address=HOSTILE))),
        bubble(said(Text(body="x"), status="failed", error=HOSTILE)),
        bubble(said(Template(name=HOSTILE, language=HOSTILE, body=(HOSTILE,)))),
        bubble(said(Unsupported(type=HOSTILE, reason=HOSTILE), mine=True)),
        bubble(said(Event(name=HOSTILE, traits={}), direction="beside")),
        Note("1", AT, "ana", HOSTILE, HOSTILE),
        Line("1", AT, HOSTILE),
    ]
    for entry in everywhere:
        shown = render_entry(app, entry)
        assert "<script" not in shown
        assert not re.search(r"<img[^>]*onerror", shown)
        assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        pytest.param("image", '<img src="/inbox/files/1"', id="image"),
        pytest.param("video", '<video src="/inbox/files/1"', id="video"),
        pytest.param("voice", '<audio src="/inbox/files/1"', id="voice"),
        pytest.param("document", 'href="/inbox/files/1"', id="document"),
    ],
)
async def test_a_file_is_shown_by_its_kind(inbox: Inbox, kind: str, shown: str) -> None:
    content = Media(kind=kind, stored="0" * 64)  # type: ignore[arg-type]  # one of them
    assert shown in render_entry(inbox.bot.app, bubble(said(content, mine=True)))


async def test_a_file_that_is_not_there_says_why(inbox: Inbox) -> None:
    fetched = Media(kind="image", external_id="1")
    assert "Being fetched" in render_entry(inbox.bot.app, bubble(said(fetched, mine=True)))
    failed = fetched.model_copy(update={"error": "131052"})
    assert "Not available: 131052" in render_entry(inbox.bot.app, bubble(said(failed, mine=True)))


async def test_a_file_elsewhere_is_named_and_not_asked_for(inbox: Inbox) -> None:
    shown = render_entry(
        inbox.bot.app, bubble(said(Media(kind="image", url="https://shop.example/a.png")))
    )
    assert "<img" not in shown
    assert 'href="https://shop.example/a.png" target="_blank" rel="noopener noreferrer"' in shown


async def test_what_failed_or_was_held_can_be_sent_again(inbox: Inbox) -> None:
    app = inbox.bot.app
    for status, can in (("failed", True), ("held", True), ("sent", False), ("uncertain", False)):
        shown = render_entry(app, bubble(said(Text(body="x"), status=status)))
        assert ('data-retry="1"' in shown) is can, status


async def test_who_wrote_it_stands_above(inbox: Inbox) -> None:
    app, text = inbox.bot.app, Text(body="x")
    assert "Ana López" in render_entry(app, bubble(said(text), author="Ana López"))
    assert "Bot" in render_entry(app, bubble(said(text, origin="flow")))
    assert "Contact" in render_entry(app, bubble(said(text, mine=True)))


async def test_what_the_contact_tapped_is_marked(inbox: Inbox) -> None:
    question = Buttons(
        body="Tea?", buttons=(Button(id="y", title="Yes"), Button(id="n", title="No"))
    )
    tap = said(
        ButtonReply(id="n", title="No"),
        mine=True,
        id=MessageId(2),
        reply_to=ExternalId("wamid.1"),
    )
    shown = render_entry(inbox.bot.app, bubble(said(question), tap))
    assert re.findall(r'class="option chosen"[^>]*>.*?</svg>([^<]*)<', shown) == ["No"]


async def test_only_what_the_provider_knows_is_quoted_and_only_what_they_wrote_takes_a_reaction() -> (
    None
):
    text = Text(body="x")
    assert bubble(said(text, mine=True)).can_react
    assert not bubble(said(text)).can_react
    assert not bubble(said(ButtonReply(id="1", title="x"), mine=True)).can_react
    assert bubble(said(text)).can_quote
    assert not bubble(said(text, external_id=None)).can_quote


async def test_an_entry_is_news_where_it_differs() -> None:
    before = bubble(said(Text(body="x")))
    note = Note("5", AT, "ana", "Ana", "late")
    read = bubble(said(Text(body="x"), status="read"))
    reacted = bubble(
        said(Text(body="x")),
        said(Reaction(to=ExternalId("wamid.1"), emoji="👍"), mine=True, id=MessageId(2)),
    )
    known: dict[str, Entry] = {before.id: before, note.id: note}
    assert changed(known, [before, note]) == []
    assert changed(known, [read, note]) == [read]
    assert changed(known, [reacted]) == [reacted]
