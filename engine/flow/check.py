"""Finds mistakes in flows before they start: each with its place, what is wrong and what to do."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel

from engine.core.capabilities import Capabilities
from engine.core.handing import OPENS
from engine.core.language import Language
from engine.core.languages import ENGLISH
from engine.core.teams import Teams
from engine.flow.check_handoffs import check_handoffs
from engine.flow.check_question import check_question
from engine.flow.check_timed import check_timed
from engine.flow.check_window import check_window
from engine.flow.check_words import check_starting_words, check_words
from engine.flow.compile import CompiledFlow
from engine.flow.graph import circles, next_step, reachable
from engine.flow.lock import NAME, NOTHING_PUBLISHED, Lock, removed_steps
from engine.flow.plan import Step
from engine.flow.problem import Problem, problem_at, suggest
from engine.flow.steps import Ask, Choose, Say, Source
from engine.flow.targets import END, To, parse_target
from engine.flow.templates import TemplateUse
from engine.flow.text import CONTACT_PARTS, Placeholder, Template

__all__ = ["Problem", "check_flows"]


def check_flows(
    flows: Iterable[CompiledFlow],
    *,
    capabilities: Iterable[Capabilities] = (),
    starts: Mapping[str, str | None] | None = None,
    published: Lock = NOTHING_PUBLISHED,
    languages: Iterable[Language] = (),
    now: datetime | None = None,
    has_plan: bool = False,
    teams: Teams | None = None,
) -> list[Problem]:
    """Return every problem of these flows, by file and line; none of them is run.

    Args:
        flows: All flows that are loaded together.
        capabilities: What the configured lines can show; options are measured against each.
        starts: Line -> the flow its configuration names as `start`, or None.
        published: What `flows.lock` says.
        languages: What the lines talk.
        now: Aware UTC, to find dates that are past; None looks at none.
        has_plan: Whether every line says itself what becomes of messages that meet a closed window.
        teams: The configured teams; None where there are none.
    """
    spoken = list(languages)
    known = {flow.name: flow for flow in flows}
    lines = list(capabilities)
    problems = [problem for flow in known.values() for problem in _check_flow(flow, known, lines)]
    problems += [
        problem
        for flow in known.values()
        for step in flow.steps.values()
        for problem in check_timed(flow, step, lines, now)
    ]
    problems += [problem for flow in known.values() for problem in check_words(flow, lines, spoken)]
    problems += check_starting_words(known.values(), spoken or [ENGLISH])
    problems += check_handoffs(known.values(), teams)
    problems += _starts(known.values(), starts or {})
    if not has_plan and any(line.window is not None for line in lines):
        problems += check_window(known, (starts or {}).values())
    problems += _removed(known, published)
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line))


def _check_flow(
    flow: CompiledFlow, flows: Mapping[str, CompiledFlow], lines: Sequence[Capabilities]
) -> Iterator[Problem]:
    if not flow.steps:
        yield problem_at(flow, flow.source, None, "it has no step", "give it at least one `say`")
    yield from _own_names(flow)
    yield from _moved(flow)
    yield from _unreachable(flow)
    if flow.definition.on_failed is not None:
        yield from _target(flow, flow.source, None, flow.definition.on_failed, flows)
    yield from _circles(flow)
    for step in flow.steps.values():
        yield from _targets(flow, step, flows)
        yield from _placeholders(flow, step)
        yield from _code(flow, step)
        yield from _too_late(flow, step)
        yield from check_question(flow, step, lines)


# --- names -----------------------------------------------------------------------------------------


def _targets(
    flow: CompiledFlow, step: Step, flows: Mapping[str, CompiledFlow]
) -> Iterator[Problem]:
    targets = [exit_.target for exit_ in step.exits]
    if isinstance(step.body, Choose) and step.body.returning is not None:
        targets.append(step.body.returning)
    for target in dict.fromkeys(targets):
        yield from _target(flow, step.source, step.name, target, flows)


def _target(
    flow: CompiledFlow,
    source: Source,
    step: str | None,
    target: To,
    flows: Mapping[str, CompiledFlow],
) -> Iterator[Problem]:
    if target.step is not None and target.step not in flow.steps:
        yield problem_at(
            flow,
            source,
            step,
            f"to.{target.step} is no step of this flow",
            suggest(target.step, flow.steps, "to.{}"),
        )
    if target.flow is not None and target.flow not in flows:
        yield problem_at(
            flow,
            source,
            step,
            f'to["{target.flow}"] is no flow',
            suggest(target.flow, flows, 'to["{}"]'),
        )
    if target.back is not None:
        yield from _target(flow, source, step, target.back, flows)


def _moved(flow: CompiledFlow) -> Iterator[Problem]:
    for old, new in flow.moved.items():
        if old in flow.steps:
            yield problem_at(
                flow,
                flow.source,
                old,
                "`moved` names a step that is still there",
                "take it out of `moved`, or rename the step",
            )
        yield from _target(flow, flow.source, None, parse_target(new), {flow.name: flow})
    for step in flow.steps.values():
        was = step.body.was if isinstance(step.body, Ask) else None
        if was is not None and was in flow.names:
            yield problem_at(
                flow,
                step.source,
                step.name,
                f'was="{was}" names a field that is still there',
                "take `was` out, or rename that field",
            )


_PYDANTICS_OWN = frozenset(dir(BaseModel))


def _own_names(flow: CompiledFlow) -> Iterator[Problem]:
    for name in dict.fromkeys((*flow.steps, *flow.fields)):
        if name in _PYDANTICS_OWN:
            source = flow.steps[name].source if name in flow.steps else flow.source
            yield problem_at(
                flow,
                source,
                name,
                f"every flow already has something called {name!r} from pydantic",
                f"choose another name, such as {name}_",
            )


_IN_BRACES = re.compile(r"\{[^{}]*\}")


def _placeholders(flow: CompiledFlow, step: Step) -> Iterator[Problem]:
    reminders = step.timing.texts if step.timing is not None else ()
    used = [one for one in (step.text, step.closed, *reminders) if isinstance(one, TemplateUse)]
    in_templates = (value for one in used for value in (*one.values, one.header))
    in_handoffs = (step.outside, step.unclaimed)
    for text in (step.text, step.retry, *in_handoffs, *in_templates, *reminders):
        if not isinstance(text, Template):
            continue
        for part in text.parts:
            if isinstance(part, Placeholder):
                if text is not step.outside or part.written != OPENS:
                    yield from _placeholder(flow, step, part)
                continue
            for written in _IN_BRACES.findall(part):
                todo = "write {field}, {field.value} or {contact.name|there}"
                what = f"{written} is no placeholder"
                yield problem_at(flow, step.source, step.name, what, todo)


def _placeholder(flow: CompiledFlow, step: Step, placeholder: Placeholder) -> Iterator[Problem]:
    written, name, part = placeholder.written, placeholder.name, placeholder.part
    if name in flow.names:
        if part not in (None, "value"):
            todo = f"write {{{name}}} for what the contact saw, {{{name}.value}} for what is stored"
            yield problem_at(flow, step.source, step.name, f"{written} is unknown", todo)
    elif written == OPENS:
        todo = "it stands in `outside=` of a handoff alone"
        yield problem_at(flow, step.source, step.name, f"{written} is unknown here", todo)
    elif name != "contact":
        known = name in CONTACT_PARTS
        todo = f"write {{contact.{name}}}" if known else suggest(name, flow.names, "{{{}}}")
        yield problem_at(flow, step.source, step.name, f"{written} is no field of this flow", todo)
    elif part not in CONTACT_PARTS:
        parts = ", ".join(f"{{contact.{known}}}" for known in CONTACT_PARTS)
        yield problem_at(
            flow, step.source, step.name, f"{written} is unknown", f"there are {parts}"
        )


# --- the walk --------------------------------------------------------------------------------------


def _unreachable(flow: CompiledFlow) -> Iterator[Problem]:
    reached = reachable(flow)
    for step in flow.steps.values():
        if step.name not in reached:
            todo = f"lead to it by to.{step.name}, or take it out"
            yield problem_at(flow, step.source, step.name, "nothing leads here", todo)


def _circles(flow: CompiledFlow) -> Iterator[Problem]:
    for circle in circles(flow):
        path = " -> ".join((*(step.name for step in circle), circle[0].name))
        # A code step may leave the circle by itself; texts alone never do.
        with_code = any(step.kind == "code" for step in circle)
        yield problem_at(
            flow,
            circle[0].source,
            circle[0].name,
            f"it goes round without a question: {path} (answered questions are passed over)",
            "lead to a question by name, to.field, or end one of them with then=END",
            severity="warning" if with_code else "error",
        )


def _code(flow: CompiledFlow, step: Step) -> Iterator[Problem]:
    if step.unreadable:
        yield problem_at(
            flow,
            step.source,
            step.name,
            "where it goes cannot be read from its source",
            "return to.x by name, or list the targets: @step(exits=[to.x, END])",
        )


def _too_late(flow: CompiledFlow, step: Step) -> Iterator[Problem]:
    body = step.body
    if not isinstance(body, Say) or body.on_failed is None or body.wait is not None:
        return
    if body.then == END or (step.falls and next_step(flow, step) is None):
        yield problem_at(
            flow,
            step.source,
            step.name,
            "the run ends right after it, before anyone can know that it failed",
            'let it wait: say(..., wait="delivered", on_failed=...)',
            severity="warning",
        )


# --- all flows together ----------------------------------------------------------------------------


def _starts(flows: Iterable[CompiledFlow], starts: Mapping[str, str | None]) -> Iterator[Problem]:
    marked = [flow for flow in flows if flow.start]
    undecided = [line for line, flow in starts.items() if flow is None]
    if len(marked) < 2 or (starts and not undecided):
        return
    first, *others = marked
    where = f"[lines.{undecided[0]}]" if undecided else "each line"
    for flow in others:
        yield problem_at(
            flow,
            flow.source,
            None,
            f"it is marked start=True, and so is {first.name!r} ({first.source})",
            f'take one mark away, or name the start of {where}: start = "{first.name}"',
        )


def _removed(flows: Mapping[str, CompiledFlow], published: Lock) -> Iterator[Problem]:
    for name in published.flows.keys() - flows.keys():
        what = "this flow was published and is gone; chats on it begin anew at the line's start"
        todo = "bring it back, or publish without it: parley check --publish"
        yield Problem(NAME, 1, name, None, what, todo, "warning")
    for name, step in removed_steps(published, flows):
        yield problem_at(
            flows[name],
            flows[name].source,
            step,
            "this step was published and is gone; chats may still stand on it",
            f'say what took its place: class ...(Flow, moved={{"{step}": to.x}})',
            severity="warning",
        )
