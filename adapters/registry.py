"""Every adapter by the name of its provider, and what a `[lines.NAME]` table may look like."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias, assert_never

import aiohttp
from pydantic import Field

from adapters.cbot.adapter import Cbot
from adapters.cbot.settings import CbotLine
from adapters.cloud.adapter import Cloud
from adapters.cloud.capabilities import MEDIA_FETCHED_BYTES
from adapters.cloud.settings import CloudLine
from adapters.console.adapter import Console, ConsoleLine, write_line
from adapters.fake import FakeAdapter
from adapters.gupshup.adapter import Gupshup
from adapters.gupshup.settings import GupshupLine
from adapters.interakt.adapter import Interakt
from adapters.interakt.settings import InteraktLine
from adapters.karbot.adapter import Karbot
from adapters.karbot.settings import KarbotLine
from adapters.rcs.adapter import Rcs
from adapters.settings import LineSettings
from adapters.sobot.adapter import Sobot
from adapters.sobot.settings import SobotLine
from engine.core.ids import LineId
from engine.ports import Adapter, MediaLinks, MediaStore

__all__ = ["ADAPTERS", "SETTINGS", "FakeAdapter", "LineConfig", "build_adapter"]

ADAPTERS: dict[str, type[Adapter]] = {
    "360dialog": Cbot,
    "cbot": Cbot,
    "cloud": Cloud,
    "console": Console,
    "gupshup": Gupshup,
    "interakt": Interakt,
    "karbot": Karbot,
    "sobot": Sobot,
}
"""The adapter of each provider; Interakt's other channel has its own, `Rcs`."""

SETTINGS: dict[str, type[LineSettings]] = {
    "360dialog": CbotLine,
    "cbot": CbotLine,
    "cloud": CloudLine,
    "console": ConsoleLine,
    "gupshup": GupshupLine,
    "interakt": InteraktLine,
    "karbot": KarbotLine,
    "sobot": SobotLine,
}
"""The settings of each provider, for messages about what a table may hold."""

AnyLine: TypeAlias = (
    CbotLine | CloudLine | ConsoleLine | GupshupLine | InteraktLine | KarbotLine | SobotLine
)

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
        case CbotLine():
            return Cbot(
                line,
                known,
                session=session,
                media_store=media_store,
                max_media_bytes=max_media_bytes,
            )
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
        case InteraktLine(channel=channel):
            kind = Rcs if channel == "rcs" else Interakt
            return kind(
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
        case SobotLine():
            return Sobot(
                line,
                known,
                session=session,
                media_links=media_links,
                max_media_bytes=max_media_bytes,
            )
        case _:
            assert_never(known)
