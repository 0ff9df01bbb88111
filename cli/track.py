"""`parley track`."""

import asyncio
from pathlib import Path

import click

from cli.options import config_option, examples
from cli.reach import digits, reached
from cli.reach import traits as read_traits
from engine.core.value import Json


@click.command(
    epilog=examples(
        'parley track shop 5215550001 "Product added" sku=P-7 price=9.5',
        "parley track shop 5215550001 Visited",
    )
)
@click.argument("line")
@click.argument("number")
@click.argument("event")
@click.argument("traits", nargs=-1, metavar="[KEY=VALUE]...")
@config_option
def track(line: str, number: str, event: str, traits: tuple[str, ...], config: Path | None) -> None:
    """Record with LINE's provider that the contact with NUMBER did EVENT.

    A value that is JSON (9.5, true, "007") is sent as such, any other as text.
    """
    asyncio.run(_tracked(config, line, number, event, read_traits(traits)))
    click.echo(f"recorded {event!r}")


async def _tracked(
    config: Path | None, line: str, number: str, event: str, said: dict[str, Json]
) -> None:
    async with reached(config, line) as there:
        tracker = there.needed(there.adapter.services.events, "events")
        await tracker.track(event, said, phone=digits(number))
