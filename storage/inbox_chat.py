"""One chat: what was said, noted and done in order, what else there is of its contact."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from engine.core.addresses import canonical_phone
from engine.core.conversation import Contact, Place
from engine.core.effects import HandoffEnd
from engine.core.ids import ConversationId, LineId, MessageId
from engine.core.signals import AgentTookOver, ChatAssigned
from storage import tables
from storage.asked import Given, asked, question
from storage.columns import maybe_stamp, maybe_time, read_time
from storage.database import Database
from storage.inbox_rows import ChatRow, EndedHandoff, Visible, read_rows
from storage.mapping import load_signal, load_trace
from storage.queries import TranscriptMessage, select_messages, transcript_message
from storage.statement import Rows

TURNS_MOST = 300
"""Of a chat's newest turns so many are looked through for what agents did."""


class Note(NamedTuple):
    """What an agent wrote for the others."""

    id: int
    login: str
    text: str
    at: datetime


class Began(NamedTuple):
    """People were asked for, or took the chat."""

    turn: int
    at: datetime
    reason: str
    place: Place
    team: str | None


class TookOver(NamedTuple):
    """An agent holds the chat from then on."""

    turn: int
    at: datetime
    agent: str


class Assigned(NamedTuple):
    """The chat was given to an agent, or back to a queue."""

    turn: int
    at: datetime
    by: str
    """A login, or `rule`."""
    agent: str | None
    """None: it waits."""
    team: str | None


class Ended(NamedTuple):
    """People have the chat no more."""

    turn: int
    at: datetime
    ended: HandoffEnd
    by: str | None
    note: str | None


Happened = Began | TookOver | Assigned | Ended
"""What people did with a chat; `turn` is that of the handoff's beginning, 0 where it is not known."""

Entry = TranscriptMessage | Note | Happened
"""What stands in a chat."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A part of a chat, oldest first."""

    entries: list[Entry]
    older: MessageId | None
    """Handed in as `before` it brings what came before; None is the beginning."""
    newest: MessageId
    """Handed in as `after` it brings what came since; 0 where nothing was said yet."""


class Others(NamedTuple):
    """What else there is of a contact."""

    handoffs: list[EndedHandoff]
    """When people had this chat before, the last one first."""
    chats: list[ChatRow]
    """The same person's other chats that the agent may see, newest message first."""


PAST_MOST = 20
"""Past handoffs, and other chats, that are told."""

HANDOFFS = question(
    "SELECT h.turn, h.began_at, h.reason, h.place, h.team, h.assignee, h.claimed_at, h.ended_at, h.ended,"
    " h.ended_by, h.note FROM handoff h"
    " WHERE h.line_id = :line AND h.conversation_id = :conversation ORDER BY h.turn DESC LIMIT 200",
    scalars="line text, conversation bigint",
)
ACTS = question(
    "SELECT u.at, u.trace, s.content FROM (SELECT signal_id, at, trace FROM turn"
    " WHERE line_id = :line AND conversation_id = :conversation"
    f" ORDER BY signal_id DESC LIMIT {TURNS_MOST}) AS u"
    " JOIN signal s ON s.line_id = :line AND s.id = u.signal_id"
    " WHERE s.kind IN ('agent_took_over', 'chat_assigned') ORDER BY u.signal_id",
    scalars="line text, conversation bigint",
)
NOTES = question(
    "SELECT n.id, n.login, n.text, n.at FROM note n"
    " WHERE n.line_id = :line AND n.conversation_id = :conversation"
    " AND (:since IS NULL OR n.at >= :since) AND (:until IS NULL OR n.at < :until) ORDER BY n.at, n.id",
    scalars="line text, conversation bigint, since time, until time",
)
SAME_PERSON = question(
    # Of every line by the address table's own key.
    "SELECT c.line_id, c.id FROM {keys}"
    " JOIN address d ON d.line_id = k.line_id AND d.kind = k.kind AND d.address = k.address"
    " JOIN conversation c ON c.line_id = d.line_id AND c.contact_id = d.contact_id",
    keys="line_id text, kind text, address text",
)
JOINED = question(
    "SELECT c.line_id, c.id FROM contact t"
    " JOIN conversation c ON c.line_id = t.line_id AND c.contact_id = t.id"
    " WHERE t.line_id = :line AND t.joined_id = :contact",
    scalars="line text, contact bigint",
)


async def transcript(
    database: Database,
    line: LineId,
    conversation: ConversationId,
    *,
    before: MessageId | None = None,
    after: MessageId | None = None,
    limit: int = 100,
) -> Transcript:
    """Return a part of a chat: its end, what came before a message, or what came after one.

    What is asked for `after` a message may begin with notes and deeds that are known already.

    Args:
        database: Where it is.
        line: The chat's line.
        conversation: The chat.
        before: The oldest message that is known.
        after: The newest message that is known.
        limit: Messages; the notes and deeds of their time come on top.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    given: Given = {"line": line, "conversation": conversation}
    async with database.read() as connection:
        messages, is_cut = await _messages(connection, line, conversation, before, after, limit)
        if after is None:
            since = messages[0].at if is_cut else None
            until = None if before is None else await _time_of(connection, line, before)
        else:
            since = await _time_of(connection, line, after)
            until = messages[-1].at if is_cut else None
        times: Given = {"since": maybe_stamp(since), "until": maybe_stamp(until)}
        notes = await asked(connection, NOTES.of({**given, **times}))
        handoffs = await asked(connection, HANDOFFS.of(given))
        acts = await asked(connection, ACTS.of(given)) if handoffs else []
    happened = [
        one
        for one in _happened(handoffs, acts)
        if (since is None or one.at >= since) and (until is None or one.at < until)
    ]
    return Transcript(
        entries=_merged(messages, [*map(_note, notes), *happened]),
        older=messages[0].id if is_cut and after is None else None,
        newest=messages[-1].id if messages else MessageId(after or 0),
    )


async def message_stored(
    database: Database, line: LineId, conversation: ConversationId, message: MessageId
) -> TranscriptMessage | None:
    """Return this message of the chat, None if it is not stored. Raises StoreUnavailable."""
    m = tables.MessageRow
    which = (col(m.line_id) == line, col(m.id) == message, col(m.conversation_id) == conversation)
    async with database.read() as connection:
        row = (await connection.execute(select_messages(*which))).one_or_none()
    return None if row is None else transcript_message(row)


async def other_chats_of(
    database: Database,
    line: LineId,
    conversation: ConversationId,
    contact: Contact,
    visible: Visible,
    *,
    now: datetime,
) -> Others:
    """Return when people had this chat before, and the contact's other chats that the agent may see.

    Raises StoreUnavailable.
    """
    names = [("phone", canonical_phone(contact.phone))] if contact.phone else []
    names += [("user_id", contact.user_id)] if contact.user_id else []
    addresses = [(one, *name) for one in visible.lines for name in names]
    given: Given = {"line": line, "conversation": conversation, "contact": contact.id}
    async with database.read() as connection:
        handoffs = await asked(connection, HANDOFFS.of(given))
        found = [
            *await asked(connection, SAME_PERSON.of({}, addresses)),
            *await asked(connection, JOINED.of(given)),
        ]
        keys = dict.fromkeys((LineId(one[0]), ConversationId(one[1])) for one in found)
        keys.pop((line, conversation), None)
        rows = await read_rows(connection, list(keys), visible.login, now=now)
    rows = [row for row in rows if visible.shows(row.line, row.team, row.assignee)]
    rows.sort(key=lambda row: row.last.id if row.last else 0, reverse=True)
    past = [_ended(one) for one in handoffs if one[7] is not None]
    return Others(past[:PAST_MOST], rows[:PAST_MOST])


async def _messages(
    connection: AsyncConnection,
    line: LineId,
    conversation: ConversationId,
    before: MessageId | None,
    after: MessageId | None,
    limit: int,
) -> tuple[list[TranscriptMessage], bool]:
    """Return a part of what was said, oldest first, and whether there is more on its far side."""
    m = tables.MessageRow
    which = [col(m.line_id) == line, col(m.conversation_id) == conversation]
    if after is not None:
        since = select_messages(*which, col(m.id) > after).limit(limit + 1)
        rows = (await connection.execute(since)).all()
        return [transcript_message(row) for row in rows[:limit]], len(rows) > limit
    if before is not None:
        which.append(col(m.id) < before)
    latest = select_messages(*which).order_by(None).order_by(col(m.id).desc()).limit(limit + 1)
    rows = (await connection.execute(latest)).all()
    return [transcript_message(row) for row in reversed(rows[:limit])], len(rows) > limit


async def _time_of(
    connection: AsyncConnection, line: LineId, message: MessageId
) -> datetime | None:
    m = tables.MessageRow
    asks = select(col(m.at)).where(col(m.line_id) == line, col(m.id) == message)
    return (await connection.execute(asks)).scalar()


def _merged(
    messages: Sequence[TranscriptMessage], beside: Sequence[Note | Happened]
) -> list[Entry]:
    """Put what stands beside the messages between them by its time; the messages keep their order."""
    entries: list[Entry] = []
    left = sorted(beside, key=lambda one: one.at)[::-1]
    for message in messages:
        while left and left[-1].at < message.at:
            entries.append(left.pop())
        entries.append(message)
    return [*entries, *reversed(left)]


def _happened(handoffs: Rows, acts: Rows) -> Iterator[Happened]:
    """Tell what people did: from the handoffs, and from the agents' signals for as long as those are kept."""
    done = [(read_time(at), load_signal(content)) for at, trace, content in acts if _counted(trace)]
    for turn, began_at, reason, place, team, assignee, claimed_at, ended_at, *end in handoffs:
        began, over = read_time(began_at), maybe_time(ended_at)
        yield Began(turn, began, reason, place, team)
        own = [(at, s) for at, s in done if began <= at and (over is None or at <= over)]
        yield from (_act(turn, at, signal) for at, signal in own)
        if not own and claimed_at is not None and assignee is not None:
            yield TookOver(turn, read_time(claimed_at), assignee)
        if over is not None:
            yield Ended(turn, over, *end)


def _counted(trace: str) -> bool:
    """Tell whether an agent's signal did anything: of two who clicked at once one did not."""
    return load_trace(trace).matched == "agent"


def _act(turn: int, at: datetime, signal: AgentTookOver | ChatAssigned) -> TookOver | Assigned:
    if isinstance(signal, AgentTookOver):
        return TookOver(turn, at, signal.agent)
    return Assigned(turn, at, signal.by, signal.agent, signal.team)


def _note(told: Any) -> Note:
    id_, login, text, at = told
    return Note(id_, login, text, read_time(at))


def _ended(told: Any) -> EndedHandoff:
    turn, began_at, reason, _, team, assignee, _, ended_at, ended, by, note = told
    return EndedHandoff(
        *(turn, read_time(began_at), reason, team, assignee, read_time(ended_at), ended, by, note)
    )
