"""What `check` finds in the FAQ: entries that one language lacks, flows that are not there, wordings said twice."""

from collections.abc import Collection, Iterator, Mapping

from engine.core.language import Languages
from engine.core.words import fold
from engine.flow.compile import CompiledFlow
from engine.flow.faq import NAME, Answers, Faq
from engine.flow.problem import Problem, problem_at, suggest


def check_faq(
    faq: Faq | None, flows: Mapping[str, CompiledFlow], languages: Languages
) -> Iterator[Problem]:
    """Yield what is wrong with the FAQ beside the flows, and with the questions that offer it.

    Args:
        faq: What its files say; None where there is none.
        flows: Every flow by name.
        languages: What the lines talk.
    """
    if faq is None:
        yield from _without_faq(flows.values())
        return
    own, *others = faq.answers.values()
    for answers in (own, *others):
        yield from _flows(answers, flows)
        yield from _said_twice(answers)
    for other in others:
        yield from _lacking(own, other)
    for code in languages.codes if others else ():
        if code not in faq.answers:
            file = f"{NAME}.{code}.toml"
            what = f"a line talks {languages.of(code).name}, and there is no {file}"
            yield _problem(own, None, what, "write it; until then the author's own words are said")


def _without_faq(flows: Collection[CompiledFlow]) -> Iterator[Problem]:
    for flow in flows:
        for step in flow.steps.values():
            if step.offers_topics:
                what = f"it offers the FAQ, and there is no {NAME}.toml beside the flows"
                yield problem_at(flow, step.source, step.name, what, f"write {NAME}.toml")


def _flows(answers: Answers, flows: Mapping[str, CompiledFlow]) -> Iterator[Problem]:
    for name, entry in answers.entries.items():
        if entry.flow is not None and entry.flow not in flows:
            line, what = answers.lines[name], f"flow: {entry.flow!r} is no flow"
            todo = suggest(entry.flow, flows, "{}")
            yield Problem(str(answers.file), line, NAME, name, what, todo)


def _said_twice(answers: Answers) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, entry in answers.entries.items():
        for wording in (entry.title, *entry.asks):
            owner = owners.setdefault(fold(wording), name)
            if owner != name:
                what = f"{wording!r} already asks for {owner!r}"
                yield _problem(answers, name, what, "leave it to one of the two")


def _lacking(own: Answers, other: Answers) -> Iterator[Problem]:
    for name in own.entries:
        if name not in other.entries:
            what = f"{own.file.name} has an entry {name!r}, and this file has none"
            yield _problem(other, None, what, "translate it; until then it is not found")
    for name in other.entries:
        if name not in own.entries:
            what, todo = f"{own.file.name} has no such entry", "name it as there, or add it there"
            yield _problem(other, name, what, todo)


def _problem(answers: Answers, name: str | None, what: str, todo: str) -> Problem:
    line = 1 if name is None else answers.lines[name]
    return Problem(str(answers.file), line, NAME, name, what, todo, "warning")
