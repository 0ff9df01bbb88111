"""`parley tokens`."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from cli.database import opened
from cli.options import config_option, examples, needed_settings
from cli.words import clock_time
from engine.core.errors import DefinitionError
from storage.tokens import Token, create_token, list_tokens, revoke_token
from web.api.table import Scope
from web.settings import Settings


@click.group()
def tokens() -> None:
    """Make and revoke the tokens of the public API."""


@tokens.command(
    "create",
    epilog=examples(
        "parley tokens create till --scope messages:send",
        "parley tokens create crm --scope flows:start --scope messages:read --line shop",
    ),
)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(get_args(Scope)),
    multiple=True,
    required=True,
    help="What it may do; several are named one by one.",
)
@click.option(
    "--line", "lines", metavar="NAME", multiple=True, help="A line it may use; none is every line."
)
@config_option
def create_command(
    name: str, scopes: tuple[str, ...], lines: tuple[str, ...], config: Path | None
) -> None:
    """Make the token NAME and print it. It is shown this once: only a hash of it is kept."""
    settings = needed_settings(config)
    for line in lines:
        if line not in settings.lines:
            known = ", ".join(settings.lines) or "none"
            raise DefinitionError(f"no line {line!r}; configured: {known}")
    click.echo(asyncio.run(_created(settings, name, scopes, lines)))


@tokens.command("list", epilog=examples("parley tokens list"))
@config_option
def list_command(config: Path | None) -> None:
    """List the tokens: name, scopes, lines, when they were made, last used and revoked."""
    found = asyncio.run(_listed(needed_settings(config)))
    for token in found:
        click.echo(_told(token))
    if not found:
        click.echo("no tokens")


@tokens.command("revoke", epilog=examples("parley tokens revoke till"))
@click.argument("name")
@config_option
def revoke_command(name: str, config: Path | None) -> None:
    """Take the token NAME back: from now on it is answered 401."""
    if not asyncio.run(_revoked(needed_settings(config), name)):
        raise DefinitionError(
            f"no token {name!r} is in force; `parley tokens list` names those that do"
        )
    click.echo(f"revoked {name!r}")


async def _created(
    settings: Settings, name: str, scopes: Sequence[str], lines: Sequence[str]
) -> str:
    async with opened(settings) as database:
        return await create_token(database, name, scopes=scopes, lines=lines, now=datetime.now(UTC))


async def _listed(settings: Settings) -> list[Token]:
    async with opened(settings) as database:
        return await list_tokens(database)


async def _revoked(settings: Settings, name: str) -> bool:
    async with opened(settings) as database:
        return await revoke_token(database, name, now=datetime.now(UTC))


def _told(token: Token) -> str:
    used = "never used" if token.used_at is None else f"used {clock_time(token.used_at)}"
    parts = (
        token.name,
        ", ".join(sorted(token.scopes)),
        ", ".join(sorted(token.lines)) or "every line",
        f"made {clock_time(token.created_at)}",
        used,
        token.revoked_at and f"revoked {clock_time(token.revoked_at)}",
    )
    return "  ".join(part for part in parts if part)
