"""Where providers call: raw body -> verified -> parsed -> addressed to its lines -> accepted -> 200.

This is the hot path: nothing is logged, validated twice or computed that an answer does not need.
"""

from aiohttp import web

from engine.core import limits
from engine.core.errors import PayloadTooLarge
from engine.ports import WebhookRequest
from web.errors import NOSNIFF
from web.keys import CLOCK, DOORS, ENGINE


async def receive(request: web.Request) -> web.Response:
    """Answer 200 once everything in the body is stored.

    Raises:
        InboundError: The sender is wrong; answered 4xx.
        StoreUnavailable: Nothing was stored; answered 503, and the provider sends it again.
    """
    app, route = request.app, request.match_info
    doors = app[DOORS]
    door = doors.find(route["line"], route.get("secret"))
    webhook = WebhookRequest(await _read(request), request.headers, _query(request))
    door.adapter.verify(webhook)
    arrivals = doors.arrivals(door, webhook, received_at=app[CLOCK].now(door.line))
    if arrivals:
        await app[ENGINE].accept(arrivals)
    return web.Response()


async def _read(request: web.Request) -> bytes:
    length = request.content_length
    if length is not None and length > limits.BODY_BYTES:
        raise PayloadTooLarge
    # A body that names no length is stopped by the application's client_max_size.
    return await request.read()


def _query(request: web.Request) -> dict[str, str]:
    return dict(request.query) if request.query_string else {}


async def challenge(request: web.Request) -> web.Response:
    """Answer a provider's question whether this URL is ours.

    Raises:
        InboundError: The question carries a wrong token; answered 4xx.
    """
    route = request.match_info
    door = request.app[DOORS].find(route["line"], route.get("secret"))
    return web.Response(text=door.adapter.challenge(_query(request)), headers=NOSNIFF)


def routes() -> list[web.RouteDef]:
    """Return the webhook routes."""
    return [
        web.get("/webhooks/{line}", challenge, allow_head=False),
        web.post("/webhooks/{line}", receive),
        web.get("/webhooks/{line}/{secret}", challenge, allow_head=False),
        web.post("/webhooks/{line}/{secret}", receive),
    ]
