"""`parley lines`."""

import asyncio
from pathlib import Path

import click

from cli.line_check import Looked, check_line
from cli.options import config_option, examples
from cli.reach import Reached, digits, reached
from engine.core.errors import DefinitionError
from engine.ports.services import ManualSetup
from web.greeting import PASTE_AT, webhook_address


@click.group()
def lines() -> None:
    """Connect a line to its provider, and look whether it works."""


@lines.command("register", epilog=examples("parley lines register shop"))
@click.argument("line")
@config_option
def register_command(line: str, config: Path | None) -> None:
    """Tell LINE's provider where its webhooks go; where it has no call for that, say what to paste where."""
    click.echo(asyncio.run(_registered(config, line)))


@lines.command(
    "check",
    epilog=examples(
        "parley lines check shop",
        "parley lines check shop --to 5215550001",
        "parley lines check shop --to 5215550001 --template hello_world --language en_US",
    ),
)
@click.argument("line")
@click.option("--to", metavar="NUMBER", help="Send this number a test message too.")
@click.option("--template", metavar="NAME", help="With --to: send this template, not a text.")
@click.option("--language", default="en", show_default=True, help="The template's language.")
@click.option(
    "--wait",
    type=click.IntRange(1, 600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for the test message's status.",
)
@config_option
def check_command(
    line: str,
    to: str | None,
    template: str | None,
    language: str,
    wait: int,
    config: Path | None,
) -> None:
    """Try LINE's key, its sender, whether the provider reaches this server, and with --to one message to its status.

    The message goes through the outbox, so the server must run; a text needs an open window: write to the line from
    that phone first. Each line begins with ✓, ✗ or, where the provider has no call for it, -.
    """
    phone = None if to is None else digits(to)
    failed = asyncio.run(_checked(config, line, phone, template, language, wait))
    if failed:
        raise DefinitionError(f"lines.{line}: {failed} of the checks failed")


async def _registered(config: Path | None, line: str) -> str:
    async with reached(config, line) as there:
        address = webhook_of(there)
        setup = there.adapter.services.webhook
        if setup is None:
            where = PASTE_AT.get(there.table.provider, "the provider's page for webhooks")
            return f"paste {address} at: {where}"
        try:
            return await setup.register(address)
        except ManualSetup as manual:
            return str(manual)


async def _checked(
    config: Path | None,
    line: str,
    to: str | None,
    template: str | None,
    language: str,
    wait: int,
) -> int:
    failed = 0
    async with reached(config, line) as there:
        async for looked in check_line(
            there, to=to, template=template, language=language, wait_s=wait
        ):
            click.echo(_told(looked))
            failed += looked.well is False
    return failed


def webhook_of(there: Reached) -> str:
    """Return the address for the line's provider. Raises DefinitionError where there is none."""
    public_url = there.settings.server.public_url
    if public_url is None:
        raise DefinitionError(
            "server.public_url is not set: providers must reach this server, such as https://bot.example.com"
        )
    return webhook_address(public_url, there.line, there.table)


def _told(looked: Looked) -> str:
    mark = {True: "✓", False: "✗", None: "-"}[looked.well]
    return f"{mark} {looked.what}: {looked.said}"
