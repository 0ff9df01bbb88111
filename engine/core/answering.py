"""What a message does to the answers: the open question gets its own, an earlier one another, or is put again."""

from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.correction import Correction
from engine.core.matching import Match
from engine.core.meaning import Changed, Reopened
from engine.core.routing import open_offer
from engine.core.script import Answer
from engine.core.stack import follow, refit, regain, top
from engine.core.turn import Turn


def choose(turn: Turn, match: Match) -> None:
    """Take an option as the open question's answer."""
    turn.matched, turn.score = match.how, match.score
    accept(turn, _answer(match.option), match.option.key)


def accept(turn: Turn, answer: Answer, chosen: str | None) -> None:
    """Give the open question its answer and walk on."""
    script, run = top(turn)
    offer = open_offer(run)
    answered = _answered(run, offer, chosen)
    follow(turn, script.accept(answered, offer.step, answer, turn.scene))


def change(turn: Turn, changed: Changed) -> None:
    """Change an earlier answer; runs begun since then, in which nothing was answered, end."""
    turn.matched = "old_tap"
    turn.runs = turn.runs[: changed.runs]
    if not refit(turn):
        return
    script, run = top(turn)
    offer = next((offer for offer in run.offers.values() if offer.turn == changed.turn), None)
    if offer is None:
        regain(turn)  # a run below, whose flow has changed since: the question is gone
        return
    answered = _answered(run, offer, changed.option.key)
    follow(turn, script.accept(answered, offer.step, _answer(changed.option), turn.scene))


def correct(turn: Turn, correction: Correction) -> None:
    """Change an earlier answer as the contact said; then the open question is asked again, if it is still due."""
    turn.matched = "changed"
    turn.runs = turn.runs[: correction.runs]
    if not refit(turn):
        return
    script, run = top(turn)
    offer = run.offers.get(correction.offer.step)
    if offer is None:
        regain(turn)
        return
    chosen = None if correction.option is None else correction.option.key
    answered = _answered(run, offer, chosen)
    follow(turn, script.accept(answered, offer.step, correction.answer, turn.scene))


def reopen(turn: Turn, reopened: Reopened) -> None:
    """Put an answered question again; then the talk goes on as after any change of it."""
    turn.matched = "changed"
    turn.runs = turn.runs[: reopened.runs]
    if refit(turn):
        script, run = top(turn)
        run = run.model_copy(update={"then": None})
        follow(turn, script.go(run, reopened.step, turn.scene))


def lead(turn: Turn, step: str, match: Match) -> None:
    """Choose from a menu further on, as if the open question had led to it."""
    turn.matched, turn.score = match.how, match.score
    script, run = top(turn)
    follow(turn, script.accept(run, step, _answer(match.option), turn.scene))


def _answered(run: Run, offer: Offer, chosen: str | None) -> Run:
    closed = offer.model_copy(update={"chosen": chosen})
    return run.model_copy(update={"offers": {**run.offers, offer.step: closed}, "then": None})


def _answer(option: OfferedOption) -> Answer:
    shown = option.title if option.title != option.value else None
    return Answer(option.value, shown)
