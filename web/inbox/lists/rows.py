"""What a chat's row in the lists shows: one rendering for all agents, for the page and for its stream."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

import phonenumbers
from aiohttp import web

from engine.core.content import Content, Reaction
from engine.ports import Direction
from storage.inbox import ChatRow, EndedHandoff
from storage.inbox_rows import UNREAD_MOST
from web.inbox import pages
from web.inbox.lists.faces import initials, tone
from web.inbox.names import name_of
from web.inbox.table import PREFIX
from web.inbox.texts import ENGLISH
from web.inbox.times import ago, lasted, left
from web.keys import CLOCK, TEMPLATES
from web.transcript.body import AsideView
from web.transcript.view import Words, summary

WORDS_MOST: Final = 140
"""Of the newest message so many characters travel; a row shows fewer."""

SOON: Final = timedelta(hours=2)
LAST: Final = timedelta(minutes=30)
"""What is left of the window then turns amber, and red."""

WINDOW: Final = timedelta(hours=24)
"""A full ring. Source: WhatsApp's customer service window, read 2026-08."""

ICONS: Final = {
    "image": "image",
    "video": "video",
    "audio": "mic",
    "voice": "mic",
    "document": "file",
    "sticker": "sticker",
    "location": "pin",
    "contacts": "person",
    "template": "template",
    "order": "cart",
    "products": "bag",
    "product": "bag",
    "form_reply": "list",
    "list_reply": "check",
    "button_reply": "check",
}
"""The sign before a message that is more than its words."""

BOT: Final = frozenset({"flow", "engine", "timer", "consent"})

Level = Literal["calm", "soon", "last", "closed"]


@dataclass(frozen=True, slots=True)
class WindowView:
    """The messaging window's countdown."""

    closes_at: datetime
    level: Level
    share: int
    """Of a whole window so much is left, in hundredths."""
    text: str
    """What is left, in words."""
    now: datetime
    """The time of the line: neither the browser's clock nor a simulated line's need be right."""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row, as the template reads it."""

    chat: ChatRow
    href: str
    name: str
    initials: str
    tone: int
    at: datetime | None
    ago: str
    by: str | None
    """Who wrote the newest message; None is the contact."""
    icon: str | None
    words: str
    failed: bool
    window: WindowView | None
    waits: str | None
    now: datetime
    """The time of the line, by which it waits."""
    holder: str | None
    ended: str | None
    snoozed: str | None
    unread: str


def render_row(app: web.Application, row: ChatRow, now: datetime) -> str:
    """Return a row's HTML. Nothing in it is one agent's own but what `row` was read for: unread, draft, snooze."""
    return pages.render_text(app, "row.html", row=view_row(app, row, now))


def view_row(app: web.Application, row: ChatRow, now: datetime) -> RowView:
    """Return what a row shows."""
    name = shown_name(row.name, row.phone, row.user_id)
    last = row.last
    there = now + app[CLOCK].ahead(row.line)
    waiting = row.handoff is not None and row.mode == "waiting"
    words: Words = lambda template: app[TEMPLATES].words(row.line, template)  # noqa: E731
    return RowView(
        chat=row,
        href=f"{PREFIX}/chats/{row.line}/{row.conversation}",
        name=name,
        initials=initials(row.name),
        tone=tone(row.conversation),
        at=last.at if last else None,
        ago=ago(last.at, there) if last else "",
        by=author_of(app, last.direction, last.origin, row.assignee) if last else None,
        icon=_icon(last.content) if last else None,
        words=_words(last.content, words) if last else ENGLISH["no_messages"],
        failed=last is not None and last.direction == "out" and last.status == "failed",
        window=view_window(row.window_closes_at, there),
        waits=lasted(row.handoff.since, there) if waiting and row.handoff else None,
        now=there,
        holder=name_of(app, row.assignee) if row.assignee and not row.ended else None,
        ended=_ended(row.ended, lambda login: name_of(app, login)) if row.ended else None,
        snoozed=left(row.snoozed_until, now) if row.snoozed_until else None,
        unread=_unread(row.unread),
    )


def view_window(closes_at: datetime | None, now: datetime) -> WindowView | None:
    """Return the countdown; None where there never was a window."""
    if closes_at is None:
        return None
    rest = closes_at - now
    if rest <= timedelta():
        return WindowView(closes_at, "closed", 0, ENGLISH["window_closed"], now)
    level: Level = "last" if rest < LAST else "soon" if rest < SOON else "calm"
    return WindowView(
        closes_at, level, min(100, round(100 * (rest / WINDOW))), left(closes_at, now), now
    )


@lru_cache(maxsize=4096)
def shown_phone(phone: str) -> str:
    """Return a number as people read it: `+52 1 55 5000 0001`; one that is none stays as it is."""
    try:
        number = phonenumbers.parse(f"+{phone}")
    except phonenumbers.NumberParseException:
        return f"+{phone}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def shown_name(name: str | None, phone: str | None, user_id: str | None) -> str:
    """Return what a contact is called: their name, else their number, else their id."""
    if name and name.strip():
        return name.strip()
    return shown_phone(phone) if phone else user_id or "?"


def author_of(
    app: web.Application, direction: Direction, origin: str, holder: str | None = None
) -> str | None:
    """Return who wrote a message, in a word; None is the contact.

    Args:
        app: The application.
        direction: The message's.
        origin: What made it.
        holder: The login of who holds the chat: an agent's message is taken for theirs.
    """
    if direction == "in":
        return None
    if origin in BOT:
        return ENGLISH["by_bot"]
    if origin == "agent" and holder:
        return name_of(app, holder)
    return ENGLISH.get(f"by_{origin}", ENGLISH["by_bot"])


def _icon(content: Content) -> str | None:
    return ICONS.get(content.kind)


def _words(content: Content, words: Words) -> str:
    if isinstance(content, Reaction):
        gone = ENGLISH["took_reaction_back"]
        return ENGLISH["reacted"].format(emoji=content.emoji) if content.emoji else gone
    told = summary(content, words)
    if isinstance(told, AsideView):
        told = ENGLISH[told.key].format(**told.values)
    return re.sub(r"\s+", " ", told).strip()[:WORDS_MOST]


def _ended(ended: EndedHandoff, name: Callable[[str], str]) -> str:
    what = ENGLISH[f"ended_{ended.ended}"]
    if ended.by is None or ended.ended not in ("released", "closed"):
        return what
    return ENGLISH["ended_by"].format(what=what, name=name(ended.by))


def _unread(n: int) -> str:
    return ENGLISH["unread_most"].format(n=n) if n >= UNREAD_MOST else str(n)
