"""Builds the application: the one place that knows every package and wires them."""

import random
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from functools import partial

import aiohttp
from aiohttp import web

from adapters.console.adapter import write_line
from adapters.http import build_session, call
from adapters.registry import LineConfig, build_adapter
from engine.core import limits
from engine.core.errors import DefinitionError
from engine.core.ids import ConversationId, LineId
from engine.flow.code import FlowSteps
from engine.loops.engine import Engine, Listener
from engine.loops.templates import Templates
from engine.ports import Adapter, MediaLinks
from engine.ports.outside import Outside
from storage import Database, MediaFolder, Queries, SqlStore, TimeIds, prepare
from storage.assigning import SqlAssigning
from storage.backup import spool_of
from storage.broadcasts import StoredBroadcasts
from storage.ids import OWNERS
from storage.templates import SqlTemplates
from web import api, health, metrics
from web.clock import LineClock
from web.desks import helpdesks, team_rules
from web.doors import Door, Doors
from web.errors import no_route
from web.flows import line_hours, problems, read_flows, refuse_wrong
from web.hooks import build_hooks
from web.inbox import setup_inbox
from web.inbox.live.hub import HUB
from web.indexer import run_indexer
from web.keys import (
    ADAPTERS,
    CLOCK,
    DATABASE,
    DOORS,
    ENGINE,
    FLOWS,
    IDS,
    LANES,
    MEDIA,
    OWNER,
    QUERIES,
    SESSION,
    SETTINGS,
    STORE,
    TEMPLATES,
    WORKER,
)
from web.lanes import Lanes
from web.media_links import SignedLinks
from web.settings import Settings, read_secrets
from web.simulator import SIMULATOR, Phones, setup_simulator
from web.vitals import run_watch
from web.webhooks import WEBHOOKS, Webhooks

ENGINE_STOP_WITHIN_S = 5.0
"""The engine's share of the ten seconds of a stop; requests have had theirs before."""

Context = Callable[[web.Application], AsyncIterator[None]]


def build_app(
    settings: Settings,
    *,
    dev: bool = False,
    origin: str = "http://127.0.0.1:8080",
    write: Callable[[str], None] = write_line,
    listener: Listener | None = None,
) -> web.Application:
    """Return the application; starting it opens the database and runs the engine, cleaning it up stops both.

    Args:
        settings: What is configured.
        dev: Whether to serve the simulator, with a line of its own.
        origin: Where this server is reached by itself; the simulator's pretended Meta calls it.
        write: Where the messages of a console line go.
        listener: Told after each commit what changed; with `dev` the simulator is told instead.

    Raises:
        DefinitionError: A flow, a line or a setting is wrong.
    """
    clock = LineClock()
    phones = Phones(origin=origin, clock=clock, start=None) if dev else None
    if phones is not None:
        settings = _with_line(settings, SIMULATOR, phones.line)
    settings = read_secrets(settings)
    flows = read_flows(settings)
    refuse_wrong(problems(settings, flows))
    app = web.Application(client_max_size=limits.BODY_BYTES)
    app[SETTINGS] = settings
    app[CLOCK] = clock
    app[FLOWS] = flows
    lines = map(LineId, settings.lines)
    links = SignedLinks(settings.media.path, public_url=settings.server.public_url, now=clock.now)
    app[WEBHOOKS] = webhooks = Webhooks(app)
    app.add_routes([*health.routes(), *webhooks.routes(lines), *links.routes()])
    app.add_routes(metrics.routes(settings.metrics))
    app.add_routes(api.routes(settings.api))
    app.cleanup_ctx.append(_open_database)
    setup_inbox(app)
    app.add_routes([no_route()])
    if phones is not None:
        setup_simulator(
            app,
            phones,
            scripts=flows.by_name.values(),
            reads=lambda app: app[QUERIES],
            wake=lambda app: app[ENGINE].wake(),
            words=lambda app, template: app[TEMPLATES].words(SIMULATOR, template),
        )
    app.cleanup_ctx.append(_open_lines(write, links))
    app.cleanup_ctx.append(
        _run_engine(_all(app[HUB].changed, phones.changed if phones else listener))
    )
    app.cleanup_ctx.append(_open_lanes)
    app.cleanup_ctx.append(run_indexer)
    app.cleanup_ctx.append(run_watch)
    app.cleanup_ctx.append(metrics.run_listener)
    return app


def _all(first: Listener, second: Listener | None) -> Listener:
    """Return the listener that tells both."""
    if second is None:
        return first

    def tell(line: LineId, conversation: ConversationId | None) -> None:
        first(line, conversation)
        second(line, conversation)

    return tell


def _with_line(settings: Settings, name: LineId, line: LineConfig) -> Settings:
    if name in settings.lines:
        raise DefinitionError(
            f"lines.{name}: --dev makes a line of this name; give yours another one"
        )
    return settings.model_copy(update={"lines": {**settings.lines, str(name): line}})


async def _open_database(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    database = Database(settings.database.url)
    try:
        database.lock()
        await prepare(database)
        app[OWNER] = await _claim_owner(database)
        app[QUERIES] = Queries(database)
        app[IDS] = TimeIds(app[OWNER], after=await app[QUERIES].newest_id())
        app[DATABASE] = database
        app[STORE] = SqlStore(database, ids=app[IDS])
        app[MEDIA] = MediaFolder(settings.media.path)
        yield
    finally:
        await database.close()


async def _claim_owner(database: Database) -> int:
    """Return a number that no other live process on this database has.

    Where several may serve, one that was cut off for a while wants its number again: one that comes meanwhile takes it
    by chance alone.
    """
    numbers = range(1, OWNERS)
    for owner in numbers if database.has_one_writer else random.sample(numbers, len(numbers)):
        if await database.claim_owner(owner):
            return owner
    raise DefinitionError(f"{OWNERS - 1} processes serve this database already")


def _open_lines(write: Callable[[str], None], links: MediaLinks) -> Context:
    async def open_lines(app: web.Application) -> AsyncIterator[None]:
        async with build_session() as session:
            adapters = _adapters(app, session, write, links)
            app[SESSION] = session
            app[ADAPTERS] = adapters
            app[DOORS] = _doors(app[SETTINGS], adapters)
            yield
            for adapter in adapters.values():
                await adapter.close()

    return open_lines


def _adapters(
    app: web.Application,
    session: aiohttp.ClientSession,
    write: Callable[[str], None],
    links: MediaLinks,
) -> dict[LineId, Adapter]:
    settings = app[SETTINGS]
    return {
        LineId(name): build_adapter(
            LineId(name),
            line,
            session=session,
            media_store=app[MEDIA],
            media_links=links,
            max_media_bytes=settings.media.max_bytes,
            folder=settings.folder,
            write=write,
        )
        for name, line in settings.lines.items()
    }


def _doors(settings: Settings, adapters: Mapping[LineId, Adapter]) -> Doors:
    return Doors(
        Door(
            line=line,
            adapter=adapter,
            provider=settings.lines[line].provider,
            secret=settings.lines[line].secret("webhook_secret") or None,
        )
        for line, adapter in adapters.items()
    )


def _run_engine(listener: Listener | None) -> Context:
    async def run_engine(app: web.Application) -> AsyncIterator[None]:
        adapters, flows = app[ADAPTERS], app[FLOWS]
        app[TEMPLATES] = _templates(app, adapters)
        engine = Engine(
            store=app[STORE],
            adapters=adapters,
            books=flows.books(app[SETTINGS], adapters),
            code_steps=FlowSteps(flows.by_name, hours=line_hours(app[SETTINGS])),
            clock=app[CLOCK],
            ids=app[IDS],
            media_store=app[MEDIA],
            owner=app[OWNER],
            listener=listener,
            reported=app[HUB].reported,
            outside=_heard_outside(app),
            shows=lambda: app[HUB].hears,
            hooks=build_hooks(app[SETTINGS], partial(call, app[SESSION])),
            broadcasts=StoredBroadcasts(app[DATABASE]),
            templates=app[TEMPLATES],
            assigning=SqlAssigning(app[DATABASE]),
            teams=team_rules(app[SETTINGS]),
            helpdesks=helpdesks(app[SETTINGS]),
        )
        app[ENGINE] = engine
        await engine.start()
        yield
        await engine.stop(ENGINE_STOP_WITHIN_S)

    return run_engine


def _heard_outside(app: web.Application) -> Callable[[Outside], None]:
    """Return who hears what another process wrote: on SQLite a command, on PostgreSQL any other replica."""
    hub = app[HUB]
    return (lambda _: hub.lost()) if app[DATABASE].has_one_writer else hub.outside


def _templates(app: web.Application, adapters: Mapping[LineId, Adapter]) -> Templates:
    hours = app[SETTINGS].templates.sync_hours
    return Templates(
        adapters=adapters,
        store=SqlTemplates(app[DATABASE]),
        clock=app[CLOCK],
        language=app[FLOWS].languages.first.code,
        every=timedelta(hours=hours) if hours else None,
        written=app[FLOWS].templates,
    )


async def _open_lanes(app: web.Application) -> AsyncIterator[None]:
    """Open the way in of lines whose provider sends nothing again; what waits on disk enters before anything new."""
    settings = app[SETTINGS]
    lanes = Lanes(
        (line for line, adapter in app[ADAPTERS].items() if not adapter.capabilities.redelivers),
        doors=app[DOORS],
        accept=app[ENGINE].accept,
        path=spool_of(settings.spool_file, app.get(WORKER, 1)),
        max_bytes=settings.spool.max_bytes,
    )
    app[LANES] = lanes
    await lanes.start()
    yield
    await lanes.stop()
