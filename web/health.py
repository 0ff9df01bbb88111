"""`/healthz`: the process lives; `/readyz`: it can do its work."""

from datetime import timedelta

import orjson
from aiohttp import web

from web.errors import answering
from web.keys import ENGINE, LANES, STORE
from web.vitals import WATCH


async def healthz(request: web.Request) -> web.Response:
    """Answer 200 as long as the process answers at all."""
    return web.json_response({"ok": True})


async def readyz(request: web.Request) -> web.Response:
    """Answer 200 where this process can serve: it writes to the database and reads it, and its loops run; else 503.

    Who asks decides whether webhooks come here or to another replica. What waits, to be stepped or to leave, is told
    and changes nothing: it waits for all replicas alike, and taking webhooks from each of them mends nothing.
    """
    app = request.app
    vitals = await app[WATCH].look()
    loops = app[ENGINE].health().is_well
    waiting = vitals.oldest_unstepped if vitals else timedelta()
    unsent = max(vitals.oldest_unsent.values(), default=timedelta()) if vitals else timedelta()
    database = vitals is not None and app[STORE].is_sure
    ready = database and loops
    told = {
        "ok": ready,
        "database": database,
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
