"""`parley templates preview`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from cli.database import opened
from cli.options import config_option, examples, line_option, offline_settings
from cli.words import clock_time
from engine.core.content import ButtonValue, Location, Media, Template, TemplateCard
from engine.core.errors import ContentRejected, DefinitionError
from engine.core.ids import LineId
from engine.core.previews import preview
from engine.core.templates import (
    HeaderShape,
    KnownTemplate,
    TemplateShape,
    chosen,
    fit,
)
from storage.templates import stored_templates
from web.flows import read_flows
from web.settings import Settings

HEADER = "header"
BUTTON = "button."


@click.command(
    "preview",
    epilog=examples(
        "parley templates preview order_ready who=Ana number=7",
        "parley templates preview receipt 1=Ana 2=pizza header=7 button.0=o7 --language es",
        "parley templates preview promo header=https://shop.example.com/cake.png --line shop",
    ),
)
@click.argument("name")
@click.argument("pairs", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--language", metavar="CODE", help="The template's language; the flows' own unless it is named."
)
@line_option
@config_option
def preview_command(
    name: str, pairs: tuple[str, ...], language: str | None, line: str | None, config: Path | None
) -> None:
    """Show the template NAME with its variables filled, as the contact will see it; nothing is sent.

    A KEY is a variable's name or number, `header`, or `button.0` for the first button. The template is taken as it was
    last synced, else from templates.toml beside the flows. Ends with 1 where the message would not be sent.
    """
    settings = offline_settings(config)
    flows = read_flows(settings)
    own = flows.languages.first.code
    known, synced_at = asyncio.run(_stored(settings, line, name))
    known = known or [one for one in flows.templates if one.name == name]
    asked = Template(name=name, language=language or own)
    one = chosen(known, asked, language=own)
    if one is None or one.shape is None:
        raise DefinitionError(_unknown(name, known))
    message = filled_in(one.shape, asked, pairs)
    click.echo(preview(one.shape, message))
    if synced_at is not None:
        click.echo(f"({one.language}, {one.status}, as of {clock_time(synced_at)})", err=True)
    try:
        fit(known, message, language=own)
    except ContentRejected as wrong:
        click.echo(f"would not be sent: {wrong}", err=True)
        raise click.exceptions.Exit(1) from None


async def _stored(
    settings: Settings, line: str | None, name: str
) -> tuple[list[KnownTemplate], datetime | None]:
    """Return what the database knows of the template on the line; nothing where there is none yet."""
    if line is not None and line not in settings.lines:
        raise DefinitionError(
            f"no line {line!r}; configured: {', '.join(settings.lines) or 'none'}"
        )
    is_named = line is not None
    if line is None and len(settings.lines) == 1:
        line = next(iter(settings.lines))
    if line is None:
        return [], None
    try:
        async with opened(settings) as database:
            found = await stored_templates(database, LineId(line), name=name)
    except DefinitionError:
        if is_named:
            raise
        return [], None  # no database yet: flows are written before the first start
    return [one.known for one in found.templates], found.synced_at


def _unknown(name: str, known: Sequence[KnownTemplate]) -> str:
    if known:
        there = ", ".join(sorted(one.language for one in known))
        return f"template {name!r}: nothing is known of it in this language, only in {there}"
    return (
        f"nothing is known of a template {name!r}: ask the provider with `parley templates sync`, or write it into "
        "templates.toml beside the flows"
    )


def filled_in(shape: TemplateShape, asked: Template, pairs: Sequence[str]) -> Template:
    """Return the message that typed values make of a template; a variable without one stays a place.

    Raises:
        DefinitionError: One is not written `key=value`, or its key is none of this template.
    """
    values: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise DefinitionError(f"{pair!r}: write key=value, such as who=Ana")
        values[key] = value
    buttons = {f"{BUTTON}{index}": index for index, one in enumerate(shape.buttons) if one.takes}
    allowed = (*shape.variables, *([HEADER] if shape.header else ()), *buttons)
    for key in values:
        if key not in allowed:
            raise DefinitionError(
                f"{key!r} is nothing to fill; there are: {', '.join(allowed) or 'none'}"
            )
    given = [(name, values[name]) for name in shape.variables if name in values]
    return asked.model_copy(
        update={
            "names": tuple(name for name, _ in given),
            "body": tuple(value for _, value in given),
            "header": _header(shape.header, values.get(HEADER)),
            "buttons": tuple(
                ButtonValue(index=index, value=values[key], use=shape.buttons[index].takes or "url")
                for key, index in buttons.items()
                if key in values
            ),
            "cards": tuple(TemplateCard() for _ in shape.cards),
        }
    )


def _header(shape: HeaderShape | None, value: str | None) -> str | Media | Location | None:
    if shape is None or value is None:
        return None
    match shape.format:
        case "image" | "video" | "document":
            return Media(kind=shape.format, url=value)
        case "location":
            latitude, _, longitude = value.partition(",")
            try:
                return Location(latitude=float(latitude), longitude=float(longitude))
            except ValueError:
                raise DefinitionError(
                    f"{HEADER}={value}: write a place as latitude,longitude, such as 19.4,-99.1"
                ) from None
        case _:
            return value
