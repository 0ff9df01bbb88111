"""What is wrong with a flow: where it stands, what it is, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz import process

from engine.flow.steps import Source

if TYPE_CHECKING:
    from engine.flow.compile import CompiledFlow

LIKENESS = 60
"""How alike (0-100) a name must be to be suggested for an unknown one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, or one thing that is better done otherwise."""

    file: str
    line: int
    flow: str
    step: str | None
    """None where the flow itself is meant."""
    what: str
    todo: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = self.flow if self.step is None else f"{self.flow}.{self.step}"
        mark = "" if self.severity == "error" else "warning: "
        return f"{self.file}:{self.line}: {mark}{place}: {self.what}; {self.todo}"


def suggest(name: str, known: Iterable[str], form: str) -> str:
    """Return what to do about an unknown name: the one probably meant, else those there are.

    Args:
        name: As the author wrote it.
        known: The names there are.
        form: How a name is written in a flow, such as `to.{}`.
    """
    names = sorted(known)
    alike = [known for known in names if 2 * len(known) >= len(name)]  # "to" is in many words
    found = process.extractOne(name, alike, score_cutoff=LIKENESS)
    if found is not None:
        return f"did you mean {form.format(found[0])}?"
    return f"there are {', '.join(names)}" if names else "there is none"


def problem_at(
    flow: "CompiledFlow",
    source: Source,
    step: str | None,
    what: str,
    todo: str,
    *,
    severity: Literal["error", "warning"] = "error",
) -> Problem:
    """Return a problem of the flow at a place in its source."""
    return Problem(source.file, source.line, flow.name, step, what, todo, severity)
