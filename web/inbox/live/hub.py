"""Who has the inbox open, and what each open page is still to be told. In memory and bounded; reads and sends nothing.

What changed is noted by chat, never by event: a page that was away is told of each chat that changed meanwhile once, as
it is now.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Final, NamedTuple

from aiohttp import web

from engine.core.ids import ConversationId, ExternalId, LineId
from engine.ports.outside import Outside
from storage.agents import Agent
from storage.inbox import Filters, Key, View
from storage.inbox_lists import NO_FILTERS

RING: Final = 2_000
"""Chats whose last change is remembered, for pages that come back."""

RING_KEPT_S: Final = 900.0
"""With no page open changes are still noted for so long: a phone that slept asks what it missed."""

WAITING_MOST: Final = 400
"""Events that wait in one stream; one further behind loads its page again."""

CHANGED_MOST: Final = 4_000
"""Changed chats that wait to be read; with more every page loads again."""

STREAMS_OF_ONE: Final = 12
"""Open pages of one agent; the oldest goes when another comes."""

WRITING_S: Final = 6.0
"""So long an agent counts as writing after the last key."""

RELOAD: Final = b"event: reload\ndata: {}\n\n"

Audience = set[str] | None
"""Whom a change is for: logins and ids of streams; None is everybody."""


class Showing(NamedTuple):
    """What an open page shows."""

    view: View = "queue"
    filters: Filters = NO_FILTERS
    chat: Key | None = None
    """The chat that is open in it."""


class Stream:
    """One open page.

    Args:
        id: Given out to the page.
        agent: Who sits before it.
        showing: What it shows.
        visible: Whether it is looked at.
    """

    def __init__(self, id: str, agent: Agent, showing: Showing, *, visible: bool) -> None:
        self.id = id
        self.agent = agent
        self.showing = showing
        self.visible = visible
        self.writing_until = 0.0
        self.told: dict[str, object] = {}
        """What it was sent of the open chat: its newest entries by their ids."""
        self.tick = 0
        """Everything that changed up to here was put into it."""
        self.ended = False
        self.ready = asyncio.Event()
        self._waiting: dict[Hashable, bytes] = {}
        self.is_behind = False
        """Whether it is to load its list, and gets nothing else before it has taken that."""

    def is_before_eyes(self, chat: Key) -> bool:
        """Tell whether somebody looks at a chat in it."""
        return self.visible and self.showing.chat == chat

    def put(self, name: Hashable, event: bytes) -> None:
        """Send an event soon; one of the same name that still waits is replaced."""
        if self.is_behind:
            return
        if len(self._waiting) >= WAITING_MOST and name not in self._waiting:
            self.reload()
            return
        self._waiting[name] = event
        self.ready.set()

    def reload(self) -> None:
        """Let the page load its list again, instead of all that waits; the open chat is told anew."""
        self._waiting = {"reload": RELOAD}
        self.is_behind = True
        self.ready.set()

    def take(self) -> bytes:
        """Return what waits, as it is sent."""
        events, self._waiting = self._waiting, {}
        self.ready.clear()
        return b"".join(events.values())

    def end(self) -> None:
        """Send the page away."""
        self.ended = True
        self.ready.set()


class Hub:
    """The open pages of one process, and the chats that changed.

    Args:
        monotonic: Seconds that never go back.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.streams: dict[str, Stream] = {}
        self.pushes = False
        """Whether anybody is told of news while no page is open."""
        self.closed = False
        self.woken = asyncio.Event()
        """Set while there is something to do."""
        self.changes: dict[Key, Audience] = {}
        self.reports: set[tuple[LineId, ExternalId]] = set()
        """Messages whose status was told; the teller looks up of which chats."""
        self.presences: set[Key] = set()
        """Chats where who looks on has changed."""
        self.is_stale = False
        """Whether another process changed something, and nobody has said what."""
        self.foreign: set[Key] = set()
        """Chats that another replica changed, of those in `changes`: that one calls whom they concern."""
        self.uncounted: set[str] = set()
        """Logins whose numbers may have changed."""
        self._monotonic = monotonic
        self._epoch = secrets.token_hex(4)
        self._tick = 1
        self._ring: OrderedDict[Key, int] = OrderedDict()
        self._forgotten = self._tick
        """What changed up to this tick is not known any more."""
        self._left_at: float | None = None

    # --- what changed -------------------------------------------------------------------------------

    def changed(self, line: LineId, conversation: ConversationId | None) -> None:
        """Hear of a commit: the engine's listener. Costs nothing worth naming while nobody listens."""
        if conversation is None or not self.hears:
            return
        self.foreign.discard((line, conversation))
        self._note((line, conversation), None)

    @property
    def hears(self) -> bool:
        """Whether anybody wants to know which chats change."""
        return bool(self.streams) or self.pushes or self._is_remembering()

    def reported(self, line: LineId, external_id: ExternalId) -> None:
        """Hear of a message's status: the engine's listener to those."""
        if not (self.streams or self._is_remembering()):
            return
        self.reports.add((line, external_id))
        if len(self.reports) > CHANGED_MOST:
            self.lost()
        self.woken.set()

    def changed_for(self, login: str, key: Key) -> None:
        """Hear that an agent read, drafted or put off a chat: it concerns their own pages alone."""
        if any(stream.agent.login == login for stream in self.streams.values()):
            self._note(key, {login})

    def lost(self) -> None:
        """Something changed and nobody knows what: every page loads again."""
        self.changes.clear()
        self.reports.clear()
        self._forget_all()
        for stream in self.streams.values():
            stream.reload()
            self.catch_up(stream)

    def outside(self, told: Outside) -> None:
        """Hear what another replica wrote; where it does not say, what pages show is to be looked at again."""
        if (told.is_unknown or told.many) and self.streams:
            self.is_stale = True
            self.woken.set()
        if not self.hears:
            return
        for key in told.chats - self.changes.keys():
            self.foreign.add(key)
            self._note(key, None)
        for line, name in told.reported:
            self.reported(line, name)

    def take(self, stream: Stream) -> bytes:
        """Return what waits for a page; one that was too far behind is told its open chat from anew."""
        sent = stream.take()
        if stream.is_behind:
            stream.is_behind = False
            stream.told = {}
            self.catch_up(stream)
        return sent

    def catch_up(self, stream: Stream) -> None:
        """Tell a page soon what it has open, and its numbers."""
        self.uncounted.add(stream.agent.login)
        if stream.showing.chat is not None:
            self._note(stream.showing.chat, {stream.id})
        self.woken.set()

    def take_changes(self, most: int) -> dict[Key, Audience]:
        """Return chats that changed, at most so many of them, and count them as told from now on."""
        taken = dict(list(self.changes.items())[:most]) if self.changes else {}
        for key in taken:
            del self.changes[key]
        if taken:
            self._tick += 1
            for key, audience in taken.items():
                if audience is None:
                    self._remember(key)
        return taken

    def give_back(self, taken: dict[Key, Audience]) -> None:
        """Note changes again that could not be told."""
        for key, audience in taken.items():
            self._note(key, audience)

    def _note(self, key: Key, audience: Audience) -> None:
        known = self.changes.get(key, audience)
        self.changes[key] = None if known is None or audience is None else known | audience
        if len(self.changes) > CHANGED_MOST:
            self.lost()
        self.woken.set()

    # --- who looks ------------------------------------------------------------------------------------

    def join(
        self, agent: Agent, showing: Showing, *, visible: bool = True, last: str | None = None
    ) -> Stream:
        """Open a stream.

        Args:
            agent: Whose page it is.
            showing: What the page shows.
            visible: Whether it is looked at.
            last: What the page was told last, as `mark` or an event's id; None knows nothing and is told to load.
        """
        stream = Stream(secrets.token_urlsafe(12), agent, showing, visible=visible)
        own = [one for one in self.streams.values() if one.agent.login == agent.login]
        for oldest in own[: len(own) + 1 - STREAMS_OF_ONE]:
            oldest.end()
        self._is_remembering()  # where nobody looked for long, what happened since is not known
        self.streams[stream.id] = stream
        self._left_at = None
        stream.tick = self._tick
        missed = self._missed(last)
        if missed is None:
            stream.reload()
        else:
            for key in missed:
                self._note(key, {stream.id})
        self.catch_up(stream)
        self._looks(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        """Close a stream."""
        self.streams.pop(stream.id, None)
        if not self.streams:
            self._left_at = self._monotonic()
        self._looks(stream)

    def see(self, stream: Stream, *, visible: bool, writing: bool) -> None:
        """Note whether a page is looked at, and whether its agent writes."""
        stream.visible = visible
        stream.writing_until = self._monotonic() + WRITING_S if visible and writing else 0.0
        self._looks(stream)

    def is_writing(self, stream: Stream) -> bool:
        """Tell whether the agent before a page writes just now."""
        return stream.writing_until > self._monotonic()

    def on(self, chat: Key) -> Iterator[Stream]:
        """Return the pages that have a chat open."""
        return (stream for stream in self.streams.values() if stream.showing.chat == chat)

    def is_looking(self, login: str) -> bool:
        """Tell whether an agent has a page before their eyes."""
        return any(one.visible and one.agent.login == login for one in self.streams.values())

    def end_streams(self, login: str) -> None:
        """Send an agent's pages away: they come again if they still may."""
        for stream in self.streams.values():
            if stream.agent.login == login:
                stream.end()

    def close(self) -> None:
        """Send every page away: the server stops."""
        self.closed = True
        for stream in self.streams.values():
            stream.end()
        self.woken.set()

    def _looks(self, stream: Stream) -> None:
        if stream.showing.chat is not None:
            self.presences.add(stream.showing.chat)
            self.woken.set()

    # --- what a page that was away has missed -------------------------------------------------------------

    def mark(self) -> str:
        """Return what a page carries that is made now, and note changes from now on: it will come and ask.

        Some ticks are taken off, for what changed while the page was read.
        """
        if not self._is_remembering():
            self._left_at = self._monotonic()
        return self.id_of(max(self._forgotten, self._tick - 4))

    @property
    def tick(self) -> int:
        """How often changes were told."""
        return self._tick

    def id_of(self, tick: int) -> str:
        """Return the id of the events of a tick."""
        return f"{self._epoch}-{tick}"

    def _missed(self, last: str | None) -> list[Key] | None:
        """Return the chats that changed since; None where nobody knows."""
        epoch, _, tick = (last or "").partition("-")
        if epoch != self._epoch or not tick.isdecimal() or int(tick) < self._forgotten:
            return None
        return [key for key, at in self._ring.items() if at > int(tick)]

    def _remember(self, key: Key) -> None:
        self._ring[key] = self._tick
        self._ring.move_to_end(key)
        if len(self._ring) > RING:
            _, self._forgotten = self._ring.popitem(last=False)

    def _is_remembering(self) -> bool:
        """Tell whether changes are still noted for who may come back; when not, what was noted is let go."""
        if self.streams:
            return True
        if self._left_at is None:
            return False
        if self._monotonic() - self._left_at < RING_KEPT_S:
            return True
        self._left_at = None
        self._forget_all()
        return False

    def _forget_all(self) -> None:
        self._tick += 1
        self._forgotten = self._tick
        self._ring.clear()


HUB = web.AppKey("inbox_hub", Hub)
