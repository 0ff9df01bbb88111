"""`parley outbox`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.database import opened
from cli.options import config_option, examples, needed_settings
from cli.words import clock_time, counted, in_one_line
from engine.core.errors import DefinitionError
from engine.core.ids import MessageId
from storage.queries import Queries, TranscriptMessage
from web.settings import Settings


@click.command(
    epilog=examples(
        "parley outbox", "parley outbox --failed", "parley outbox --retry 345678901234567890"
    )
)
@click.option("--failed", is_flag=True, help="What failed or met a closed window, instead.")
@click.option(
    "--retry", type=int, metavar="ID", help="Put this failed or held message back into the queue."
)
@config_option
def outbox(failed: bool, retry: int | None, config: Path | None) -> None:
    """List what has not left yet, oldest first.

    Nothing is sent from here: a message that is retried is sent by the running server, or by the next one.
    """
    settings = needed_settings(config)
    if retry is not None:
        asyncio.run(_retry(settings, MessageId(retry)))
        click.echo(f"{retry} waits to be sent again")
        return
    messages = asyncio.run(_listed(settings, failed=failed))
    for message in messages:
        click.echo(_line(message))
    if not messages:
        click.echo("nothing failed" if failed else "nothing waits")


async def _listed(settings: Settings, *, failed: bool) -> list[TranscriptMessage]:
    async with opened(settings) as database:
        return await Queries(database).outbox(failed=failed)


async def _retry(settings: Settings, message: MessageId) -> None:
    async with opened(settings) as database:
        if not await Queries(database).retry(message, now=datetime.now(UTC)):
            raise DefinitionError(
                f"{message} is no failed or held message; see `parley outbox --failed`"
            )


def _line(message: TranscriptMessage) -> str:
    tries = f", {counted(message.attempts, 'try', 'tries')}" if message.attempts else ""
    later = f", again at {clock_time(message.retry_at)}" if message.retry_at else ""
    error = f", {message.error_code}: {message.error}" if message.error_code else ""
    instead = message.instead_of
    told = "" if instead is None else f", in the place of: {in_one_line(instead)}"
    said = in_one_line(message.content)
    state = f"{message.status}{tries}{later}{error}{told}"
    return f"{message.id}  {clock_time(message.at)}  {message.line}  {state}  {said}"
