"""Agents by their names: who was changed while they were read is read again."""

import asyncio

import pytest

from storage.agents import Agent, list_agents
from storage.database import Database
from tests.web.inbox.support import Inbox
from web.inbox import names
from web.inbox.names import COLLEAGUES, name_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_is_added_while_the_names_are_read_has_theirs(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, colleagues = inbox.bot.app, inbox.bot.app[COLLEAGUES]
    has_read, may_go = asyncio.Event(), asyncio.Event()

    async def slowly(database: Database) -> list[Agent]:
        agents = await list_agents(database)
        has_read.set()
        await may_go.wait()
        return agents

    monkeypatch.setattr(names, "list_agents", slowly)
    colleagues.forget()
    reading = asyncio.create_task(colleagues.read(app))
    await has_read.wait()
    new = await inbox.add("names-new")
    colleagues.forget()
    may_go.set()

    assert new.login in {agent.login for agent in await reading}
    assert name_of(app, new.login) == new.name
