"""What the table of the inbox is made of: a route with who may, and the request as its handler gets it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from engine.core.conversation import Conversation
from storage.agents import Agent
from storage.sessions import Session

PREFIX: Final = "/inbox"

CHAT: Final = "/chats/{line:[a-z][a-z0-9_]{0,63}}/{conversation:[1-9][0-9]{0,17}|[1-8][0-9]{18}}"
"""How the path of a route begins that is about one chat; an id has 63 bits."""

Access = Literal["anyone", "agent", "chat", "supervisor", "admin"]
"""Who may: everybody, who is signed in, who may see the chat of the path, and agents of at least this role."""

_NO_FORM: Final = MultiDictProxy(MultiDict[str]())


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be done: the guard has checked who asks, from where, and what chat it is about."""

    request: web.Request
    app: web.Application
    agent: Agent
    session: Session
    csrf: str
    """What a page carries so that its forms count."""
    now: datetime
    loaded: Conversation | None = None
    """The chat of the path, where the route's access is `chat`."""
    form: MultiDictProxy[str] = field(default_factory=lambda: _NO_FORM)
    """The fields of a urlencoded body. A multipart or JSON body is the handler's to read."""

    @property
    def chat(self) -> Conversation:
        """The chat of the path; only routes with the access `chat` have one."""
        assert self.loaded is not None, "the route's access is not `chat`"
        return self.loaded

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return "HX-Request" in self.request.headers and "HX-Boosted" not in self.request.headers


Handler = Callable[[Asked], Awaitable[web.StreamResponse]]
OpenHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the inbox for who is signed in."""

    method: Literal["GET", "POST"]
    path: str
    """Below the prefix; of access `chat` it begins with CHAT, and no other does."""
    handler: Handler
    access: Literal["agent", "chat", "supervisor", "admin"]
    name: str
    """For the log and for `url`."""
    streams: bool = False
    """Whether its answer goes on until the browser leaves; the guard ends it when the session ends."""


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """One address for everybody: signing in, and what a browser loads before."""

    method: Literal["GET", "POST"]
    path: str
    handler: OpenHandler
    name: str
    access: Literal["anyone"] = "anyone"
    streams: Literal[False] = False
