"""The search index keeps up with a running server, beside it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.core.errors import StoreUnavailable
from engine.core.ids import LineId
from storage.agents import Agent, add_agent
from storage.audit import NO_LINE, Act
from storage.inbox import Visible
from storage.search import search
from storage.search_index import SearchIndex
from tests.web.support import Bot, running, text_body
from web import indexer
from web.indexer import Indexer
from web.keys import CLOCK, DATABASE, IDS

SHOP = LineId("shop")
EVA = Agent("eva", "Eva", "agent", frozenset(), frozenset(), available=False)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for pause in ("NEWS_S", "QUIET_S", "IDLE_S", "TROUBLE_S", "REST_S"):
        monkeypatch.setattr(indexer, pause, 0.02)


async def add_eva(bot: Bot) -> None:
    now = datetime.now(UTC)
    act = Act(bot.app[IDS](), NO_LINE, now, "command", "agent_added", "eva")
    await add_agent(bot.app[DATABASE], EVA, password_hash="!", now=now, note=act)


async def found(bot: Bot, typed: str, *, least: int = 1) -> list[str]:
    """Return what a search finds, once it finds so many."""
    visible = Visible((SHOP,), None, "eva")
    async with asyncio.timeout(10):
        while True:
            told = await search(bot.app[DATABASE], visible, typed, now=datetime.now(UTC))
            if len(told.messages) >= least:
                return ["".join(part.text for part in one.parts) for one in told.messages]
            await asyncio.sleep(0.01)


async def test_what_was_said_before_and_since_there_is_an_agent_is_found(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        await bot.post(text_body("a pizza before", id="wamid.1"))
        told = await search(
            bot.app[DATABASE], Visible((SHOP,), None, "eva"), "pizza", now=datetime.now(UTC)
        )
        assert told.messages == [], "nobody could search"
        await add_eva(bot)
        assert await found(bot, "pizza") == ["a pizza before"]
        await bot.post(text_body("a pizza since", id="wamid.2"))
        assert await found(bot, "pizza", least=2) == ["a pizza since", "a pizza before"]


async def test_without_search_nothing_is_read(tmp_path: Path) -> None:
    async with running(tmp_path, more="\n[inbox]\nsearch = false\n") as bot:
        await add_eva(bot)
        await bot.post(text_body("a pizza", id="wamid.1"))
        assert bot.rows("SELECT * FROM search_progress") == []
        assert "indexer" not in {task.get_name() for task in asyncio.all_tasks()}


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(StoreUnavailable("no"), id="the database does not answer"),
        pytest.param(KeyError("ours"), id="a fault of ours"),
    ],
)
async def test_whatever_fails_the_index_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async with running(tmp_path, more="\n[inbox]\nsearch = false\n") as bot:
        await add_eva(bot)
        await bot.post(text_body("a pizza", id="wamid.1"))
        news, failures = SearchIndex.news, iter([True, True, False])

        async def fails_twice(index: SearchIndex, lines: list[LineId]) -> list[LineId]:
            if next(failures, False):
                raise error
            return await news(index, lines)

        monkeypatch.setattr(SearchIndex, "news", fails_twice)
        reading = Indexer(bot.app[DATABASE], [SHOP], bot.app[CLOCK])
        task = asyncio.create_task(reading.run())
        assert await found(bot, "pizza") == ["a pizza"]
        assert next(failures, None) is None
        reading.stop()
        await task


async def test_a_stop_does_not_wait_for_a_database_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "STOP_WITHIN_S", 0.05)
    asked = asyncio.Event()

    async def hangs(index: SearchIndex, lines: list[LineId]) -> list[LineId]:
        asked.set()
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(SearchIndex, "news", hangs)
    async with running(tmp_path) as bot:
        await add_eva(bot)
        await asyncio.wait_for(asked.wait(), 10)
    assert "indexer" not in {task.get_name() for task in asyncio.all_tasks()}
