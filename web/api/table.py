"""The table of the public API: every address with what it takes, gives and needs. All else is made of it.

The routes, the checks before each handler and the OpenAPI document read this table alone, so none of them can say
anything else than the others.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from aiohttp import web
from pydantic import BaseModel

from engine.core.value import Json
from storage.tokens import Token
from web.api.errors import ApiError

PREFIX: Final = "/api/v1"

Scope = Literal[
    "messages:send",
    "messages:read",
    "flows:start",
    "broadcasts:send",
    "templates:read",
    "templates:write",
    "chats:read",
    "chats:write",
]
"""What a token may be used for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be done: its token is good for the address, its body is what the address takes."""

    app: web.Application
    token: Token
    path: Mapping[str, str]
    body: Any
    """As the route's model; None where it takes none."""
    key: str | None
    """The request's Idempotency-Key."""
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered."""

    status: int
    body: bytes
    """JSON."""


Handler = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the API."""

    method: Literal["GET", "POST"]
    path: str
    """Below the prefix, with `{name}` for what differs."""
    scope: Scope
    handler: Handler
    summary: str
    status: int
    """Of a request that was done."""
    gives: type[BaseModel]
    takes: type[BaseModel] | None = None
    refuses: tuple[type[ApiError], ...] = ()
    """What the handler refuses, beside what every address does."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parts of the path, each with the pattern that it has."""
    body_bytes: int = 256 * 1024
    """The largest body: a template with ten cards has about 10 KB."""
    changes: bool = True
    """Of a `POST`: whether it does anything; else it only tells, however often it is asked."""
    links: Mapping[str, Json] = field(default_factory=dict)
    """Where to go on with what it gives, as OpenAPI writes links."""

    @property
    def is_repeatable(self) -> bool:
        """Whether an Idempotency-Key makes it count once."""
        return self.method == "POST" and self.changes
