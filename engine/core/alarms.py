"""What a time that has come makes of the talk: the open question's next reminder or its end, scheduled messages."""

from datetime import datetime

from engine.core.closed import Speech, content_of, plan_of
from engine.core.conversation import Run, Waits
from engine.core.hours import Times
from engine.core.outbox import asked_turn
from engine.core.script import Script
from engine.core.signals import TimerFired
from engine.core.stack import fitted, follow
from engine.core.turn import Turn
from engine.core.waits import next_wait
from engine.core.widget import compose


def ring_question(turn: Turn, signal: TimerFired) -> None:
    """Say the open question's reminder that is due, or end the wait; unless the contact has written meanwhile.

    However late it is, a reminder is said once, and of several that have come due the latest alone.
    """
    run = turn.run
    waits = run.waits if run is not None and run.asked is not None else None
    if turn.mode != "bot" or run is None or waits is None or run.visit != signal.visit:
        turn.note = "the visit is past"
        return
    known = fitted(turn.book, run)
    if known is None or known[1].asked not in known[1].offers:
        turn.note = "the question is gone"
        turn.put(run.model_copy(update={"waits": None}))
        return
    script, run = known
    since = max(at for at in (waits.since, turn.last_inbound_at) if at is not None)
    times = script.times(run, turn.scene, since=since, closes=turn.window_closes_at)
    if times is None or turn.contact.opted_out_at is not None:
        turn.note = "the contact wants no messages" if times else "the question waits no more"
        turn.put(run.model_copy(update={"waits": None}))
        return
    turn.matched = "timer"
    if times.expires_at is not None and times.expires_at <= turn.now:
        _expire(turn, script, run, times)
    else:
        _remind(turn, script, run, times, waits, since)
    if turn.origin == "flow":
        turn.origin = "timer"


def _expire(turn: Turn, script: Script, run: Run, times: Times) -> None:
    """Go on at the author's `then`; without one the whole stack ends, silently, as a flow's own expiry ends it."""
    turn.note = f"{run.flow}.{run.asked} was not answered in time"
    if times.then is None:
        turn.end()
    else:
        follow(turn, script.go(run, times.then, turn.scene))


def _remind(
    turn: Turn, script: Script, run: Run, times: Times, waits: Waits, since: datetime
) -> None:
    due = [
        (at, place)
        for place, at in enumerate(times.reminders)
        if at is not None and at <= turn.now and place not in waits.said
    ]
    said = (*waits.said, *(place for _, place in due))
    waits_on = next_wait(times, since=since, said=said)
    unseen = turn.unseen > 0 and turn.unseen == asked_turn(turn.runs)
    if not due or unseen:
        turn.note = "the question has met a closed window" if unseen else None
        turn.put(run.model_copy(update={"waits": waits_on}))
        return
    _, latest = max(due)
    turn.note = f"reminder {latest + 1} of {run.flow}.{run.asked}"
    speech = script.remind(run, latest, turn.scene)
    if speech is None:
        turn.ask(run, script.ask_again(run, turn.scene), retries=run.retries)
        run = turn.runs[-1]
    else:
        _ask_after(turn, speech)
    turn.put(run.model_copy(update={"waits": waits_on}))


def _ask_after(turn: Turn, speech: Speech) -> None:
    """Say a reminder as a part of the question: one that has not left when the contact answers is dropped with it."""
    unseen = turn.unseen
    closed, watch = plan_of(speech) or (None, None)
    contents, _ = compose([content_of(speech)], None, turn.book.capabilities)
    turn.effects += [
        turn.send(content, origin="timer", question=True, closed=closed, watch=watch)
        for content in contents
    ]
    turn.unseen = unseen  # the question itself was seen


def ring_scheduled(turn: Turn) -> None:
    """Say the scheduled messages that are due, in the order of their times; late ones too, once."""
    due = sorted(
        (one for one in turn.scheduled if one.due_at <= turn.now), key=lambda one: one.due_at
    )
    if not due:
        turn.note = "nothing is due"
        return
    turn.matched = "timer"
    hours = turn.book.hours
    awake_at = turn.now if hours is None else hours.awake(turn.contact, turn.now)
    if awake_at > turn.now:
        turn.note = "quiet hours"
        turn.scheduled = tuple(
            one.model_copy(update={"due_at": max(one.due_at, awake_at)}) for one in turn.scheduled
        )
        return
    turn.scheduled = tuple(one for one in turn.scheduled if one not in due)
    for one in due:
        why = _why_not(turn, one.silent_since)
        if why is None:
            turn.say(one.says)
            turn.origin = "timer"
        else:
            turn.note = "; ".join(filter(None, (turn.note, f"{one.name} is not said: {why}")))


def _why_not(turn: Turn, silent_since: datetime | None) -> str | None:
    """Return why a scheduled message is not said after all."""
    if turn.contact.opted_out_at is not None:
        return "the contact wants no messages"
    if turn.mode in ("waiting", "agent"):
        return "a person has the chat"
    wrote_at = turn.last_inbound_at
    if silent_since is not None and wrote_at is not None and wrote_at > silent_since:
        return "the contact has written since"
    return None
