"""The heart, read this first: one signal comes to a conversation; what it is afterwards and what shall happen."""

from dataclasses import dataclass
from datetime import datetime

from engine.core.content import Text
from engine.core.conversation import Conversation
from engine.core.effects import Effect
from engine.core.script import Book, Trace
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    Arrival,
    MessageReceived,
    Signal,
    StepReturned,
    TimerFired,
)
from engine.core.words import word_of


@dataclass(frozen=True, slots=True)
class Step:
    """What one signal made of a conversation."""

    conversation: Conversation
    effects: tuple[Effect, ...]
    trace: Trace
    deferred: bool = False
    """Nothing happened: the signal is to be stored unhandled and stepped later."""


def step(conversation: Conversation, arrival: Arrival, now: datetime, book: Book) -> Step:
    """Return what the arrival makes of the conversation; pure, so the same arguments give the same result.

    Args:
        conversation: As it was stored last.
        arrival: The signal with its time of arrival.
        now: The line's aware UTC time.
        book: The flows and the line they talk on.
    """
    trace = Trace(signal=arrival.signal.kind, matched="recorded")
    return Step(conversation, (), trace)


def fallback(conversation: Conversation, arrival: Arrival, now: datetime, note: str) -> Step:
    """Return what becomes of a conversation whose step keeps raising: a person takes it, the trace says why."""
    trace = Trace(signal=arrival.signal.kind, matched="recorded", note=note)
    return Step(conversation, (), trace)


def may_interrupt(signal: Signal) -> bool:
    """Tell whether a busy conversation steps this signal at once; every other one waits for the code step."""
    match signal:
        case AgentTookOver() | AgentReplied() | AgentReleased() | StepReturned():
            return True
        case TimerFired():
            return signal.purpose == "step_timeout"
        case MessageReceived(content=Text(body=body)):
            return word_of(body) == "cancel"
        case _:
            return False
