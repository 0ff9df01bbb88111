"""A store with what a test says often; a second one on the same database stands for another process."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Self

from engine.core.content import Content, Event, Text
from engine.core.conversation import Conversation
from engine.core.effects import Origin
from engine.core.errors import ConcurrentUpdate
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, SignalId
from engine.core.signals import Arrival, DeliveryReported, Sender, Signal, Status
from engine.ports import MessageRow, MessageStatus, OutboxEntry, SendMark
from storage import Database, Queries, SqlStore, TimeIds
from storage.queries import TranscriptMessage
from tests.builders import NOW, make_arrival, make_message

SHOP = LineId("shop")
ANA = Sender(phone="5215550001111", name="Ana")
BEN = Sender(phone="5215550002222", name="Ben")

_owners = count(1)
_keys = count(1)


def arrival(
    signal: Signal | str = "hello",
    *,
    sender: Sender | None = ANA,
    key: str | None = None,
    line: LineId = SHOP,
    at: datetime = NOW,
) -> Arrival:
    """Return a signal as an adapter makes it: with its sender, its conversation not known yet."""
    made = make_arrival(make_message(signal, at=at) if isinstance(signal, str) else signal, at=at)
    return made.model_copy(
        update={
            "line": line,
            "sender": sender,
            "conversation": None,
            "key": key or f"in.{next(_keys)}",
        }
    )


def report(
    status: Status,
    *,
    external_id: str = "out.1",
    message: MessageId | None = None,
    at: datetime = NOW,
    **changes: object,
) -> DeliveryReported:
    """Return a provider's word on one of our messages."""
    made = DeliveryReported(
        external_id=ExternalId(external_id), message=message, status=status, at=at
    )
    return made.model_copy(update=changes)


@dataclass(frozen=True, slots=True)
class Entered:
    """One arrival as it was stored."""

    conversation: ConversationId
    signal: SignalId | None


class World:
    """A database, its store and its queries, under an owner number of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.owner = next(_owners)
        self.database = Database(url, busy_timeout_s=5)
        self.ids = TimeIds(self.owner)
        self.store = SqlStore(self.database, ids=self.ids)
        self.queries = Queries(self.database)
        self._others = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._others.aclose()
        await self.database.close()

    async def another(self) -> "World":
        """Return another process's view of the same database."""
        return await self._others.enter_async_context(World(self.url))

    # --- in -----------------------------------------------------------------------------------------

    async def enter(self, *arrivals: Arrival, waits: bool = False) -> list[Entered]:
        """Store arrivals of contacts in one batch, which steps them or lets them wait."""
        async with self.store.write() as batch:
            found = await batch.find_conversations(
                [(a.line, a.sender) for a in arrivals if a.sender is not None]
            )
            signals = await batch.add_signals(list(zip(arrivals, found, strict=True)), now=NOW)
            if waits:
                new = zip(arrivals, signals, strict=True)
                await batch.set_waiting([(a.line, s, 0) for a, s in new if s is not None])
        return [Entered(c, s) for c, s in zip(found, signals, strict=True)]

    async def conversation(self, sender: Sender = ANA, *, line: LineId = SHOP) -> Conversation:
        """Return the sender's conversation as the database has it, made if it is new."""
        async with self.store.write() as batch:
            (key,) = await batch.find_conversations([(line, sender)])
        return await self.stored(key, line=line)

    async def stored(self, key: ConversationId, *, line: LineId = SHOP) -> Conversation:
        """Return a conversation as another process reads it."""
        story = await self.queries.story(line, key)
        assert story is not None
        return story.conversation

    async def change(self, conversation: Conversation, **changes: object) -> Conversation:
        """Store a change of a conversation, as a step would make it."""
        changed = conversation.model_copy(update={"version": conversation.version + 1, **changes})
        async with self.store.write() as batch:
            await batch.claim([(conversation.line, conversation.id)])
            assert await batch.save([(changed, conversation.version)]) == {conversation.id}
        return changed

    async def wait(self, entered: Entered, *, attempts: int = 0, line: LineId = SHOP) -> None:
        """Mark a signal as not handled after all."""
        assert entered.signal is not None
        async with self.store.write() as batch:
            await batch.set_waiting([(line, entered.signal, attempts)])

    async def waiting(self) -> list[SignalId]:
        """Return the ids of the signals that can be stepped."""
        return [one.id for one in await self.store.waiting_signals([SHOP], limit=1000)]

    # --- out ----------------------------------------------------------------------------------------

    def message(
        self,
        conversation: Conversation,
        content: Content | str = "Which pizza?",
        *,
        status: MessageStatus = "queued",
        origin: Origin = "flow",
        at: datetime = NOW,
    ) -> MessageRow:
        """Return a message to the contact."""
        return MessageRow(
            id=MessageId(self.ids()),
            line=conversation.line,
            conversation=conversation.id,
            direction="beside" if isinstance(content, Event) else "out",
            content=Text(body=content) if isinstance(content, str) else content,
            status=status,
            at=at,
            origin=origin,
            owner=self.owner if status == "sending" else None,
        )

    async def say(
        self,
        conversation: Conversation,
        body: Content | str = "Which pizza?",
        *,
        status: MessageStatus = "queued",
        origin: Origin = "flow",
        at: datetime = NOW,
    ) -> MessageId:
        """Put one message into the outbox."""
        row = self.message(conversation, body, status=status, origin=origin, at=at)
        async with self.store.write() as batch:
            await batch.add_messages([row])
        return row.id

    async def mark(
        self,
        message: MessageId,
        status: MessageStatus,
        *,
        external_id: str | None = None,
        at: datetime = NOW,
        **changes: object,
    ) -> None:
        """Write what became of a send."""
        shown = await self.shown(message)
        mark = SendMark(
            id=message,
            line=SHOP,
            conversation=shown.conversation,
            status=status,
            at=at,
            external_id=None if external_id is None else ExternalId(external_id),
        )
        async with self.store.write() as batch:
            await batch.mark_sends([mark._replace(**changes)])  # type: ignore[arg-type]  # the test names real fields

    async def report(self, *reports: DeliveryReported, now: datetime = NOW) -> list[SignalId]:
        """Store providers' reports, as the loops do."""
        arrivals = [arrival(one, sender=None) for one in reports]
        async with self.store.write() as batch:
            ids = await batch.add_signals([(a, None) for a in arrivals], now=now)
            known = [signal for signal in ids if signal is not None]
            rows = [(SHOP, s, r) for s, r in zip(known, reports, strict=True)]
            await batch.report_deliveries(rows, now=now)
        return known

    async def take(
        self,
        *,
        now: datetime = NOW,
        busy: Sequence[ConversationId] = (),
        limit: int = 100,
        owner: int | None = None,
        beside: bool = False,
    ) -> list[OutboxEntry]:
        """Take up what may go."""
        async with self.store.write() as batch:
            return await batch.take_entries(
                owner=owner or self.owner, now=now, busy=busy, limit=limit, beside=beside
            )

    async def taken(self, **asked: timedelta | datetime | int) -> list[MessageId]:
        """Return the ids of what may go."""
        return [entry.id for entry in await self.take(**asked)]  # type: ignore[arg-type]  # passed on as it came

    # --- seen ---------------------------------------------------------------------------------------

    async def shown(self, message: MessageId) -> TranscriptMessage:
        """Return a message as a transcript shows it."""
        async with self.database.read() as connection:
            rows = await connection.exec_driver_sql(
                f"SELECT conversation_id FROM message WHERE line_id = 'shop' AND id = {message}"
            )
            (conversation,) = rows.one()
        messages = await self.queries.messages(SHOP, ConversationId(conversation))
        return next(one for one in messages if one.id == message)

    async def status(self, message: MessageId) -> MessageStatus:
        """Return where a message stands."""
        return (await self.shown(message)).status

    async def count(self, table: str) -> int:
        """Return how many rows a table has."""
        async with self.database.read() as connection:
            rows = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            return int(rows.scalar_one())


async def met(world: World, sender: Sender, *, line: LineId = SHOP) -> ConversationId:
    """Find a sender's conversation and claim it, again where another process was faster: as the writer does."""
    for _ in range(5):
        try:
            async with world.store.write() as batch:
                (key,) = await batch.find_conversations([(line, sender)])
                await batch.claim([(line, key)])
        except ConcurrentUpdate:
            continue
        return key
    raise AssertionError("another process was faster each time")
