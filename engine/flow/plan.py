"""What a flow class comes to as plain data: its steps and the rows of its machine's table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import ForwardRef, Literal, assert_never

from engine.core.errors import DefinitionError
from engine.core.limits import STEP_TIMEOUT
from engine.flow.answers import readers_for
from engine.flow.answers.literal import closed
from engine.flow.answers.reader import Reader
from engine.flow.catalogue import same
from engine.flow.exits import Exits, read_exits
from engine.flow.fields import Definition, Field
from engine.flow.functions import Function, compile_function
from engine.flow.options import as_options
from engine.flow.shows import describe_fixed
from engine.flow.steps import (
    Ask,
    Body,
    Choices,
    Choose,
    Code,
    Condition,
    Handoff,
    Option,
    Say,
    Source,
    Words,
)
from engine.flow.targets import To
from engine.flow.templates import Plan, TemplateUse, compile_plan, compile_use
from engine.flow.text import Template, parse_text
from engine.flow.times import When
from engine.flow.timing import Timing, plan_at, plan_timing

StepKind = Literal["ask", "choose", "say", "code", "handoff"]

Translate = Callable[[str], str]
"""From an author's text to what is said in a language; the text itself where there is no translation."""

Part = Literal["when", "options", "text"]
"""What of a question may have to be waited for."""

BEGIN = ""
"""The state of a run that has not begun."""
ENDED = "END"
"""The state of a run that fell past the last step of the body."""

NEXT = "next"
"""The trigger that falls to the next step in body order, passing over answered questions."""
BACK = "back"
"""The trigger that ends a correction: to a condition's question that has come due, else where the walk stops."""


def move(step: str) -> str:
    """Return the trigger of a named move to a step."""
    return f"to {step}"


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a step that the author named."""

    target: To
    label: str = ""
    """An option's title, or what leads there: `then`, `expires`, `on_failed`; "" where a code step returns it."""


@dataclass(frozen=True)
class Step:
    """One step of a compiled flow."""

    name: str
    kind: StepKind
    index: int
    """Its place in the body."""
    source: Source
    body: Body
    """What the author wrote."""
    text: Template | Function | TemplateUse | None
    """What it says; None for code."""
    exits: tuple[Exit, ...]
    """The moves it names, in the author's order."""
    falls: bool
    """Whether it may go on at the next step in the body."""
    unreadable: bool = False
    """A code step with an exit that its source does not tell and `exits=` does not name."""
    readers: tuple[Reader, ...] = ()
    """How an answer is read; only questions have any."""
    options: tuple[Option, ...] | Function = ()
    """What a question offers, `skip=` not counted; a function lists it when asked."""
    when: Function | None = None
    optional: bool = False
    """Whether the field's type allows None."""
    retry: Template | None = None
    skip: str | None = None
    """The title of the option that leaves the question unanswered."""
    button: str | None = None
    """The words that open a list of its options; None is the engine's own."""
    timing: Timing | None = None
    """What a question does while nobody answers it."""
    at: When | Function | None = None
    """When it says what it says; None is at once."""
    on_request: bool = False
    """Whether the walk passes it over: only a target that leads to it asks it."""
    closed: Plan | None = None
    """What becomes of what it says when the window is closed: its own plan, else its flow's."""
    outside: Template | None = None
    """What a handoff says instead outside its team's hours."""
    unclaimed: Template | None = None
    """What it says when nobody has claimed the chat in time."""

    @cached_property
    def question(self) -> bool:
        """Whether it waits for the contact."""
        return self.kind in ("ask", "choose")

    @property
    def timeout(self) -> timedelta:
        """How long its code, or what it must wait for before it asks, may run."""
        return self.body.timeout if isinstance(self.body, Code) else STEP_TIMEOUT

    @cached_property
    def has_own_plan(self) -> bool:
        """Whether the step itself says what becomes of it when the window is closed."""
        return own_plan(self.body) is not None

    @cached_property
    def takes_location(self) -> bool:
        """Whether a place is an answer to it."""
        return any(reader.takes_location for reader in self.readers)

    @cached_property
    def offers_topics(self) -> bool:
        """Whether the entries of the FAQ are its options, and their answers said when one is chosen."""
        return any(reader.offers_topics for reader in self.readers)

    @cached_property
    def waiting(self) -> Mapping[Part, Function]:
        """Its async callables: they run before it asks, as a code step does."""
        parts: dict[Part, object] = {"when": self.when, "options": self.options, "text": self.text}
        return {
            part: function
            for part, function in parts.items()
            if isinstance(function, Function) and function.waits
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the machine's table."""

    trigger: str
    source: str
    target: str
    condition: Literal["due", "stops"] | None = None
    """`due`: the question has to be asked; `stops`: the walk of a correction stops there."""


def plan_rows(steps: list[Step]) -> Iterable[Row]:
    """Yield the table: named moves, the fall in body order, and the way back of corrections."""
    known = {step.name for step in steps}
    stops = [stop for stop in dict.fromkeys(_stops(steps)) if stop in known]
    for source in (None, *steps):
        name = BEGIN if source is None else source.name
        after = steps if source is None else steps[source.index + 1 :]
        if source is not None:
            named = dict.fromkeys(exit_.target.step for exit_ in source.exits)
            yield from (Row(move(to), name, to) for to in named if to in known)
        if source is None or source.falls:
            yield from _fall(name, after)
            due = (step.name for step in after if stops and step.when is not None)
            yield from (Row(BACK, name, step, "due") for step in due)
            yield from (Row(BACK, name, stop, "stops") for stop in stops)


def _fall(source: str, after: list[Step]) -> Iterable[Row]:
    for step in after:
        yield Row(NEXT, source, step.name, "due" if step.kind == "ask" else None)
        if step.kind != "ask":
            return
    yield Row(NEXT, source, ENDED)


def _stops(steps: list[Step]) -> Iterable[str]:
    for step in steps:
        if isinstance(step.body, Choose) and step.body.returning and step.body.returning.step:
            yield step.body.returning.step


def plan_steps(flow: Definition, translate: Translate = same) -> dict[str, Step]:
    """Return a flow's steps as data, in body order.

    Args:
        flow: What its class says.
        translate: Into the language that these steps speak; names, values and targets stay the author's.

    Raises:
        DefinitionError: No answer type reads a field's type, or a name is taken by the engine; a line each.
    """
    steps: dict[str, Step] = {}
    wrong: list[str] = []
    for index, name in enumerate(flow.body):
        try:
            steps[name] = _plan_step(flow, name, index, translate)
        except DefinitionError as error:
            wrong.append(str(error))
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return steps


def texts_of(flow: Definition) -> Iterable[tuple[str, str]]:
    """Return every text that a translator may translate, each once, with where it stands, such as `order.size`."""
    found: dict[str, str] = {}

    def note(text: str, name: str) -> str:
        if _says_something(text):
            found.setdefault(text, f"{flow.name}.{name}" if name else flow.name)
        return text

    for word in flow.starts_on:
        note(word, "")
    for name, field in flow.fields.items():
        if field.shows is not None:
            note(field.shows, name)
    for index, name in enumerate(flow.body):
        of_step = partial(note, name=name)
        step = _plan_step(flow, name, index, of_step)
        if isinstance(step.options, Function):
            translated(_listed_now(step.options), of_step)
    return found.items()


def _says_something(text: str) -> bool:
    """Tell whether a text has words, or placeholders whose order may differ in another language."""
    template = parse_text(text)
    words = "".join(part for part in template.parts if isinstance(part, str))
    return len(template.placeholders) > 1 or any(map(str.isalpha, words))


def _listed_now(options: Function) -> tuple[Option, ...]:
    """Return what a function lists that needs no answers; nothing where it cannot tell outside a talk."""
    if options.takes_flow or options.waits:
        return ()
    try:
        return as_options(options.call(), options.name)
    except Exception:  # whatever an author's code raises; a talk will tell
        return ()


def _plan_step(flow: Definition, name: str, index: int, translate: Translate) -> Step:
    step = _step(flow, name, index, translate)
    closed = own_plan(step.body) or flow.closed
    return replace(step, closed=compile_plan(closed, translate)) if closed else step


def own_plan(body: Body) -> Plan | None:
    """Return what a step itself says of a closed window."""
    return None if isinstance(body, Code) else body.closed


def _step(flow: Definition, name: str, index: int, translate: Translate) -> Step:
    body = flow.body[name]
    if name == ENDED:
        raise DefinitionError(
            f"{body.source}: {flow.name}.{name}: END is the end of a run; name it otherwise"
        )
    at = f"{flow.name}.{name}"
    match body:
        case Ask():
            return _ask(flow, name, index, body, translate)
        case Choose(options=options):
            titles = tuple(
                Option(str(target), translate(title)) for title, target in options.items()
            )
            return Step(
                name,
                "choose",
                index,
                body.source,
                body,
                _words(f"{at}.text", body.text, translate),
                (
                    *(Exit(target, title) for title, target in options.items()),
                    *_left(body),
                    *_failed(body),
                ),
                falls=False,
                readers=(closed(titles),),
                options=titles,
                retry=_template(body.retry, translate),
                button=_title(body.button, translate),
                timing=plan_timing(body, translate),
            )
        case Say(then=then):
            return Step(
                name,
                "say",
                index,
                body.source,
                body,
                _words(f"{at}.text", body.text, translate),
                (*(() if then is None else (Exit(then, "then"),)), *_failed(body)),
                falls=then is None,
                at=plan_at(f"{at}.at", body),
            )
        case Handoff(then=then):
            return Step(
                name,
                "handoff",
                index,
                body.source,
                body,
                _words(f"{at}.text", body.text, translate),
                () if then is None else (Exit(then, "then"),),
                falls=False,
                outside=_template(body.outside, translate),
                unclaimed=_template(body.unclaimed, translate),
            )
        case Code():
            return _code(name, index, body)
        case _:
            assert_never(body)


def _ask(flow: Definition, name: str, index: int, body: Ask, translate: Translate) -> Step:
    at = f"{flow.name}.{name}"
    field = flow.fields.get(name)
    readers = readers_for(str if field is None else field.annotation)
    if not readers and body.options is None:
        raise DefinitionError(
            f"{body.source}: {at}: no answer type reads {_type(field)}; "
            "use Literal, bool, int, str, Location, a file type, or give options="
        )
    options = _options(f"{at}.options", body.options)
    if options is None:
        options = tuple(option for reader in readers for option in reader.options)
    if isinstance(options, tuple):
        options = translated(options, translate)
    if body.options is not None and all(reader.takes_text for reader in readers):
        # Options on plain text are all there is to choose from; beside any other type they are suggestions.
        readers = (closed(options if isinstance(options, tuple) else ()),)
    return Step(
        name,
        "ask",
        index,
        body.source,
        body,
        _words(f"{at}.text", body.text, translate),
        (
            *(() if body.empty is None else (Exit(body.empty, "empty"),)),
            *_left(body),
            *_failed(body),
        ),
        falls=True,
        readers=readers,
        options=options,
        when=_condition(f"{at}.when", body.when),
        optional=field is not None and field.optional,
        retry=_template(body.retry, translate),
        skip=_title(body.skip, translate),
        button=_title(body.button, translate),
        timing=plan_timing(body, translate),
        on_request=body.on_request,
    )


def _left(body: Ask | Choose) -> tuple[Exit, ...]:
    """Return the ways that no answer takes."""
    ways = (body.lost, "lost"), (body.then, "expires")
    return tuple(Exit(target, label) for target, label in ways if target is not None)


def _failed(body: Ask | Choose | Say) -> tuple[Exit, ...]:
    return () if body.on_failed is None else (Exit(body.on_failed, "on_failed"),)


def _type(field: Field | None) -> str:
    """Return a field's type as its author wrote it."""
    written = None if field is None else field.annotation
    if isinstance(written, ForwardRef):
        return f"{written.__forward_arg__!r}, which is nothing this file knows"
    return written.__name__ if type(written) is type else repr(written).replace("typing.", "")


def _code(name: str, index: int, body: Code) -> Step:
    # Where only `exits=` speaks, returning None is still allowed and falls on.
    named = None if body.exits is None else Exits(tuple(body.exits), falls=True, unreadable=False)
    read = named or read_exits(body.function)
    exits = [Exit(target) for target in read.targets]
    if body.on_error is not None:
        exits.append(Exit(body.on_error, "on_error"))
    return Step(
        name,
        "code",
        index,
        body.source,
        body,
        None,
        tuple(exits),
        falls=read.falls or read.unreadable,
        unreadable=read.unreadable,
    )


def translated(options: Iterable[Option], translate: Translate) -> tuple[Option, ...]:
    """Return options with the words of a language; their values stay."""
    return tuple(
        replace(
            option,
            title=translate(option.title),
            description=describe_fixed(option.description, translate),
            says=tuple(map(translate, option.says)),
        )
        for option in options
    )


def _title(text: str | None, translate: Translate) -> str | None:
    return None if text is None else translate(text)


def _template(text: str | None, translate: Translate) -> Template | None:
    return None if text is None else parse_text(translate(text))


def _words(
    name: str, words: Words | TemplateUse, translate: Translate
) -> Template | Function | TemplateUse:
    if isinstance(words, TemplateUse):
        return compile_use(words, translate)
    if isinstance(words, str):
        return parse_text(translate(words))
    return compile_function(name, words)


def _condition(name: str, when: Condition | None) -> Function | None:
    return None if when is None else compile_function(name, when)


def _options(name: str, options: Choices | None) -> tuple[Option, ...] | Function | None:
    if options is None:
        return None
    return compile_function(name, options) if callable(options) else as_options(options)
