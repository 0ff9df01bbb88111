"""A line's contacts for commands: looked through page by page, made known, and written to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlmodel import col

from engine.core.addresses import canonical_phone
from engine.core.content import Outbound
from engine.core.conversation import Contact
from engine.core.ids import ContactId, ConversationId, LineId, MessageId
from engine.core.signals import Arrival, ConsentChanged, Sender
from engine.ports import MessageRow
from storage import tables
from storage.database import Database
from storage.ids import TimeIds
from storage.queries import Queries
from storage.store import SqlStore

COMMANDS = 0
"""The owner number of commands; processes that serve begin at 1."""


ASKED_AT_ONCE = 5_000
"""Numbers in one question: both databases bind some 32,000 values at most."""


async def contacts_after(
    database: Database, line: LineId, after: ContactId, *, limit: int
) -> list[Contact]:
    """Return a line's contacts with an id above `after`, oldest first; without those joined into another.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    t = tables.ContactRow
    asked = (
        select(
            col(t.id),
            col(t.phone),
            col(t.user_id),
            col(t.name),
            col(t.locale),
            col(t.opted_out_at),
            col(t.marketing_stopped_at),
        )
        .where(col(t.line_id) == line, col(t.id) > after, col(t.joined_id).is_(None))
        .order_by(col(t.id))
        .limit(limit)
    )
    async with database.read() as connection:
        rows = (await connection.execute(asked)).all()
    return [
        Contact(
            id=ContactId(row[0]),
            phone=row[1],
            user_id=row[2],
            name=row[3],
            locale=row[4],
            opted_out_at=row[5],
            marketing_stopped_at=row[6],
        )
        for row in rows
    ]


async def silent_phones(database: Database, line: LineId, phones: Sequence[str]) -> set[str]:
    """Return those of these numbers, as they are given, whose contacts want no broadcasts.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    a, t = tables.AddressRow, tables.ContactRow
    found: set[str] = set()
    for first in range(0, len(phones), ASKED_AT_ONCE):
        by_address = {canonical_phone(one): one for one in phones[first : first + ASKED_AT_ONCE]}
        asked = (
            select(col(a.address))
            .join(t, and_(col(t.line_id) == col(a.line_id), col(t.id) == col(a.contact_id)))
            .where(
                col(a.line_id) == line,
                col(a.kind) == "phone",
                col(a.address).in_(by_address),  # why no index: it is the primary key
                or_(col(t.opted_out_at).is_not(None), col(t.marketing_stopped_at).is_not(None)),
            )
        )
        async with database.read() as connection:
            found |= {by_address[row[0]] for row in await connection.execute(asked)}
    return found


async def meet(database: Database, line: LineId, people: Sequence[Sender]) -> None:
    """Make these people contacts of a line, or name those that are.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    store = SqlStore(database, ids=await _ids(database))
    async with store.write() as batch:
        await batch.find_conversations([(line, person) for person in people])


async def put_message(
    database: Database, line: LineId, to: Sender, content: Outbound, *, now: datetime
) -> tuple[ConversationId, MessageId]:
    """Put a message into the outbox as an agent's; the running server sends it.

    Raises:
        StoreUnavailable: The database does not answer; nothing was put.
    """
    ids = await _ids(database)
    store = SqlStore(database, ids=ids)
    async with store.write() as batch:
        (conversation,) = await batch.find_conversations([(line, to)])
        message = MessageId(ids())
        row = MessageRow(message, line, conversation, "out", content, "queued", now, origin="agent")
        await batch.add_messages([row])
    return conversation, message


async def tell_consent(
    database: Database, line: LineId, who: Sender, told: ConsentChanged, *, now: datetime
) -> None:
    """Leave the server to take in what an agent says a contact wants; after an opt-out nothing that waits is sent.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    ids = await _ids(database)
    store = SqlStore(database, ids=ids)
    async with store.write() as batch:
        (conversation,) = await batch.find_conversations([(line, who)])
        arrival = Arrival(line=line, key=f"consent:{ids()}", signal=told, received_at=now)
        (signal,) = await batch.add_signals([(arrival, conversation)], now=now)
        assert signal is not None, "its key is new"
        await batch.set_waiting([(line, signal, 0)])
        if told.change == "opted_out":
            batch.cancel_all([(line, conversation)], now=now)


async def _ids(database: Database) -> TimeIds:
    return TimeIds(COMMANDS, after=await Queries(database).newest_id())
