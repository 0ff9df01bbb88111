"""The agents by their names: rows are rendered for streams too, where nothing can be asked."""

import time
from typing import Final

from aiohttp import web

from storage.agents import Agent, list_agents
from web.keys import DATABASE

KEPT_S: Final = 10.0
"""Somebody new, or named anew, is seen after so long."""


class Colleagues:
    """All agents as they were read last."""

    def __init__(self) -> None:
        self.agents: tuple[Agent, ...] = ()
        self.names: dict[str, str] = {}
        self._until = 0.0
        self._changes = 0

    async def read(self, app: web.Application) -> tuple[Agent, ...]:
        """Return every agent. Raises StoreUnavailable."""
        while time.monotonic() >= self._until:
            changes = self._changes
            agents = tuple(await list_agents(app[DATABASE]))
            if changes == self._changes:  # else they may have been read before the change
                self.agents = agents
                self.names = {agent.login: agent.name for agent in agents}
                self._until = time.monotonic() + KEPT_S
        return self.agents

    def forget(self) -> None:
        """Read them anew the next time: one was changed here."""
        self._until = 0.0
        self._changes += 1


COLLEAGUES = web.AppKey("inbox_colleagues", Colleagues)


def name_of(app: web.Application, login: str) -> str:
    """Return an agent's name as it was read last; who is not known yet is called by the login."""
    return app[COLLEAGUES].names.get(login) or login
