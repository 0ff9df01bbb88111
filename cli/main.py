"""The command line: one module a command, errors in readable lines, never a traceback."""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Final

import click

from cli.options import examples
from engine.core.errors import ParleyError

TRACEBACK_VARIABLE = "PARLEY_TRACEBACK"
"""Set it to see where an unexpected error came from."""

COMMANDS: Final[Mapping[str, str]] = {
    name: f"cli.{name}"
    for name in (
        *("serve", "chat", "check", "draw", "translate", "parse"),
        *("db", "show", "missed", "outbox", "webhooks", "sandbox"),
        *("lines", "templates", "contacts", "campaigns", "track", "assign", "media"),
        *("tokens", "broadcast", "agents", "backup", "restore"),
    )
}
"""Each command and its module, which is imported when it is asked for: `parse` needs no database and no server."""


class _Commands(click.Group):
    """The commands of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names, as click lists them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None where there is none of the name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(_read(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=_Commands,
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


def _read(module: str) -> ModuleType:
    """Import a module with all that it needs.

    Code is no garbage: to look for some meanwhile, again and again, costs `serve` a sixth of its start.
    """
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


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
