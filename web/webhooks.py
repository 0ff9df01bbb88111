"""Where providers call: raw body -> verified -> parsed -> addressed to its lines -> accepted -> 200.

This is the hot path: nothing is validated twice or computed that an answer does not need, and nothing logged but, once
a minute, that a line refuses whoever posts to it.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property, partial

import structlog
from aiohttp import web

from engine.core import limits
from engine.core.errors import LineUnknown, PayloadTooLarge, SignatureInvalid
from engine.core.ids import LineId
from engine.loops.engine import Engine
from engine.ports import WebhookRequest
from web.clock import LineClock
from web.doors import Doors
from web.errors import NOSNIFF, answer_error, answer_failure, answering
from web.keys import CLOCK, DOORS, ENGINE, LANES
from web.lanes import Lanes

REFUSALS_TOLD_S = 60.0
"""How often a line's refusals are logged: a wrong secret refuses everything, and a stranger may try for ever."""

log = structlog.get_logger()


class Answers:
    """How many webhooks were answered how, in this process's life."""

    def __init__(self) -> None:
        self.taken = 0
        """Answered 200."""
        self.refused: Counter[tuple[str, int]] = Counter()
        """The others, by line and status; the line is empty where the URL named none of ours."""


class Webhooks:
    """The webhook routes of an application; they take its parts when the first request comes."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._told: dict[str, float] = {}
        """Line -> when its next refusal is logged."""
        self.answers = Answers()

    @cached_property
    def _doors(self) -> Doors:
        return self._app[DOORS]

    @cached_property
    def _clock(self) -> LineClock:
        return self._app[CLOCK]

    @cached_property
    def _engine(self) -> Engine:
        return self._app[ENGINE]

    @cached_property
    def _lanes(self) -> Lanes:
        return self._app[LANES]

    def routes(self, lines: Iterable[LineId]) -> list[web.RouteDef]:
        """Return the routes.

        Each line has one by its name, which aiohttp finds by a look-up; the patterns take the secret of a line that
        has one, and what names no line at all.
        """
        return [
            *(
                web.post(f"/webhooks/{line}", partial(self._receive, name=line, secret=None))
                for line in lines
            ),
            web.get("/webhooks/{line}", answering(self._challenge), allow_head=False),
            web.post("/webhooks/{line}", self._receive_by_pattern),
            web.get("/webhooks/{line}/{secret}", answering(self._challenge), allow_head=False),
            web.post("/webhooks/{line}/{secret}", self._receive_by_pattern),
        ]

    async def _receive_by_pattern(self, request: web.Request) -> web.StreamResponse:
        route = request.match_info
        return await self._receive(request, route["line"], route.get("secret"))

    async def _receive(
        self, request: web.Request, name: str, secret: str | None
    ) -> web.StreamResponse:
        """Answer one request that came through aiohttp."""
        try:
            # An unknown line or a wrong secret is refused before its body is waited for.
            self._doors.find(name, secret, request.headers)
            body = await _read(request)
            await self._take(name, secret, request.headers, body, _query(request))
            self.answers.taken += 1
            return web.Response()
        except Exception as error:
            return self._refusal(name, error, request)

    async def answer(
        self, name: str, secret: str | None, headers: Mapping[str, str], body: bytes
    ) -> web.Response | None:
        """Take a webhook that came without aiohttp; return what it is answered, None for an empty 200.

        Args:
            name: What the URL calls the line.
            secret: The last part of the URL, if there is one more.
            headers: By names in lower case.
            body: As it came.
        """
        try:
            await self._take(name, secret, headers, body, {})
        except Exception as error:
            return self._refusal(name, error, None)
        self.answers.taken += 1
        return None

    async def _take(
        self,
        name: str,
        secret: str | None,
        headers: Mapping[str, str],
        body: bytes,
        query: dict[str, str],
    ) -> None:
        """Return once everything in the body is stored; raises where the sender is wrong.

        Where nothing was stored it raises too: it is answered 503 and the provider sends it again; one that would not
        has its lane.
        """
        doors = self._doors
        door = doors.find(name, secret, headers)
        webhook = WebhookRequest(body, headers, query)
        door.adapter.verify(webhook)
        now = self._clock.now(door.line)
        arrivals = doors.arrivals(door, webhook, received_at=now)
        if not arrivals:
            return
        if door.line in self._lanes:
            await self._lanes.take(door.line, webhook, arrivals, received_at=now)
        else:
            await self._engine.accept(arrivals)

    def _refusal(self, name: str, error: Exception, request: web.Request | None) -> web.Response:
        if isinstance(error, SignatureInvalid):
            self._tell_refusal(name, error)
        if request is None:
            answer = answer_failure(error, method="POST", route="/webhooks/{line}")
        else:
            answer = answer_error(request, error)
        # Anybody may post to any name: only our own are counted apart.
        known = "" if isinstance(error, LineUnknown) else name
        self.answers.refused[known, answer.status] += 1
        return answer

    def _tell_refusal(self, line: str, error: SignatureInvalid) -> None:
        now = time.monotonic()
        if now >= self._told.get(line, now):
            self._told[line] = now + REFUSALS_TOLD_S
            log.warning("webhook_refused", line=line, code=error.code)

    async def _challenge(self, request: web.Request) -> web.StreamResponse:
        """Answer a provider's question whether this URL is ours.

        Raises:
            InboundError: The question carries a wrong token; answered 4xx.
        """
        route = request.match_info
        door = self._doors.find(route["line"], route.get("secret"))
        return web.Response(text=door.adapter.challenge(_query(request)), headers=NOSNIFF)


async def _read(request: web.Request) -> bytes:
    content = request.content
    if content.is_eof():
        # Nearly always: the whole body came along with the head. `request.read` would copy it twice.
        body = content.read_nowait()
        if len(body) > limits.BODY_BYTES:
            raise PayloadTooLarge
        return body
    length = request.content_length
    if length is not None and length > limits.BODY_BYTES:
        raise PayloadTooLarge
    # A body that names no length is stopped by the application's client_max_size.
    return await request.read()


def _query(request: web.Request) -> dict[str, str]:
    return dict(request.query) if request.query_string else {}


WEBHOOKS = web.AppKey("webhooks", Webhooks)
"""The webhook routes, for what answers them without aiohttp."""
