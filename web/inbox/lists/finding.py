"""The search as the left region shows it: people first, then messages, each leading to its chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from engine.core.ids import MessageId
from storage.search import FoundContact, FoundMessage, search
from storage.search_words import Part
from web.inbox.lists.faces import initials, tone
from web.inbox.lists.listing import visible_to
from web.inbox.lists.rows import author_of, shown_name, shown_phone
from web.inbox.table import PREFIX, Asked
from web.inbox.times import ago
from web.keys import DATABASE, SETTINGS

TYPED_MOST: Final = 200
"""Signs of what is typed that are looked at."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One contact or message that was found."""

    href: str
    initials: str
    tone: int
    name: tuple[Part, ...]
    """Whose chat it is."""
    by: str | None
    """Who wrote the message; None is the contact, or no message."""
    parts: tuple[Part, ...]
    """What was found, its hits marked."""
    line: str
    at: datetime | None
    ago: str


@dataclass(frozen=True, slots=True)
class FoundView:
    """What a search found, as the templates read it."""

    words: str
    """As it was typed."""
    is_search: bool
    """Whether what was typed is enough to look for."""
    is_on: bool
    """Whether there is a search here."""
    contacts: tuple[Hit, ...]
    messages: tuple[Hit, ...]
    more: str | None
    """Where older messages are."""


async def find(asked: Asked, words: str, before: int | None = None) -> FoundView:
    """Return what a search finds of what the agent may see.

    Args:
        asked: The request.
        words: What was typed.
        before: The id of the message that the page before ended with.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    words = words.strip()[:TYPED_MOST]
    if not asked.app[SETTINGS].inbox.search:
        return FoundView(words, True, False, (), (), None)
    found = await search(
        asked.app[DATABASE],
        visible_to(asked.app, asked.agent),
        words,
        before=None if before is None else MessageId(before),
        now=asked.now,
    )
    more = urlencode({"q": words, "before": found.more}) if found.more else None
    return FoundView(
        words,
        bool(found.words),
        True,
        tuple(_contact(one, asked.now) for one in found.contacts),
        tuple(_message(asked.app, one, asked.now) for one in found.messages),
        f"{PREFIX}/search?{more}" if more else None,
    )


def _contact(found: FoundContact, now: datetime) -> Hit:
    row = found.row
    named = row.name is not None and bool(row.name.strip())
    phone = _grouped(found.phone, row.phone)
    name = found.name if named else phone or (Part(shown_name(None, None, row.user_id), False),)
    return Hit(
        href=f"{PREFIX}/chats/{row.line}/{row.conversation}",
        initials=initials(row.name),
        tone=tone(row.conversation),
        name=name,
        by=None,
        parts=phone if named else (),
        line=row.line,
        at=row.last.at if row.last else None,
        ago=ago(row.last.at, now) if row.last else "",
    )


def _grouped(parts: tuple[Part, ...], phone: str | None) -> tuple[Part, ...]:
    """Return a number as people read it; where a part of it was found, as it is stored, so that it can be marked."""
    if not phone:
        return ()
    if any(part.is_hit for part in parts):
        return (Part("+", False), *parts)
    return (Part(shown_phone(phone), False),)


def _message(app: web.Application, found: FoundMessage, now: datetime) -> Hit:
    name = shown_name(found.name, found.phone, found.user_id)
    return Hit(
        href=f"{PREFIX}/chats/{found.line}/{found.conversation}?at={found.id}",
        initials=initials(found.name),
        tone=tone(found.conversation),
        name=(Part(name, False),),
        by=author_of(app, found.direction, found.origin),
        parts=found.parts,
        line=found.line,
        at=found.at,
        ago=ago(found.at, now),
    )
