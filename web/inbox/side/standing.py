"""Where a chat stands in its flow: the stack in words, the answers with their widgets, the diagram. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from engine.core.capabilities import Capabilities
from engine.core.conversation import Conversation, Run
from engine.core.script import Scene
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from engine.flow.corrections import Answered, answers_of, resumable
from engine.flow.here import here_of
from engine.flow.hours import LineHours
from engine.flow.targets import parse_target
from web.flows import Flows
from web.inbox.side.diagram import Diagram, Look, draw, words_of

Widget = Literal["choice", "date", "moment", "number", "text"]
"""How an answer is edited."""

END_RUN = "!end"
"""Where to go on: nowhere, the talk ends."""


@dataclass(frozen=True, slots=True)
class Level:
    """One run of the stack."""

    flow: str
    step: str
    words: str
    """What the step says or does."""
    then: str | None
    """Where it goes on when the run above it ends."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer with how it is edited."""

    name: str
    title: str
    shown: str
    text: str | None
    """What its field holds at first; None cannot be typed, such as a photo."""
    widget: Widget
    options: tuple[str, ...]
    """What may be chosen."""
    is_open: bool
    """Whether something else may be typed."""


@dataclass(frozen=True, slots=True)
class Way:
    """A place where a release may go on."""

    target: str
    step: str
    """The author's name for it, in words."""
    says: str
    """The question."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a chat stands; the first level is the one that talks."""

    levels: tuple[Level, ...]
    gone: str | None
    """The flow of the run that talks, where there is none of this name any more."""
    answers: tuple[AnswerView, ...]
    known: tuple[AnswerView, ...]
    """What code found out in the run; nobody was asked for it."""
    ways: tuple[Way, ...]
    """Where a release may go on, the handoff's own way first."""
    resume: str
    """What is chosen among them at first."""


def scene_of(
    chat: Conversation,
    flows: Flows,
    capabilities: Capabilities,
    hours: LineHours,
    now: datetime,
) -> Scene:
    """Return what a flow may know of this chat now."""
    return Scene(
        contact=chat.contact,
        capabilities=capabilities,
        now=now,
        visits=chat.visits,
        budget=0,
        language=flows.languages.of(chat.contact.locale),
        understand=flows.faq,
        hours=hours,
    )


def standing(
    chat: Conversation, flows: Mapping[str, CompiledFlow], scene: Scene
) -> Standing | None:
    """Return where the chat stands, None where no flow runs."""
    run = chat.runs[-1] if chat.runs else None
    if run is None:
        return None
    levels = tuple(_level(one, flows, scene) for one in reversed(chat.runs))
    flow, run = today(run, flows)
    if flow is None:
        return Standing(levels, run.flow, (), (), (), END_RUN)
    ways = ways_on(chat, flow, run, scene)
    answers = [
        _answer(flow, one, scene, run.answers[one.name]) for one in answers_of(flow, run, scene)
    ]
    return Standing(
        levels=levels,
        gone=None,
        answers=tuple(one for one in answers if one.name in flow.steps),
        known=tuple(one for one in answers if one.name not in flow.steps and one.shown),
        ways=ways,
        resume=ways[0].target if chat.resume is not None and ways else END_RUN,
    )


def ways_on(chat: Conversation, flow: CompiledFlow, run: Run, scene: Scene) -> tuple[Way, ...]:
    """Return where a release may go on, the handoff's own way first."""
    return tuple(
        Way(one.target, in_words(parse_target(one.target).step or one.target), one.title)
        for one in resumable(flow, run, scene, then=chat.resume)
    )


def today(run: Run, flows: Mapping[str, CompiledFlow]) -> tuple[CompiledFlow | None, Run]:
    """Return the run's flow and the run as it fits today's; without the flow the run as it is."""
    flow = flows.get(run.flow)
    fitted = None if flow is None else flow.restore(run)
    return (None, run) if fitted is None else (flow, fitted)


def diagram(
    chat: Conversation,
    flows: Mapping[str, CompiledFlow],
    scene: Scene,
    *,
    passed: Collection[str],
    look: Look,
) -> Diagram | None:
    """Return the diagram of the flow that talks, in the agents' language: the author's.

    Args:
        chat: The chat.
        flows: Every flow by name.
        scene: Whom it talks to.
        passed: Steps that its turns went through, as `flow.step`; its answers tell of others.
        look: The sizes.
    """
    run = chat.runs[-1] if chat.runs else None
    if run is None:
        return None
    flow, run = today(run, flows)
    if flow is None:
        return None
    visited = {
        *run.offers,
        *run.answers,
        *(one.partition(".")[2] for one in passed if one.partition(".")[0] == flow.name),
    }
    return _drawn(flow, run.step, frozenset(visited), look)


@lru_cache(maxsize=64)
def _drawn(flow: CompiledFlow, here: str, visited: frozenset[str], look: Look) -> Diagram:
    """Draw, or take the same picture again: a chat is looked at often while it stands still."""
    return draw(flow, here=here, visited=visited, look=look)


def _level(run: Run, flows: Mapping[str, CompiledFlow], scene: Scene) -> Level:
    flow, run = today(run, flows)
    step = None if flow is None else flow.voice(scene).steps.get(run.step)
    return Level(
        flow=in_words(run.flow),
        step=in_words(run.step),
        words="" if step is None else words_of(step),
        then=None if run.then is None else in_words(run.then),
    )


def in_words(name: str) -> str:
    """Return an author's name as words."""
    return name.replace("_", " ")


def _answer(flow: CompiledFlow, one: Answered, scene: Scene, value: Json) -> AnswerView:
    field, step = flow.fields.get(one.name), flow.steps.get(one.name)
    readers = () if step is None else step.readers
    is_open = not one.options or any(reader.expected.name != "one_of" for reader in readers)
    widget = _widget(one, None if field is None else field.annotation, is_open)
    text = one.typed
    if text is not None and widget in ("date", "moment"):  # a browser's fields hold no words
        text = str(value) if widget == "date" else _local(str(value), scene)
    return AnswerView(
        name=one.name,
        title=one.title,
        shown=one.shown,
        text=text,
        widget=widget,
        options=one.options,
        is_open=is_open,
    )


def _local(stored: str, scene: Scene) -> str:
    """Return a stored moment as a browser's field takes it, by the contact's clock."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return ""
    return moment.astimezone(here_of(scene).now.tzinfo).strftime("%Y-%m-%dT%H:%M")


def _widget(one: Answered, annotation: object, is_open: bool) -> Widget:
    if one.options and not is_open:
        return "choice"
    types = _plain_types(annotation)
    if datetime in types:
        return "moment"
    if date in types:
        return "date"
    return "number" if int in types and types <= {int, type(None)} else "text"


def _plain_types(annotation: object) -> set[object]:
    """Return the classes that an annotation is made of."""
    if get_origin(annotation) is Annotated:
        return _plain_types(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return {one for part in get_args(annotation) for one in _plain_types(part)}
    return {annotation}
