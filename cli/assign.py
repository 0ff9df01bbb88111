"""`parley assign`."""

import asyncio
from pathlib import Path

import click

from cli.options import config_option, examples
from cli.reach import digits, reached


@click.command(epilog=examples("parley assign shop 5215550001 ana@example.com"))
@click.argument("line")
@click.argument("number")
@click.argument("agent")
@config_option
def assign(line: str, number: str, agent: str, config: Path | None) -> None:
    """Give the chat of NUMBER to AGENT, an e-mail address, in the inbox of LINE's provider.

    Who holds the chat in Parley does not change by it.
    """
    asyncio.run(_assigned(config, line, number, agent))
    click.echo(f"{agent} has the chat")


async def _assigned(config: Path | None, line: str, number: str, agent: str) -> None:
    async with reached(config, line) as there:
        desk = there.needed(there.adapter.services.desk, "chat assignment")
        await desk.assign(digits(number), agent=agent)
