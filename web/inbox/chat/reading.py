"""Reads a chat's transcript as the entries that the page shows: a part of it, or what became of one message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from engine.core.content import Template
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId
from engine.core.previews import FilledTemplate
from storage import inbox as stored
from storage.queries import TranscriptMessage
from storage.quoted import authors_of, messages_called
from web.inbox.chat.entries import Bubble, Entry, Line, Note
from web.inbox.chat.happened import key_of, told
from web.inbox.names import COLLEAGUES
from web.inbox.table import PREFIX
from web.keys import DATABASE, QUERIES, TEMPLATES
from web.transcript.view import view_transcript

PAGE: Final = 60
"""Messages that are shown at first, and each time older ones are asked for."""

CONTEXT: Final = 60
"""Messages after a page that are looked at for what stands on the page: reactions, taps."""

PARTS: Final = 12
"""Messages that one reply may be parted into, at most: ten cards and a text."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a transcript, oldest first."""

    entries: tuple[Entry, ...]
    older: MessageId | None
    """Where to go on upwards; None is the beginning."""
    newest: MessageId
    """The newest message; 0 where nothing was said."""


def path_of(line: LineId, conversation: ConversationId) -> str:
    """Return where a chat is."""
    return f"{PREFIX}/chats/{line}/{conversation}"


async def read_part(
    app: web.Application,
    line: LineId,
    conversation: ConversationId,
    *,
    before: MessageId | None = None,
    limit: int = PAGE,
) -> Part:
    """Return the end of a chat's transcript, or what came before a message. Raises StoreUnavailable."""
    found = await stored.transcript(app[DATABASE], line, conversation, before=before, limit=limit)
    messages = [one for one in found.entries if isinstance(one, TranscriptMessage)]
    later: Sequence[TranscriptMessage] = ()
    if before is not None:
        after = MessageId(before - 1)
        later = await app[QUERIES].messages(line, conversation, after=after, limit=CONTEXT)
    bubbles = await read_bubbles(app, line, conversation, messages, later)
    names = await names_of(app)
    entries = [_entry(one, bubbles, names) for one in found.entries]
    return Part(tuple(one for one in entries if one), found.older, found.newest)


async def read_message(
    app: web.Application, line: LineId, conversation: ConversationId, message: MessageId
) -> list[Entry]:
    """Return what one message is now, with all that it was parted into; empty if there is none.

    Raises StoreUnavailable.
    """
    after = MessageId(message - 1)
    found = await app[QUERIES].messages(line, conversation, after=after, limit=CONTEXT)
    if not found or found[0].id != message:
        return []
    turn, direction = found[0].turn, found[0].direction
    parts = [one for one in found[:PARTS] if (one.turn, one.direction) == (turn, direction)]
    shown = parts if direction == "out" else parts[:1]
    bubbles = await read_bubbles(app, line, conversation, shown, found)
    return [bubbles[one.id] for one in shown if one.id in bubbles]


async def read_bubbles(
    app: web.Application,
    line: LineId,
    conversation: ConversationId,
    shown: Sequence[TranscriptMessage],
    later: Sequence[TranscriptMessage],
) -> dict[MessageId, Bubble]:
    """Return the bubbles of messages.

    Args:
        app: The application.
        line: The chat's line.
        conversation: The chat.
        shown: The messages, oldest first.
        later: What came after: reactions and taps stand on the bubbles before.

    Raises:
        StoreUnavailable: The database does not answer.
    """

    def words(template: Template) -> FilledTemplate | None:
        return app[TEMPLATES].words(line, template)

    ids = {one.id for one in shown}
    messages = [*shown, *(one for one in later if one.id not in ids)]
    known = {one.external_id for one in messages}
    lost = {name for one in shown if (name := one.reply_to) is not None and name not in known}
    earlier = await messages_called(app[DATABASE], line, conversation, lost)
    views = view_transcript([*earlier, *messages], file_at=_file_at, words=words)
    authors, names = await _authors(app, shown), await names_of(app)
    return {
        id_: Bubble(view, _name(authors.get(id_), names))
        for view in views
        if (id_ := MessageId(int(view.id))) in ids
    }


async def message_called(
    app: web.Application, line: LineId, conversation: ConversationId, name: ExternalId
) -> TranscriptMessage | None:
    """Return the chat's message that the provider calls so. Raises StoreUnavailable."""
    found = await messages_called(app[DATABASE], line, conversation, [name])
    return found[-1] if found else None


async def names_of(app: web.Application) -> Mapping[str, str]:
    """Return the agents' names by login. Raises StoreUnavailable."""
    await app[COLLEAGUES].read(app)
    return app[COLLEAGUES].names


def _entry(
    one: stored.Entry, bubbles: Mapping[MessageId, Bubble], names: Mapping[str, str]
) -> Entry | None:
    match one:
        case TranscriptMessage():
            return bubbles.get(one.id)
        case stored.Note():
            return Note(str(one.id), one.at, one.login, names.get(one.login, one.login), one.text)
        case _:
            return Line(key_of(one), one.at, told(one, names))


async def _authors(
    app: web.Application, messages: Iterable[TranscriptMessage]
) -> dict[MessageId, str]:
    """Return the logins behind agents' messages; what one was parted into is of one turn."""
    written = [one for one in messages if one.origin == "agent"]
    known = await authors_of(app[DATABASE], [one.id for one in written])
    by_turn = {one.turn: known[one.id] for one in written if one.id in known}
    return {one.id: by_turn[one.turn] for one in written if one.turn in by_turn}


def _name(login: str | None, names: Mapping[str, str]) -> str | None:
    return None if login is None else names.get(login, login)


def _file_at(told: TranscriptMessage) -> str:
    return f"{path_of(told.line, told.conversation)}/files/{told.id}"
