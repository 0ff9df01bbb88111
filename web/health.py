"""`/healthz`: the process lives; `/readyz`: it does its work."""

from datetime import timedelta

import orjson
from aiohttp import web

from engine.core.errors import StorageError
from web.errors import answering
from web.keys import CLOCK, ENGINE, LANES, STORE

WAITING_MOST = timedelta(seconds=60)
"""A signal that waits longer means that stepping is stuck."""


async def healthz(request: web.Request) -> web.Response:
    """Answer 200 as long as the process answers at all."""
    return web.json_response({"ok": True})


async def readyz(request: web.Request) -> web.Response:
    """Answer 200 where the database answers, the loops run and nothing waits too long; else 503 with what is wrong."""
    app = request.app
    database = True
    waiting: timedelta | None = None
    try:
        waiting = await app[STORE].oldest_waiting(now=app[CLOCK].now())
    except StorageError:
        database = False
    loops = app[ENGINE].health().is_well
    waiting_s = max(0.0, round(waiting.total_seconds(), 3)) if waiting else 0
    ready = database and loops and waiting_s < WAITING_MOST.total_seconds()
    told = {
        "ok": ready,
        "database": database,
        "loops": loops,
        "oldest_waiting_s": waiting_s,
        "spooled": app[LANES].spooled,
    }
    return web.Response(
        status=200 if ready else 503, body=orjson.dumps(told), content_type="application/json"
    )


def routes() -> list[web.RouteDef]:
    """Return the health routes."""
    return [web.get("/healthz", answering(healthz)), web.get("/readyz", answering(readyz))]
