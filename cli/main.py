"""The command line: one module a command, errors in readable lines, never a traceback."""

import os
import sys

import click

from cli.chat import chat
from cli.check import check
from cli.db import db
from cli.draw import draw
from cli.options import examples
from cli.outbox import outbox
from cli.parse import parse
from cli.serve import serve
from cli.show import show
from cli.translate import translate
from engine.core.errors import ParleyError

TRACEBACK_VARIABLE = "PARLEY_TRACEBACK"
"""Set it to see where an unexpected error came from."""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "parley serve           serve what parley.toml configures",
        "parley serve --dev     the same, with the simulator page",
        "parley chat order      talk to the flow `order` in the terminal",
        "parley check           find mistakes before anyone meets them",
    ),
)
@click.version_option(package_name="parley")
def cli() -> None:
    """Run conversations between a business and its customers."""


for command in (serve, chat, check, draw, translate, parse, db, show, outbox):
    cli.add_command(command)


def main() -> None:
    """Run the command line; exit 1 with readable lines on standard error where something is wrong."""
    try:
        cli(prog_name="parley")
    except ParleyError as error:
        for line in str(error).splitlines():
            click.echo(f"parley: {line}", err=True)
        sys.exit(1)
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            raise
        click.echo(
            f"parley: internal error: {type(error).__name__}: {' '.join(str(error).split())} "
            f"(set {TRACEBACK_VARIABLE}=1 to see where)",
            err=True,
        )
        sys.exit(1)
