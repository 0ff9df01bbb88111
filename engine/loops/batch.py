"""What one batch does inside its transaction: store each signal once, step what may be stepped, write it all.

The way in for everything: new arrivals and signals that waited go through the same code. Nothing here commits;
the writer does, and only then is anything performed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, assert_never

import structlog

from engine.core import limits
from engine.core.content import Media, ReadMark
from engine.core.conversation import Conversation
from engine.core.effects import (
    CancelTimers,
    CancelUnsent,
    HandOff,
    RunStep,
    SendMessage,
    StartTimer,
)
from engine.core.errors import FlowError
from engine.core.ids import ConversationId, LineId, MessageId, SignalId, TimerId, VisitId
from engine.core.quoted import quoted_by, resolved
from engine.core.script import Book
from engine.core.signals import (
    Arrival,
    DeliveryReported,
    MessageReceived,
    TimerFired,
)
from engine.core.step import Step, give_up, may_interrupt, step
from engine.loops.files import ARRIVED, FileKey
from engine.loops.rows import entry_of, inbound_row, turn_row
from engine.ports import (
    Batch,
    Clock,
    IdFactory,
    MessageRow,
    MessageStatus,
    OutboxEntry,
    StoredSignal,
    TimerChange,
)

log = structlog.get_logger()

Key = tuple[LineId, ConversationId]

BATCH_TIME_S = 0.25
"""Stepping one batch takes at most about this long; what is left is stored and stepped in the next."""


class Departures(Protocol):
    """The sender, as far as a batch must ask it."""

    def leaves_at_once(self, line: LineId, conversation: ConversationId) -> bool:
        """Tell whether these messages would leave right after the commit."""


@dataclass(frozen=True, slots=True)
class LineSetup:
    """What the loops know of one line."""

    book: Book
    read_marks: bool = False


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
    queued: bool = False
    """Something waits in the outbox for its turn."""
    steps: list[tuple[Conversation, VisitId]] = field(default_factory=list)
    freed: bool = False
    """Signals that wait may be steppable now."""
    arrived: list[FileKey] = field(default_factory=list)
    """Messages of ours that reached the contact, or never will."""
    media: bool = False
    """A file came in that is to be fetched."""
    changed: set[tuple[LineId, ConversationId | None]] = field(default_factory=set)


@dataclass(slots=True)
class _Stepped:
    """One handled signal and what came of it."""

    item: Item
    result: Step
    elapsed_ms: float


@dataclass(slots=True)
class _Deeds:
    """The effects of a batch, by what performs them."""

    said: dict[Key, list[SendMessage]] = field(default_factory=dict)
    timers: list[TimerChange] = field(default_factory=list)
    cancelled: list[Key] = field(default_factory=list)


class _Moments(dict[LineId, datetime]):
    """The time on each line, looked up once a batch: what is done in one commit is done at one time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __missing__(self, line: LineId) -> datetime:
        moment = self[line] = self._clock.now(line)
        return moment


class BatchSteps:
    """Steps a batch of signals inside one transaction."""

    def __init__(
        self,
        *,
        lines: dict[LineId, LineSetup],
        clock: Clock,
        ids: IdFactory,
        owner: int,
        departures: Departures,
    ) -> None:
        self._lines = lines
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._departures = departures

    async def run(
        self, batch: Batch, arrivals: Sequence[Arrival], stored: Sequence[StoredSignal]
    ) -> Outcome:
        """Store the arrivals once, step them and the stored signals, write everything they change."""
        now = self._clock.now()
        moments = _Moments(self._clock)
        outcome = Outcome()
        fresh = await self._enter(batch, arrivals, now, outcome)
        waited = [Item(s.arrival, s.arrival.conversation, s.id, s.attempts, True) for s in stored]
        talk = waited + [i for i in fresh if i.conversation is not None]
        stepped: list[_Stepped] = []
        if talk:
            stepped = await self._step_all(batch, talk, now, moments, outcome)
        deeds = self._sort(stepped, outcome)
        if deeds.cancelled:
            await batch.cancel_unsent(deeds.cancelled, now=now)
        await self._write_messages(batch, fresh, stepped, deeds.said, moments, outcome)
        if deeds.timers:
            await batch.change_timers(deeds.timers)
        if stepped:
            rows = [turn_row(s.result, s.item.signal, s.elapsed_ms, at=now) for s in stepped]
            await batch.add_turns(rows)
        return outcome

    # --- in ---------------------------------------------------------------------------------

    async def _enter(
        self, batch: Batch, arrivals: Sequence[Arrival], now: datetime, outcome: Outcome
    ) -> list[Item]:
        """Store the arrivals and return those that are new; statuses are done here, without a step."""
        if not arrivals:
            return []
        senders = [
            (a.line, a.sender)
            for a in arrivals
            if a.sender is not None and a.signal.kind != "delivery_reported"
        ]
        found = iter(await batch.find_conversations(senders) if senders else ())
        placed = [
            (
                a,
                next(found)
                if a.sender is not None and a.signal.kind != "delivery_reported"
                else a.conversation,
            )
            for a in arrivals
        ]
        ids = await batch.add_signals(placed, now=now)
        fresh = [
            Item(arrival, conversation, signal)
            for (arrival, conversation), signal in zip(placed, ids, strict=True)
            if signal is not None
        ]
        reports = [
            (i.arrival.line, i.signal, i.arrival.signal)
            for i in fresh
            if isinstance(i.arrival.signal, DeliveryReported)
        ]
        if reports:
            await batch.report_deliveries(reports, now=now)
            outcome.arrived += (
                (line, report.external_id)
                for line, _, report in reports
                if report.status in ARRIVED
            )
        fired = [self._forget_timer(i) for i in fresh if i.arrival.signal.kind == "timer_fired"]
        if fired:
            await batch.change_timers(fired)
        outcome.changed.update((i.arrival.line, i.conversation) for i in fresh)
        return fresh

    def _forget_timer(self, item: Item) -> TimerChange:
        signal = item.arrival.signal
        assert isinstance(signal, TimerFired)
        assert item.conversation is not None
        spent = CancelTimers(run=signal.run, purpose=signal.purpose, timer=signal.timer)
        return TimerChange(item.arrival.line, item.conversation, spent)

    # --- step -------------------------------------------------------------------------------

    async def _step_all(
        self,
        batch: Batch,
        talk: list[Item],
        now: datetime,
        moments: _Moments,
        outcome: Outcome,
    ) -> list[_Stepped]:
        await _resolve_taps(batch, talk)
        keys = _keys(talk)
        held = await batch.claim(keys)
        behind = await batch.blocked(_keys(i for i in talk if not i.waited))
        stepped, waiting, hurried = self._step_each(talk, held, behind, moments)
        latest = {s.result.conversation.id: s.result.conversation for s in stepped}
        changes = [(c, held[c.id].version) for c in latest.values() if c is not held[c.id]]
        won = await batch.save(changes) if changes else set()
        lost = {c.id for c, _ in changes} - won
        if lost:
            waiting += [(s.item, s.item.attempts) for s in stepped if s.item.conversation in lost]
            stepped = [s for s in stepped if s.item.conversation not in lost]
        freed = any(held[c.id].busy is not None and c.busy is None for c in latest.values())
        outcome.freed = freed or bool(lost) or hurried
        if waiting:
            await batch.set_waiting([(i.arrival.line, i.signal, tries) for i, tries in waiting])
        handled = [(s.item.arrival.line, s.item.signal) for s in stepped if s.item.waited]
        if handled:
            await batch.set_handled(handled, now=now)
        return stepped

    def _step_each(
        self,
        talk: list[Item],
        held: dict[ConversationId, Conversation],
        behind: set[ConversationId],
        moments: _Moments,
    ) -> tuple[list[_Stepped], list[tuple[Item, int]], bool]:
        """Step in order of arrival; behind one that must wait, its conversation's others wait too.

        Returns what was stepped; what waits, with its attempts; whether some of that may be stepped at once.
        """
        current = dict(held)
        stuck: set[ConversationId] = set()
        stepped: list[_Stepped] = []
        waiting: list[tuple[Item, int]] = []
        hurried = False
        clock = self._clock.monotonic
        begun = clock()
        deadline = begun + BATCH_TIME_S
        for item in talk:
            key = item.conversation
            assert key is not None
            conversation = current.get(key)
            must_wait = key in stuck or (key in behind and not item.waited)
            if (
                conversation is None
                or (must_wait and not may_interrupt(item.arrival.signal))
                or begun > deadline
            ):
                hurried = hurried or key not in stuck
                stuck.add(key)
                waiting.append((item, item.attempts))
                continue
            result = self._step_one(item, conversation, moments)
            before, begun = begun, clock()
            if result is None:
                stuck.add(key)
                waiting.append((item, item.attempts + 1))
            elif result.deferred:
                stuck.add(key)
                waiting.append((item, item.attempts))
            else:
                current[key] = result.conversation
                stepped.append(_Stepped(item, result, (begun - before) * 1000))
        return stepped, waiting, hurried

    def _step_one(self, item: Item, conversation: Conversation, moments: _Moments) -> Step | None:
        """Step one signal; None if its step raised and is to be tried again."""
        arrival = item.arrival
        book = self._lines[arrival.line].book
        now = moments[arrival.line]
        try:
            if item.attempts >= limits.STEP_ATTEMPTS:
                raise FlowError("the turn could not be stored")
            return step(conversation, arrival, now, book)
        except Exception as failure:
            if item.attempts + 1 < limits.STEP_ATTEMPTS:
                return None
            log.exception(
                "step_given_up",
                line=arrival.line,
                conversation_id=conversation.id,
                signal_id=item.signal,
                signal_kind=arrival.signal.kind,
            )
            error = f"{type(failure).__name__}: {failure}"
            return give_up(conversation, arrival, now, book, error)

    # --- out --------------------------------------------------------------------------------

    def _sort(self, stepped: list[_Stepped], outcome: Outcome) -> _Deeds:
        """Sort the turns' effects by what performs them."""
        deeds = _Deeds()
        for one in stepped:
            key = (one.item.arrival.line, one.result.conversation.id)
            outcome.changed.add(key)
            for effect in one.result.effects:
                match effect:
                    case SendMessage():
                        said = deeds.said.setdefault(key, [])
                        if not said and self._lines[key[0]].read_marks:
                            said += _read_mark(one, effect)
                        said.append(effect)
                    case StartTimer():
                        timer = self._in_real_time(key[0], effect)
                        deeds.timers.append(TimerChange(*key, timer, TimerId(self._ids())))
                    case CancelTimers():
                        deeds.timers.append(TimerChange(*key, effect))
                    case CancelUnsent():
                        deeds.cancelled.append(key)
                    case RunStep(visit=visit):
                        outcome.steps.append((one.result.conversation, visit))
                    case HandOff():
                        pass  # the conversation's own mode and team say it
                    case _:
                        assert_never(effect)
        return deeds

    async def _write_messages(
        self,
        batch: Batch,
        fresh: list[Item],
        stepped: list[_Stepped],
        said: dict[Key, list[SendMessage]],
        moments: _Moments,
        outcome: Outcome,
    ) -> None:
        """Write what came in and what is said to it, each conversation's in order."""
        turns = {s.item.signal: s.result.conversation.turn for s in stepped}
        rows = [row for item in fresh if (row := self._inbound(item, turns))]
        outcome.media = any(isinstance(row.content, Media) for row in rows)
        unfinished = await batch.unfinished(list(said)) if said else set()
        for key, messages in said.items():
            at = moments[key[0]]
            self._outbound(key, messages, at, key[1] not in unfinished, rows, outcome)
        if rows:
            await batch.add_messages(rows)

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
            status: MessageStatus = "held" if message.held else "sending" if leaves else "queued"
            row = MessageRow(
                MessageId(self._ids()),
                line,
                conversation,
                "out",
                message.content,
                status,
                at,
                origin=message.origin,
                turn=message.turn,
                question=message.question,
                reply_to=message.reply_to,
                owner=self._owner if status == "sending" else None,
            )
            rows.append(row)
            if status == "sending":
                outcome.entries.append(entry_of(row, message))
            outcome.queued = outcome.queued or status == "queued"

    def _in_real_time(self, line: LineId, timer: StartTimer) -> StartTimer:
        """Let a code step's time be real time, also on a line whose clock was moved."""
        if timer.purpose != "step_timeout":
            return timer
        ahead = self._clock.now(line) - self._clock.now()
        if ahead < timedelta(seconds=1):
            return timer
        return replace(timer, due_at=timer.due_at - ahead)


def _read_mark(one: _Stepped, said: SendMessage) -> list[SendMessage]:
    """Return the mark that goes before the first words said to a message."""
    signal = one.item.arrival.signal
    if not isinstance(signal, MessageReceived):
        return []
    mark = ReadMark(message=signal.external_id)
    return [SendMessage(content=mark, origin="engine", turn=said.turn)]


async def _resolve_taps(batch: Batch, talk: list[Item]) -> None:
    """Give taps whose option id did not come back the one that their message shows."""
    quoting = [(item, key) for item in talk if (key := quoted_by(item.arrival)) is not None]
    if not quoting:
        return
    shown = await batch.shown([(item.arrival.line, key) for item, key in quoting])
    for item, key in quoting:
        content = shown.get((item.arrival.line, key))
        if content is not None:
            item.arrival = resolved(item.arrival, content)


def _keys(items: Iterable[Item]) -> list[tuple[LineId, ConversationId]]:
    """Return the conversations of these items, each once."""
    return list(
        {i.conversation: (i.arrival.line, i.conversation) for i in items if i.conversation}.values()
    )
