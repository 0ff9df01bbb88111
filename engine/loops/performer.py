"""What the turns of a batch do: the messages they say, the timers they change, the code steps they begin.

Nothing here leaves: what is said is written to the outbox, and what may leave at once is told to the sender after the
commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, assert_never

import structlog

from engine.core.book import Book
from engine.core.content import DEEDS, Media, Outbound, ReadMark, Template
from engine.core.conversation import Conversation
from engine.core.effects import (
    CancelTimers,
    CancelUnsent,
    HandOff,
    Origin,
    RecordConsent,
    RecordHandoff,
    ReleaseHeld,
    RunStep,
    SendMessage,
    StartTimer,
)
from engine.core.errors import ContentRejected, SendError, WindowClosed
from engine.core.ids import (
    ConversationId,
    ExternalId,
    LineId,
    MessageId,
    SignalId,
    TimerId,
    VisitId,
)
from engine.core.signals import Arrival, MessageReceived
from engine.core.step import Step
from engine.core.value import Json
from engine.loops.files import FileKey
from engine.loops.refusals import refusal_of
from engine.loops.rows import entry_of, inbound_row
from engine.loops.templates import NoShapes
from engine.ports import (
    Batch,
    Clock,
    ConsentRow,
    HandoffRow,
    IdFactory,
    MessageRow,
    MessageStatus,
    OutboxEntry,
    SendMark,
    TimerChange,
)
from engine.ports.helpdesk import Helpdesk
from engine.ports.templates import TemplateShapes

log = structlog.get_logger()

Key = tuple[LineId, ConversationId]

CLOSED_WHEN_SAID = "the window was closed when it was said"


class Departures(Protocol):
    """The sender, as far as a batch must ask it."""

    def leaves_at_once(self, line: LineId, conversation: ConversationId) -> bool:
        """Tell whether these messages would leave right after the commit."""


@dataclass(frozen=True, slots=True)
class LineSetup:
    """What the loops know of one line."""

    book: Book
    read_marks: bool = False
    helpdesk: Helpdesk | None = None
    """The provider's own inbox, where chats go to it."""


@dataclass(slots=True)
class Item:
    """One signal on its way through the batch."""

    arrival: Arrival
    conversation: ConversationId | None
    signal: SignalId
    attempts: int = 0
    waited: bool = False
    """It was stored by an earlier batch."""


@dataclass(slots=True)
class Outcome:
    """What the loops have to do once the batch is committed."""

    entries: list[OutboxEntry] = field(default_factory=list)
    """Leave at once, in order."""
    failed: list[SendMark] = field(default_factory=list)
    """Met a closed window and are not kept, or are not wanted; written in the same commit."""
    queued: bool = False
    """Something waits in the outbox for its turn."""
    told: bool = False
    """A deed waits to be told to its provider."""
    news: bool = False
    """A server of the business has something to be told."""
    steps: list[tuple[Conversation, VisitId]] = field(default_factory=list)
    freed: bool = False
    """Signals that wait may be steppable now."""
    arrived: list[FileKey] = field(default_factory=list)
    """Messages of ours that reached the contact, or never will."""
    media: bool = False
    """A file came in that is to be fetched."""
    handoffs: bool = False
    """People have a chat, or have it no more."""
    timers: Sequence[TimerChange] = ()
    """Those that were set or taken off."""
    changed: set[tuple[LineId, ConversationId | None]] = field(default_factory=set)
    reported: set[tuple[LineId, ExternalId]] = field(default_factory=set)
    """Messages that a provider told the status of; which chats they are of nobody had to ask."""


@dataclass(slots=True)
class Stepped:
    """One handled signal and what came of it."""

    item: Item
    before: Conversation
    result: Step
    elapsed_ms: float


@dataclass(slots=True)
class Effects:
    """The effects of a batch, by what performs them."""

    said: dict[Key, list[SendMessage]] = field(default_factory=dict)
    timers: list[TimerChange] = field(default_factory=list)
    cancelled: list[Key] = field(default_factory=list)
    released: dict[Key, datetime] = field(default_factory=dict)
    """Whose held messages may leave, and since when these must have been said."""
    consents: list[ConsentRow] = field(default_factory=list)
    handoffs: list[HandoffRow] = field(default_factory=list)


class Moments(dict[LineId, datetime]):
    """The time on each line, looked up once a batch: what is done in one commit is done at one time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __missing__(self, line: LineId) -> datetime:
        moment = self[line] = self._clock.now(line)
        return moment


class Performer:
    """Sorts the effects of a batch and writes its messages."""

    def __init__(
        self,
        *,
        lines: dict[LineId, LineSetup],
        clock: Clock,
        ids: IdFactory,
        owner: int,
        departures: Departures,
        templates: TemplateShapes | None = None,
    ) -> None:
        self._lines = lines
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._departures = departures
        self._templates = templates or NoShapes()

    def sort(self, stepped: list[Stepped], outcome: Outcome) -> Effects:
        """Sort the turns' effects by what performs them."""
        effects = Effects()
        for one in stepped:
            key = (one.item.arrival.line, one.result.conversation.id)
            outcome.changed.add(key)
            for effect in one.result.effects:
                match effect:
                    case SendMessage():
                        said = effects.said.setdefault(key, [])
                        if self._lines[key[0]].read_marks and _are_first(said, effect):
                            said += _read_mark(one, effect)
                        said.append(effect)
                    case StartTimer():
                        timer = self._in_real_time(key[0], effect)
                        effects.timers.append(TimerChange(*key, timer, TimerId(self._ids())))
                    case CancelTimers():
                        effects.timers.append(TimerChange(*key, effect))
                    case CancelUnsent():
                        effects.cancelled.append(key)
                    case ReleaseHeld(said_since=since):
                        effects.released[key] = since
                        outcome.queued = True
                    case RecordConsent():
                        contact = one.result.conversation.contact.id
                        effects.consents.append(ConsentRow(self._ids(), *key, contact, effect))
                    case RunStep(visit=visit):
                        outcome.steps.append((one.result.conversation, visit))
                    case RecordHandoff():
                        effects.handoffs.append(HandoffRow(*key, effect))
                        outcome.handoffs = True
                    case HandOff(team=team):  # the conversation's own mode and team say the rest
                        desk = self._lines[key[0]].helpdesk
                        if desk is not None:
                            deed, turn = desk.assignment(team), one.result.conversation.turn
                            said = effects.said.setdefault(key, [])
                            said.append(SendMessage(content=deed, turn=turn, origin="engine"))
                    case _:
                        assert_never(effect)
        return effects

    async def write_messages(
        self,
        batch: Batch,
        fresh: list[Item],
        stepped: list[Stepped],
        said: dict[Key, list[SendMessage]],
        moments: Moments,
        outcome: Outcome,
    ) -> list[MessageRow]:
        """Write what came in and what is said to it, each conversation's in order; return it."""
        turns = {s.item.signal: s.result.conversation.turn for s in stepped}
        rows = [row for item in fresh if (row := self._inbound(item, turns))]
        outcome.media = any(isinstance(row.content, Media) for row in rows)
        unfinished = await batch.unfinished(list(said)) if said else set()
        for key, messages in said.items():
            at = moments[key[0]]
            self._outbound(key, messages, at, key[1] not in unfinished, rows, outcome)
        if rows:
            await batch.add_messages(rows)
        if outcome.failed:
            await batch.mark_sends(outcome.failed)
        if outcome.steps:
            batch.taken.steps([(one.line, one.id) for one, _ in outcome.steps])
        return rows

    def _inbound(self, item: Item, turns: dict[SignalId, int]) -> MessageRow | None:
        if item.conversation is None:
            return None
        turn = turns.get(item.signal, 0)
        return inbound_row(item.arrival, item.conversation, self._ids, turn=turn)

    def _outbound(
        self,
        key: Key,
        said: list[SendMessage],
        at: datetime,
        is_free: bool,
        rows: list[MessageRow],
        outcome: Outcome,
    ) -> None:
        """Add the outbox rows of one conversation, and the entries of those that leave at once.

        `is_free`: nothing said earlier is still to be sent.
        """
        line, conversation = key
        leaves = is_free and self._departures.leaves_at_once(line, conversation)
        for message in said:
            beside = message.content.kind in DEEDS
            met = message.met
            misfit = self._fit(line, message) if message.content.kind == "template" else None
            goes = leaves and not beside and met is None and misfit is None
            status: MessageStatus = "sending" if goes else "held" if met or misfit else "queued"
            row = MessageRow(  # by position: names would take twice as long
                message.id or MessageId(self._ids()),
                line,
                conversation,
                "beside" if beside else "out",
                message.content,
                status,
                at,
                None,
                message.origin,
                message.turn,
                message.question,
                message.reply_to,
                self._owner if goes else None,
                None if message.instead_of is None else _instead_of(message.instead_of),
                message.closed,
                message.watch,
            )
            rows.append(row)
            if met == "failed":
                outcome.failed.append(_ended(row, WindowClosed(CLOSED_WHEN_SAID)))
            elif met is not None and met != "held":
                outcome.failed.append(_ended(row, refusal_of(met), "cancelled"))
            elif misfit is not None:
                outcome.failed.append(_ended(row, misfit))
            if goes:
                outcome.entries.append(entry_of(row, message))
            elif beside:
                outcome.told = True
            else:
                outcome.queued = outcome.queued or status == "queued"

    def _fit(self, line: LineId, message: SendMessage) -> SendError | None:
        """Make a template what may leave; return why none of it may."""
        assert isinstance(message.content, Template)
        try:
            message.content = self._templates.fitted(line, message.content)
        except ContentRejected as error:
            log.warning("template_rejected", line=line, template=message.content.name)
            return error
        return None

    def _in_real_time(self, line: LineId, timer: StartTimer) -> StartTimer:
        """Let a code step's time be real time, also on a line whose clock was moved."""
        if timer.purpose != "step_timeout":
            return timer
        ahead = self._clock.now(line) - self._clock.now()
        if ahead < timedelta(seconds=1):
            return timer
        return replace(timer, due_at=timer.due_at - ahead)


def _ended(
    row: MessageRow, error: SendError, status: Literal["failed", "cancelled"] = "failed"
) -> SendMark:
    """Return the mark of a message that ended before it could leave."""
    return SendMark(
        row.id,
        row.line,
        row.conversation,
        status,
        row.at,
        error_code=error.code,
        error=str(error),
    )


def _instead_of(content: Outbound) -> Json:
    """Return what a template replaces, as the transcript keeps it."""
    return {"instead_of": content.model_dump(mode="json")}


def _are_first(said: list[SendMessage], words: SendMessage) -> bool:
    """Tell whether these are the first words said to a message; deeds are none."""
    return words.content.kind not in DEEDS and all(one.content.kind in DEEDS for one in said)


def _read_mark(one: Stepped, said: SendMessage) -> list[SendMessage]:
    """Return the mark that goes before the first words said to a message."""
    signal = one.item.arrival.signal
    if not isinstance(signal, MessageReceived):
        return []
    mark = ReadMark(message=signal.external_id)
    origin: Origin = "consent" if said.origin == "consent" else "engine"
    return [SendMessage(content=mark, origin=origin, turn=said.turn)]
