"""The body of a flow class becomes steps: texts taken apart, types given their readers, ways out gathered as exits."""

from dataclasses import replace
from typing import ForwardRef, assert_never

from engine.core.errors import DefinitionError
from engine.flow.answers import readers_for
from engine.flow.answers.literal import closed
from engine.flow.catalogue import Translate, same
from engine.flow.exits import Exits, read_exits
from engine.flow.fields import Definition, Field
from engine.flow.functions import Function, compile_function
from engine.flow.options import as_options, translate_options
from engine.flow.plan import ENDED, Exit, Step, own_plan
from engine.flow.steps import Ask, Choices, Choose, Code, Condition, Handoff, Option, Say, Words
from engine.flow.templates import TemplateUse, compile_plan, compile_use
from engine.flow.text import Template, parse_text
from engine.flow.timing import plan_at, plan_timing


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
            steps[name] = plan_step(flow, name, index, translate)
        except DefinitionError as error:
            wrong.append(str(error))
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return steps


def plan_step(flow: Definition, name: str, index: int, translate: Translate) -> Step:
    """Return one step as data, with its plan for a closed window, else the flow's.

    Raises:
        DefinitionError: No answer type reads its field's type, or its name is taken by the engine.
    """
    step = _step(flow, name, index, translate)
    closed = own_plan(step.body) or flow.closed
    return replace(step, closed=compile_plan(closed, translate)) if closed else step


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
        options = translate_options(options, translate)
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
