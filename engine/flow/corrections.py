"""What an agent sees of a run and may change before giving the chat back: its answers, and where it may go on.

Nothing here changes a run: what is read goes into `AgentReleased`, and the step takes it in.
"""

from typing import NamedTuple

from engine.core.content import Text
from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.matching import match_exact
from engine.core.script import Answer, Scene, Unsure
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from engine.flow.plan import Step
from engine.flow.reading import read_answer, retry_words
from engine.flow.targets import END, parse_target
from engine.flow.telling import filled_text
from engine.flow.text import Template, show
from engine.flow.walk import Walk


class Answered(NamedTuple):
    """One answer of a run."""

    name: str
    title: str
    """The question in the author's words, in the contact's language; the field's name where code makes it."""
    shown: str
    """The answer as the contact reads it."""
    typed: str | None
    """What an agent may type to give the same answer; None where it cannot be typed, such as a photo."""
    options: tuple[str, ...] = ()
    """The titles to choose from, where the question had any."""


class Corrected(NamedTuple):
    """An answer as it is stored, with what the contact sees for it where that differs."""

    value: Json
    shown: str | None = None


class Resumable(NamedTuple):
    """A place where the run may go on."""

    target: str
    """As `AgentReleased.resume` takes it."""
    title: str
    """The question in the author's words."""


def answers_of(flow: CompiledFlow, run: Run, scene: Scene) -> tuple[Answered, ...]:
    """Return the run's answers, those to questions first, in the order they are asked.

    Args:
        flow: The run's.
        run: As it is stored.
        scene: Of the conversation, as `Turn.scene` makes it.
    """
    voice, walk = flow.voice(scene), Walk(flow.voice(scene), run, scene)
    names = [name for name in voice.steps if name in run.answers]
    names += [name for name in run.answers if name in voice.names and name not in voice.steps]
    return tuple(_answered(voice, walk, name) for name in names)


def _answered(voice: CompiledFlow, walk: Walk, name: str) -> Answered:
    run, scene = walk.run, walk.scene
    value = run.answers[name]
    shown = run.shown.get(name)
    words = voice.show(scene, name, value) if shown is None else voice.title(name, value, shown)
    if name not in voice.steps:
        return Answered(name, _called(name), words, None)
    options = _options(voice, run, name)
    likely = [*(one.title for one in options if one.value == value), words, show(value)]
    same = (typed for typed in likely if typed and _gives(voice, run, name, typed, scene, value))
    titles = tuple(option.title for option in options)
    return Answered(name, _title(voice.steps[name], walk), words, next(same, None), titles)


def _gives(voice: CompiledFlow, run: Run, name: str, typed: str, scene: Scene, value: Json) -> bool:
    read = read_correction(voice, run, name, typed, scene)
    return isinstance(read, Corrected) and read.value == value


def read_correction(
    flow: CompiledFlow, run: Run, name: str, typed: str, scene: Scene
) -> Corrected | str:
    """Return what an agent typed as an answer to a question, or what is wrong with it, in words.

    Args:
        flow: The run's.
        run: As it is stored.
        name: The field.
        typed: As a contact would answer: an option's title, or what the field's type reads.
        scene: Of the conversation.
    """
    voice = flow.voice(scene)
    step = voice.steps.get(name)
    if step is None or step.kind != "ask":
        return f"{name!r} is no question of this flow"
    offer = Offer(step=name, turn=0, options=_options(voice, run, name))
    chosen = match_exact(offer, typed)
    if chosen is not None and voice.valid(name, chosen.option.value):
        value, title = chosen.option.value, chosen.option.title
        return Corrected(value, None if value is None or value == title else title)
    asked = run.model_copy(update={"asked": name})
    reading = read_answer(voice, asked, Text(body=typed), scene)
    match reading:
        case Answer(value, shown):
            return Corrected(value, None if shown is None or shown == value else shown)
        case Unsure(answers):
            return " / ".join(answer.shown or show(answer.value) for answer in answers) + " ?"
        case _:
            return retry_words(voice, asked, reading, scene)


def resumable(
    flow: CompiledFlow, run: Run, scene: Scene, *, then: str | None = None
) -> tuple[Resumable, ...]:
    """Return where the run may go on: where the handoff said, then what was asked before and what is still open.

    Args:
        flow: The run's.
        run: As it is stored.
        scene: Of the conversation.
        then: The conversation's `resume`.
    """
    voice, walk = flow.voice(scene), Walk(flow.voice(scene), run, scene)
    first = () if then is None else (_resumable(voice, walk, then),)
    asked = [
        Resumable(step.name, _title(step, walk))
        for step in voice.steps.values()
        if step.question and walk.may_ask(step)
    ]
    return (*first, *(one for one in asked if one.target != then))


def _resumable(voice: CompiledFlow, walk: Walk, target: str) -> Resumable:
    meant = parse_target(target)
    step = voice.steps.get(meant.step or "")
    if step is not None:
        return Resumable(target, _title(step, walk))
    return Resumable(target, "END" if meant == END else _called(meant.flow or target))


def _title(step: Step, walk: Walk) -> str:
    """Return a step in the author's words; its name where these are made by code."""
    text = step.text
    return filled_text(walk, text) if isinstance(text, Template) else _called(step.name)


def _called(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _options(voice: CompiledFlow, run: Run, name: str) -> tuple[OfferedOption, ...]:
    """Return what the contact was offered, else what the question offers to everybody."""
    offer = run.offers.get(name)
    if offer is not None:
        return offer.options
    return voice.offers[name].offered if name in voice.offers else ()
