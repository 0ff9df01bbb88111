"""Answers that go on: they end when the session does, when its agent may less, and when the server stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from storage.agents import change_agent, disable_agent
from storage.audit import NO_LINE, Act
from storage.sessions import revoke_sessions
from tests.web.inbox.support import Browser, Inbox, serving_inbox
from web.inbox import guard, setup
from web.inbox.people import signing
from web.inbox.people.signing import PLAIN_COOKIE
from web.inbox.routes import ROUTES
from web.inbox.table import Asked, Route
from web.keys import DATABASE, IDS

WITHIN_S = 30

left = asyncio.Event()


async def tick(asked: Asked) -> web.StreamResponse:
    """A stream that ends when it is made to."""
    stream = web.StreamResponse(headers=guard.HEADERS)
    await stream.prepare(asked.request)
    try:
        while True:
            await stream.write(b": here\n\n")
            await asyncio.sleep(0.02)
    finally:
        left.set()


@pytest.fixture
async def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inbox]:
    """An inbox with a stream, which looks at sessions all the time."""
    stream = Route("GET", "/ticks", tick, "agent", "ticks", streams=True)
    monkeypatch.setattr(setup, "ROUTES", (stream, *ROUTES))
    monkeypatch.setattr(guard, "WATCHED_EVERY_S", 0.02)
    monkeypatch.setattr(signing, "KEPT_S", 0.0)
    left.clear()
    async with serving_inbox(tmp_path) as served:
        yield served


@asynccontextmanager
async def listening(inbox: Inbox, browser: Browser) -> AsyncIterator[aiohttp.ClientResponse]:
    """Open the stream and hear it."""
    cookie = {"Cookie": f"{PLAIN_COOKIE}={browser.secret}"}
    async with inbox.bot.client.get("/inbox/ticks", headers=cookie) as stream:
        assert stream.status == 200
        assert await stream.content.readuntil(b"\n\n") == b": here\n\n"
        yield stream


async def ends(stream: aiohttp.ClientResponse) -> None:
    """Wait until nothing comes any more; a connection that is closed is an end."""
    async with asyncio.timeout(WITHIN_S):
        try:
            while await stream.content.readany():
                pass
        except aiohttp.ClientPayloadError:
            pass
        await left.wait()


def note(inbox: Inbox, act: str, login: str) -> Act:
    return Act(inbox.bot.app[IDS](), NO_LINE, datetime.now(UTC), "command", act, login)


async def test_a_stream_ends_with_its_session(inbox: Inbox) -> None:
    browser = await inbox.sign_in("ana")
    async with listening(inbox, browser) as stream:
        await revoke_sessions(
            inbox.bot.app[DATABASE],
            "ana",
            keep=None,
            now=datetime.now(UTC),
            note=note(inbox, "sessions_revoked", "ana"),
        )

        await ends(stream)
    assert (await browser.get("/ticks")).status == 303


async def test_a_stream_ends_when_its_agent_is_disabled(inbox: Inbox) -> None:
    async with listening(inbox, await inbox.sign_in("ana")) as stream:
        now = datetime.now(UTC)
        done = note(inbox, "agent_disabled", "ana")
        await disable_agent(inbox.bot.app[DATABASE], "ana", now=now, note=done)

        await ends(stream)


async def test_a_browser_that_leaves_is_no_error(
    inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    async with listening(inbox, await inbox.sign_in("ana")) as stream:
        stream.close()
        async with asyncio.timeout(WITHIN_S):
            await left.wait()
        await inbox.nobody.get("/login")

    assert "request_failed" not in capsys.readouterr().out


async def test_a_stream_begins_anew_when_its_agent_may_see_other_lines(inbox: Inbox) -> None:
    browser = await inbox.sign_in("ana", lines=["shop"])
    assert browser.agent is not None
    async with listening(inbox, browser) as stream:
        moved = type(browser.agent)("ana", "Ana", "agent", lines=frozenset({"kiosk"}))
        done = note(inbox, "agent_changed", "ana")
        await change_agent(inbox.bot.app[DATABASE], moved, note=done)

        await ends(stream)
    async with listening(inbox, browser):
        pass


async def test_the_server_stops_although_somebody_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Route("GET", "/ticks", tick, "agent", "ticks", streams=True)
    monkeypatch.setattr(setup, "ROUTES", (stream, *ROUTES))
    left.clear()
    async with asyncio.timeout(WITHIN_S):
        async with serving_inbox(tmp_path) as inbox:
            browser = await inbox.sign_in("ana")
            async with listening(inbox, browser) as open_stream:
                await inbox.bot.app.shutdown()
                await ends(open_stream)
