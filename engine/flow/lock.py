"""`flows.lock`: which steps are published, under which serial, so that live chats survive a changed flow.

The file stands beside the flows and is committed with them. Its serial rises with every change of the steps; a
conversation remembers the serial it was last stepped under, and no replica with a lower one touches it.
"""

import json
from collections.abc import Mapping
from enum import Enum, EnumType
from pathlib import Path

from pydantic import ValidationError

from engine.core.errors import DefinitionError
from engine.core.value import Value
from engine.flow.answers.reader import Hint, hints
from engine.flow.compile import CompiledFlow
from engine.flow.plan import Step
from engine.flow.steps import Ask

NAME = "flows.lock"
"""What the file is called."""


class Lock(Value):
    """The published steps."""

    serial: int
    """Counts the changes; 0 where nothing was published."""
    flows: dict[str, dict[str, str]]
    """Flow -> step -> its kind, and the type of its answer or where it leads.

    The type and the targets count, because an older replica would not know a newer one's answers or steps.
    """


NOTHING_PUBLISHED = Lock(serial=0, flows={})


def read_lock(path: Path) -> Lock:
    """Return what was published, or `NOTHING_PUBLISHED` where there is no file.

    Raises:
        DefinitionError: The file is there and cannot be read, for instance after a merge conflict.
    """
    try:
        return Lock.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return NOTHING_PUBLISHED
    except ValidationError as wrong:
        raise DefinitionError(
            f"{path}: not a flows.lock; take one side of the conflict, then publish again"
        ) from wrong


def publish(before: Lock, flows: Mapping[str, CompiledFlow]) -> Lock:
    """Return the lock of today's flows: `before` itself when no step changed, else the next serial."""
    now = {
        name: {step.name: _describe(flow, step) for step in flow.steps.values()}
        for name, flow in flows.items()
    }
    return before if now == before.flows else Lock(serial=before.serial + 1, flows=now)


def write_lock(path: Path, lock: Lock) -> None:
    """Write the file, sorted, one step a line, so that its diff is readable."""
    text = json.dumps(lock.model_dump(), indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def removed_steps(before: Lock, flows: Mapping[str, CompiledFlow]) -> list[tuple[str, str]]:
    """Return the published (flow, step) pairs that are gone from their flow with no `moved` or `was` to lead on."""
    return [
        (name, step)
        for name, steps in before.flows.items()
        for step in steps
        if name in flows and step not in _known(flows[name])
    ]


def _describe(flow: CompiledFlow, step: Step) -> str:
    """Return `ask int | None`, `choose -> place, change`, `say`."""
    field = flow.fields.get(step.name)
    parts: list[str] = [step.kind]
    if step.kind == "ask" and field is not None:
        types = [_type(hint) for hint in hints(field.annotation)]
        parts.append(" | ".join([*types, "None"] if field.optional else types))
    if step.exits:
        parts.append("-> " + ", ".join(str(exit_.target) for exit_ in step.exits))
    return " ".join(parts)


def _type(hint: Hint) -> str:
    """Return a type in words that are the same wherever its module was loaded."""
    match hint.type:
        case EnumType() as choice:
            members: list[Enum] = list(choice)
            name = f"{choice.__name__}({', '.join(str(member.value) for member in members)})"
        case type() as cls:
            name = cls.__name__
        case other:
            name = str(other).removeprefix("typing.")
    return " ".join([name, *(str(constraint) for constraint in hint.metadata)])


def _known(flow: CompiledFlow) -> set[str]:
    renamed = {step.body.was for step in flow.steps.values() if isinstance(step.body, Ask)}
    return {*flow.steps, *flow.moved, *(name for name in renamed if name is not None)}
