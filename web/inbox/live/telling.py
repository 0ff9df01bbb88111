"""Tells the open pages what changed: reads the changed chats at once, renders each once, gives each page what is its.

One task for all pages. A page that reads slowly has what waits for it replaced by what is newer, and holds nobody up.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

import orjson
import structlog

from engine.core.errors import StorageError
from engine.core.ids import ExternalId, LineId
from storage.agents import Agent
from storage.inbox import ChatRow, Counts, Key
from storage.inbox_live import LiveChat
from web.inbox.live.belonging import stands_in
from web.inbox.live.hub import Audience, Hub, Stream
from web.inbox.live.notices import News, Seen, called, news
from web.inbox.rights import sees

EVERY_S: Final = 0.25
"""Changes are gathered for so long after the last time they were told."""

AT_ONCE: Final = 150
"""Chats that are read and told at once."""

COUNTED_EVERY_S: Final = 1.0
"""An agent's numbers are counted at most this often."""

WOKEN_EVERY_S: Final = 10.0
"""So often it is looked whether the time has come that a chat was put off to."""

AGAIN_S: Final = 1.0
"""After the database did not answer."""

SEEN_MOST: Final = 5_000
"""Chats of which is remembered what was news."""

log = structlog.get_logger()


class Entry(Protocol):
    """One entry of a transcript; equal to another where the page shows the same."""

    @property
    def id(self) -> str:
        """What names it on the page."""


EntryT = TypeVar("EntryT", bound=Entry)


class Source(Protocol[EntryT]):
    """Where the teller reads, and what draws for it."""

    async def chats(self, keys: Sequence[Key], logins: Sequence[str]) -> list[LiveChat]:
        """Return chats as they are now. Raises StoreUnavailable."""

    async def counts(self, agent: Agent) -> Counts:
        """Return the numbers beside an agent's lists. Raises StoreUnavailable."""

    async def woken(self, since: datetime, now: datetime) -> list[Key]:
        """Return the chats that were put off until a time in between. Raises StoreUnavailable."""

    async def reported(self, names: Sequence[tuple[LineId, ExternalId]]) -> list[Key]:
        """Return the chats of messages, by their providers' names. Raises StoreUnavailable."""

    async def held(self) -> list[Key]:
        """Return the chats that people have. Raises StoreUnavailable."""

    async def end_of(self, chat: Key) -> Sequence[EntryT]:
        """Return the end of a chat's transcript, oldest first. Raises StoreUnavailable."""

    def is_the_bots(self, chat: Key) -> bool:
        """Tell whether it is known without a wait that no people have the chat."""

    def row(self, chat: ChatRow, now: datetime) -> str:
        """Return a chat's row as HTML."""

    def entry(self, entry: EntryT) -> str:
        """Return an entry as HTML."""

    def name(self, login: str) -> str:
        """Return what an agent is called."""

    def now(self) -> datetime:
        """Return the time."""


@dataclass(slots=True)
class Teller(Generic[EntryT]):
    """Tells the pages.

    Args:
        hub: The pages, and what changed.
        source: Where it reads.
        call: Hears what agents are to be called for, whether a page of theirs is open or not.
    """

    hub: Hub
    source: Source[EntryT]
    call: Callable[[News], Awaitable[None]] | None = None
    _seen: dict[Key, Seen] = field(default_factory=dict)
    _counted_at: dict[str, float] = field(default_factory=dict)
    _woken_at: datetime | None = None
    _outside: set[Key] = field(default_factory=set)
    """Chats that another process may have changed."""
    _foreign: dict[Key, LiveChat] = field(default_factory=dict)
    """Those, as they were when they were looked at last."""

    async def run(self) -> None:
        """Tell until the hub is closed."""
        hub = self.hub
        while not hub.closed:
            await self._wait()
            if hub.closed:
                return
            begun = time.monotonic()
            try:
                await self.tell()
            except StorageError as error:
                log.warning("inbox_not_told", code=error.code)
                await asyncio.sleep(AGAIN_S)
            except Exception:
                log.exception("inbox_teller_failed")
                await asyncio.sleep(AGAIN_S)
            await asyncio.sleep(max(0.0, EVERY_S - (time.monotonic() - begun)))

    async def tell(self) -> None:
        """Tell once what changed until now. Raises StoreUnavailable; nothing is lost then."""
        hub = self.hub
        hub.woken.clear()
        await self._wake_snoozed()
        if hub.is_stale:
            await self._look_outside()
        if hub.reports:
            await self._look_up_reported()
        self._outside |= hub.foreign
        hub.foreign = set()
        while taken := hub.take_changes(AT_ONCE):
            try:
                await self._tell(taken)
            except StorageError:
                hub.give_back(taken)
                raise
        self._tell_presence()
        await self._count()
        if hub.changes or self.hub.uncounted:
            hub.woken.set()

    async def _look_up_reported(self) -> None:
        """Note the chats of messages whose status was told: no batch asked for them."""
        hub = self.hub
        reports, hub.reports = hub.reports, set()
        try:
            keys = await self.source.reported(sorted(reports))
        except StorageError:
            hub.reports |= reports
            raise
        for line, conversation in keys:
            hub.changed(line, conversation)

    async def _look_outside(self) -> None:
        """Look again at what people have, had, and have open: another process wrote, and did not say what."""
        hub = self.hub
        hub.is_stale = False
        shown = {one.showing.chat for one in hub.streams.values() if one.showing.chat}
        had = {key for key, seen in self._seen.items() if seen.turn}
        keys = {*await self.source.held(), *shown, *had} - hub.changes.keys()
        self._outside |= keys
        for line, conversation in keys:
            hub.changed(line, conversation)

    def _differs(self, chat: LiveChat, streams: Sequence[Stream]) -> bool:
        """Tell whether a chat is not what pages were told, or is open in one: there more is shown than its row."""
        key = chat.row.key
        before = self._foreign.pop(key, None)
        self._foreign[key] = chat
        if len(self._foreign) > SEEN_MOST:
            del self._foreign[next(iter(self._foreign))]
        return before != chat or any(one.showing.chat == key for one in streams)

    async def _wait(self) -> None:
        """Wait for a change; now and then look for what time alone changes."""
        timeout = WOKEN_EVERY_S if self.hub.streams else None
        try:
            await asyncio.wait_for(self.hub.woken.wait(), timeout)
        except TimeoutError:
            return

    # --- rows -----------------------------------------------------------------------------------------

    async def _tell(self, taken: dict[Key, Audience]) -> None:
        streams = list(self.hub.streams.values())
        logins = {stream.agent.login for stream in streams}
        now = self.source.now()
        tick = self.hub.tick
        outside, self._outside = self._outside & taken.keys(), self._outside - taken.keys()
        wanted = [key for key in taken if self._concerns_anybody(key, streams)]
        for chat in await self.source.chats(wanted, sorted(logins)) if wanted else ():
            key = chat.row.key
            audience = taken[key]
            if key in outside and not self._differs(chat, streams):
                continue
            theirs = [one for one in streams if _is_for(one, audience)]
            await self._tell_chat(chat, theirs, now)
            if audience is None:
                await self._call(chat, streams, now, calls=key not in outside)
        for stream in streams:
            stream.tick = tick

    async def _tell_chat(self, chat: LiveChat, streams: Sequence[Stream], now: datetime) -> None:
        """Tell pages of one chat; one that cannot be drawn keeps no other from being told."""
        if not streams:
            return
        key = chat.row.key
        try:
            self._tell_row(chat, streams, now)
            await self._tell_open(chat, [one for one in streams if one.showing.chat == key])
        except StorageError:
            raise
        except Exception:
            log.exception("inbox_chat_not_drawn", conversation_id=key[1])

    def _concerns_anybody(self, key: Key, streams: Sequence[Stream]) -> bool:
        """Tell whether a changed chat is worth reading: most are the bot's, and few pages show those."""
        before = self._seen.get(key)
        if before is None or before.turn or not self.source.is_the_bots(key):
            return True
        return any(one.showing.view == "all" or one.showing.chat == key for one in streams)

    def _tell_row(self, chat: LiveChat, streams: Sequence[Stream], now: datetime) -> None:
        """Put the row, or its going, into the streams of those who may see the chat."""
        row, key = chat.row, chat.row.key
        before, after = self._seen.get(key), Seen.of(chat)
        has_moved = before is None or before[:3] != after[:3]
        was_peoples = after.turn != 0 or before is None or before.turn != 0
        drawn: bytes | None = None
        gone = b"event: gone\ndata: " + orjson.dumps(_named(key)) + b"\n\n"
        for stream in streams:
            agent, showing = stream.agent, stream.showing
            if (has_moved and was_peoples) or row.assignee == agent.login:
                self.hub.uncounted.add(agent.login)
            if stands_in(chat, agent, view=showing.view, filters=showing.filters, now=now):
                if drawn is None:
                    drawn = _row_event(key, self.source.row(row, now))
                stream.put(("row", key), drawn + _own(chat, agent.login, now) + b"\n\n")
            elif showing.view == "closed":
                if before is not None and before.turn != after.turn:
                    stream.put("stale", _STALE)
            elif was_peoples or showing.view == "all":
                stream.put(("row", key), gone)

    # --- the open chat --------------------------------------------------------------------------------------

    async def _tell_open(self, chat: LiveChat, streams: Sequence[Stream]) -> None:
        """Put what is new in a chat into the streams of the pages that have it open."""
        row, key = chat.row, chat.row.key
        if not streams:
            return
        entries = await self.source.end_of(key)
        html: dict[str, str] = {}
        for stream in streams:
            if not sees(stream.agent, row):
                stream.put("shut", b"event: shut\ndata: " + orjson.dumps(_named(key)) + b"\n\n")
                continue
            stream.put("held", _held_event(row, self.source.name))
            for place, entry in enumerate(entries):
                if stream.told.get(entry.id) == entry:
                    continue
                if entry.id not in html:
                    html[entry.id] = self.source.entry(entry)
                after = entries[place - 1].id if place else None
                told = {**_named(key), "id": entry.id, "after": after, "html": html[entry.id]}
                stream.put(
                    ("entry", entry.id), b"event: message\ndata: " + orjson.dumps(told) + b"\n\n"
                )
            stream.told = {entry.id: entry for entry in entries}

    def _tell_presence(self) -> None:
        """Tell the pages that have a chat open who else looks at it."""
        hub = self.hub
        chats, hub.presences = hub.presences, set()
        for key in chats:
            on = list(hub.on(key))
            for stream in on:
                stream.put("presence", _presence_event(key, stream, on, hub, self.source.name))

    # --- numbers ---------------------------------------------------------------------------------------------

    async def _count(self) -> None:
        """Tell agents how many wait, and how many of their own have something unread."""
        now = time.monotonic()
        for login in list(self.hub.uncounted):
            streams = [one for one in self.hub.streams.values() if one.agent.login == login]
            if streams and now - self._counted_at.get(login, 0.0) < COUNTED_EVERY_S:
                continue  # soon
            self.hub.uncounted.discard(login)
            if not streams:
                self._counted_at.pop(login, None)
                continue
            self._counted_at[login] = now
            counts = await self.source.counts(streams[0].agent)
            event = b"event: counts\ndata: " + orjson.dumps(counts._asdict()) + b"\n\n"
            for stream in streams:
                stream.put("counts", event)

    async def _wake_snoozed(self) -> None:
        now = self.source.now()
        since = self._woken_at
        if since is not None and now - since < timedelta(seconds=WOKEN_EVERY_S):
            return
        self._woken_at = now
        if since is not None and self.hub.streams:
            for line, conversation in await self.source.woken(since, now):
                self.hub.changed(line, conversation)

    # --- what agents are called for --------------------------------------------------------------------------------

    async def _call(
        self, chat: LiveChat, streams: Sequence[Stream], now: datetime, *, calls: bool
    ) -> None:
        """Give notice of news; where another process made it, that one has called who looks at no page."""
        key = chat.row.key
        before = self._seen.pop(key, None)
        self._seen[key] = Seen.of(chat)
        if len(self._seen) > SEEN_MOST:
            del self._seen[next(iter(self._seen))]
        for one in news(before, chat, now):
            # First: a page that hears of it and is turned away from at once is not told twice.
            if self.call is not None and calls:
                await self.call(one)
            event = _notice_event(one)
            for stream in streams:
                # Who has it before their eyes needs no call.
                if one.concerns(stream.agent) and not stream.is_before_eyes(key):
                    stream.put(("notice", key), event)


_STALE: Final = b"event: stale\ndata: {}\n\n"


def _is_for(stream: Stream, audience: Audience) -> bool:
    return audience is None or stream.id in audience or stream.agent.login in audience


def _named(key: Key) -> dict[str, str]:
    line, conversation = key
    return {"chat": f"{line}/{conversation}"}


def _row_event(key: Key, html: str) -> bytes:
    """Return all of a row's event but what is one agent's own."""
    return b"event: row\ndata: " + orjson.dumps({**_named(key), "html": html})[:-1] + b","


def _own(chat: LiveChat, login: str, now: datetime) -> bytes:
    """Return the rest of a row's event: what is one agent's own."""
    own = {
        "unread": chat.unread(login),
        "draft": chat.of(login).has_draft,
        "snoozed": chat.snoozed_until(login, now),
    }
    return orjson.dumps(own)[1:]


def _held_event(row: ChatRow, name: Callable[[str], str]) -> bytes:
    """Return who holds the chat, so that the page asks for another composer where that has changed."""
    told = {
        **_named(row.key),
        "mode": row.mode,
        "assignee": row.assignee,
        "team": row.team,
        "name": name(row.assignee) if row.assignee else None,
        "closes": row.window_closes_at,
        "unwanted": row.is_unwanted,
        "labels": row.labels,
    }
    return b"event: held\ndata: " + orjson.dumps(told) + b"\n\n"


def _presence_event(
    key: Key, stream: Stream, on: Sequence[Stream], hub: Hub, name: Callable[[str], str]
) -> bytes:
    """Return which others look at the chat; who has it open twice is one."""
    others: dict[str, bool] = {}
    for one in on:
        login = one.agent.login
        if login != stream.agent.login and one.visible:
            others[login] = others.get(login, False) or hub.is_writing(one)
    told = [{"name": name(login), "writes": writes} for login, writes in sorted(others.items())]
    return b"event: presence\ndata: " + orjson.dumps({**_named(key), "others": told}) + b"\n\n"


def _notice_event(one: News) -> bytes:
    told = {**_named(one.key), "cause": one.cause, "name": called(one.row), "team": one.row.team}
    return b"event: notice\ndata: " + orjson.dumps(told) + b"\n\n"
