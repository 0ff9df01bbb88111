"""One chat on the page: its head, its transcript with what came before, and one message as it is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from engine.core.ids import MessageId
from storage.inbox import readers
from web.inbox import pages, shell
from web.inbox.chat.reading import Part, path_of, read_part
from web.inbox.errors import NotFound
from web.inbox.lists.rows import WindowView, shown_name, shown_phone, view_window
from web.inbox.side.side import read_side
from web.inbox.table import Asked
from web.inbox.writing.composer import Composer, read_composer
from web.keys import CLOCK, DATABASE, QUERIES

AFTER_FOUND: Final = 20
"""Messages that are shown below one that was searched for."""


@dataclass(frozen=True, slots=True)
class Chat:
    """What chat.html shows."""

    path: str
    line: str
    title: str
    """What the contact is called."""
    phone: str | None
    """As people write it; None where the title is it."""
    part: Part
    is_past: bool
    """Whether newer messages are not shown: a searched message stands in the middle."""
    found: str | None
    """The searched message."""
    read: str
    """The newest message that the agent had seen before."""
    composer: Composer
    window: WindowView | None
    now: datetime


async def read_chat(asked: Asked) -> Chat:
    """Return the chat of the path as the page shows it. Raises StoreUnavailable."""
    app, chat = asked.app, asked.chat
    there = chat.contact
    found = _wanted(asked.request.query.get("at", ""))
    until = None if found is None else await _after(asked, found)
    read = await readers(app[DATABASE], chat.line, chat.id)
    return Chat(
        path=path_of(chat.line, chat.id),
        line=chat.line,
        title=shown_name(there.name, there.phone, there.user_id),
        phone=shown_phone(there.phone) if there.name and there.phone else None,
        part=await read_part(app, chat.line, chat.id, before=until),
        is_past=until is not None,
        found=None if found is None else str(found),
        read=str(read.get(asked.agent.login, 0)),
        composer=await read_composer(asked),
        window=view_window(chat.window_closes_at, app[CLOCK].now(chat.line)),
        now=app[CLOCK].now(chat.line),
    )


async def show_chat(asked: Asked) -> web.StreamResponse:
    """Show the inbox with a chat open."""
    side = await read_side(asked, asked.chat)
    return await shell.show(asked, chat=await read_chat(asked), side=side)


async def show_older(asked: Asked) -> web.StreamResponse:
    """Show what came before a message, to stand above it."""
    before = _wanted(asked.request.query.get("before", ""))
    if before is None:
        raise NotFound
    chat = asked.chat
    part = await read_part(asked.app, chat.line, chat.id, before=before)
    return pages.render(asked, "older.html", part=part, path=path_of(chat.line, chat.id))


async def _after(asked: Asked, message: MessageId) -> MessageId | None:
    """Return the message before which a part ends that shows this one; None where that is the chat's end."""
    chat = asked.chat
    later = await asked.app[QUERIES].messages(
        chat.line, chat.id, after=message, limit=AFTER_FOUND + 1
    )
    return later[AFTER_FOUND].id if len(later) > AFTER_FOUND else None


def _wanted(text: str) -> MessageId | None:
    """Return a message's id as an address holds it; None for what is none."""
    return MessageId(int(text)) if text.isdecimal() and text.isascii() and len(text) < 19 else None
