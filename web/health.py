"""`/healthz`: the process lives; `/readyz`: it does its work."""

from datetime import timedelta

import orjson
from aiohttp import web

from web.errors import answering
from web.keys import ENGINE, LANES
from web.vitals import WATCH

WAITING_MOST = timedelta(seconds=60)
"""A signal that waits longer means that stepping is stuck."""


async def healthz(request: web.Request) -> web.Response:
    """Answer 200 as long as the process answers at all."""
    return web.json_response({"ok": True})


async def readyz(request: web.Request) -> web.Response:
    """Answer 200 where the database answers, the loops run and nothing waits too long; else 503 with what is wrong.

    What waits to leave is told and changes nothing: a provider that takes no messages is no reason to take webhooks
    from this process.
    """
    app = request.app
    vitals = await app[WATCH].look()
    loops = app[ENGINE].health().is_well
    waiting = vitals.oldest_unstepped if vitals else timedelta()
    unsent = max(vitals.oldest_unsent.values(), default=timedelta()) if vitals else timedelta()
    ready = vitals is not None and loops and waiting < WAITING_MOST
    told = {
        "ok": ready,
        "database": vitals is not None,
        "loops": loops,
        "oldest_waiting_s": _seconds(waiting),
        "oldest_unsent_s": _seconds(unsent),
        "loop_lag_s": round(app[WATCH].lag.seconds, 3),
        "spooled": app[LANES].spooled,
    }
    return web.Response(
        status=200 if ready else 503, body=orjson.dumps(told), content_type="application/json"
    )


def _seconds(length: timedelta) -> float:
    return round(length.total_seconds(), 3)


def routes() -> list[web.RouteDef]:
    """Return the health routes."""
    return [web.get("/healthz", answering(healthz)), web.get("/readyz", answering(readyz))]
