"""Reaches one line's provider for a command: its adapter, built from the configuration, and what people type for it."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import aiohttp
import orjson

from adapters.http import build_session
from adapters.registry import LineConfig, build_adapter
from cli.options import needed_settings
from engine.core.errors import DefinitionError
from engine.core.ids import LineId
from engine.core.value import Json
from engine.ports import Adapter
from storage import MediaFolder
from web.media_links import SignedLinks
from web.settings import Settings

S = TypeVar("S")


class Reached(NamedTuple):
    """A line whose provider can be asked."""

    line: LineId
    table: LineConfig
    """The line's own settings, with its secrets."""
    adapter: Adapter
    settings: Settings
    session: aiohttp.ClientSession

    def needed(self, service: S | None, what: str) -> S:
        """Return a service of the line's provider. Raises DefinitionError where it has none."""
        if service is None:
            raise DefinitionError(
                f"lines.{self.line}: the provider {self.table.provider!r} offers no {what}"
            )
        return service


@asynccontextmanager
async def reached(config: Path | None, line: str | None) -> AsyncIterator[Reached]:
    """Open one line for a command. Nothing is sent to a contact from here.

    Args:
        config: The configuration file.
        line: The line's name; None where it is the only one.

    Raises:
        DefinitionError: There is no such line, or its secrets cannot be read.
    """
    settings = needed_settings(config)
    name = chosen_line(settings, line)
    table = settings.lines[name].with_secrets(
        folder=settings.folder, environ=os.environ, where=f"lines.{name}"
    )
    async with build_session() as session:
        adapter = build_adapter(
            name,
            table,
            session=session,
            media_store=MediaFolder(settings.media.path),
            media_links=SignedLinks(
                settings.media.path,
                public_url=settings.server.public_url,
                now=lambda: datetime.now(UTC),
            ),
            max_media_bytes=settings.media.max_bytes,
            folder=settings.folder,
        )
        try:
            yield Reached(name, table, adapter, settings, session)
        finally:
            await adapter.close()


def chosen_line(settings: Settings, line: str | None) -> LineId:
    """Return the line that is meant, the only one where none is named. Raises DefinitionError."""
    names = ", ".join(settings.lines) or "none"
    if line is None and len(settings.lines) == 1:
        line = next(iter(settings.lines))
    if line is None:
        raise DefinitionError(f"name a line with --line; configured: {names}")
    if line not in settings.lines:
        raise DefinitionError(f"no line {line!r}; configured: {names}")
    return LineId(line)


def digits(number: str) -> str:
    """Return a phone number as providers write it: its digits, with the country code.

    Raises:
        DefinitionError: It is no such number.
    """
    found = re.sub(r"[\s().+-]", "", number).removeprefix("00")
    if not re.fullmatch(r"[1-9][0-9]{6,14}", found):
        raise DefinitionError(
            f"{number!r} is no phone number with its country code, such as 5215550001"
        )
    return found


def traits(pairs: tuple[str, ...]) -> dict[str, Json]:
    """Return what was typed as `key=value`; a value that is JSON is taken as such, any other as text.

    Raises:
        DefinitionError: One of them has no `=`.
    """
    return dict(map(trait, pairs))


def trait(pair: str) -> tuple[str, Json]:
    """Return one `key=value`. Raises DefinitionError."""
    key, sign, value = pair.partition("=")
    if not key or not sign:
        raise DefinitionError(f"{pair!r}: write key=value, such as price=9.5")
    try:
        read: Json = orjson.loads(value)
    except orjson.JSONDecodeError:
        read = value
    return key, read
