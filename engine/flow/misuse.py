"""Finds what no flow can be made of: a text, a target, a function of the wrong kind, with what to write instead.

Type checkers tell most of it too; this is for authors who run none. What can be made but should not be is told by
`check.py`.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import assert_never, get_args

from pydantic import ValidationError

from engine.core.watch import Reached
from engine.flow.answers import readers_for
from engine.flow.fields import Definition, Field, Flow
from engine.flow.problem import Problem
from engine.flow.steps import Ask, Body, Choose, Code, Handoff, Say
from engine.flow.targets import To
from engine.flow.templates import TemplateUse, wrong_plan

Found = Iterator[tuple[str, str]]
"""What is wrong, and what to do about it."""

_SHOWN_LENGTH = 40


def misuses(flow: Definition) -> Iterator[Problem]:
    """Yield what is wrong with the parts of a flow's body, by file and line."""
    for name, body in flow.body.items():
        for what, todo in (*_name(flow, name, body), *_part(flow, name, body)):
            yield Problem(body.source.file, body.source.line, flow.name, name, what, todo)
    for name, field in flow.fields.items():
        for what, todo in _default(field):
            yield Problem(flow.source.file, flow.source.line, flow.name, name, what, todo)


def _default(field: Field) -> Found:
    if field.default is None or isinstance(field.default, Body):
        return
    try:
        field.adapter.validate_python(field.default)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]["msg"]
        yield f"it begins as {_shown(field.default)}, which its type refuses: {first}", "change one"


def _name(flow: Definition, name: str, body: Body) -> Found:
    if name.startswith("_"):
        yield "a name that begins with _ is no field", f"call it {name.lstrip('_') or 'x'}"
    if name in flow.fields and not isinstance(body, Ask):
        yield "only `ask` fills a field, and this has a type", f"take `: ...` away after {name}"


def _part(flow: Definition, name: str, body: Body) -> Found:
    match body:
        case Ask():
            yield from _words(body.text)
            yield from _asks_nothing(body.text)
            yield from _options(body.options)
            yield from _function("when", body.when)
            yield from _text("retry", body.retry)
            yield from _text("skip", body.skip)
            yield from _text("button", body.button)
            yield from _text("was", body.was)
            yield from _target(flow, "empty=", body.empty)
            yield from _target(flow, "lost=", body.lost)
            yield from _target(flow, "on_failed=", body.on_failed)
            yield from _joins(flow, name, body)
            yield from _expires(flow, body)
            yield from wrong_plan(body.closed)
        case Choose():
            yield from _words(body.text)
            yield from _asks_nothing(body.text)
            yield from _ways(flow, body.options)
            yield from _text("retry", body.retry)
            yield from _text("button", body.button)
            yield from _target(flow, "returning=", body.returning)
            yield from _target(flow, "lost=", body.lost)
            yield from _target(flow, "on_failed=", body.on_failed)
            yield from _expires(flow, body)
            yield from wrong_plan(body.closed)
        case Say():
            if not isinstance(body.text, TemplateUse):
                yield from _words(body.text)
            yield from _target(flow, "then=", body.then)
            yield from _at(body)
            yield from wrong_plan(body.closed)
            yield from _wait(body)
            yield from _target(flow, "on_failed=", body.on_failed)
        case Handoff():
            yield from _words(body.text)
            yield from _text("team", body.team)
            yield from _text("outside", body.outside)
            yield from _text("unclaimed", body.unclaimed)
            yield from _target(flow, "then=", body.then)
            yield from wrong_plan(body.closed)
        case Code():
            yield from _code(body.function)
            yield from _exits(flow, body.exits)
            yield from _target(flow, "on_error=", body.on_error)
        case _:
            assert_never(body)


def _joins(flow: Definition, name: str, body: Ask) -> Found:
    field = flow.fields.get(name)
    if body.join is None or (body.options is None and _is_free_text(field)):
        return
    yield "join= is for free text alone", "take join= out, or make it a str without options="


def _is_free_text(field: Field | None) -> bool:
    readers = readers_for(str if field is None else field.annotation)
    return all(reader.takes_text for reader in readers)


def _expires(flow: Definition, body: Ask | Choose) -> Found:
    yield from _target(flow, "then=", body.then)
    if body.then is not None and body.expires is None:
        todo = 'add expires="24h"'
        if isinstance(body, Ask):
            todo += ", or take then= out: an answer goes on at the next step in the body"
        yield "then= is where it goes on when it has expired, and nothing says when", todo


def _at(body: Say) -> Found:
    if callable(body.at):
        yield from _arguments("at=", body.at)
        if inspect.iscoroutinefunction(body.at):
            yield "at= is an async function", "work the time out in a step, and keep it in a field"
    if body.if_silent and body.at is None:
        yield "if_silent= is for what is said later", "add at=, or take it out"


# --- texts and functions -----------------------------------------------------------------------------


def _words(text: object) -> Found:
    if callable(text):
        yield from _arguments("the text's function", text)
    elif not isinstance(text, str):
        yield f"its text is {_shown(text)}", "write a text in quotes, or a function that makes one"


def _asks_nothing(text: object) -> Found:
    if isinstance(text, str) and not text.strip():
        yield "its text is empty", "write what to ask: no provider sends options without words"


def _text(key: str, value: object) -> Found:
    if value is not None and not isinstance(value, str):
        yield f"{key}={_shown(value)} is no text", f'write it in quotes: {key}="..."'


def _function(key: str, value: object) -> Found:
    if callable(value):
        yield from _arguments(f"{key}=", value)
    elif value is not None:
        todo = f"write one that takes the answers: {key}=lambda answers: ..."
        yield f"{key}={_shown(value)} is no function", todo


def _arguments(what: str, function: Callable[..., object]) -> Found:
    count = _needed(function)
    if count is not None and count > 1:
        yield f"{what} takes {count} arguments", "it gets the flow with its answers, nothing else"


def _code(function: Callable[..., object]) -> Found:
    name = getattr(function, "__name__", "it")
    todo = f"write async def {name}(self, chat)"
    if not inspect.iscoroutinefunction(inspect.unwrap(function)):
        yield "the step's function is not async", todo
    try:
        inspect.signature(function).bind(None, None)
    except (TypeError, ValueError):
        yield "a step takes its flow and the chat, no more and no less", todo


def _needed(function: Callable[..., object]) -> int | None:
    """Return how many arguments a call must bring; None where that cannot be read, as with code written in C."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return sum(
        parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        for parameter in parameters
    )


def _wait(body: Say) -> Found:
    if body.wait is None:
        return
    if body.wait not in get_args(Reached):
        todo = 'write wait="delivered" or wait="read"'
        yield f"wait={_shown(body.wait)} is nothing to wait for", todo
    elif body.at is not None:
        yield "wait= is for what is said at once", "take wait= or at= out"


# --- options -----------------------------------------------------------------------------------------


def _options(options: object) -> Found:
    todo = 'write a list: options=["Small", Option("l", "Large")]'
    if options is None:
        return
    if callable(options):
        yield from _arguments("options=", options)
    elif isinstance(options, str | Mapping) or not isinstance(options, Iterable):
        yield f"options={_shown(options)} is no list", todo
    elif isinstance(options, list | tuple) and not options:
        yield "it has no option", f"{todo}; or leave it out"


def _ways(flow: Definition, options: object) -> Found:
    todo = 'write titles with their targets: {"Yes": to.x, "No": END}'
    if not isinstance(options, Mapping):
        yield f"its options are {_shown(options)}", todo
    elif not options:
        yield "it has no option", todo
    else:
        for title, target in options.items():
            if not isinstance(title, str) or not title.strip():
                yield f"the title {_shown(title)} is no text", "write it in quotes"
            if target is None:
                yield f"{_shown(title)} leads nowhere", "write END to end the talk there"
            yield from _target(flow, f"{_shown(title)}: ", target)


# --- targets -----------------------------------------------------------------------------------------


def _exits(flow: Definition, exits: object) -> Found:
    if exits is None:
        return
    if isinstance(exits, str) or not isinstance(exits, Sequence):
        yield f"exits={_shown(exits)} is no list", "write exits=[to.x, END]"
        return
    for target in exits:
        yield from _target(flow, "exits=", target)


def _target(flow: Definition, key: str, value: object) -> Found:
    if value is not None and not isinstance(value, To):
        yield f"{key}{_shown(value)} is no target", f"write {_meant(flow, value)}"


def _meant(flow: Definition, value: object) -> str:
    """Return the target an author probably meant."""
    if isinstance(value, str) and value.isidentifier() and value != "END":
        return f"to.{value}" if value in flow.body else f'to.{value}, or to["{value}"] for a flow'
    if isinstance(value, type) and issubclass(value, Flow) and value is not Flow:
        return f'to["{value.__flow__.name}"]'
    named = next((name for name, body in flow.body.items() if body is value), None)
    return 'to.x, to["flow"] or END' if named is None else f"to.{named}"


def _shown(value: object) -> str:
    """Return a value as the author may recognise it, in one short line."""
    if isinstance(value, Body):
        return f"{type(value).__name__.lower()}(...)"
    if isinstance(value, type):
        return value.__name__
    written = repr(value)
    return written if len(written) <= _SHOWN_LENGTH else f"{written[: _SHOWN_LENGTH - 1]}…"
