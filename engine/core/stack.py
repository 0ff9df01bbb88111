"""The stack of runs: flows begin, call each other, end; a visit is followed until somebody has to answer."""

from collections.abc import Mapping
from typing import assert_never

from engine.core import limits
from engine.core.book import Book
from engine.core.conversation import Run
from engine.core.handing import hand_off
from engine.core.script import Asks, Awaits, Calls, Changes, Ends, HandsOff, Performs, Script, Visit
from engine.core.turn import RunEnded, Turn
from engine.core.value import Json


def start_flow(book: Book) -> str | None:
    """Return the flow that begins when nothing else matches: the line's own, else the single one marked so."""
    if book.start is not None:
        return book.start if book.start in book.scripts else None
    marked = [name for name, script in book.scripts.items() if script.start]
    return marked[0] if len(marked) == 1 else None


def begin(turn: Turn, flow: str, answers: Mapping[str, Json] | None = None) -> None:
    """Begin the flow as the only run, with what is known already."""
    turn.end()
    turn.again = None
    follow(turn, _begun(turn, flow, answers))


def interrupt(turn: Turn, flow: str) -> None:
    """Begin the flow beside the open question, which is asked again when it ends.

    A talk in which nothing has been answered yet has nothing to come back for: the flow takes its place.
    """
    run = turn.run
    if run is None or not any(open_run.answers for open_run in turn.runs):
        begin(turn, flow)
    else:
        turn.put(run.model_copy(update={"then": run.asked, "asked": None, "kept": ()}))
        follow(turn, _begun(turn, flow))


def come_back(turn: Turn, flow: str) -> None:
    """End the runs above the flow's, which goes on where it waits."""
    over = above(turn, flow)
    turn.ended += (RunEnded(run, is_complete=False) for run in over[1:])
    turn.runs = turn.runs[: len(turn.runs) - len(over) + 1]
    follow(turn, _ended(turn, is_complete=False))


def above(turn: Turn, flow: str) -> tuple[Run, ...]:
    """Return the runs above the latest one of the flow, which is on the stack."""
    place = max(place for place, run in enumerate(turn.runs) if run.flow == flow)
    return turn.runs[place + 1 :]


def renew(turn: Turn) -> None:
    """Begin the top run's flow anew; the runs below it go on waiting."""
    flow = turn.runs[-1].flow
    turn.runs = turn.runs[:-1]
    follow(turn, _begun(turn, flow))


def begin_start(turn: Turn) -> bool:
    """Begin the start flow; False if there is none, and then nothing has happened."""
    flow = start_flow(turn.book)
    if flow is None:
        return False
    begin(turn, flow)
    return True


def follow(turn: Turn, visit: Visit | None) -> None:
    """Take in the visit and all that it leads to, until a question, a code step, a person or the end."""
    while visit is not None:
        turn.enter(visit)
        visit = _next(turn, visit)


def _next(turn: Turn, visit: Visit) -> Visit | None:
    """Return the visit that the pause leads to, or None where the turn stops."""
    run = turn.runs[-1]
    match visit.pause:
        case Asks(question):
            turn.ask(run, question)
        case Performs() as performs:
            turn.perform(run, performs)
        case HandsOff() as pause:
            hand_off(
                turn,
                pause.reason,
                team=pause.team,
                resume=pause.then,
                outside=pause.outside,
                unclaimed=pause.unclaimed,
                unclaimed_after=pause.unclaimed_after,
            )
        case Awaits(status):
            turn.put(run.model_copy(update={"awaits": status}))
        case Calls(flow, then):
            turn.put(run.model_copy(update={"then": then}))
            return _begun(turn, flow)
        case Changes(flow):
            if _was_interrupted(turn.runs[:-1], flow):
                return _ended(turn)  # it waits right below with its answers: that is where it leads
            turn.ended.append(RunEnded(run, is_complete=True))
            turn.runs = turn.runs[:-1]
            return _begun(turn, flow)
        case Ends():
            return _ended(turn)
        case _:
            assert_never(visit.pause)
    return None


def _was_interrupted(runs: tuple[Run, ...], flow: str) -> bool:
    """Tell whether the last run is the flow's and waits for its own open question, not for a call to return."""
    if not runs or runs[-1].flow != flow or not runs[-1].offers:
        return False
    newest = max(runs[-1].offers.values(), key=lambda offer: offer.turn)
    return runs[-1].then == newest.step


def _begun(turn: Turn, flow: str, answers: Mapping[str, Json] | None = None) -> Visit | None:
    script = turn.book.scripts.get(flow)
    if script is None:
        turn.note = f"there is no flow {flow!r}"
        hand_off(turn, "error")
        return None
    if turn.budget <= 0 or len(turn.runs) >= limits.RUNS_PER_CONVERSATION:
        hand_off(turn, "too_many_steps")
        return None
    run = turn.new_run(flow)
    if answers:
        run = run.model_copy(update={"answers": dict(answers)})
    return script.begin(run, turn.scene)


def _ended(turn: Turn, *, is_complete: bool = True) -> Visit | None:
    """End the top run; the one below goes on at its `then`, or ends too."""
    turn.ended.append(RunEnded(turn.runs[-1], is_complete))
    turn.runs = turn.runs[:-1]
    while turn.runs:
        if turn.budget <= 0:
            hand_off(turn, "too_many_steps")
            return None
        found = fitted(turn.book, turn.runs[-1])
        if found is not None and found[1].then is not None:
            script, run = found
            returned = run.model_copy(update={"then": None})
            turn.put(returned)
            return script.go(returned, found[1].then, turn.scene)
        turn.ended.append(RunEnded(turn.runs[-1], is_complete))
        turn.runs = turn.runs[:-1]
    turn.ended_at = turn.now
    return None


# --- stored runs and today's flows -----------------------------------------------------------------


def top(turn: Turn) -> tuple[Script, Run]:
    """Return the run that talks with its flow; only after `regain` or `refit` said that it is there."""
    run = turn.runs[-1]
    return turn.book.scripts[run.flow], run


def refit(turn: Turn) -> bool:
    """Fit the top run to today's flow; where that cannot be, go on from elsewhere, say so, and return False."""
    stored = turn.runs[-1]
    script = turn.book.scripts.get(stored.flow)
    if script is None:
        _lose(turn)
        return False
    run = script.restore(stored)
    if run is None:
        turn.note = f"{stored.flow}.{stored.step} is gone"
        turn.matched = "start"
        turn.tell("go_on")
        renew(turn)
        return False
    if run is not stored:
        turn.put(run)
    return True


def is_asking(turn: Turn) -> bool:
    """Tell whether the top run stands at a question of today's flow; changes nothing."""
    known = fitted(turn.book, turn.runs[-1]) if turn.runs else None
    return known is not None and known[1].asked in known[1].offers


def regain(turn: Turn) -> bool:
    """Make sure that the top run stands at a question of today's flow; where it does not, lead it to one, saying so.

    Nothing is said where the flow itself names the question that took the place of the one before. Returns False if
    the turn is thereby over.
    """
    if not turn.runs:
        return True
    stood_at = turn.runs[-1].step
    if not refit(turn):
        return False
    script, run = top(turn)
    if run.asked in run.offers:
        return True
    turn.note = f"{run.flow}.{run.step} asks nothing"
    turn.matched = "start"
    visit = script.go(run, run.step, turn.scene)
    if script.moved.get(stood_at) != run.step or not isinstance(visit.pause, Asks):
        turn.tell("go_on")
    follow(turn, visit)
    return False


def _lose(turn: Turn) -> None:
    """Let go of the top run, whose flow is gone: the one below goes on, else the start flow begins."""
    turn.note = f"the flow {turn.runs[-1].flow!r} is gone"
    turn.matched = "start"
    turn.tell("go_on")
    ended_at = turn.ended_at
    follow(turn, _ended(turn))
    if not turn.runs and turn.mode == "bot":
        turn.ended_at = ended_at
        if not begin_start(turn):
            turn.said.clear()
            turn.tell("no_flow")


def fitted(book: Book, run: Run) -> tuple[Script, Run] | None:
    """Return a stored run as today's flow can go on with it, with that flow; None where nothing of it fits."""
    script = book.scripts.get(run.flow)
    today = script.restore(run) if script is not None else None
    return (script, today) if script is not None and today is not None else None
