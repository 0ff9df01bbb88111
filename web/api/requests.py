"""Reads a request to the public API: whose token, may it, how often, what body. No handler runs before all is right."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Final

import orjson
from aiohttp import hdrs, web
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from engine.core.value import Json
from storage.tokens import Token, find_token, note_use
from web.api.errors import (
    BodyInvalid,
    BodyTooLarge,
    BodyUnreadable,
    KeyInvalid,
    RateExceeded,
    ScopeMissing,
    TokenInvalid,
)
from web.api.table import Asked, Route
from web.keys import CLOCK, DATABASE

PROBLEMS_TOLD: Final = 5
"""So many of a body's mistakes are told at once."""

EXACT: Final = 2**53
"""Up to here a JSON number with a point is surely whole."""

KEY_CHARS: Final = 128
IDEMPOTENCY_KEY: Final = "Idempotency-Key"

USE_NOTED_S: Final = 60.0
"""A token's last use is written at most this often: it is for people."""


class Limits:
    """How often each token may ask, in this process: a bucket that fills steadily and holds a burst.

    Args:
        per_second: What it fills by.
        burst: What it holds.
        now: Seconds that never go back.
    """

    def __init__(
        self, *, per_second: int, burst: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}
        """Token -> what was left in its bucket, and when."""

    def take(self, token: str) -> None:
        """Take one request out of a token's bucket. Raises RateExceeded."""
        now = self._now()
        left, at = self._left.get(token, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_second)
        if left < 1:
            self._left[token] = (left, now)
            raise RateExceeded(max(1, math.ceil((1 - left) / self._per_second)))
        self._left[token] = (left - 1, now)


class Reader:
    """Reads requests for the routes of one application."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._noted: dict[str, float] = {}
        self._adapters: dict[type, TypeAdapter[object]] = {}

    async def read(self, route: Route, request: web.Request) -> Asked:
        """Return the request as its handler takes it.

        Raises:
            ApiError: It is refused.
            StoreUnavailable: The database does not answer.
        """
        app = request.app
        now = app[CLOCK].now()
        token = await find_token(app[DATABASE], _shown(request))
        if token is None:
            raise TokenInvalid
        await self._note(request, token)
        if route.scope not in token.scopes:
            raise ScopeMissing(f"The token {token.name!r} lacks the scope {route.scope!r}.")
        self._limits.take(token.id)
        key = _key(request) if route.is_repeatable else None
        body = (
            None
            if route.takes is None
            else self._body(route.takes, await _read(request, route.body_bytes))
        )
        return Asked(app, token, dict(request.match_info), body, key, now)

    async def _note(self, request: web.Request, token: Token) -> None:
        since = time.monotonic()
        if since - self._noted.get(token.id, -USE_NOTED_S) < USE_NOTED_S:
            return
        self._noted[token.id] = since
        app = request.app
        await note_use(app[DATABASE], token, now=app[CLOCK].now())

    def _body(self, takes: type, body: bytes) -> object:
        if takes not in self._adapters:
            self._adapters[takes] = TypeAdapter(takes)
        adapter = self._adapters[takes]
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BodyUnreadable(f"The body is not JSON: {error}.") from None
        try:
            return adapter.validate_json(orjson.dumps(_whole(said)), strict=True)
        except ValidationError as wrong:
            raise BodyInvalid(_told(wrong)) from None
        except (TypeError, RecursionError) as error:
            raise BodyInvalid(f"The body is nested too deeply: {error}.") from None


def _shown(request: web.Request) -> str:
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _key(request: web.Request) -> str | None:
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and not (
        0 < len(key) <= KEY_CHARS and all("!" <= sign <= "~" for sign in key)
    ):
        raise KeyInvalid
    return key


async def _read(request: web.Request, most: int) -> bytes:
    length = request.content_length
    if length is not None and length > most:
        raise BodyTooLarge(f"The body may have {most} bytes.")
    body = await request.read()
    if len(body) > most:
        raise BodyTooLarge(f"The body may have {most} bytes.")
    return body


def _whole(part: Json) -> Json:
    """Return JSON with 7 for 7.0: to JSON both are the same whole number, to a strict model they are not."""
    match part:
        case float() if part.is_integer() and abs(part) < EXACT:
            return int(part)
        case list():
            return [_whole(inner) for inner in part]
        case dict():
            return {name: _whole(inner) for name, inner in part.items()}
        case _:
            return part


def _told(wrong: ValidationError) -> str:
    """Return what is wrong by its place; values are not repeated, they may be anybody's."""
    errors = _likely(wrong.errors(include_input=False, include_url=False, include_context=False))
    told = "; ".join(map(_problem, errors[:PROBLEMS_TOLD]))
    return (
        told if len(errors) <= PROBLEMS_TOLD else f"{told}; and {len(errors) - PROBLEMS_TOLD} more"
    )


def _likely(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out what is wrong with the forms of a choice that were not meant.

    Where a value may have one of several forms pydantic tells what is wrong with each.
    """
    forms: dict[tuple[int | str, ...], dict[int | str, list[ErrorDetails]]] = {}
    for error in errors:
        at = next((at for at, part in enumerate(error["loc"]) if _is_form(error, at)), None)
        if at is not None:
            forms.setdefault(error["loc"][:at], {}).setdefault(error["loc"][at], []).append(error)
    dropped: list[ErrorDetails] = []
    for place, tried in forms.items():
        nearest = min(_distance(found, len(place)) for found in tried.values())
        far = [found for found in tried.values() if _distance(found, len(place)) > nearest]
        dropped += [error for found in far for error in found]
    return [error for error in errors if error not in dropped]


def _distance(found: Sequence[ErrorDetails], at: int) -> int:
    """Return how far a value is from a form: another type altogether, other fields, or these with wrong values."""
    if any(len(error["loc"]) == at + 1 for error in found):
        return 2
    return 1 if any(map(_is_of_another, found)) else 0


def _is_form(error: ErrorDetails, at: int) -> bool:
    """Tell whether a part of an error's place names a form, such as `ByPhone` or `literal[...]`; no key does."""
    part = error["loc"][at]
    is_key = _is_of_another(error) and at == len(error["loc"]) - 1
    return isinstance(part, str) and not is_key and (part[:1].isupper() or "[" in part)


def _is_of_another(error: ErrorDetails) -> bool:
    return error["type"] in ("missing", "extra_forbidden")


def _problem(error: ErrorDetails) -> str:
    keys = [str(part) for at, part in enumerate(error["loc"]) if not _is_form(error, at)]
    place = ".".join(keys) or "the body"
    if error["type"] == "string_pattern_mismatch" and keys[-1:] == ["phone"]:
        return f"{place}: must be digits with the country code, such as 5215550001"
    return f"{place}: {error['msg']}"
