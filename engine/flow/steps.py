"""What the body of a flow is made of, as the author wrote it: `ask`, `choose`, `say`, `handoff`, `@step`."""

import inspect
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, overload

from engine.core.errors import DefinitionError
from engine.core.limits import STEP_TIMEOUT
from engine.core.watch import Reached
from engine.flow.targets import To
from engine.flow.templates import Plan, TemplateUse
from engine.flow.times import Clock, Reminder, When, after, read_reminders, read_when

if TYPE_CHECKING:
    from engine.flow.chat import Chat


@dataclass(frozen=True, slots=True)
class Source:
    """A place in an author's file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from."""

    value: object
    """What is stored; anything the field's type holds."""
    title: str = ""
    """What the contact sees; the value itself where it is empty."""
    description: object = None
    """A second line, which only lists show: a text, or several parts (texts, money, dates), each shown by locale."""
    says: Sequence[str] = ()
    """Other words that mean it."""

    def __post_init__(self) -> None:
        # Names and prices of the author's own data are numbers and the like as often as they are text.
        if not (self.title and isinstance(self.title, str)):
            object.__setattr__(self, "title", str(self.title or self.value))
        if isinstance(self.description, list):
            object.__setattr__(self, "description", tuple(self.description))
        if isinstance(self.says, str):
            raise DefinitionError(
                f"says={self.says!r} is one text; write a list: says=[{self.says!r}]"
            )
        object.__setattr__(self, "says", tuple(self.says))


# An author's callable takes the flow, or nothing. What it takes and whether it waits is found out when the flow is
# compiled, so these stay as wide as a lambda is.
Words = str | Callable[..., str | Awaitable[str]]
"""A text with placeholders, or a function that makes it."""
Choices = Iterable[object] | Callable[..., Iterable[object] | Awaitable[Iterable[object]]]
"""`Option`s or plain values, or a function that makes them."""
Condition = Callable[..., bool | Awaitable[bool]]
"""Tells whether a question is due."""


Remind = str | timedelta | Clock | Reminder
"""A reminder; a time alone asks the question once more."""
At = str | time | timedelta | Clock | datetime | Callable[..., datetime | None]
"""When to say something: a time, or a function of the flow that tells it, or None for never."""


class Part:
    """What a body is made of; an f-string around one is told at its line."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """Refuse to be a piece of a text: there is no answer yet.

        Raises:
            DefinitionError: Always.
        """
        raise DefinitionError(
            'an f-string knows no answer yet; write "...{field}..." without the f, it is filled in when it is said'
        )


@dataclass(frozen=True, slots=True)
class Ask(Part):
    """A question; its answer is the field it is assigned to."""

    text: Words
    source: Source
    options: Choices | None = None
    retry: str | None = None
    when: Condition | None = None
    skip: str | None = None
    button: str | None = None
    empty: To | None = None
    was: str | None = None
    lost: To | None = None
    join: timedelta | None = None
    on_request: bool = False
    reminders: tuple[Reminder, ...] = ()
    expires: timedelta | None = None
    then: To | None = None
    """Where it goes on when it has expired."""
    closed: Plan | None = None
    on_failed: To | None = None


@dataclass(frozen=True, slots=True)
class Choose(Part):
    """A question whose answer decides where to go."""

    text: Words
    options: Mapping[str, To]
    source: Source
    returning: To | None = None
    button: str | None = None
    retry: str | None = None
    lost: To | None = None
    reminders: tuple[Reminder, ...] = ()
    expires: timedelta | None = None
    then: To | None = None
    closed: Plan | None = None
    on_failed: To | None = None


@dataclass(frozen=True, slots=True)
class Say(Part):
    """A text or a template that asks nothing."""

    text: Words | TemplateUse
    source: Source
    then: To | None = None
    at: When | Callable[..., datetime | None] | None = None
    """When to say it; None is at once."""
    if_silent: bool = False
    closed: Plan | None = None
    wait: Reached | None = None
    on_failed: To | None = None


@dataclass(frozen=True, slots=True)
class Handoff(Part):
    """The place where a person takes over."""

    text: Words
    source: Source
    team: str | None = None
    then: To | None = None
    closed: Plan | None = None
    outside: str | None = None
    """What is said instead of the text outside the team's hours."""
    unclaimed: str | None = None
    """What is said when nobody has claimed the chat in time."""
    unclaimed_after: timedelta | None = None


StepFunction = Callable[[Any, "Chat"], Awaitable[To | None]]
"""An author's code: it takes its flow (Any: every flow has its own fields) and the chat."""


@dataclass(frozen=True, slots=True)
class Code(Part):
    """A step that runs the author's code."""

    function: StepFunction
    source: Source
    timeout: timedelta = STEP_TIMEOUT
    exits: Sequence[To] | None = None
    """Where it may go, when its source cannot tell."""
    on_error: To | None = None


Body = Ask | Choose | Say | Handoff | Code
"""One step of a flow, as written."""


def ask(
    text: Words,
    *,
    options: Choices | None = None,
    retry: str | None = None,
    when: Condition | None = None,
    skip: str | None = None,
    button: str | None = None,
    empty: To | None = None,
    was: str | None = None,
    lost: To | None = None,
    join: str | timedelta | None = None,
    on_request: bool = False,
    remind: Remind | Sequence[Remind] | None = None,
    nudge: Reminder | None = None,
    expires: str | timedelta | None = None,
    then: To | None = None,
    closed: Plan | None = None,
    on_failed: To | None = None,
) -> Any:  # a field's default, so that `size: int = ask(...)` is right for type checkers
    """Ask for the field it is assigned to; the field's type reads the answer.

    Args:
        text: What to say; `{field}` and `{contact.name|there}` are filled in.
        options: What may be chosen, or a function of the flow that lists it; a `Literal` type brings its own.
        retry: What to say to an answer that was not understood; made from the type where it is missing.
        when: The question is due only where this is true; it takes the flow.
        skip: The title of an option that leaves the question unanswered (stored as None).
        button: The words that open a list of options, at most 20.
        empty: Where to go when `options` lists nothing; without it a person takes over.
        was: The field's earlier name, so that stored answers follow.
        lost: Where to go when three answers were not understood; without it a person takes over.
        join: Texts within this time of each other, such as "2s", are one answer, a line each; for free text alone.
        on_request: The walk passes it over; it is asked only where a target leads to it, and None until then.
        remind: What to say while nobody answers: `after("2h", "Still there?")`, `tomorrow("09:00", "...")`, or
            several; a time alone, such as "2h", asks the question once more.
        nudge: What to say before the window closes: `before_close("1h", "...")`.
        expires: How long it waits for an answer, such as "24h", counted as the reminders are: from when it was asked,
            or from the contact's last message.
        then: Where to go when it has expired; without it the talk ends silently.
        closed: What becomes of it when the window is closed: "hold", "fail" or a `template(...)` that asks the same.
        on_failed: Where to go when it cannot be sent or delivered.
    """
    within = None if join is None else after(join)
    return Ask(
        text,
        _caller(),
        options,
        retry,
        when,
        skip,
        button,
        empty,
        was,
        lost,
        within,
        on_request,
        reminders=read_reminders(remind, nudge),
        expires=None if expires is None else after(expires),
        then=then,
        closed=closed,
        on_failed=on_failed,
    )


def choose(
    text: Words,
    options: Mapping[str, To],
    *,
    returning: To | None = None,
    button: str | None = None,
    retry: str | None = None,
    lost: To | None = None,
    remind: Remind | Sequence[Remind] | None = None,
    nudge: Reminder | None = None,
    expires: str | timedelta | None = None,
    then: To | None = None,
    closed: Plan | None = None,
    on_failed: To | None = None,
) -> Choose:
    """Ask where to go.

    Args:
        text: What to say; `{field}` and `{contact.name|there}` are filled in.
        options: Titles and their targets, in the order shown.
        returning: Where a walk that begins here stops: the step to come back to once a correction is made.
        button: The words that open a list of options, at most 20.
        retry: What to say to an answer that was not understood.
        lost: Where to go when three answers were not understood; without it a person takes over.
        remind: What to say while nobody answers, as with `ask`.
        nudge: What to say before the window closes: `before_close("1h", "...")`.
        expires: How long it waits for an answer, such as "24h".
        then: Where to go when it has expired; without it the talk ends silently.
        closed: What becomes of it when the window is closed: "hold", "fail" or a `template(...)` that asks the same.
        on_failed: Where to go when it cannot be sent or delivered.
    """
    ways = dict(options) if isinstance(options, Mapping) else options
    return Choose(
        text,
        ways,
        _caller(),
        returning,
        button,
        retry,
        lost,
        reminders=read_reminders(remind, nudge),
        expires=None if expires is None else after(expires),
        then=then,
        closed=closed,
        on_failed=on_failed,
    )


def say(
    text: Words | TemplateUse,
    *,
    then: To | None = None,
    at: At | None = None,
    if_silent: bool = False,
    closed: Plan | None = None,
    wait: Reached | None = None,
    on_failed: To | None = None,
) -> Say:
    """Say something and go on at `then`, or at the next step in the body.

    Args:
        text: A text, in which `{field}` and `{contact.name|there}` are filled in, at once even where it is said later,
            or a `template(...)`.
        then: Where to go on, at once.
        at: When to say it: `tomorrow("09:00")` and `"18:30"` where the contact is, `after("2h")`, a datetime, or a
            function of the flow that returns one, or None for never. It is said even if this run has ended by then.
        if_silent: With `at`: it is not said where the contact has written since.
        closed: What becomes of it when the window is closed: "hold", "fail" or a `template(...)` in its place.
        wait: Go on only once it was "delivered", or "read"; a contact who writes has been reached too. On a line that
            reports neither it goes on at once.
        on_failed: Where to go when it cannot be sent or delivered; with `wait` and without this a person takes over.
    """
    when = at if at is None or callable(at) else read_when(at)
    return Say(text, _caller(), then, when, if_silent, closed, wait, on_failed)


def handoff(
    text: Words,
    *,
    team: str | None = None,
    then: To | None = None,
    closed: Plan | None = None,
    outside: str | None = None,
    unclaimed: str | None = None,
    unclaimed_after: str | timedelta | None = None,
) -> Handoff:
    """Say something and hand the chat to a person.

    Args:
        text: What to say first; "" says nothing.
        team: Whose queue it waits in; None is everybody's.
        then: Where the run goes on when the agent gives it back; without it the run ends silently.
        closed: What becomes of the text when the window is closed: "hold", "fail" or a `template(...)` in its place.
        outside: What to say instead outside the team's hours, and again to who writes then; `{opens}` is when they
            begin ("tomorrow at 09:00"). Without it the engine says so.
        unclaimed: What to say once when nobody has claimed the chat in time; without it the engine's own words.
        unclaimed_after: Within what time, such as "10m", counted from when the hours begin; without it the team's.
    """
    length = None if unclaimed_after is None else after(unclaimed_after)
    return Handoff(text, _caller(), team, then, closed, outside, unclaimed, length)


@overload
def step(function: StepFunction, /) -> Code: ...


@overload
def step(
    *,
    timeout: str | timedelta | None = None,
    exits: Sequence[To] | None = None,
    on_error: To | None = None,
) -> Callable[[StepFunction], Code]: ...


def step(
    function: StepFunction | None = None,
    /,
    *,
    timeout: str | timedelta | None = None,
    exits: Sequence[To] | None = None,
    on_error: To | None = None,
) -> Code | Callable[[StepFunction], Code]:
    """Make an async method a step: it takes the flow and the chat, and returns where to go.

    Args:
        function: The method; returning None goes on at the next step in the body.
        timeout: How long it may run in all, such as "30s".
        exits: Where it may go; read from its source where it is missing.
        on_error: Where to go when it keeps raising; without it a person takes over.
    """

    def make(function: StepFunction) -> Code:
        if not inspect.isroutine(function):
            raise DefinitionError(
                f'{function!r} is no function; write @step above it, or @step(timeout="30s")'
            )
        code = inspect.unwrap(function).__code__
        return Code(
            function,
            Source(code.co_filename, code.co_firstlineno),
            STEP_TIMEOUT if timeout is None else after(timeout),
            exits,
            on_error,
        )

    return make if function is None else make(function)


def _caller() -> Source:
    """Return the line of the flow file that called the function which calls this one."""
    frame = sys._getframe(2)
    return Source(frame.f_code.co_filename, frame.f_lineno)
