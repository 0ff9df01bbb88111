"""Where each step of a flow stands in its diagram: the happy path downwards, what branches off beside it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from engine.flow.compile import CompiledFlow
from engine.flow.graph import next_step
from engine.flow.plan import Step
from engine.flow.steps import Choose
from engine.flow.targets import END, To
from engine.flow.ways import Way

PATH: Final = 0
"""The column of the happy path."""

BESIDE: Final = 1
"""The column of everything else."""

Key = str
"""A place as it is stored: `size`, `@order`, `END`."""


class Place(NamedTuple):
    """A cell of the diagram."""

    column: int
    row: int


def happy_path(flow: CompiledFlow) -> list[str]:
    """Return the steps from the first one to an end, never upwards in the body.

    A choice goes where its first option leads that leads down; code goes to the nearest step below that it names.
    """
    step: Step | None = next(iter(flow.steps.values()))
    path: list[str] = []
    while step is not None:
        path.append(step.name)
        step = _onwards(flow, step)
    return path


def _onwards(flow: CompiledFlow, step: Step) -> Step | None:
    if step.falls and step.kind != "code":
        return next_step(flow, step)
    if isinstance(step.body, Choose):
        targets: Iterable[To] = step.body.options.values()
    else:
        targets = (exit_.target for exit_ in step.exits)
    named = [flow.steps[str(to)] for to in targets if str(to) in flow.steps]
    below = [other for other in named if other.index > step.index]
    if step.kind == "code":
        following = next_step(flow, step) if step.falls else None
        below = sorted([*below, *([following] if following else [])], key=lambda one: one.index)
    return below[0] if below else None


def place(flow: CompiledFlow, ways: Iterable[Way]) -> Mapping[Key, Place]:
    """Return a cell for every step, every other flow that is named, and the end; no two the same.

    Args:
        flow: The flow.
        ways: All its ways.
    """
    links = list(dict.fromkeys((str(way.source), str(way.target)) for way in ways))
    path = happy_path(flow)
    if any(target == str(END) for _, target in links):
        path = [*path, str(END)]
    rows = {name: row for row, name in enumerate(path)}
    others = dict.fromkeys([*flow.steps, *(target for _, target in links)])
    beside = _arrange([name for name in others if name not in rows], rows, links)
    return {
        **{name: Place(PATH, row) for name, row in rows.items()},
        **{name: Place(BESIDE, row) for name, row in beside.items()},
    }


def _arrange(
    names: list[Key], path: Mapping[Key, int], links: list[tuple[Key, Key]]
) -> dict[Key, int]:
    """Return a row for each of the names, so that arrows are short and rather lead down.

    Begins with each as near as there is room to what it is joined with, then swaps rows while that helps.
    """
    rows = dict(path)
    free = set(range(max(len(names), len(path))))
    waiting = list(names)
    while waiting:
        near = (name for name in waiting if any(_joins(link, name, rows) for link in links))
        name = next(near, waiting[0])
        waiting.remove(name)
        joined = [rows[other] for link in links if (other := _joins(link, name, rows)) is not None]
        wanted = sum(joined) / len(joined) if joined else len(rows)
        rows[name] = min(free, key=lambda row: (abs(row - wanted), row))
        free.discard(rows[name])
    _swap(rows, names, free, links)
    return {name: rows[name] for name in names}


def _joins(link: tuple[Key, Key], name: Key, rows: Mapping[Key, int]) -> Key | None:
    """Return the other end of a link of this name, where that has its row."""
    source, target = link
    other = target if source == name else source if target == name else None
    return other if other in rows and other != name else None


def _swap(
    rows: dict[Key, int], names: list[Key], free: set[int], links: list[tuple[Key, Key]]
) -> None:
    """Swap rows, and move into free ones, while the arrows get shorter."""
    own = {name: [link for link in links if name in link] for name in names}
    for _ in range(_PASSES):
        is_better = False
        for name in names:
            for row in sorted({*free, *(rows[other] for other in names)} - {rows[name]}):
                other = next((one for one in names if rows[one] == row), None)
                touched = {*own[name], *(own[other] if other else ())}
                before, was = _length(touched, rows, own), rows[name]
                rows[name] = row
                if other is not None:
                    rows[other] = was
                if _length(touched, rows, own) < before:
                    is_better = True
                    if other is None:
                        free ^= {row, was}
                    continue
                rows[name] = was
                if other is not None:
                    rows[other] = row
        if not is_better:
            return


_PASSES: Final = 12
"""Enough for every flow we have; each only gets better."""


def _length(
    links: Iterable[tuple[Key, Key]], rows: Mapping[Key, int], beside: Mapping[Key, object]
) -> float:
    """Return how long these arrows are; one that leads up beside the path counts for more."""
    return sum(
        abs(rows[target] - rows[source])
        + (3 if source in beside and target in beside and rows[target] <= rows[source] else 0)
        for source, target in links
        if source != target
    )
