"""What agents do with a chat: take it over, assign it, answer in it, give it back, close it.

Who decides names whom it saw holding the chat. Where another holds it by the time the signal is stepped, nothing
happens and the trace's note says who: two agents who click at once are told apart by the order of arrival.
"""

from engine.core.effects import CancelUnsent
from engine.core.handing import change_handoff, end_handoff, put_into_hands, wait_for
from engine.core.parts import parts_of
from engine.core.people import PAST, claim, note_reply
from engine.core.settling import go_on
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    ChatAssigned,
    ChatClosed,
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
    if turn.assignee in (signal.agent, signal.seen):
        turn.matched = "agent"
        _hold(turn, signal.agent)
    else:
        _note_holder(turn)


def assign(turn: Turn, signal: ChatAssigned) -> None:
    """Give the chat to an agent, or put it into a team's queue."""
    began = None if turn.handoff is None else turn.handoff.turn
    if signal.turn is not None and began != signal.turn:
        turn.note = PAST
    elif turn.assignee != signal.seen:
        _note_holder(turn)
    elif signal.agent is not None:
        turn.matched = "agent"
        _hold(turn, signal.agent)
        turn.team = signal.team or turn.team
    else:
        turn.matched = "agent"
        if signal.by == BY_RULE:
            turn.note = f"{signal.seen} is away"
        put_into_hands(turn, "takeover")
        wait_for(turn, signal.team)


def reply(turn: Turn, signal: AgentReplied) -> None:
    """Send what the holder wrote."""
    if turn.mode != "agent" or turn.assignee != signal.agent:
        _note_holder(turn)
        return
    turn.matched = "agent"
    note_reply(turn)
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
    if turn.assignee not in (None, signal.agent, signal.seen):
        _note_holder(turn)
        return
    resume = signal.resume or turn.resume
    turn.matched = "agent"
    end_handoff(turn, "released", by=signal.agent)
    run = turn.run
    awaits = run is not None and run.awaits is not None
    if run is None or (resume is None and not awaits):
        turn.end()
        return
    corrected = signal.answers.keys()
    shown = {name: shown for name, shown in run.shown.items() if name not in corrected}
    answers, shown = {**run.answers, **signal.answers}, {**shown, **signal.shown}
    turn.put(run.model_copy(update={"answers": answers, "shown": shown}))
    if resume is None:
        go_on(turn)
    elif refit(turn):
        script, run = top(turn)
        follow(turn, script.resume(run, resume, turn.scene, corrected=corrected))


def close_chat(turn: Turn, signal: ChatClosed) -> None:
    """End the talk, silently; the contact's next message begins anew."""
    if turn.assignee not in (None, signal.agent, signal.seen):
        _note_holder(turn)
        return
    turn.matched = "agent"
    end_handoff(turn, "closed", by=signal.agent, note=signal.reason)
    turn.end()
    turn.mode, turn.ended_at, turn.scheduled = "closed", turn.now, ()
    turn.effects.append(CancelUnsent())


def _note_holder(turn: Turn) -> None:
    turn.note = f"{HELD_BY}{turn.assignee or NOBODY}"


def _hold(turn: Turn, agent: str) -> None:
    put_into_hands(turn, "takeover")
    claim(turn)
    change_handoff(turn, place="inbox", due_at=None)
    turn.mode, turn.assignee = "agent", agent
