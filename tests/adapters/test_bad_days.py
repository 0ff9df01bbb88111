"""A wrong key or secret, a provider that is down, slow, or answers half or in HTML: a clear end, and nothing lost."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.http import build_session
from adapters.registry import SETTINGS
from engine.core import limits
from engine.loops import ends, sender
from tests.adapters.bad_days import LINES, BadLine
from tests.adapters.cloud.provider import Handler, Silence, half_an_answer
from tests.ports import free_port
from tests.web.support import Bot, running
from web.greeting import UNSIGNED

each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)

ANSWER_S = 0.3
"""In place of half a minute."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the waits of real life be short."""
    monkeypatch.setattr("web.app.build_session", partial(build_session, answer_s=ANSWER_S))
    monkeypatch.setattr(limits, "STATUS_GRACE", timedelta(seconds=0.2))
    monkeypatch.setattr(limits, "SEND_BACKOFF_FIRST", timedelta(seconds=0.2))
    monkeypatch.setattr(ends, "LINE_PAUSE_FIRST_S", 0.5)
    monkeypatch.setattr(sender, "SWEEP_S", 0.1)


class Moody:
    """The provider of one line: accepts every call, unless it is in a mood."""

    def __init__(self, line: BadLine) -> None:
        self.mood: Handler | None = None
        self.lets_in = True
        """Whether a login is answered whatever the mood."""
        self.asked: list[str] = []
        """The body of every call."""
        self._line = line
        self._ids = count(1)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app, port=free_port())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.text())
        path, token = self._line.login
        if self.lets_in and request.path == path:
            return web.json_response(token)
        if self.mood is not None:
            return await self.mood(request)
        return web.json_response(self._line.accepted(f"out-{next(self._ids)}"))


class Told(NamedTuple):
    """What is known of an outbound message."""

    status: str
    error_code: str | None
    error: str | None
    maybe_twice: bool


class Day:
    """A running bot with one line, its provider, and what was logged."""

    def __init__(self, line: BadLine, bot: Bot, provider: Moody, logged: list[EventDict]) -> None:
        self.provider = provider
        self._line = line
        self._bot = bot
        self._logged = logged

    async def writes(self, phone: str, *, secret: bool = True) -> int:
        """Let a contact write; return the answer's status."""
        line, body = self._line, self._line.text(phone)
        if secret:
            status, _ = await self._bot.post(body, line=line.door, headers=line.signed(body))
            return status
        name, _, path = line.door.partition("/")
        door = f"{name}/not-{path}" if path else name
        status, _ = await self._bot.post(body, line=door, headers=line.forged(body))
        return status

    def messages(self) -> list[Told]:
        """Return the outbound messages, oldest first."""
        rows = self._bot.rows(
            "SELECT status, error_code, error, maybe_twice FROM message "
            "WHERE direction = 'out' ORDER BY id"
        )
        return [Told(*row) for row in rows]  # type: ignore[arg-type]

    async def becomes(self, *statuses: str) -> list[Told]:
        """Wait until the outbound messages stand so, an error beside each that is not sent."""
        async with asyncio.timeout(30):
            while True:
                found = self.messages()
                if [one.status for one in found] == list(statuses) and all(
                    one.error is not None or one.status == "sent" for one in found
                ):
                    return found
                await asyncio.sleep(0.01)

    def says(self, event: str) -> list[EventDict]:
        """Return what was logged under this name."""
        return [one for one in self._logged if one["event"] == event]


@asynccontextmanager
async def day(line: BadLine, folder: Path, *, up: bool = True) -> AsyncIterator[Day]:
    """Serve the line; `up` is whether its provider is there from the beginning."""
    provider = Moody(line)
    if up:
        await provider.server.start_server()
    table = line.table.replace("{base_url}", f"http://127.0.0.1:{provider.server.port}")
    try:
        with capture_logs() as logged:
            async with running(folder, more=table) as bot:
                yield Day(line, bot, provider, logged)
    finally:
        await provider.server.close()


def answers(status: int, body: bytes, kind: str = "application/json") -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type=kind)

    return answer


def provider_of(line: BadLine) -> str:
    """Return who is on the other side of a line."""
    return str(tomllib.loads(line.table)["lines"][line.name]["provider"])


def test_every_provider_has_its_bad_days() -> None:
    assert set(map(provider_of, LINES)) == set(SETTINGS) - {"console"}


def test_the_operator_is_warned_of_every_provider_that_signs_nothing() -> None:
    bare = {provider_of(line) for line in LINES if not line.signed(b"{}")}

    assert {"360dialog", "gupshup"} <= bare <= UNSIGNED


@each_line
async def test_a_wrong_key_stops_the_line_and_is_told_until_it_is_right(
    line: BadLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than what is looked at while the line waits takes on a busy machine.
    monkeypatch.setattr(ends, "LINE_PAUSE_FIRST_S", 2.0)
    async with day(line, tmp_path) as today:
        status, body = line.wrong_key
        today.provider.lets_in = False
        today.provider.mood = lambda _: _json(status, body)
        await today.writes("525550000001")
        (told,) = await today.becomes("queued")
        assert line.check in (told.error or "")
        (paused, *_) = today.says("line_paused")
        assert (paused["line"], paused["code"]) == (line.name, "line_rejected")
        assert paused["log_level"] == "error", "waiting does not mend it: someone has to look"
        assert f"`parley lines check {line.name}`" in paused["todo"]
        await today.writes("525550000002")
        tried = [body for body in today.provider.asked if "525550000002" in body]
        assert not tried, "the whole line waits"
        today.provider.mood, today.provider.lets_in = None, True
        await today.becomes("sent", "sent")


async def _json(status: int, body: object) -> web.StreamResponse:
    return web.json_response(body, status=status)


@each_line
async def test_a_provider_that_is_down_gets_the_message_when_it_is_back(
    line: BadLine, tmp_path: Path
) -> None:
    async with day(line, tmp_path, up=False) as today:
        await today.writes("525550000001")
        (told,) = await today.becomes("queued")
        assert told.error_code == "provider_unreachable"
        assert "no connection" in (told.error or "")
        assert today.says("send_put_back")[0]["line"] == line.name
        await today.provider.server.start_server()
        await today.becomes("sent")
        assert today.says("send_failed") == []


@each_line
async def test_a_gateways_page_is_trouble_that_passes(line: BadLine, tmp_path: Path) -> None:
    async with day(line, tmp_path) as today:
        today.provider.mood = answers(502, b"<html>bad gateway</html>", "text/html")
        await today.writes("525550000001")
        (told,) = await today.becomes("queued")
        assert "HTTP 502" in (told.error or "")
        assert today.says("send_put_back")[0]["code"] == "provider_unreachable"
        today.provider.mood = None
        await today.becomes("sent")


@each_line
@pytest.mark.parametrize("ending", ["silence", "half", "html"])
async def test_an_answer_that_tells_nothing_leaves_the_message_uncertain_then_marked(
    line: BadLine, tmp_path: Path, ending: str
) -> None:
    silence = Silence()
    moods: dict[str, Handler] = {
        "silence": silence,
        "half": half_an_answer,
        "html": answers(200, b"<html>welcome</html>", "text/html"),
    }
    async with day(line, tmp_path) as today:
        today.provider.mood = moods[ending]
        await today.writes("525550000001")
        (told,) = await today.becomes("uncertain")
        assert told.error_code == "answer_lost"
        assert "answer" in (told.error or "")
        assert today.says("send_uncertain")[0]["code"] == "answer_lost"
        today.provider.mood = None
        (told,) = await today.becomes("sent")
        assert told.maybe_twice, "an agent sees that the contact may have got it twice"
        silence.over.set()


@each_line
async def test_a_wrong_secret_stores_nothing_and_is_told_once(
    line: BadLine, tmp_path: Path
) -> None:
    async with day(line, tmp_path) as today:
        assert [await today.writes("525550000001", secret=False) for _ in range(3)] == [401] * 3
        assert today.messages() == []
        (refused,) = today.says("webhook_refused")
        assert (refused["line"], refused["code"]) == (line.name, "signature_invalid")
        assert await today.writes("525550000001") == 200
        await today.becomes("sent")
