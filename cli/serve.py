"""`parley serve`."""

from pathlib import Path

import click

from cli.options import config_option, examples, needed_settings, offline_settings
from web.server import serve as serve_settings
from web.workers import WORKERS_MOST


@click.command(
    epilog=examples(
        "parley serve",
        "parley serve --config shop.toml",
        "parley serve --workers 4",
        "PARLEY_SERVER__PORT=9000 parley serve --dev",
    )
)
@config_option
@click.option(
    "--dev", is_flag=True, help="Serve the simulator page too; on the loopback address alone."
)
@click.option(
    "--workers",
    type=click.IntRange(1, WORKERS_MOST),
    default=1,
    metavar="N",
    help="Processes that share the port and the work; on PostgreSQL alone.  [default: 1]",
)
def serve(config: Path | None, dev: bool, workers: int) -> None:
    """Serve the bot: take webhooks, run the flows, send the replies.

    Creates an empty database, and prints each line's webhook address and where to paste it.
    Stops within 10 seconds at Ctrl-C or SIGTERM; what is unfinished goes on at the next start.
    With --dev no configuration file is needed: the simulator brings its own line.
    """
    settings = offline_settings(config) if dev else needed_settings(config)
    serve_settings(settings, dev=dev, workers=workers, say=click.echo)
