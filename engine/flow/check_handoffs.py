"""What `check` finds in handoffs: teams that nobody has configured, words for hours that there are not."""

import re
from collections.abc import Iterable, Iterator

from engine.core.teams import Teams
from engine.flow.compile import CompiledFlow
from engine.flow.plan import Step
from engine.flow.problem import Problem, problem_at, suggest
from engine.flow.steps import Handoff


def check_handoffs(flows: Iterable[CompiledFlow], teams: Teams | None) -> Iterator[Problem]:
    """Yield the problems of the flows' handoffs.

    Args:
        flows: All flows that are loaded together.
        teams: The configured ones; None where there are none: then any name will do.
    """
    if teams is None:
        return
    for flow in flows:
        for step in flow.steps.values():
            if isinstance(step.body, Handoff):
                yield from _check_handoff(flow, step, step.body, teams)


def _check_handoff(
    flow: CompiledFlow, step: Step, body: Handoff, teams: Teams
) -> Iterator[Problem]:
    if body.team is not None and body.team not in teams.by_name:
        yield problem_at(
            flow,
            step.source,
            step.name,
            f"team={body.team!r} is not configured",
            f"write a table [teams.{_key(body.team)}], or: {suggest(body.team, teams.by_name, '{}')}",
            severity="warning",
        )
    if body.outside is not None and teams.of(body.team).opening is None:
        where = f"[teams.{_key(body.team)}]" if body.team in teams.by_name else "[handoffs]"
        yield problem_at(
            flow,
            step.source,
            step.name,
            "outside= is never said: there are no hours to be outside of",
            f'write them into {where}: hours = ["mon-fri 09:00-18:00"]',
            severity="warning",
        )


def _key(name: str | None) -> str:
    """Return a team's name as it stands in a table's head."""
    written = name or ""
    return written if re.fullmatch("[A-Za-z0-9_-]+", written) else f'"{written}"'
