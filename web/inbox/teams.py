"""The teams that a chat may be put into the queue of."""

from collections.abc import Iterator

from aiohttp import web

from engine.flow.steps import Handoff
from storage.agents import list_agents
from web.keys import DATABASE, FLOWS, SETTINGS


async def teams_of(app: web.Application) -> list[str]:
    """Return every team: those that are configured, that flows hand off to, and that agents are in, by name.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    agents = await list_agents(app[DATABASE])
    found = {team for agent in agents if agent.disabled_at is None for team in agent.teams}
    return sorted({*app[SETTINGS].teams, *found, *_handed_to(app)}, key=str.casefold)


def called(app: web.Application, team: str) -> str:
    """Return what agents see of a team: its name where it is configured with one."""
    configured = app[SETTINGS].teams.get(team)
    return team if configured is None else configured.name or team


def _handed_to(app: web.Application) -> Iterator[str]:
    for flow in app[FLOWS].by_name.values():
        for step in flow.steps.values():
            if isinstance(step.body, Handoff) and step.body.team is not None:
                yield step.body.team
