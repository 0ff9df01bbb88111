"""`parley missed`."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from cli.database import opened
from cli.options import config_option, examples, needed_settings
from cli.words import in_one_line
from storage.missed import Missed
from storage.missed import missed as find_missed
from web.settings import Settings

TEXT_LENGTH = 100
"""Characters of a text that are shown: enough to see what was meant."""


@click.command(
    epilog=examples("parley missed", "parley missed --days 1", "parley missed --line shop")
)
@click.option(
    "--days", type=click.IntRange(min=1), default=7, show_default=True, help="How far to look back."
)
@click.option("--line", metavar="NAME", help="Only what came in on this line.")
@config_option
def missed(days: int, line: str | None, config: Path | None) -> None:
    """List what the bot did not understand, by flow and step, the most frequent first, with the latest texts.

    The texts are the contacts' own words: they are printed here alone, never in a log.
    """
    found = asyncio.run(_found(needed_settings(config), line, timedelta(days=days)))
    for step in found:
        for shown in _lines(step):
            click.echo(shown)
    if not found:
        click.echo("nothing was missed")


async def _found(settings: Settings, line: str | None, back: timedelta) -> list[Missed]:
    async with opened(settings) as database:
        lines = [line] if line else None
        return await find_missed(database, lines=lines, since=datetime.now(UTC) - back)


def _lines(step: Missed) -> Iterator[str]:
    people = f", {step.given_up} of them to a person" if step.given_up else ""
    yield f"{step.place or 'no question open'}: {step.count}{people}"
    for content in step.latest:
        said = in_one_line(content)
        yield f"  > {said if len(said) <= TEXT_LENGTH else said[: TEXT_LENGTH - 1] + '…'}"
