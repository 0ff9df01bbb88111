"""Every adapter by the name of its provider, and what a `[lines.NAME]` table may look like."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias, assert_never

import aiohttp
from pydantic import Field

from adapters.cloud.adapter import Cloud
from adapters.cloud.capabilities import MEDIA_FETCHED_BYTES
from adapters.cloud.settings import CloudLine
from adapters.console.adapter import Console, ConsoleLine, write_line
from adapters.fake import FakeAdapter
from adapters.gupshup.adapter import Gupshup
from adapters.gupshup.settings import GupshupLine
from adapters.karbot.adapter import Karbot
from adapters.karbot.settings import KarbotLine
from adapters.settings import LineSettings
from engine.core.ids import LineId
from engine.ports import Adapter, MediaLinks, MediaStore

__all__ = ["ADAPTERS", "SETTINGS", "FakeAdapter", "LineConfig", "build_adapter"]

ADAPTERS: dict[str, type[Adapter]] = {
    "cloud": Cloud,
    "console": Console,
    "gupshup": Gupshup,
    "karbot": Karbot,
}
"""The adapter of each provider."""

SETTINGS: dict[str, type[LineSettings]] = {
    "cloud": CloudLine,
    "console": ConsoleLine,
    "gupshup": GupshupLine,
    "karbot": KarbotLine,
}
"""The settings of each provider, for messages about what a table may hold."""

AnyLine: TypeAlias = CloudLine | ConsoleLine | GupshupLine | KarbotLine

LineConfig = Annotated[AnyLine, Field(discriminator="provider")]
"""A `[lines.NAME]` table: `provider` says which."""


def build_adapter(
    line: LineId,
    settings: AnyLine,
    *,
    session: aiohttp.ClientSession,
    media_store: MediaStore,
    media_links: MediaLinks,
    max_media_bytes: int = MEDIA_FETCHED_BYTES,
    folder: Path = Path(),
    environ: Mapping[str, str] = os.environ,
    write: Callable[[str], None] = write_line,
) -> Adapter:
    """Return the adapter of one line.

    Args:
        line: The name of its table.
        settings: The table; its secrets are read here.
        session: From `adapters.http.build_session`; shared by all lines and closed by the caller.
        media_store: Where files to upload are kept.
        media_links: Gives stored files an address, for providers that take links alone.
        max_media_bytes: The largest inbound file taken.
        folder: What relative paths of secret files are relative to.
        environ: Where `*_env` secrets are looked up.
        write: Where a console line's messages go.

    Raises:
        DefinitionError: A secret cannot be read; the message begins with the line's name.
    """
    known = settings.with_secrets(folder=folder, environ=environ, where=f"lines.{line}")
    match known:
        case CloudLine():
            return Cloud(
                line,
                known,
                session=session,
                media_store=media_store,
                max_media_bytes=max_media_bytes,
            )
        case ConsoleLine():
            return Console(line, write=write)
        case GupshupLine():
            return Gupshup(
                line,
                known,
                session=session,
                media_links=media_links,
                max_media_bytes=max_media_bytes,
            )
        case KarbotLine():
            return Karbot(
                line,
                known,
                session=session,
                media_links=media_links,
                max_media_bytes=max_media_bytes,
            )
        case _:
            assert_never(known)
