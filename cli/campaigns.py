"""`parley campaigns`."""

import asyncio
from pathlib import Path

import click

from cli.options import config_option, examples, line_option
from cli.reach import reached


@click.group()
def campaigns() -> None:
    """Make campaigns, which sends of a template may count for."""


@campaigns.command(
    "create", epilog=examples("parley campaigns create spring --template promo --language en")
)
@click.argument("name")
@click.option("--template", required=True, metavar="NAME", help="The template that it sends.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Its language.")
@line_option
@config_option
def create_command(
    name: str, template: str, language: str, line: str | None, config: Path | None
) -> None:
    """Make the campaign NAME with the line's provider, and print its id for `campaign=` of a template."""
    click.echo(asyncio.run(_created(config, line, name, template, language)))


async def _created(
    config: Path | None, line: str | None, name: str, template: str, language: str
) -> str:
    async with reached(config, line) as there:
        made = there.needed(there.adapter.services.campaigns, "campaigns")
        return await made.create(name, template=template, language=language)
