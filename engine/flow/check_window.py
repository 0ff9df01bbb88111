"""What `check` finds about closed windows: places that may speak long after the contact wrote, with no plan for it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from engine.flow.compile import CompiledFlow
from engine.flow.graph import next_step, successors
from engine.flow.plan import Step
from engine.flow.problem import Problem, problem_at
from engine.flow.steps import Code, Handoff
from engine.flow.templates import TemplateUse

LONG_STEP = timedelta(hours=1)
"""A code step that may run longer may well end in a closed window."""

ADVICE = 'give it a plan, closed="hold", closed="fail" or closed=template(...): here, for its flow or for the line'


def check_window(
    flows: Mapping[str, CompiledFlow], starts: Iterable[str | None]
) -> Iterator[Problem]:
    """Yield the places that may speak in a closed window without a plan, each once.

    Args:
        flows: All flows that are loaded together.
        starts: The flows that lines name as their start.
    """
    first = {flow.name for flow in flows.values() if flow.start or flow.starts_on}
    first |= {start for start in starts if start is not None}
    begun = first | {*_named_targets(flows.values())}
    for flow in flows.values():
        if flow.closed is None:
            # Where nothing begins at all yet, nobody knows what will.
            yield from _without_plan(flow, is_begun=flow.name in begun or not first)


def _without_plan(flow: CompiledFlow, *, is_begun: bool) -> Iterator[Problem]:
    told: set[str] = set()
    for why, first in _late_places(flow, is_begun=is_begun):
        for step in _until_answered(flow, first):
            if step.name not in told and _needs_plan(step):
                told.add(step.name)
                what = f"{why} the window may be closed, and nothing says what becomes of this then"
                yield problem_at(flow, step.source, step.name, what, ADVICE, severity="warning")


def _late_places(flow: CompiledFlow, *, is_begun: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield what may come long after the contact's last message, with the steps that come next."""
    if not is_begun:
        yield "nothing but your own systems begins this flow:", list(flow.steps)[:1]
    for step in flow.steps.values():
        match step.body:
            case Handoff(then=then) if then is not None and then.step is not None:
                yield f"after the handoff {step.name!r}", [then.step]
            case Code() if step.timeout >= LONG_STEP:
                yield f"after {step.name!r}, which may take {step.timeout},", _after(flow, step)
            case _:
                pass


def _after(flow: CompiledFlow, step: Step) -> list[str]:
    following = next_step(flow, step) if step.falls else None
    named = [exit_.target.step for exit_ in step.exits if exit_.target.step is not None]
    return [*named, *([following.name] if following else [])]


def _until_answered(flow: CompiledFlow, first: list[str]) -> Iterator[Step]:
    """Yield the steps from there on, as far as none of them waits for the contact or a person."""
    waiting, seen = list(first), set[str]()
    while waiting:
        step = flow.steps.get(waiting.pop(0))
        if step is None or step.name in seen:
            continue
        seen.add(step.name)
        yield step
        if step.kind in ("say", "code"):
            waiting += successors(flow, step)


def _needs_plan(step: Step) -> bool:
    """Tell whether a step says something free-form and has no plan of its own."""
    says = step.text is not None and not isinstance(step.text, TemplateUse)
    return says and step.closed is None


def _named_targets(flows: Iterable[CompiledFlow]) -> Iterator[str]:
    for flow in flows:
        for step in flow.steps.values():
            yield from (exit_.target.flow for exit_ in step.exits if exit_.target.flow is not None)
