"""The words of a walk: what its steps say, ask and offer, filled with what is known, each with its plan."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from engine.core.closed import Closed, Planned, Speech
from engine.core.content import DEEDS, Outbound, Text
from engine.core.content import Template as Approved
from engine.core.handing import OPENS, with_opens
from engine.core.question import Options, Question
from engine.core.scheduled import Saying, Scheduled
from engine.core.watch import Watch
from engine.flow.functions import Function
from engine.flow.options import as_options
from engine.flow.plan import Step
from engine.flow.prepare import PREPARED, prepared_options
from engine.flow.shows import show_value
from engine.flow.steps import Body, Handoff, Option, Say
from engine.flow.templates import Plan, TemplateUse, filled
from engine.flow.text import Known, Placeholder, Template, fill
from engine.flow.times import read_when
from engine.flow.timing import moment_of
from engine.flow.watching import watch_of

if TYPE_CHECKING:
    from engine.flow.walk import Walk

TEXT_MADE = "?text"
"""The key in `Run.shown` of an open question's text that an async callable made; asking again needs it."""


def said_by(walk: "Walk", step: Step) -> Speech | None:
    """Return what a step says, with its plan; None where that is nothing."""
    if isinstance(step.text, TemplateUse):
        return _approved(walk, step.text)
    text = _text(walk, step)
    if not text.strip():
        return None
    return _by_step(walk, step, Text(body=text))


def watch_for(walk: "Walk", body: Body | None) -> Watch | None:
    """Return what shall be told of what a step says, nothing for nearly all; None is code."""
    if not walk.flow.watches:
        return None
    visit = walk.scene.visits + len(walk.path)
    return watch_of(walk.flow, walk.run, walk.scene, body, visit)


def handed(walk: "Walk", text: Template) -> str:
    """Return what a handoff may say later; `{opens}` is left standing for the time at which it is said."""
    return "".join(
        part.written
        if isinstance(part, Placeholder) and part.written == OPENS
        else filled_text(walk, Template((part,)))
        for part in text.parts
    )


def say_outside(walk: "Walk", step: Step, outside: str, opens_at: datetime) -> Speech:
    """Return what a handoff says outside its team's hours."""
    assert isinstance(step.body, Handoff), "only handoffs have hours"
    scene = walk.scene
    opening = scene.teams.of(step.body.team).opening
    assert opening is not None, "who has no hours is never outside them"
    words = opening.in_words(
        opens_at,
        now=scene.now,
        contact=scene.contact,
        hours=scene.hours,
        language=scene.language,
    )
    return _by_step(walk, step, Text(body=with_opens(outside, words)))


def say_later(walk: "Walk", step: Step, said: Speech) -> None:
    """Schedule what a step says; it takes the place of what the step scheduled before."""
    at = step.at
    made = at(walk.load, walk.flow.report) if isinstance(at, Function) else at
    if made is None:
        return
    if_silent = isinstance(step.body, Say) and step.body.if_silent
    walk.said.append(
        Scheduled(
            name=f"{walk.flow.name}.{step.name}",
            due_at=moment_of(read_when(made), walk.scene),
            says=said,
            silent_since=walk.scene.now if if_silent else None,
        )
    )


def reminder(walk: "Walk", place: int) -> Speech | None:
    """Return the words of the open question's reminder; None asks it once more."""
    step = walk.flow.steps[walk.run.asked or ""]
    text = step.timing.texts[place] if step.timing is not None else None
    if isinstance(text, TemplateUse):
        return _approved(walk, text)
    return None if text is None else _by_step(walk, step, Text(body=filled_text(walk, text)))


def _by_step(walk: "Walk", step: Step, said: Outbound) -> Speech:
    return said if step.closed is None else _planned(said, _plan(walk, step.closed))


def _text(walk: "Walk", step: Step) -> str:
    text = step.text
    if isinstance(text, Template):
        return filled_text(walk, text) if text.fixed is None else text.fixed
    assert isinstance(text, Function), "only code says nothing of its own, only `say` a template"
    made = walk.prepared[PREPARED + "text"] if text.waits else text(walk.load, walk.flow.report)
    return "" if made is None else str(made)


def filled_text(walk: "Walk", text: Template) -> str:
    """Return a text with what is known filled in."""
    if text.fixed is not None:
        return text.fixed
    answers = {**walk.flow.defaults, **walk.answers}
    show = partial(walk.flow.show, walk.scene)
    flow, contact = walk.flow, walk.scene.contact
    return fill(text, Known(answers, walk.shown, contact, flow.names, show, flow.title))


def _plan(walk: "Walk", plan: Plan) -> Closed:
    return _approved(walk, plan) if isinstance(plan, TemplateUse) else plan


def _approved(walk: "Walk", used: TemplateUse) -> Approved:
    return filled(
        used,
        fill=partial(filled_text, walk),
        say=lambda value: show_value(value, walk.flow.eyes(walk.scene)),
        language=walk.scene.language.code,
    )


def said_by_flow(walk: "Walk", said: Saying) -> Saying:
    """Return what code said, with the flow's plan where it has none of its own."""
    if isinstance(said, Scheduled):
        return said.model_copy(update={"says": _planned_by_flow(walk, said.says)})
    return _planned_by_flow(walk, said)


def _planned_by_flow(walk: "Walk", said: Speech) -> Speech:
    if walk.flow.closed is None or isinstance(said, Planned) or said.kind in DEEDS:
        return said
    return _planned(said, _plan(walk, walk.flow.closed))


def listed_by(walk: "Walk", step: Step) -> tuple[Option, ...]:
    """Return what a question offers whose options are listed when it is asked."""
    if step.offers_topics:
        return _topics(walk)
    listing = step.options
    assert isinstance(listing, Function), "options that never change are in flow.offers"
    listed = (
        prepared_options(walk.prepared[PREPARED + "options"])
        if listing.waits
        else as_options(listing(walk.load, walk.flow.report), listing.name)
    )
    return walk.flow.spoken(walk.scene, listed)


def _topics(walk: "Walk") -> tuple[Option, ...]:
    """Return the FAQ's entries as options."""
    understand = walk.scene.understand
    known = understand.topics(walk.scene.language.code) if understand else ()
    return tuple(Option(topic.name, topic.title) for topic in known)


def question_of(walk: "Walk", step: Step, options: Options) -> Question:
    """Return what a step asks, with these options; a text that had to be waited for is kept for asking again."""
    text = _text(walk, step)
    if "text" in step.waiting:
        walk.shown[TEXT_MADE] = text
    return Question(  # by position: names would take twice as long
        step.name,
        text,
        options,
        step.button,
        step.takes_location,
        options.alike,
        None if step.closed is None else _plan(walk, step.closed),
        step.has_own_plan,
        watch_for(walk, step.body),
    )


def _planned(said: Outbound, plan: Closed) -> Planned:
    return Planned.trusted(kind="planned", content=said, closed=plan, watch=None)
