"""What moves without a reload: the stream of an open page, and who looks at which chat."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

import orjson
from aiohttp import web

from engine.core.errors import StorageError
from engine.core.ids import ConversationId, ExternalId, LineId
from storage.agents import Agent
from storage.inbox import ChatRow, Counts, Key, count
from storage.inbox_live import LiveChat, held_chats, live_chats, reported_chats, woken_chats
from web.inbox.chat.bubbles import render_entry
from web.inbox.chat.entries import Entry
from web.inbox.chat.reading import read_part
from web.inbox.forms import Form, read_form
from web.inbox.guard import HEADERS
from web.inbox.lists.listing import read_wanted, visible_to
from web.inbox.lists.rows import render_row
from web.inbox.live.hub import HUB, Hub, Showing, Stream
from web.inbox.live.pushing import PUSHER
from web.inbox.live.telling import Teller
from web.inbox.names import COLLEAGUES, name_of
from web.inbox.people.signing import SESSIONS
from web.inbox.rights import sees
from web.inbox.table import Asked, Route
from web.keys import CLOCK, DATABASE, QUERIES, SETTINGS, STORE

HEARTBEAT_S: Final = 15.0
"""A stream that carries nothing for this long says so: the page knows that the line holds, we that the page does."""

LOOKED_EVERY_S: Final = 5.0
"""So often a stream looks whether its agent still is who they were: their teams, their lines."""

GONE_WITHIN_S: Final = 1.0
"""So soon it is noticed that a page has left, where nothing is written to it meanwhile."""

WRITTEN_S: Final = 30.0
"""A page that takes nothing for so long is gone."""

PIECE_BYTES: Final = 32 * 1024
"""Of what is written at once."""

END: Final = 40
"""Messages at a chat's end in which a page is told of changes."""

STREAM_HEADERS: Final = {
    **HEADERS,
    "Content-Type": "text/event-stream; charset=utf-8",
    # nginx would keep events back until its buffer is full.
    "X-Accel-Buffering": "no",
}

BEAT: Final = b"event: beat\ndata: {}\n\n"


class Looks(Form):
    """What a page says of itself."""

    stream: str
    visible: Literal["yes", "no"]
    writing: Literal["yes", "no"] = "no"


# --- the stream ------------------------------------------------------------------------------------------------


async def stream_events(asked: Asked) -> web.StreamResponse:
    """Send what changes until the page leaves, the session ends or the server stops."""
    request, hub = asked.request, asked.app[HUB]
    last = request.headers.get("Last-Event-ID") or request.query.get("last")
    visible = request.query.get("visible") != "no"
    showing = await _showing(asked)
    response = web.StreamResponse(headers=STREAM_HEADERS)
    await response.prepare(request)
    stream = hub.join(asked.agent, showing, visible=visible, last=last)
    try:
        hello = orjson.dumps({"stream": stream.id})
        await _write(response, b"retry: 2000\nevent: hello\ndata: " + hello + b"\n\n")
        await _send(asked, hub, stream, response)
    except (ConnectionError, TimeoutError):
        pass  # the page is gone
    finally:
        hub.leave(stream)
    return response


async def _send(asked: Asked, hub: Hub, stream: Stream, response: web.StreamResponse) -> None:
    looked = beat = time.monotonic()
    while not (stream.ended or hub.closed or _has_left(asked.request)):
        with suppress(TimeoutError):
            await asyncio.wait_for(stream.ready.wait(), min(GONE_WITHIN_S, LOOKED_EVERY_S))
        tick, sent = stream.tick, hub.take(stream)
        now = time.monotonic()
        if not sent and now - beat >= HEARTBEAT_S:
            sent = BEAT
        if sent:
            await _write(response, sent + f"id: {hub.id_of(tick)}\n\n".encode())
            beat = now
        if now - looked >= LOOKED_EVERY_S:
            looked = now
            await _look(asked, stream)


def _has_left(request: web.Request) -> bool:
    """Tell whether the page's connection is closed; nothing else says so while nothing is written."""
    return request.transport is None or request.transport.is_closing()


async def _look(asked: Asked, stream: Stream) -> None:
    """Take up what was changed of the agent; what they may not see any more is told them no more."""
    try:
        signed = await asked.app[SESSIONS].find(
            asked.session.id, now=asked.app[CLOCK].now(), used=False
        )
    except StorageError:
        return  # asked again soon
    if signed is None:
        stream.end()
    elif signed.agent != stream.agent:
        changed = (signed.agent.role, signed.agent.teams, signed.agent.lines)
        if changed != (stream.agent.role, stream.agent.teams, stream.agent.lines):
            stream.reload()
        stream.agent = signed.agent


async def _write(response: web.StreamResponse, data: bytes) -> None:
    """Write in pieces: some hundred kilobytes at once, for each page, would leave the heap in shreds."""
    async with asyncio.timeout(WRITTEN_S):
        for start in range(0, len(data), PIECE_BYTES):
            await response.write(data[start : start + PIECE_BYTES])


async def _showing(asked: Asked) -> Showing:
    """Return what the page shows; a chat that its agent may not see is not open in it."""
    query = asked.request.query
    wanted = read_wanted(query, None, asked.agent)
    line, _, id_ = query.get("chat", "").partition("/")
    chat: Key | None = None
    if id_.isascii() and id_.isdecimal() and len(id_) < 19:
        key = LineId(line), ConversationId(int(id_))
        found = await asked.app[QUERIES].conversation(*key)
        chat = key if found is not None and sees(asked.agent, found) else None
    return Showing(wanted.view, wanted.filters, chat)


async def note_presence(asked: Asked) -> web.StreamResponse:
    """Note whether a page is looked at, and whether its agent writes."""
    looks = read_form(asked, Looks)
    hub = asked.app[HUB]
    stream = hub.streams.get(looks.stream)
    if stream is not None and stream.agent.login == asked.agent.login:
        hub.see(stream, visible=looks.visible == "yes", writing=looks.writing == "yes")
    return web.Response(status=204)


# --- what agents do beside the talk -----------------------------------------------------------------

OWN: Final = frozenset({"draft", "read", "snooze", "wake"})
"""Routes after which an agent's own pages alone show something else."""


def telling(route: Route) -> Route:
    """Return a route about a chat that tells the open pages when something was done to it.

    A signal tells by itself when it is stepped; notes, labels, drafts and the like are no signals.
    """
    if route.access != "chat" or route.method == "GET":
        return route

    async def handle(asked: Asked) -> web.StreamResponse:
        response = await route.handler(asked)
        hub, chat = asked.app[HUB], asked.chat
        if route.name in OWN:
            hub.changed_for(asked.agent.login, (chat.line, chat.id))
        else:
            hub.changed(chat.line, chat.id)
        return response

    return replace(route, handler=handle)


# --- where the teller reads -----------------------------------------------------------------------------------------


class _Source:
    """Reads and draws with the parts of a running application."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._lines = tuple(LineId(line) for line in app[SETTINGS].lines)

    async def chats(self, keys: Sequence[Key], logins: Sequence[str]) -> list[LiveChat]:
        await self._app[COLLEAGUES].read(self._app)
        return await live_chats(self._app[DATABASE], keys, logins, now=self.now())

    async def counts(self, agent: Agent) -> Counts:
        return await count(self._app[DATABASE], visible_to(self._app, agent), now=self.now())

    async def woken(self, since: datetime, now: datetime) -> list[Key]:
        return await woken_chats(self._app[DATABASE], self._lines, since=since, now=now)

    async def reported(self, names: Sequence[tuple[LineId, ExternalId]]) -> list[Key]:
        return await reported_chats(self._app[DATABASE], names)

    async def held(self) -> list[Key]:
        return await held_chats(self._app[DATABASE], self._lines)

    async def end_of(self, chat: Key) -> Sequence[Entry]:
        return (await read_part(self._app, *chat, limit=END)).entries

    def is_the_bots(self, chat: Key) -> bool:
        known = self._app[STORE].known(*chat)
        return known is not None and known.handoff is None and known.mode == "bot"

    def row(self, chat: ChatRow, now: datetime) -> str:
        return render_row(self._app, chat, now)

    def entry(self, entry: Entry) -> str:
        return render_entry(self._app, entry)

    def name(self, login: str) -> str:
        return name_of(self._app, login)

    def now(self) -> datetime:
        return self._app[CLOCK].now()


async def run_teller(app: web.Application) -> AsyncIterator[None]:
    """Tell open pages what changes while the application lives."""
    teller = Teller(app[HUB], _Source(app), app[PUSHER].call)
    running = asyncio.create_task(teller.run(), name="parley-inbox")
    yield
    app[HUB].close()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def send_pages_away(app: web.Application) -> None:
    """End every stream: a stop would wait for them."""
    app[HUB].close()
