"""The chat in people's hands: taken over, assigned, answered, given back, closed.

Who decides names whom it saw holding the chat. Where another holds it by the time the signal is stepped, nothing
happens and the trace's note says who: two agents who click at once are told apart by the order of arrival.
"""

from engine.core.conversation import Handoff
from engine.core.effects import CancelUnsent
from engine.core.parts import parts_of
from engine.core.settling import go_on
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    ChatAssigned,
    ChatClosed,
    TimerFired,
)
from engine.core.stack import follow, refit, top
from engine.core.turn import Turn

HELD_BY = "held by "
"""How a note begins where another agent holds the chat; the login follows."""

NOBODY_HELD = "nobody held the chat"

NOBODY = "nobody"
"""Who holds a chat that waits, or that the flows have, as a note says it."""

BY_RULE = "rule"
"""Who assigns where no person did."""


def take_over(turn: Turn, signal: AgentTookOver) -> None:
    """From now on the flows are silent. An open question is asked again after the release, a running step is not."""
    if signal.agent != turn.assignee and _is_past(turn, signal.seen):
        return
    turn.matched = "agent"
    _hold(turn, signal.agent)


def assign(turn: Turn, signal: ChatAssigned) -> None:
    """Give the chat to an agent, or put it into a team's queue."""
    began = None if turn.handoff is None else turn.handoff.turn
    if signal.turn is not None and began != signal.turn:
        turn.note = "the handoff is past"
        return
    if _is_past(turn, signal.seen):
        return
    turn.matched = "agent"
    if signal.agent is not None:
        _hold(turn, signal.agent)
        turn.team = signal.team or turn.team
        return
    _begin(turn, "takeover")
    turn.mode, turn.team, turn.assignee = "waiting", signal.team, None


def reply(turn: Turn, signal: AgentReplied) -> None:
    """Send what the holder wrote."""
    if turn.mode != "agent" or turn.assignee != signal.agent:
        turn.note = f"{HELD_BY}{turn.assignee or NOBODY}"
        return
    turn.matched = "agent"
    if turn.handoff is not None and turn.handoff.replied_at is None:
        turn.handoff = turn.handoff.model_copy(update={"replied_at": turn.now})
    parts = parts_of(signal.content, turn.book.capabilities)
    for index, part in enumerate(parts):
        message = turn.send(part, origin="agent")
        if index == 0:
            message.id, message.reply_to = signal.message, signal.reply_to
        turn.effects.append(message)


def release(turn: Turn, signal: AgentReleased) -> None:
    """The flows talk again: the run goes on where the handoff said, with the answers the agent corrected."""
    if turn.mode not in ("waiting", "agent"):
        turn.note = NOBODY_HELD
        return
    resume = signal.resume or turn.resume
    turn.matched = "agent"
    turn.end_handoff("released", by=signal.agent)
    run = turn.run
    awaits = run is not None and run.awaits is not None
    if run is None or (resume is None and not awaits):
        turn.end()
        return
    shown = {k: shown for k, shown in run.shown.items() if k not in signal.answers}
    turn.put(
        run.model_copy(
            update={
                "answers": {**run.answers, **signal.answers},
                "shown": {**shown, **signal.shown},
            }
        )
    )
    if resume is None:
        go_on(turn)
    elif refit(turn):
        script, run = top(turn)
        follow(turn, script.go(run, resume, turn.scene))


def close_chat(turn: Turn, signal: ChatClosed) -> None:
    """End the talk, silently; the contact's next message begins anew."""
    turn.matched = "agent"
    turn.end_handoff("closed", by=signal.agent, note=signal.reason)
    turn.end()
    turn.mode, turn.ended_at, turn.scheduled = "closed", turn.now, ()
    turn.effects.append(CancelUnsent())


def ring(turn: Turn, signal: TimerFired) -> None:
    """Something is due by itself while people have the chat."""
    handoff = turn.handoff
    if handoff is None or handoff.turn != signal.visit:
        turn.note = "the handoff is past"


def _is_past(turn: Turn, seen: str | None) -> bool:
    """Tell whether another holds the chat by now than whoever decided has seen."""
    if turn.assignee == seen:
        return False
    turn.note = f"{HELD_BY}{turn.assignee or NOBODY}"
    return True


def _hold(turn: Turn, agent: str) -> None:
    _begin(turn, "takeover")
    handoff = turn.handoff
    if handoff is not None and handoff.claimed_at is None:
        turn.handoff = handoff.model_copy(update={"claimed_at": turn.now, "due_at": None})
    turn.mode, turn.assignee, turn.busy = "agent", agent, None
    turn.effects.append(CancelUnsent())


def _begin(turn: Turn, reason: str) -> None:
    """Put the chat into people's hands where it is not yet."""
    if turn.mode in ("waiting", "agent"):
        return
    turn.resume = turn.run.asked if turn.run is not None else None
    turn.handoff = Handoff(turn=turn.number, reason=reason, since=turn.now)
