"""`parley media`."""

import asyncio
import mimetypes
from pathlib import Path

import click

from cli.options import config_option, examples
from cli.reach import reached
from engine.core.errors import DefinitionError
from engine.ports.services import UploadedFile


@click.group()
def media() -> None:
    """Hand files over to a provider."""


@media.command("upload", epilog=examples("parley media upload shop menu.pdf"))
@click.argument("line")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--type", "mime_type", metavar="MIME", help="Its type, where the name does not tell.")
@config_option
def upload_command(line: str, file: Path, mime_type: str | None, config: Path | None) -> None:
    """Hand FILE over to LINE's provider and print its handle, to be named in templates or messages."""
    known = mime_type or mimetypes.guess_type(file.name)[0]
    if known is None:
        raise DefinitionError(f"{file}: name its type with --type, such as image/png")
    uploaded = asyncio.run(_uploaded(config, line, file, known))
    click.echo("  ".join(filter(None, (uploaded.handle, uploaded.url))))


async def _uploaded(config: Path | None, line: str, file: Path, mime_type: str) -> UploadedFile:
    async with reached(config, line) as there:
        store = there.needed(there.adapter.services.uploads, "file uploads")
        data = await asyncio.to_thread(file.read_bytes)
        return await store.upload(data, mime_type=mime_type, filename=file.name)
