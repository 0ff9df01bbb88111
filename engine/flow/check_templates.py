"""What `check` finds about the templates a flow names, measured against `templates.toml` beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.core.content import Location, Media, Template
from engine.core.language import code_of
from engine.core.templates import KnownTemplate, by_name, mismatches
from engine.flow.compile import CompiledFlow
from engine.flow.plan import own_plan
from engine.flow.problem import Problem, problem_at, suggest
from engine.flow.steps import Source
from engine.flow.template_file import FILE
from engine.flow.templates import TemplateUse

Use = TemplateUse | Template
"""A template as it is written in a flow."""


def check_templates(
    flows: Iterable[CompiledFlow], templates: Iterable[KnownTemplate], languages: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong with the templates that flows say, or name as their plan for a closed window.

    Args:
        flows: All flows that are loaded together.
        templates: What `templates.toml` tells of.
        languages: What the lines talk, their own first.
    """
    known = by_name(templates)
    for flow in flows:
        uses: list[tuple[Source, str | None, object]] = [(flow.source, None, flow.closed)]
        for step in flow.steps.values():
            uses += [
                (step.source, step.name, step.text),
                (step.source, step.name, own_plan(step.body)),
            ]
        for source, name, used in uses:
            if isinstance(used, Use):
                yield from check_use(flow, source, name, used, known=known, languages=languages)


def check_use(
    flow: CompiledFlow,
    source: Source,
    step: str | None,
    used: Use,
    *,
    known: Mapping[str, Sequence[KnownTemplate]],
    languages: Sequence[str],
) -> Iterator[Problem]:
    """Yield what is wrong with one use of a template; nothing where no template was written down at all.

    Args:
        flow: Where it stands.
        source: The line it stands on.
        step: The step it stands at; None is the flow itself.
        used: The template with what fills it.
        known: What `templates.toml` tells of, by name.
        languages: What the lines talk, their own first.
    """
    if not known:
        return
    found = known.get(used.name)
    if not found:
        what = f"the template {used.name!r} is not in {FILE}"
        todo = f"{suggest(used.name, known, '{}')}; or write it there"
        yield problem_at(flow, source, step, what, todo, severity="warning")
        return
    there = {code_of(one.language) for one in found}
    asked = languages if used.language is None else (used.language, *languages[:1])
    if there.isdisjoint(map(code_of, asked)):
        what = f"the template {used.name!r} is in {', '.join(sorted(there))} alone, not in {', '.join(asked)}"
        todo = f"write it in {FILE} for one of them"
        yield problem_at(flow, source, step, what, todo, severity="warning")
    told = dict.fromkeys(
        one
        for shape in (one.shape for one in found)
        if shape
        for one in mismatches(shape, _sample(used))
    )
    for wrong in told:
        what = f"the template {used.name!r} does not fit the one in {FILE}: {wrong}"
        todo = "fill what it has, or correct the file"
        yield problem_at(flow, source, step, what, todo, severity="warning")


def _sample(used: Use) -> Template:
    """Return the template with something in each place that is filled when it is said."""
    if isinstance(used, Template):
        return used
    header = used.header
    above = header if header is None or isinstance(header, Media | Location) else "…"
    return Template(
        name=used.name,
        language=used.language or "",
        body=tuple("…" for _ in used.values),
        names=used.names,
        header=above,
        buttons=used.buttons,
    )
