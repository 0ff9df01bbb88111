"""Adds the inbox to an application."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

from aiohttp import web

from web.inbox.guard import CLOSING, guarded
from web.inbox.live.hub import HUB, Hub
from web.inbox.live.live import run_teller, send_pages_away, telling
from web.inbox.live.pushing import run_pusher
from web.inbox.menu import menu_of
from web.inbox.names import COLLEAGUES, Colleagues
from web.inbox.pages import ENVIRONMENT, setup_pages
from web.inbox.people.login import HASHING, THROTTLE
from web.inbox.people.passwords import Hashing
from web.inbox.people.signing import SESSIONS, Sessions
from web.inbox.people.throttle import Throttle
from web.inbox.routes import ROUTES
from web.inbox.table import PREFIX, Route
from web.inbox.writing.files import UPLOADS, Uploads
from web.keys import CLOCK, DATABASE, SETTINGS


def setup_inbox(app: web.Application) -> None:
    """Add the routes and what they need; call it after what opens the database.

    Its `HUB` is to hear of commits.
    """
    setup_pages(app)
    app[HUB] = hub = Hub()
    app[ENVIRONMENT].globals["live_mark"] = hub.mark
    paths = frozenset(route.path for route in ROUTES)
    app[ENVIRONMENT].globals.update(paths=paths, menu=partial(menu_of, paths=paths))
    app.cleanup_ctx.extend([_open_sessions, run_pusher, run_teller])
    app.on_shutdown.extend([send_pages_away, _end_streams])
    app.add_routes(
        web.RouteDef(
            route.method,
            PREFIX + route.path,
            guarded(telling(route) if isinstance(route, Route) else route),
            {"allow_head": False} if route.method == "GET" else {},
        )
        for route in ROUTES
    )


async def _open_sessions(app: web.Application) -> AsyncIterator[None]:
    hours = app[SETTINGS].inbox.session_hours
    app[SESSIONS] = Sessions(app[DATABASE], idle=timedelta(hours=hours))
    app[HASHING] = Hashing()
    app[THROTTLE] = Throttle(app[CLOCK].monotonic)
    app[CLOSING] = asyncio.Event()
    app[COLLEAGUES] = Colleagues()
    app[UPLOADS] = Uploads()
    yield


async def _end_streams(app: web.Application) -> None:
    """Streams never end by themselves; a stop would wait for them."""
    app[CLOSING].set()
