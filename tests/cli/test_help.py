"""`--help`: each command tells what it takes and shows how, and none is left out."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import cli
from tests.cli.support import run

COMMANDS = (
    ("serve",),
    ("chat",),
    ("check",),
    ("draw",),
    ("parse",),
    ("db", "upgrade"),
    ("show",),
    ("missed",),
    ("outbox",),
    ("lines", "register"),
    ("lines", "check"),
    ("templates", "list"),
    ("templates", "create"),
    ("templates", "sync"),
    ("contacts", "list"),
    ("contacts", "find"),
    ("contacts", "save"),
    ("contacts", "sync"),
    ("contacts", "opt-out"),
    ("contacts", "opt-in"),
    ("campaigns", "create"),
    ("track",),
    ("assign",),
    ("media", "upload"),
    ("tokens", "create"),
    ("tokens", "list"),
    ("tokens", "revoke"),
    ("broadcast",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_ends_in_an_example(command: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(cli, [*command, "--help"], prog_name="parley")

    assert ended.exit_code == 0
    assert ("--config FILE" in ended.output) == (command != ("parse",))
    examples = ended.output.partition("Examples:")[2]
    assert f"parley {' '.join(command)}" in examples


def test_the_help_lists_every_command(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help").stdout

    assert all(f"\n  {command[0]} " in listed for command in COMMANDS)
