"""Who else looks at a chat, and who writes in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.loops.world import until
from tests.web.inbox.listening import listening
from tests.web.inbox.support import Inbox, serving_inbox
from web.inbox.live import hub as hubs
from web.inbox.live.hub import HUB


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    async with serving_inbox(tmp_path) as inbox:
        yield inbox


async def test_agents_see_who_else_looks_at_a_chat_and_who_writes(inbox: Inbox) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    shown = {"chat": (await inbox.chat()).removeprefix("/chats/")}
    async with listening(ana, shown) as hers:
        await hers.hears("presence", others=[])
        async with listening(bo, shown) as his, listening(bo, shown):
            await his.hears("presence", others=[{"name": "Ana", "writes": False}])
            await hers.hears("presence", others=[{"name": "Bo", "writes": False}])
            await his.looks(writing=True)
            await hers.hears("presence", others=[{"name": "Bo", "writes": True}])
        await hers.hears("presence", others=[])


async def test_who_turns_to_something_else_does_not_look(inbox: Inbox) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    shown = {"chat": (await inbox.chat()).removeprefix("/chats/")}
    async with listening(ana, shown) as hers, listening(bo, shown) as his:
        await hers.hears("presence", others=[{"name": "Bo", "writes": False}])
        await his.looks(visible=False, writing=True)
        await hers.hears("presence", others=[])
        await his.looks()
        await hers.hears("presence", others=[{"name": "Bo", "writes": False}])


async def test_nobody_speaks_for_another_agents_page(inbox: Inbox) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    async with listening(ana) as hers:
        form = {"stream": hers.id, "visible": "no", "writing": "no"}
        assert (await bo.post("/presence", form)).status == 204
        assert (await bo.post("/presence", {**form, "stream": "unknown"})).status == 204
        assert (await bo.post("/presence", {**form, "visible": "perhaps"})).status == 422
        assert inbox.bot.app[HUB].is_looking("ana")
        await hers.looks(visible=False)
        await until(lambda: not inbox.bot.app[HUB].is_looking("ana"))


async def test_writing_is_over_some_seconds_after_the_last_key(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "WRITING_S", 0.1)
    ana = await inbox.sign_in("ana")
    shown = {"chat": (await inbox.chat()).removeprefix("/chats/")}
    async with listening(ana, shown) as page:
        hub = inbox.bot.app[HUB]
        (stream,) = hub.streams.values()
        await page.looks(writing=True)
        await until(lambda: not hub.is_writing(stream))
        assert stream.visible
