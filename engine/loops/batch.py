"""What one batch does inside its transaction: store each signal once, step what may be stepped, write it all.

The way in for everything: new arrivals and signals that waited go through the same code. Nothing here commits;
the writer does, and only then is anything performed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from engine.core import limits
from engine.core.conversation import Conversation
from engine.core.effects import CancelTimers
from engine.core.errors import FlowError
from engine.core.ids import ConversationId, LineId
from engine.core.quoted import quoted_by, resolved, titled
from engine.core.signals import Arrival, DeliveryReported, TimerFired
from engine.core.step import Step, give_up, may_interrupt, step
from engine.loops.files import ARRIVED
from engine.loops.follow import Follower
from engine.loops.performer import Effects, Item, LineSetup, Moments, Outcome, Performer, Stepped
from engine.loops.refused import take_back
from engine.loops.rows import turn_row
from engine.ports import Batch, Clock, SendMark, StoredSignal, TimerChange

log = structlog.get_logger()

BATCH_TIME_S = 0.25
"""Stepping one batch takes at most about this long; what is left is stored and stepped in the next."""


class BatchSteps:
    """Steps a batch of signals inside one transaction."""

    def __init__(
        self,
        *,
        lines: dict[LineId, LineSetup],
        clock: Clock,
        performer: Performer,
        follower: Follower,
    ) -> None:
        self._follower = follower
        self._lines = lines
        self._clock = clock
        self._performer = performer

    async def run(
        self,
        batch: Batch,
        arrivals: Sequence[Arrival],
        stored: Sequence[StoredSignal],
        marks: Sequence[SendMark] = (),
    ) -> Outcome:
        """Store the arrivals once, step them and the stored signals, write everything they change.

        Args:
            batch: The transaction.
            arrivals: What came in.
            stored: What waited.
            marks: What became of sends, written in this transaction already.
        """
        now = self._clock.now()
        moments = Moments(self._clock)
        outcome = Outcome()
        fresh = await self._enter(batch, arrivals, now, outcome)
        waited = [Item(s.arrival, s.arrival.conversation, s.id, s.attempts, True) for s in stored]
        late = await self._reported_late(batch, waited, now, outcome)
        waited = [item for item in waited if item.arrival.signal.kind != "delivery_reported"]
        told = await take_back(batch, [*fresh, *late], now, outcome)
        if told:
            fresh += await self._enter(batch, told, now, outcome)
        if self._follower.follows:
            reports = _reports([*fresh, *late])
            fresh += await self._settled(batch, marks, reports, moments, outcome)
        talk = waited + [i for i in fresh if i.conversation is not None]
        stepped: list[Stepped] = []
        if talk:
            stepped = await self._step_all(batch, talk, now, moments, outcome)
        effects = self._performer.sort(stepped, outcome)
        await self._take_back(batch, effects, now, outcome)
        rows = await self._performer.write_messages(
            batch, fresh, stepped, effects.said, moments, outcome
        )
        if self._follower.tells:
            ended = {mark.id for mark in outcome.failed}
            outcome.news |= self._follower.messages(batch, rows, now=now, ended=ended)
        if outcome.failed and self._follower.follows:
            await self._settle_later(batch, moments, outcome)
        if self._follower.tells:
            results = [one.result for one in stepped]
            outcome.news |= self._follower.results(batch, results, now=now)
            if effects.handoffs:
                steps = [(one.before, one.result) for one in stepped]
                outcome.news |= self._follower.handoffs(batch, steps, now=now)
        if effects.timers:
            await batch.change_timers(effects.timers)
            outcome.timers = effects.timers
        if effects.handoffs:
            await batch.record_handoffs(effects.handoffs, moments=moments)
        if stepped:
            turns = [turn_row(s.result, s.item.signal, s.elapsed_ms, at=now) for s in stepped]
            await batch.add_turns(turns)
        return outcome

    async def _take_back(
        self, batch: Batch, effects: Effects, now: datetime, outcome: Outcome
    ) -> None:
        """Cancel what may not leave any more and let go what was held; tell the servers what came of it."""
        silenced = [(row.line, row.conversation) for row in effects.consents]
        touched = {*effects.cancelled, *effects.released, *silenced}
        coming = await self._follower.coming(batch, touched) if touched else []
        if effects.cancelled:
            await batch.cancel_unsent(effects.cancelled, now=now)
        if effects.released:
            await batch.release_held(effects.released, now=now)
        if effects.consents:
            await batch.record_consents(effects.consents, now=now)
        if coming:
            outcome.news |= await self._follower.taken_back(batch, coming, now=now)

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
        await self._report(batch, fresh, now, outcome)
        fired = [self._forget_timer(i) for i in fresh if i.arrival.signal.kind == "timer_fired"]
        if fired:
            await batch.change_timers(fired)
        outcome.changed.update((i.arrival.line, i.conversation) for i in fresh)
        return fresh

    async def _report(
        self, batch: Batch, items: Sequence[Item], now: datetime, outcome: Outcome
    ) -> None:
        reports = [
            (i.arrival.line, i.signal, i.arrival.signal)
            for i in items
            if isinstance(i.arrival.signal, DeliveryReported)
        ]
        if reports:
            await batch.report_deliveries(reports, now=now)
            outcome.reported.update((line, report.external_id) for line, _, report in reports)
            outcome.arrived += (
                (line, report.external_id)
                for line, _, report in reports
                if report.status in ARRIVED
            )

    async def _reported_late(
        self, batch: Batch, waited: Sequence[Item], now: datetime, outcome: Outcome
    ) -> list[Item]:
        """Do the statuses that waited for their message and that its conversation is told of; return them."""
        late = [item for item in waited if item.arrival.signal.kind == "delivery_reported"]
        if not late:
            return []
        late = await _without_past(batch, late)
        await self._report(batch, late, now, outcome)
        handled = [(item.arrival.line, item.signal) for item in late]
        await batch.set_handled(handled, now=now)
        return late

    async def _settled(
        self,
        batch: Batch,
        marks: Sequence[SendMark],
        reports: Sequence[tuple[LineId, DeliveryReported]],
        moments: Moments,
        outcome: Outcome,
    ) -> list[Item]:
        """Store, as any signal, what became of messages that flows wait for; tell the servers."""
        now = self._clock.now()
        arrivals, outcome.news = await self._follower.statuses(
            batch, marks, reports, moments.__getitem__, now
        )
        return await self._enter(batch, arrivals, now, outcome)

    async def _settle_later(self, batch: Batch, moments: Moments, outcome: Outcome) -> None:
        """The same for what failed as it was said: it is stepped after this batch."""
        told = outcome.news
        items = await self._settled(batch, outcome.failed, (), moments, outcome)
        outcome.news |= told
        if items:
            await batch.set_waiting([(i.arrival.line, i.signal, 0) for i in items])
            outcome.freed = True

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
        moments: Moments,
        outcome: Outcome,
    ) -> list[Stepped]:
        await _resolve_taps(batch, talk)
        keys = _keys(talk)
        held = await batch.claim(keys)
        talk = await _without_past(batch, talk)
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
        await _set_waiting(batch, waiting)
        handled = [(s.item.arrival.line, s.item.signal) for s in stepped if s.item.waited]
        if handled:
            await batch.set_handled(handled, now=now)
        return stepped

    def _step_each(
        self,
        talk: list[Item],
        held: dict[ConversationId, Conversation],
        behind: set[ConversationId],
        moments: Moments,
    ) -> tuple[list[Stepped], list[tuple[Item, int]], bool]:
        """Step in order of arrival; behind one that must wait, its conversation's others wait too.

        Returns what was stepped; what waits, with its attempts; whether some of that may be stepped at once.
        """
        current = dict(held)
        stuck: set[ConversationId] = set()
        stepped: list[Stepped] = []
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
                # Whoever holds a conversation elsewhere is told by the commit, and looks again after its own.
                hurried = hurried or (key not in stuck and conversation is not None)
                stuck.add(key)
                waiting.append((item, item.attempts))
                continue
            item.arrival = titled(item.arrival, conversation)
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
                stepped.append(Stepped(item, conversation, result, (begun - before) * 1000))
        return stepped, waiting, hurried

    def _step_one(self, item: Item, conversation: Conversation, moments: Moments) -> Step | None:
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


async def _set_waiting(batch: Batch, waiting: Sequence[tuple[Item, int]]) -> None:
    """Let wait what was not stepped; what waited before and was not even tried is left alone.

    It may be another replica's, which steps it this moment and sets it handled by its commit.
    """
    fresh = [(i.arrival.line, i.signal, tries) for i, tries in waiting if not i.waited]
    tried = [
        (i.arrival.line, i.signal, tries)
        for i, tries in waiting
        if i.waited and tries != i.attempts
    ]
    if fresh:
        await batch.set_waiting(fresh)
    if tried:
        await batch.count_attempts(tried)


async def _without_past(batch: Batch, talk: list[Item]) -> list[Item]:
    """Leave out what waited when it was read and has been stepped since: the reader looked before a commit."""
    waited = [(item.arrival.line, item.signal) for item in talk if item.waited]
    if not waited:
        return talk
    still = await batch.still_waiting(waited)
    return [item for item in talk if not item.waited or item.signal in still]


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


def _reports(items: Iterable[Item]) -> list[tuple[LineId, DeliveryReported]]:
    return [
        (item.arrival.line, item.arrival.signal)
        for item in items
        if isinstance(item.arrival.signal, DeliveryReported)
    ]


def _keys(items: Iterable[Item]) -> list[tuple[LineId, ConversationId]]:
    """Return the conversations of these items, each once."""
    return list(
        {i.conversation: (i.arrival.line, i.conversation) for i in items if i.conversation}.values()
    )
