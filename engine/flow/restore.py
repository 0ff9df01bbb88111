"""Fitting a stored run to today's flow: renamed steps and fields, answers that no longer validate, steps that are gone.

Nothing here raises: what does not fit is unanswered again, kept aside, or led to the next place that makes sense.
"""

from typing import TYPE_CHECKING

from engine.core.conversation import Offer, Run
from engine.core.value import Json
from engine.flow.targets import parse_target

if TYPE_CHECKING:
    from engine.flow.compile import CompiledFlow


def restore(flow: "CompiledFlow", run: Run) -> Run | None:
    """Return the run as today's flow can go on with it: the same object where it fits.

    A run whose open question is gone comes back with `asked` None; `step` then names where to go on. None means that
    the step is gone and every question is answered: only a fresh start makes sense.
    """
    if _fits(flow, run):
        return run
    answers, shown, aside = _answers(flow, run)
    asked = _asked(flow, run)
    offers = _offers(flow, run, asked)
    step = _step_today(flow, run.step)
    if step is None:
        target = flow.moved.get(run.step)
        if target is None and _all_answered(flow, answers):
            return None
        step = target or run.step  # `go` leads a step that is gone to the first open question
    lost = _lost(flow, run, answers, asked)
    if lost is not None:
        step, asked = lost, None
    return run.model_copy(
        update={
            "step": step,
            "asked": asked,
            "answers": answers,
            "shown": shown,
            "aside": aside,
            "offers": offers,
            "returning": None if run.returning is None else _step_today(flow, run.returning),
        }
    )


def _lost(
    flow: "CompiledFlow", run: Run, answers: dict[str, Json], asked: str | None
) -> str | None:
    """Return the first question before the open one whose answer does not validate any more: it is asked first.

    What comes later may rest on it: a summary to confirm, a step that reads it.
    """
    if asked is None:
        return None
    before = flow.order[: flow.steps[asked].index]
    given = {flow.was.get(name, name) for name in run.answers} | set(run.answers)
    asks = (name for name in before if flow.steps[name].kind == "ask")
    return next((name for name in asks if name in given and name not in answers), None)


def _fits(flow: "CompiledFlow", run: Run) -> bool:
    steps, asked = flow.steps, run.asked
    if run.step not in steps or not run.offers.keys() <= steps.keys():
        return False
    if asked is not None and not (asked in steps and steps[asked].question):
        return False
    if run.returning is not None and run.returning not in steps:
        return False
    for name, value in run.answers.items():
        if not flow.valid(name, value):
            return False
    return not (run.aside and any(_wanted(flow, name, run.answers) for name in run.aside))


def _step_today(flow: "CompiledFlow", name: str) -> str | None:
    """Return the step under its name of today; None where it is gone, or a target beyond this flow took its place."""
    if name in flow.steps:
        return name
    renamed = flow.was.get(name) or parse_target(flow.moved.get(name, "END")).step
    return renamed if renamed in flow.steps else None


def _answers(
    flow: "CompiledFlow", run: Run
) -> tuple[dict[str, Json], dict[str, str], dict[str, Json]]:
    """Sort answers, and those kept aside before, into what is valid today and what is unknown today."""
    answers: dict[str, Json] = {}
    shown: dict[str, str] = {}
    aside: dict[str, Json] = {}
    for stored, value in (run.aside | run.answers).items():
        name = stored if stored in flow.names else flow.was.get(stored, stored)
        if name not in flow.names:
            aside[stored] = value
        elif flow.valid(name, value) and (name not in answers or stored == name):
            answers[name] = value
            if stored in run.shown:
                shown[name] = run.shown[stored]
    made = {key: text for key, text in run.shown.items() if key.startswith("?")}
    return answers, shown | made, aside


def _wanted(flow: "CompiledFlow", stored: str, answers: dict[str, Json]) -> bool:
    """Tell whether an answer kept aside belongs to a field again."""
    name = stored if stored in flow.names else flow.was.get(stored, "")
    return name in flow.names and name not in answers


def _asked(flow: "CompiledFlow", run: Run) -> str | None:
    """Return the open question under its name of today; None where what was offered there is no answer today."""
    offer = run.offers.get(run.asked or "")
    name = _step_today(flow, run.asked) if run.asked is not None else None
    if name is None or offer is None or not flow.steps[name].question:
        return None
    return name if name == run.asked or _is_answerable(flow, name, offer) else None


def _offers(flow: "CompiledFlow", run: Run, asked: str | None) -> dict[str, Offer]:
    """Return the offers of steps that are there, under their names of today.

    A renamed question keeps its offer if what it offered is still an answer; else it has to be asked anew. So has a
    field that `moved` alone names in the place of a question without options: any text would do, and be of another
    question.
    """
    offers: dict[str, Offer] = {}
    for stored, offer in run.offers.items():
        name = _step_today(flow, stored)
        if name is None or (name in offers and stored != name):
            continue
        if name == asked and stored != run.asked:
            continue
        if stored == name or _is_answerable(flow, name, offer):
            offers[name] = offer if stored == name else offer.model_copy(update={"step": name})
    return offers


def _is_answerable(flow: "CompiledFlow", name: str, offer: Offer) -> bool:
    if flow.steps[name].kind == "choose":
        return True  # its values are targets, which are looked up when one is chosen
    is_sure = bool(offer.options) or offer.step == name or flow.was.get(offer.step) == name
    return is_sure and all(flow.valid(name, option.value) for option in offer.options)


def _all_answered(flow: "CompiledFlow", answers: dict[str, Json]) -> bool:
    return all(name in answers for name, step in flow.steps.items() if step.kind == "ask")
