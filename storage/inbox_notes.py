"""What agents add to the talk for themselves: notes, labels, texts that they say often."""

from collections.abc import Sequence
from typing import NamedTuple

from engine.core.ids import ConversationId, LineId
from storage.asked import asked, question
from storage.audit import NO_LINE, Act, audited
from storage.clean import clean_text
from storage.columns import stamp
from storage.database import Database
from storage.inbox_chat import Note
from storage.selects import names_of_lines
from storage.statement import Call, ask, delete, insert
from storage.written import written

ADD_NOTE = insert(
    "note",
    "line_id text, id bigint, conversation_id bigint, login text, text text, at time",
    conflict="ON CONFLICT (line_id, id) DO NOTHING",
)
DROP_NOTE = delete(
    "note",
    "line_id text, conversation_id bigint, id bigint",
    where="note.line_id = :line_id AND note.id = :id AND note.conversation_id = :conversation_id",
)
LABELS = question(
    "SELECT b.name, b.colour FROM label b WHERE b.line_id = :line ORDER BY b.name",
    scalars="line text",
)
SAVE_LABEL = insert(
    "label",
    "line_id text, name text, colour text",
    conflict="ON CONFLICT (line_id, name) DO UPDATE SET colour = excluded.colour",
)
DROP_LABEL = delete(
    "label", "line_id text, name text", where="label.line_id = :line_id AND label.name = :name"
)
UNLABEL_ALL = delete(
    "conversation_label",
    "line_id text, name text",
    where="conversation_label.line_id = :line_id AND conversation_label.name = :name",
)
UNLABEL = delete(
    "conversation_label",
    "line_id text, conversation_id bigint",
    where="conversation_label.line_id = :line_id"
    " AND conversation_label.conversation_id = :conversation_id",
)
_KNOWN = (
    "INSERT INTO conversation_label (line_id, conversation_id, name)"
    " SELECT k.line_id, k.conversation_id, k.name FROM {keys}"
    " JOIN label b ON b.line_id = '' AND b.name = k.name"
    " WHERE true ON CONFLICT (line_id, conversation_id, name) DO NOTHING"
)
PUT_LABELS = ask(_KNOWN, keys="line_id text, conversation_id bigint, name text")
"""A label that was deleted meanwhile is none any more."""
REPLIES = question(
    "SELECT r.shortcut, r.text FROM canned_reply r WHERE r.line_id = :line ORDER BY r.shortcut",
    scalars="line text",
)
SAVE_REPLY = insert(
    "canned_reply",
    "line_id text, shortcut text, text text",
    conflict="ON CONFLICT (line_id, shortcut) DO UPDATE SET text = excluded.text",
)
DROP_REPLY = delete(
    "canned_reply",
    "line_id text, shortcut text",
    where="canned_reply.line_id = :line_id AND canned_reply.shortcut = :shortcut",
)


class Label(NamedTuple):
    """A word that chats are sorted by."""

    name: str
    colour: str
    """One of the page's own colours by name."""


class CannedReply(NamedTuple):
    """A text that agents say often."""

    shortcut: str
    """What is typed after `/`."""
    text: str
    """With placeholders such as `{contact.name|there}`."""


async def add_note(
    database: Database,
    line: LineId,
    conversation: ConversationId,
    note: Note,
    *,
    act: Act | None = None,
) -> None:
    """Keep a note; one whose id is known already is that one. Raises StoreUnavailable.

    Args:
        database: Where it goes.
        line: The chat's line.
        conversation: The chat.
        note: With the id that was given out with its form.
        act: Noted with it.
    """
    row = (line, note.id, conversation, clean_text(note.login), clean_text(note.text))
    await _done(database, act, Call(ADD_NOTE, [(*row, stamp(note.at))]))


async def delete_note(
    database: Database,
    line: LineId,
    conversation: ConversationId,
    note: int,
    *,
    act: Act | None = None,
) -> None:
    """Forget a note; who may was decided before. Raises StoreUnavailable."""
    await _done(database, act, Call(DROP_NOTE, [(line, conversation, note)]))


async def labels(database: Database) -> list[Label]:
    """Return every label, in the order of the alphabet. Raises StoreUnavailable."""
    async with database.read() as connection:
        told = await asked(connection, LABELS.of({"line": NO_LINE}))
    return [Label(name, colour) for name, colour in told]


async def save_label(database: Database, label: Label, *, act: Act | None = None) -> None:
    """Make a label, or give it another colour. Raises StoreUnavailable."""
    row = (NO_LINE, clean_text(label.name), clean_text(label.colour))
    await _done(database, act, Call(SAVE_LABEL, [row]))


async def delete_label(database: Database, name: str, *, act: Act | None = None) -> None:
    """Forget a label and take it off every chat. Raises StoreUnavailable."""
    cleaned = clean_text(name)
    async with database.read() as connection:
        lines = await names_of_lines(connection)
    await _done(
        database,
        act,
        Call(DROP_LABEL, [(NO_LINE, cleaned)]),
        Call(UNLABEL_ALL, [(line, cleaned) for line in lines]),
    )


async def set_labels(
    database: Database,
    line: LineId,
    conversation: ConversationId,
    names: Sequence[str],
    *,
    act: Act | None = None,
) -> None:
    """Give a chat these labels and no others; names that are no label are passed over. Raises StoreUnavailable."""
    rows = [(line, conversation, clean_text(name)) for name in dict.fromkeys(names)]
    await _done(database, act, Call(UNLABEL, [(line, conversation)]), Call(PUT_LABELS, rows))


async def canned_replies(database: Database) -> list[CannedReply]:
    """Return every text that agents say often, by shortcut. Raises StoreUnavailable."""
    async with database.read() as connection:
        told = await asked(connection, REPLIES.of({"line": NO_LINE}))
    return [CannedReply(shortcut, text) for shortcut, text in told]


async def save_canned_reply(
    database: Database, reply: CannedReply, *, act: Act | None = None
) -> None:
    """Make a canned reply, or change it. Raises StoreUnavailable."""
    row = (NO_LINE, clean_text(reply.shortcut), clean_text(reply.text))
    await _done(database, act, Call(SAVE_REPLY, [row]))


async def delete_canned_reply(database: Database, shortcut: str, *, act: Act | None = None) -> None:
    """Forget a canned reply. Raises StoreUnavailable."""
    await _done(database, act, Call(DROP_REPLY, [(NO_LINE, clean_text(shortcut))]))


async def _done(database: Database, act: Act | None, *calls: Call) -> None:
    """Write, and note the act in the same transaction."""
    await written(database, *calls, *(() if act is None else (audited(act),)))
