"""The heart, read this first: one signal comes to a conversation; what it is afterwards and what shall happen.

A signal that is merely recorded is no turn: `turn` counts those that the engine acted on. `version` counts every
change. The message itself, the trace and the effects are stored by the loops in the same commit.
"""

from datetime import datetime
from typing import NamedTuple, assert_never

from engine.core import alarms, hands, people, requests, talk
from engine.core.book import Book
from engine.core.closed import content_of
from engine.core.consent import take_consent
from engine.core.content import DEEDS, Text
from engine.core.conversation import Conversation
from engine.core.effects import Effect, ReleaseHeld
from engine.core.handing import hand_off
from engine.core.languages import INTERRUPTS
from engine.core.outbox import asked_turn
from engine.core.outcome import close, expiring, expiry_timer, trace_of
from engine.core.parts import parts_of
from engine.core.scheduled import Scheduled
from engine.core.settling import settle
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    Arrival,
    BusinessReplied,
    ChatAssigned,
    ChatClosed,
    ConsentChanged,
    DeliveryReported,
    FlowRequested,
    LineReported,
    MessageReceived,
    MessageRequested,
    MessageSettled,
    Signal,
    StepReturned,
    TimerFired,
    WindowMissed,
)
from engine.core.stack import fitted, follow, is_asking, refit, top
from engine.core.trace import Trace
from engine.core.turn import RunEnded, Turn
from engine.core.words import fold


class Step(NamedTuple):
    """What one signal made of a conversation."""

    conversation: Conversation
    effects: tuple[Effect, ...]
    trace: Trace
    deferred: bool = False
    """Nothing happened: the signal is to be stored unhandled and stepped later."""
    ended: tuple[RunEnded, ...] = ()
    """The runs that came to their end."""


def step(conversation: Conversation, arrival: Arrival, now: datetime, book: Book) -> Step:
    """Return what the arrival makes of the conversation; pure, so the same arguments give the same result.

    Args:
        conversation: As it was stored last.
        arrival: The signal with its time of arrival.
        now: The line's aware UTC time.
        book: The flows and the line they talk on.
    """
    signal = arrival.signal
    if conversation.serial > book.serial:
        return _deferred(conversation, signal, "a newer replica has stepped it")
    if conversation.busy is not None and not may_interrupt(signal):
        return _deferred(conversation, signal, "a code step runs")
    turn = Turn(conversation, now, book)
    match signal:
        case MessageReceived():
            talk.hear(turn, signal, arrival.received_at)
        case StepReturned():
            _take_back(turn, signal)
        case TimerFired():
            _ring(turn, signal)
        case AgentTookOver():
            hands.take_over(turn, signal)
        case ChatAssigned():
            hands.assign(turn, signal)
        case AgentReplied():
            hands.reply(turn, signal)
        case AgentReleased():
            hands.release(turn, signal)
        case ChatClosed():
            hands.close_chat(turn, signal)
        case MessageRequested():
            _request(turn, signal)
        case FlowRequested():
            requests.request(turn, signal)
        case ConsentChanged():
            take_consent(turn, signal)
        case WindowMissed():
            _miss(turn, signal)
        case MessageSettled():
            settle(turn, signal)
        case DeliveryReported(free_until=until):
            turn.free_until = max((at for at in (turn.free_until, until) if at), default=None)
        case BusinessReplied():
            people.hear_business(turn, signal)
        case LineReported():
            pass  # recorded: the story shows it, the talk goes on as it was
        case _:
            assert_never(signal)
    return _closed(turn, signal)


def give_up(
    conversation: Conversation, arrival: Arrival, now: datetime, book: Book, error: str
) -> Step:
    """Return what becomes of a conversation whose step keeps raising: people take it, and the trace says why.

    The open question is asked again after the release. Where people hold the chat already nothing changes.
    """
    turn = Turn(conversation, now, book)
    turn.note = error
    signal = arrival.signal
    if isinstance(signal, MessageReceived) and signal.group_id is None:
        talk.note_arrival(turn, signal, arrival.received_at)
    if turn.mode not in ("waiting", "agent"):
        run = turn.run
        turn.matched = "retry"
        hand_off(turn, "error", resume=run.asked if run is not None else None)
    return _closed(turn, signal)


def may_interrupt(signal: Signal) -> bool:
    """Tell whether a busy conversation steps this signal at once; every other one waits for the code step."""
    match signal:
        case (
            AgentTookOver()
            | ChatAssigned()
            | AgentReplied()
            | AgentReleased()
            | ChatClosed()
            | StepReturned()
            | MessageRequested()
            | FlowRequested()
            | ConsentChanged()
            | WindowMissed()
        ):
            return True
        case TimerFired():
            return signal.purpose == "step_timeout"
        case MessageReceived(content=Text(body=body), group_id=None):
            return fold(body) in INTERRUPTS
        case _:
            return False


# --- code steps and timers -------------------------------------------------------------------------


def _take_back(turn: Turn, signal: StepReturned) -> None:
    """A code step ended: the run goes on from its exit."""
    busy = turn.busy
    if busy is None or busy.visit != signal.visit or busy.run != signal.run:
        turn.note = "the visit is past"
        # What it tells the provider has happened, whoever holds the chat now.
        turn.effects += (
            turn.send(deed, origin="flow")
            for said in signal.said
            if not isinstance(said, Scheduled) and (deed := content_of(said)).kind in DEEDS
        )
        return
    turn.matched, turn.busy = "returned", None
    if not refit(turn):
        return
    if signal.error is not None and signal.exit is None:
        turn.note = signal.error
        hand_off(turn, "step_failed")
        return
    if signal.takes_back:
        taken = signal.takes_back
        turn.scheduled = tuple(one for one in turn.scheduled if one.name not in taken)
    script, run = top(turn)
    follow(turn, script.returned(run, signal, turn.scene))


def _ring(turn: Turn, signal: TimerFired) -> None:
    match signal.purpose:
        case "step_timeout":
            _time_out(turn, signal)
        case "run_expires":
            _expire(turn, signal)
        case "join":
            talk.join(turn, signal)
        case "question":
            alarms.ring_question(turn, signal)
        case "scheduled":
            alarms.ring_scheduled(turn)
        case "handoff":
            people.ring(turn, signal)
        case _:
            assert_never(signal.purpose)


def _time_out(turn: Turn, signal: TimerFired) -> None:
    """The code step took too long: its visit ends, and what it may still bring back is past."""
    busy = turn.busy
    if busy is None or busy.visit != signal.visit:
        turn.note = "the visit is past"
        return
    turn.matched, turn.note = "timer", f"{busy.flow}.{busy.step} took too long"
    hand_off(turn, "step_failed")


def _expire(turn: Turn, signal: TimerFired) -> None:
    """End the whole stack silently, unless the contact has written since the timer was set: then it is set anew.

    One timer a run instead of one a message keeps the common turn cheap.
    """
    expires = expiring(turn.book, turn.mode, turn.runs)
    if expires is None or expires[0].id != signal.run:
        turn.note = "the run is past"
        return
    run, length = expires
    since = turn.last_inbound_at
    turn.matched = "timer"
    if since is not None and since + length > turn.now:
        turn.effects.append(expiry_timer(run, length, since=since))
        return
    turn.note = f"{run.flow} expired"
    turn.end()


# --- the business, and the window --------------------------------------------------------------------


def _request(turn: Turn, signal: MessageRequested) -> None:
    """The business's own systems speak; the talk goes on as it was."""
    turn.matched = "requested"
    parts = parts_of(signal.content, turn.book.capabilities)
    for index, part in enumerate(parts):
        message = turn.send(part, origin=signal.origin, closed=signal.closed)
        if index == 0:
            message.id = signal.message
        turn.effects.append(message)


def _miss(turn: Turn, signal: WindowMissed) -> None:
    """A message met a closed window as it was to leave: what we know of the window is set right."""
    since = turn.last_inbound_at
    has_written = since is not None and since > signal.at
    if signal.refused and turn.window_closes_at is not None and not has_written:
        turn.window_closes_at = min(turn.window_closes_at, signal.at)
        turn.note = "the provider says that the window is closed"
    if signal.question and asked_turn(turn.runs) == signal.turn:
        asks_too = signal.instead and _has_template_of_its_own(turn)
        turn.unseen = 0 if asks_too else signal.turn
    if signal.held:
        turn.held = turn.contact.opted_out_at is None
        if turn.contact.opted_out_at is not None:
            turn.effects.append(
                ReleaseHeld(turn.now - turn.book.hold_ttl)
            )  # to be cancelled, visibly
        elif has_written or not signal.refused:
            turn.release()


def _has_template_of_its_own(turn: Turn) -> bool:
    """Tell whether the template of the open question's plan asks the same, so that it is seen after all."""
    known = fitted(turn.book, turn.runs[-1]) if is_asking(turn) else None
    return known is not None and known[0].ask_again(known[1], turn.scene).told


# --- results ---------------------------------------------------------------------------------------


def _closed(turn: Turn, signal: Signal) -> Step:
    if turn.next_flows:
        requests.begin_next(turn)
    conversation = close(turn)
    trace, ended = trace_of(turn, signal.kind), tuple(turn.ended)
    return Step(conversation, tuple(turn.effects), trace, False, ended)


def _deferred(conversation: Conversation, signal: Signal, note: str) -> Step:
    trace = Trace(signal=signal.kind, matched="deferred", note=note)
    return Step(conversation, (), trace, deferred=True)
