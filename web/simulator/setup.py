"""Puts the simulator into an application."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final

from aiohttp import web

from engine.core.content import Template
from engine.core.previews import FilledTemplate
from engine.core.script import Script
from storage.queries import Queries
from web.keys import CLOCK, MEDIA
from web.simulator.phones import BASE, Phones
from web.simulator.routes import OPENED, Pages
from web.simulator.simulator import Simulator

GREETING: Final = "Hi"
SUGGESTIONS_MOST: Final = 4


def setup_simulator(
    app: web.Application,
    phones: Phones,
    *,
    scripts: Iterable[Script],
    reads: Callable[[web.Application], Queries],
    wake: Callable[[web.Application], None],
    words: Callable[[web.Application, Template], FilledTemplate | None],
) -> None:
    """Add the simulator's routes, and its part of the application's life.

    Call it between what opens the database and what starts the engine: the line's clock is set before any timer is
    looked at.

    Args:
        app: The application; at its start it holds `keys.MEDIA` and `keys.CLOCK`.
        phones: The simulator's line; its `line` is configured like any other, its `changed` hears of commits.
        scripts: The flows; a page offers the words that start them.
        reads: Gives the database's read side.
        wake: Makes the engine look at everything soon.
        words: Tells what a template reads.
    """

    async def life(app: web.Application) -> AsyncIterator[None]:
        simulator = Simulator(
            phones,
            queries=reads(app),
            media=app[MEDIA],
            clock=app[CLOCK],
            wake=lambda: wake(app),
            media_base=f"{BASE}/media",
            words=lambda template: words(app, template),
        )
        await simulator.restore()
        app[OPENED] = simulator
        yield
        await phones.sandbox.close()

    async def leave(_: web.Application) -> None:
        # Streams never end by themselves; a stop would wait for them.
        phones.hub.close()

    app.cleanup_ctx.append(life)
    app.on_shutdown.append(leave)
    app.add_routes(Pages(phones, suggestions=suggestions(scripts)).routes())


def suggestions(scripts: Iterable[Script]) -> tuple[str, ...]:
    """Return what a page offers to say first: a greeting, and the first word that starts each flow."""
    words = [script.starts_on[0] for script in scripts if script.starts_on]
    return (GREETING, *words)[:SUGGESTIONS_MOST]
