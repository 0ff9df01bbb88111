"""`parley templates`."""

import asyncio
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click
import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cli.database import opened
from cli.options import config_option, examples, line_option
from cli.preview import preview_command
from cli.reach import reached
from cli.words import clock_time, counted
from engine.core.errors import DefinitionError
from engine.ports.services import TemplateDraft, TemplateInfo, TemplateStatus
from engine.ports.templates import StoredTemplates
from storage.templates import save_templates, stored_templates
from web.problems import PLAIN

BODY_LENGTH = 60
"""Characters of a template's text that a list shows."""

KEYS = {"missing": "is missing", "unexpected_keyword_argument": "unknown key"}
"""pydantic's words for a dataclass's arguments, which are keys of a file here."""


@click.group()
def templates() -> None:
    """Look after the messages that a provider has approved."""


@templates.command(
    "list",
    epilog=examples(
        "parley templates list --line shop",
        "parley templates list --status rejected",
        "parley templates list --stored",
    ),
)
@line_option
@click.option("--name", metavar="NAME", help="Only those of this name.")
@click.option(
    "--status", type=click.Choice(get_args(TemplateStatus)), help="Only those in this state."
)
@click.option("--stored", is_flag=True, help="As they were at the last sync; nobody is asked.")
@config_option
def list_command(
    line: str | None,
    name: str | None,
    status: TemplateStatus | None,
    stored: bool,
    config: Path | None,
) -> None:
    """List a line's templates: name, language, state, category, and how the text begins."""
    found = asyncio.run(_listed(config, line, name, status, stored=stored))
    for template in found.templates:
        click.echo(_told(template))
    if not found.templates:
        click.echo("no templates")
    elif found.synced_at is not None:
        click.echo(f"as of {clock_time(found.synced_at)}")


@templates.command("create", epilog=examples("parley templates create receipt.toml --line shop"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@line_option
@config_option
def create_command(file: Path, line: str | None, config: Path | None) -> None:
    """Hand the template in FILE (TOML or JSON) in for approval."""
    click.echo(_told(asyncio.run(_created(config, line, read_draft(file)))))


@templates.command("sync", epilog=examples("parley templates sync --line shop"))
@line_option
@config_option
def sync_command(line: str | None, config: Path | None) -> None:
    """Store a line's templates as its provider has them now; those that it has no more are forgotten."""
    found = asyncio.run(_synced(config, line))
    approved = sum(one.status == "approved" for one in found)
    click.echo(f"{counted(len(found), 'template')}, {approved} approved")


templates.add_command(preview_command)


async def _listed(
    config: Path | None,
    line: str | None,
    name: str | None,
    status: TemplateStatus | None,
    *,
    stored: bool,
) -> StoredTemplates:
    async with reached(config, line) as there:
        if stored:
            async with opened(there.settings) as database:
                return await stored_templates(database, there.line, name=name, status=status)
        book = there.needed(there.adapter.services.templates, "templates")
        return StoredTemplates(list(await book.list(name=name, status=status)), None)


async def _created(config: Path | None, line: str | None, draft: TemplateDraft) -> TemplateInfo:
    async with reached(config, line) as there:
        book = there.needed(there.adapter.services.templates, "templates")
        return await book.create(draft)


async def _synced(config: Path | None, line: str | None) -> list[TemplateInfo]:
    async with reached(config, line) as there:
        book = there.needed(there.adapter.services.templates, "templates")
        async with opened(there.settings) as database:
            found = list(await book.list())
            await save_templates(database, there.line, found, now=datetime.now(UTC))
            return found


def read_draft(file: Path) -> TemplateDraft:
    """Read a template from a file.

    Raises:
        DefinitionError: It cannot be read, or a key is wrong; one line for each.
    """
    try:
        text = file.read_text("utf-8")
        data = orjson.loads(text) if file.suffix == ".json" else tomllib.loads(text)
        return TemplateDraft.model_validate(data)
    except ValidationError as wrong:
        problems = (f"{file}: {_problem(one)}" for one in wrong.errors(include_url=False))
        raise DefinitionError("\n".join(problems)) from None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DefinitionError(f"{file}: cannot be read: {error}") from None


def _problem(error: ErrorDetails) -> str:
    place = ".".join(map(str, error["loc"])) or "the template"
    return f"{place}: {KEYS.get(error['type']) or PLAIN.get(error['type'], error['msg'])}"


def _told(template: TemplateInfo) -> str:
    body = " ".join((template.body or "").split())
    shown = body if len(body) <= BODY_LENGTH else f"{body[: BODY_LENGTH - 1]}…"
    parts = (
        f"{template.name} ({template.language})",
        template.status,
        template.category,
        template.id,
        shown,
        template.reason and f"because: {template.reason}",
    )
    return "  ".join(part for part in parts if part)
