"""The plan of a flow as plain data: its steps, their exits, the rows of its machine's table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal

from engine.core.limits import STEP_TIMEOUT
from engine.flow.answers.reader import Reader
from engine.flow.functions import Function
from engine.flow.steps import Body, Code, Option, Source
from engine.flow.targets import To
from engine.flow.templates import Plan, TemplateUse
from engine.flow.text import Template
from engine.flow.times import When
from engine.flow.timing import Timing

StepKind = Literal["ask", "choose", "say", "code", "handoff"]

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


def own_plan(body: Body) -> Plan | None:
    """Return what a step itself says of a closed window."""
    return None if isinstance(body, Code) else body.closed


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the machine's table."""

    trigger: str
    source: str
    target: str
    condition: Literal["due", "stops"] | None = None
    """`due`: the question has to be asked; `stops`: the walk of a correction stops there."""
