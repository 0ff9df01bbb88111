"""Every way out of every step of a flow, with the words that lead there: what its diagrams draw."""

from typing import NamedTuple

from engine.flow.compile import CompiledFlow
from engine.flow.graph import next_step
from engine.flow.plan import Step
from engine.flow.targets import END, To
from engine.flow.times import written_length


class Way(NamedTuple):
    """One arrow of a diagram."""

    source: To
    target: To
    label: str
    """An option's title, or what leads there; empty where it just goes on."""


def ways(flow: CompiledFlow) -> list[Way]:
    """Return every way out, in body order; another flow is one place."""
    found: list[Way] = []
    for step in flow.steps.values():
        here = To(step=step.name)
        for exit_ in step.exits:
            target = _place(exit_.target)
            found.append(Way(here, target, _label(step, exit_.label)))
            if exit_.target.back is not None:
                found.append(Way(target, _place(exit_.target.back), "returns"))
        if step.falls:
            following = next_step(flow, step)
            found.append(Way(here, To(step=following.name) if following else END, ""))
        elif step.kind == "handoff" and not step.exits:
            found.append(Way(here, END, "released"))
    return list(dict.fromkeys(found))


def _place(target: To) -> To:
    """Return the place a target stands for: without the way back, without `.fresh`."""
    return To(step=target.step, flow=target.flow)


def _label(step: Step, label: str) -> str:
    if step.kind == "handoff":
        return "released"
    if label == "expires" and step.timing is not None and step.timing.expires is not None:
        return f"no answer in {written_length(step.timing.expires)}"
    return "" if label == "then" else label
