"""`parley check`."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from cli.options import config_option, config_path, examples, offline_settings
from engine.core.errors import DefinitionError
from engine.flow.lock import publish as publish_lock
from engine.flow.lock import write_lock
from web.flows import Flows, lock_file, problems, read_flows
from web.settings import Settings, SettingsInvalid

_TABLE = re.compile(r"^\s*\[([\w.]+)\]")
_KEY = re.compile(r"^\s*([\w.]+)\s*=")


@click.command(
    epilog=examples(
        "parley check",
        "parley check --config shop.toml",
        "parley check --publish    also write flows.lock, to be committed with the flows",
    )
)
@config_option
@click.option(
    "--publish",
    is_flag=True,
    help="Where nothing is wrong, record the steps in flows.lock, so that a later change of them is noticed.",
)
def check(config: Path | None, publish: bool) -> None:
    """Find mistakes in the configuration and the flows.

    Prints one line a problem: file:line, the step, what is wrong, what to do. Ends with 1 where there is an error,
    with 0 where there are warnings alone.
    """
    try:
        settings = offline_settings(config)
    except SettingsInvalid as wrong:
        file = config_path(config)
        _fail([f"{_place(file, problem)}: {problem}" for problem in wrong.problems])
    try:
        flows = read_flows(settings)
    except DefinitionError as wrong:
        _fail([_from_here(str(wrong))])
    found = problems(settings, flows)
    for problem in found:
        click.echo(_from_here(str(problem)))
    if any(problem.severity == "error" for problem in found):
        raise click.exceptions.Exit(1)
    if publish:
        _publish(settings, flows)
    click.echo(f"{len(flows.by_name)} flows, {len(found)} warnings")


def _publish(settings: Settings, flows: Flows) -> None:
    lock = publish_lock(flows.lock, flows.by_name)
    write_lock(lock_file(settings), lock)
    click.echo(f"published in {lock_file(settings)} with serial {lock.serial}")


def _fail(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line)
    raise click.exceptions.Exit(1)


def _from_here(problem: str) -> str:
    """Name the file as one would from the working folder."""
    return problem.replace(f"{Path.cwd()}{os.sep}", "")


def _place(file: Path, problem: str) -> str:
    """Return file:line of the key a problem begins with, the file alone where the key is not in it."""
    if not file.is_file():
        return str(file)
    wanted = problem.partition(":")[0]
    found = [
        number for number, path in _paths(file) if path == wanted or wanted.startswith(f"{path}.")
    ]
    return f"{file}:{found[-1]}" if found else str(file)


def _paths(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each line that names a key or a table, with the path it names."""
    table = ""
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        if named := _TABLE.match(line):
            table = f"{named[1]}."
            yield number, named[1]
        elif named := _KEY.match(line):
            yield number, f"{table}{named[1]}"
