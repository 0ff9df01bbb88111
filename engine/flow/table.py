"""The machine of one flow: its rows, made of the steps and kept by `transitions`, with a short way through.

At every trigger the library looks for callbacks in eight places and offers a log some ten lines; our rows have no
callbacks and nobody reads that log. `Trigger` takes a row without them. See docs/decisions/0005-short-trigger.md.
"""

from collections.abc import Iterable
from typing import Any

from transitions import Event, Machine

from engine.flow.plan import BACK, BEGIN, ENDED, NEXT, Row, Step, move
from engine.flow.steps import Choose
from engine.flow.walk import Walk


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


class Trigger(Event):
    """The rows that one trigger fires, by where they begin."""

    def trigger(self, model: Walk, *args: Any, **kwargs: Any) -> bool:  # type: ignore[override]  # no other model
        """Take the first row whose condition holds from where the walk stands; False where there is none."""
        for row in self.transitions.get(model.state, ()):
            for condition in row.conditions:  # at most one
                if not condition.func(model, row.dest):  # type: ignore[operator]  # never by name
                    break
            else:
                model.state = str(row.dest)
                return True
        return False


class Table(Machine):
    """The machine for all runs of a flow: without a model, because runs come and go with each turn."""

    event_cls = Trigger

    def __init__(self, steps: Iterable[str], rows: Iterable[Row]) -> None:
        conditions = {"due": Walk.is_due, "stops": Walk.stops_at}
        super().__init__(
            model=None,
            states=[BEGIN, *steps, ENDED],
            initial=None,
            transitions=[
                {
                    "trigger": row.trigger,
                    "source": row.source,
                    "dest": row.target,
                    "conditions": row.condition and conditions[row.condition],
                }
                for row in rows
            ],
            auto_transitions=False,
            queued=False,
        )
