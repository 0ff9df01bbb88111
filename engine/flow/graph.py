"""A compiled flow as a graph: what leads where, what is reached, what goes round without a question."""

from collections import deque

from engine.flow.compile import CompiledFlow
from engine.flow.plan import Step
from engine.flow.steps import Choose, Say


def next_step(flow: CompiledFlow, step: Step) -> Step | None:
    """Return the next step below this one in the body that the walk does not pass over."""
    below = (other for other in flow.steps.values() if other.index > step.index)
    return next((other for other in below if not other.on_request), None)


def successors(flow: CompiledFlow, step: Step) -> list[str]:
    """Return the steps of the same flow that a run may go to from here, unknown names left out."""
    if step.unreadable:
        return list(flow.steps)
    named = [exit_.target.back or exit_.target for exit_ in step.exits]
    if isinstance(step.body, Choose) and step.body.returning is not None:
        named.append(step.body.returning)
    found = [target.step for target in named if target.step is not None]
    if step.falls and (following := next_step(flow, step)):
        found.append(following.name)
    return [name for name in dict.fromkeys(found) if name in flow.steps]


def reachable(flow: CompiledFlow) -> set[str]:
    """Return the steps that a run can come to."""
    reached: set[str] = set()
    failed = flow.definition.on_failed
    waiting = list(flow.steps)[:1]
    if failed is not None and failed.step is not None and failed.step in flow.steps:
        waiting.append(failed.step)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += successors(flow, flow.steps[name])
    return reached


def circles(flow: CompiledFlow) -> list[list[Step]]:
    """Return the ways round that never wait for the contact, each once, from its first step in the body."""
    found: dict[frozenset[str], list[Step]] = {}
    for step in flow.steps.values():
        if circle := _way_back(flow, step):
            found.setdefault(frozenset(circle), [flow.steps[name] for name in circle])
    return list(found.values())


def _way_back(flow: CompiledFlow, start: Step) -> list[str]:
    """Return the shortest way from the step to itself without a question; empty where there is none."""
    came_from: dict[str, str] = {}
    waiting = deque([start.name])
    while waiting:
        name = waiting.popleft()
        for further in _unasked(flow, flow.steps[name]):
            if further == start.name:
                way = [name]
                while way[-1] != start.name:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if further not in came_from:
                came_from[further] = name
                waiting.append(further)
    return []


def _unasked(flow: CompiledFlow, step: Step) -> list[str]:
    """Return where a step that asks nothing may go on without asking anything.

    A named move to a question asks it; falling to one passes over it when it is answered.
    """
    if step.kind not in ("say", "code") or (isinstance(step.body, Say) and step.body.wait):
        return []
    # A failure is waited for, and bounded: what leads there goes round by itself only a few times.
    exits = [exit_.target for exit_ in step.exits if exit_.label != "on_failed"]
    named = [target.step for target in exits if target.step is not None]
    if step.falls:
        below = (other for other in flow.steps.values() if other.index > step.index)
        named += [other.name for other in below if other.kind != "ask"][:1]
    return [
        name
        for name in dict.fromkeys(named)
        if name in flow.steps and flow.steps[name].kind in ("say", "code")
    ]
