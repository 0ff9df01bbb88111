"""The talk while people have the chat: what the contact writes, what the business writes elsewhere, what falls due."""

from engine.core.beside import say_word
from engine.core.content import BESIDE, Inbound, Text
from engine.core.conversation import Handoff
from engine.core.handing import (
    change_handoff,
    end_handoff,
    hand_off,
    put_into_hands,
    tell_outside,
)
from engine.core.signals import BusinessReplied, TimerFired
from engine.core.stack import follow, refit, start_flow, top
from engine.core.turn import Turn
from engine.core.words import Word, fold

PAST = "the handoff is past"


def hear_people(turn: Turn, content: Inbound) -> None:
    """Keep what the contact writes to people; some words lead back to the flows, as long as no agent has the chat."""
    if turn.mode == "waiting" and turn.handoff is None:
        put_into_hands(turn, "flow")  # handed off before handoffs were written down
    handoff = turn.handoff
    is_waiting = turn.mode == "waiting"
    if not is_waiting and (handoff is None or handoff.place == "inbox"):
        return
    if _goes_back(turn, content, ("menu", "cancel") if is_waiting else ("menu",)):
        return
    if is_waiting and turn.is_open:
        _acknowledge(turn)


def _goes_back(turn: Turn, content: Inbound, words: tuple[Word, ...]) -> bool:
    """Lead the contact back to the flows where one of the words asks for it and leads somewhere."""
    if not isinstance(content, Text):
        return False
    found = turn.book.languages.word(turn.contact.locale, fold(content.body))
    if found is None or found[0] not in words:
        return False
    if found[0] == "menu" and start_flow(turn.book) is None:
        return False
    end_handoff(turn, "contact")
    turn.end()
    say_word(turn, *found)
    return True


def _acknowledge(turn: Turn) -> None:
    """Tell, now and then, that it is kept and somebody will answer."""
    handoff, teams = turn.handoff, turn.book.teams
    assert handoff is not None, "hear_people() has seen to it"
    if handoff.told_at is not None and turn.now - handoff.told_at < teams.acknowledge_every:
        return
    turn.matched = "waiting"
    change_handoff(turn, told_at=turn.now)
    opens_at = teams.of(turn.team).opens_at(turn.now)
    if opens_at > turn.now:
        tell_outside(turn, turn.team, opens_at, handoff.outside)
    else:
        turn.tell("still_waiting")


def hear_business(turn: Turn, signal: BusinessReplied) -> None:
    """The business wrote from its own phone: the flows are silent for a while, unless people have the chat already."""
    echo, handoff = signal.echo, turn.handoff
    if echo.content.kind in BESIDE:
        return
    if turn.mode == "agent" and (handoff is None or handoff.place != "phone"):
        return
    until = min(echo.sent_at, turn.now) + turn.book.teams.phone_quiet
    if handoff is not None and handoff.due_at is not None and turn.mode == "agent":
        until = max(until, handoff.due_at)
    if until <= turn.now:
        turn.note = "written too long ago to pause the flows"
        return
    turn.matched = "agent"
    put_into_hands(turn, "phone")
    turn.mode, turn.assignee = "agent", None
    change_handoff(turn, place="phone", due_at=until)
    claim(turn)
    note_reply(turn)


def claim(turn: Turn) -> None:
    """Note that somebody has taken the chat, where nobody had."""
    if turn.handoff is not None and turn.handoff.claimed_at is None:
        change_handoff(turn, claimed_at=turn.now)


def note_reply(turn: Turn) -> None:
    """Note that the contact was answered, where nobody had."""
    if turn.handoff is not None and turn.handoff.replied_at is None:
        change_handoff(turn, replied_at=turn.now)


def ring(turn: Turn, signal: TimerFired) -> None:
    """Something is due by itself while people have the chat."""
    handoff = turn.handoff
    if handoff is None or handoff.turn != signal.visit:
        turn.note = PAST
    elif handoff.due_at is None or handoff.due_at > turn.now:
        turn.note = "it is not due yet"
    elif turn.mode == "waiting":
        _tell_unclaimed(turn, handoff)
    else:
        _go_quietly_on(turn)


def _tell_unclaimed(turn: Turn, handoff: Handoff) -> None:
    """Nobody has claimed the chat in time: the contact is told, once; it goes on waiting.

    Where the hours are over by now it is told when they begin again: that says more.
    """
    turn.matched, turn.origin = "timer", "timer"
    change_handoff(turn, late=True, due_at=None, told_at=turn.now)
    opens_at = turn.book.teams.of(turn.team).opens_at(turn.now)
    if opens_at > turn.now:
        tell_outside(turn, turn.team, opens_at, handoff.outside)
    elif handoff.unclaimed is not None:
        turn.said.append(Text(body=handoff.unclaimed))
    else:
        turn.tell("unclaimed")


def _go_quietly_on(turn: Turn) -> None:
    """The pause is over: the flows answer again, from the contact's next message on; nothing is said of it."""
    turn.matched, resume = "timer", turn.resume
    end_handoff(turn, "quiet")
    run = turn.run
    if run is None or run.asked is not None or run.awaits is not None:
        return
    if resume is None:
        turn.end()
    else:
        turn.resume = resume


def is_left(turn: Turn) -> bool:
    """Tell whether the top run was left with people and is still to go on where the handoff said."""
    return turn.resume is not None and bool(turn.runs)


def hear_left(turn: Turn, content: Inbound) -> None:
    """Go on where the handoff said: nobody gave the chat back, and now the contact has written."""
    target, turn.resume = turn.resume, None
    assert target is not None, "is_left() comes first"
    if isinstance(content, Text):
        found = turn.book.languages.word(turn.contact.locale, fold(content.body))
        if found is not None and found[0] == "agent":
            turn.matched = "word"
            hand_off(turn, "word", resume=target)
            return
        if found is not None and found[0] == "cancel":
            say_word(turn, *found)
            return
    turn.matched, turn.note = "start", "people had the chat"
    if refit(turn):
        script, run = top(turn)
        follow(turn, script.go(run, target, turn.scene))
