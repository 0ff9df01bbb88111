"""The machine of one flow: states, triggers and rows as `transitions` keeps them, with a short way through.

At every trigger the library looks for callbacks in eight places and offers a log some ten lines; our rows have no
callbacks and nobody reads that log. `Trigger` takes a row without them. See docs/decisions/0005-short-trigger.md.
"""

from collections.abc import Iterable
from typing import Any

from transitions import Event, Machine

from engine.flow.plan import BEGIN, ENDED, Row
from engine.flow.walk import Walk


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
