"""The ways into people's hands and out of them, with what the contact is told of it."""

from datetime import datetime, timedelta

from engine.core.content import Text
from engine.core.conversation import Handoff
from engine.core.effects import CancelUnsent, HandOff, HandoffEnd, RecordHandoff
from engine.core.language import TextName
from engine.core.teams import Team
from engine.core.turn import Turn

OPENS = "{opens}"
"""What stands in a text for the time at which somebody answers again."""


def hand_off(
    turn: Turn,
    reason: str,
    *,
    team: str | None = None,
    resume: str | None = None,
    outside: str | None = None,
    unclaimed: str | None = None,
    unclaimed_after: timedelta | None = None,
) -> None:
    """Give the chat to people: into a team's queue, or to the helpdesk that the line has.

    Args:
        turn: The turn.
        reason: As HandOff names it; any but the flow's own words is told to the contact.
        team: Whose queue it waits in; None is everybody's.
        resume: Where the top run goes on after the release; None ends it.
        outside: What the author has said outside the team's hours, and what is said again there; None leaves it to the
            engine.
        unclaimed: What the author says when nobody has claimed it in time; None is the engine's words.
        unclaimed_after: Within what time; None is the team's.
    """
    if reason == "too_many_steps":
        turn.said.clear()  # fifty rounds of a loop help nobody
    opens_at = turn.book.teams.of(team).opens_at(turn.now)
    if opens_at > turn.now:
        if outside is None:
            tell_outside(turn, team, opens_at)
    elif reason != "flow":
        turn.tell("handoff")
    turn.team, turn.assignee, turn.resume, turn.busy = team, None, resume, None
    handoff = Handoff(
        turn=turn.number,
        reason=reason,
        since=turn.now,
        told_at=turn.now,
        outside=outside,
        unclaimed=unclaimed,
        unclaimed_after=unclaimed_after,
    )
    if turn.book.helpdesk:
        turn.mode = "agent"
        until = turn.now + turn.book.resume_after
        turn.handoff = handoff.model_copy(update={"place": "helpdesk", "due_at": until})
    else:
        turn.mode, turn.handoff = "waiting", handoff
        turn.handoff = handoff.model_copy(update={"due_at": unclaimed_at(turn)})
    turn.effects.append(HandOff(team=team, reason=reason))


def put_into_hands(turn: Turn, reason: str) -> None:
    """Take the chat from the flows, where people do not have it yet; what these had still to say is not said.

    Where the flows had handed it off it is: an agent who is quick, or a rule, must not take back that one is coming.
    """
    if turn.mode not in ("waiting", "agent"):
        turn.effects.append(CancelUnsent())
        if turn.run is not None:
            turn.resume = turn.run.asked or turn.resume
    if turn.handoff is None:
        turn.handoff = Handoff(turn=turn.number, reason=reason, since=turn.now)
    turn.busy = None


def wait_for(turn: Turn, team: str | None) -> None:
    """Let the chat, which is in people's hands, wait for a team; until when nobody has claimed it begins anew."""
    turn.mode, turn.team, turn.assignee = "waiting", team, None
    change_handoff(turn, place="inbox", due_at=None)
    change_handoff(turn, due_at=unclaimed_at(turn))


def change_handoff(turn: Turn, **changes: object) -> None:
    """Change where the handoff stands."""
    assert turn.handoff is not None, "put_into_hands() comes first"
    turn.handoff = turn.handoff.model_copy(update=changes)


def end_handoff(
    turn: Turn, ended: HandoffEnd, *, by: str | None = None, note: str | None = None
) -> None:
    """Take the chat out of people's hands: the flows talk again."""
    if turn.handoff is not None:
        turn.effects.append(RecordHandoff(turn.handoff, turn.team, turn.assignee, ended, by, note))
    turn.mode, turn.handoff = "bot", None
    turn.team, turn.assignee, turn.resume = None, None, None


def unclaimed_at(turn: Turn) -> datetime | None:
    """Return when the contact is to be told that nobody is free, counted from now or from when the hours begin."""
    handoff = turn.handoff
    if handoff is None or handoff.late:
        return None
    team = turn.book.teams.of(turn.team)
    length = handoff.unclaimed_after or team.unclaimed_after
    if length is None:
        return None
    due, hours = team.opens_at(turn.now) + length, turn.book.hours
    return due if hours is None else hours.awake(turn.contact, due)


def tell_outside(
    turn: Turn, team: str | None, opens_at: datetime, outside: str | None = None
) -> None:
    """Say when somebody answers again: in the author's words, or in the engine's."""
    words = _opens_in_words(turn, turn.book.teams.of(team), opens_at)
    name: TextName = "outside"
    text = turn.language.texts[name] if outside is None else outside
    turn.said.append(Text(body=with_opens(text, words)))


def with_opens(text: str, words: str) -> str:
    """Return a text with the time at which somebody answers again; "9 a.m." at its end is not followed by a stop."""
    if words.endswith("."):
        text = text.replace(f"{OPENS}.", OPENS)
    return text.replace(OPENS, words)


def _opens_in_words(turn: Turn, team: Team, opens_at: datetime) -> str:
    assert team.opening is not None, "who has no hours is never outside them"
    return team.opening.in_words(
        opens_at,
        now=turn.now,
        contact=turn.contact,
        hours=turn.book.hours,
        language=turn.language,
    )
