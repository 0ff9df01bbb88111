"""What an agent corrects before a chat goes back to its flow: the answers as rows, a typed correction, where to go on.

Pure. A correction is read as the contact's own answer would be, by the field's type, and refused in the flow's words.
"""

from typing import NamedTuple

from engine.core.content import Text
from engine.core.conversation import OfferedOption, Run
from engine.core.matching import match_exact
from engine.core.script import Answer, NotUnderstood, Scene, Unsure
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from engine.flow.graph import reachable
from engine.flow.plan import Step
from engine.flow.targets import parse_target
from engine.flow.text import Known, Template, fill, show


class Answered(NamedTuple):
    """One answer of a run, to be looked at and corrected."""

    name: str
    """The field's."""
    title: str
    """Its question, in the contact's language."""
    shown: str
    """As the contact saw it; empty where the question was skipped."""
    text: str
    """What to edit: what would be typed for it."""
    options: tuple[OfferedOption, ...]
    """What was to choose from; empty where anything may be typed."""
    chosen: str | None
    """The key of the option that is the answer."""
    is_open: bool
    """Whether something else than the options may be typed."""


class Corrected(NamedTuple):
    """A correction that the field's type takes."""

    value: Json
    shown: str | None
    """What the contact sees for it, where that differs."""


class Refused(NamedTuple):
    """A correction that it does not take."""

    problem: str
    """Why, as the contact would be told."""


class Resumable(NamedTuple):
    """A place where a flow may go on."""

    target: str
    title: str
    """Its step's name."""
    says: str
    """What the contact sees there, as far as that can be told without running code; may be empty."""


def answered(flow: CompiledFlow, run: Run, scene: Scene) -> tuple[Answered, ...]:
    """Return the answers to questions, in body order."""
    voice = flow.voice(scene)
    return tuple(
        _answered(voice, run, step, scene)
        for step in voice.steps.values()
        if step.kind == "ask" and step.name in run.answers
    )


def read_correction(
    flow: CompiledFlow, run: Run, name: str, typed: str, scene: Scene
) -> Corrected | Refused:
    """Read what an agent put in for an answer: an option's key, or what a contact might type.

    Args:
        flow: The run's flow.
        run: The run, as it is stored.
        name: The field; one that `answered` told of.
        typed: What was put in.
        scene: Whom the flow talks to, and when.
    """
    voice = flow.voice(scene)
    options = _options(voice, run, voice.steps[name])
    chosen = next((option for option in options if option.key == typed), None)
    if chosen is None and typed.strip() and (offer := run.offers.get(name)) is not None:
        match = match_exact(offer, typed)
        chosen = None if match is None else match.option
    if chosen is not None:
        return Corrected(chosen.value, chosen.title)
    asked = run.model_copy(update={"asked": name})
    understood = flow.read(asked, Text(body=typed), scene) if typed.strip() else None
    match understood:
        case Answer(value, shown) if voice.valid(name, value):
            return Corrected(value, shown)
        case Unsure(answers):
            return Refused(" / ".join(answer.shown or show(answer.value) for answer in answers))
        case NotUnderstood() as reading:
            return Refused(flow.retry_text(asked, reading, scene))
        case _:
            return Refused(flow.retry_text(asked, NotUnderstood(""), scene))


def resumable(flow: CompiledFlow, run: Run, resume: str | None, scene: Scene) -> list[Resumable]:
    """Return where a release may go on: where the handoff says first, then every question that can be reached.

    Args:
        flow: The run's flow.
        run: The run, as it is stored.
        resume: The handoff's own `then`, as the conversation keeps it.
        scene: Whom the flow talks to, and when.
    """
    voice = flow.voice(scene)
    first = None if resume is None else parse_target(resume).step
    reached = reachable(voice)
    names = [name for name, step in voice.steps.items() if step.question and name in reached]
    names = [*([first] if first in voice.steps and first else []), *names]
    return [
        Resumable(
            resume if name == first and resume is not None else name,
            name,
            _says(voice, run, voice.steps[name], scene),
        )
        for name in dict.fromkeys(names)
    ]


def _answered(voice: CompiledFlow, run: Run, step: Step, scene: Scene) -> Answered:
    value = run.answers[step.name]
    options = _options(voice, run, step)
    chosen = next((option for option in options if option.value == value), None)
    shown = _shown(voice, run, step.name, value, scene, chosen)
    return Answered(
        name=step.name,
        title=_says(voice, run, step, scene) or step.name,
        shown=shown,
        text="" if value is None else str(value) if isinstance(value, str | int | float) else shown,
        options=options,
        chosen=None if chosen is None else chosen.key,
        is_open=not options or any(reader.expected.name != "one_of" for reader in step.readers),
    )


def _shown(
    voice: CompiledFlow,
    run: Run,
    name: str,
    value: Json,
    scene: Scene,
    chosen: OfferedOption | None,
) -> str:
    if name in run.shown:
        return voice.title(name, value, run.shown[name])
    if chosen is not None:
        return chosen.title
    return voice.show(scene, name, value)


def _options(voice: CompiledFlow, run: Run, step: Step) -> tuple[OfferedOption, ...]:
    """Return what the question offers always, else what it offered when it was asked."""
    if step.name in voice.offers:
        return voice.offers[step.name].offered
    offer = run.offers.get(step.name)
    return () if offer is None else offer.options


def _says(voice: CompiledFlow, run: Run, step: Step, scene: Scene) -> str:
    """Return what a step says with what is known; empty where only code can tell."""
    if not isinstance(step.text, Template):
        return ""
    answers = {**voice.defaults, **run.answers}
    return fill(
        step.text,
        Known(
            answers,
            run.shown,
            scene.contact,
            voice.names,
            lambda name, value: voice.show(scene, name, value),
            voice.title,
        ),
    )
