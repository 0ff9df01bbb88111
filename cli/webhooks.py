"""`parley webhooks`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.database import opened
from cli.options import config_option, examples, needed_settings
from cli.words import counted, length
from engine.core.errors import DefinitionError
from storage.news import HookState, hook_states, retry_given_up
from web.settings import Settings


@click.command(epilog=examples("parley webhooks", "parley webhooks --retry crm"))
@click.option(
    "--retry", metavar="NAME", help="Let all be posted again that was given up for this server."
)
@config_option
def webhooks(retry: str | None, config: Path | None) -> None:
    """List what your own servers are still to be told, and what was given up.

    Nothing is posted from here: the running server posts, or the next one.
    """
    settings = needed_settings(config)
    if retry is not None:
        _known(settings, retry)
        count = asyncio.run(_retry(settings, retry))
        click.echo(f"{counted(count, 'post waits', 'posts wait')} again for {retry}")
        return
    states = {state.hook: state for state in asyncio.run(_states(settings))}
    for name, hook in settings.webhooks.items():
        click.echo(f"{name}  {hook.url}  {_told(states.pop(name, None))}")
    for name, state in states.items():
        click.echo(f"{name}  not configured any more  {_told(state)}")
    if not (settings.webhooks or states):
        click.echo("no server is configured: see [webhooks.NAME] in docs/howto/webhooks.md")


def _known(settings: Settings, name: str) -> None:
    if name not in settings.webhooks:
        known = ", ".join(settings.webhooks) or "none"
        raise DefinitionError(f"there is no server {name!r}; there are {known}")


async def _states(settings: Settings) -> list[HookState]:
    async with opened(settings) as database:
        return await hook_states(database)


async def _retry(settings: Settings, name: str) -> int:
    async with opened(settings) as database:
        return await retry_given_up(database, name, now=datetime.now(UTC))


def _told(state: HookState | None) -> str:
    if state is None:
        return "nothing waits"
    waits = "nothing waits"
    if state.waiting and state.oldest is not None:
        waits = f"{state.waiting} waiting for {length(datetime.now(UTC) - state.oldest)}"
    error = f", {state.error}" if state.error else ""
    given_up = f", {state.given_up} given up" if state.given_up else ""
    return f"{waits}{error}{given_up}"
