"""`parley check`."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import click

from cli.options import config_option, config_path, examples, offline_settings
from engine.core.errors import DefinitionError
from engine.flow.lock import publish as publish_lock
from engine.flow.lock import write_lock
from web.flows import Flows, lock_file, problems, read_flows
from web.settings import Settings, SettingsInvalid, read_secrets

_TABLE = re.compile(r"^\s*\[([\w.]+)\]")
_PATH = re.compile(r"^[a-z_][\w-]*(\.[\w-]+)*(?=[:\s])")
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
    file = config_path(config)
    try:
        settings = offline_settings(config)
        flows = read_flows(settings)
    except DefinitionError as wrong:
        for line in str(wrong).splitlines():
            click.echo(_placed(file, line))
        raise click.exceptions.Exit(1) from None
    found = problems(settings, flows)
    unread = _unread_secrets(settings)
    for line in unread:
        click.echo(_placed(file, line, "warning: "))
    for line in map(str, found):
        click.echo(_placed(file, line))
    if any(problem.severity == "error" for problem in found):
        raise click.exceptions.Exit(1)
    if publish:
        _publish(settings, flows)
    warnings = len(found) + len(unread)
    click.echo(f"{_count(len(flows.by_name), 'flow')}, {_count(warnings, 'warning')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _unread_secrets(settings: Settings) -> list[str]:
    """Return a warning for each secret that this machine does not have; the one that serves may."""
    try:
        read_secrets(settings)
    except SettingsInvalid as missing:
        return [f"{problem}; `parley serve` needs it" for problem in missing.problems]
    return []


def _publish(settings: Settings, flows: Flows) -> None:
    lock = publish_lock(flows.lock, flows.by_name)
    write_lock(lock_file(settings), lock)
    click.echo(f"published in {lock_file(settings)} with serial {lock.serial}")


def _placed(file: Path, problem: str, mark: str = "") -> str:
    """Return a problem of the configuration with file:line of its key before it, others as they are.

    Files are named as one would from the working folder.
    """
    if problem.startswith(
        (os.sep, str(file))
    ):  # of a flow file, or of the configuration as a whole
        return problem.replace(f"{Path.cwd()}{os.sep}", "")
    named = _PATH.match(problem)
    if named is None or not file.is_file():
        return f"{mark}{problem}"
    wanted = named.group()
    found = [at for at, path in _paths(file) if path == wanted or wanted.startswith(f"{path}.")]
    place = f"{file}:{found[-1]}" if found else str(file)
    return f"{place}: {mark}{problem}"


def _paths(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each line that names a key or a table, with the path it names."""
    table = ""
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        if named := _TABLE.match(line):
            table = f"{named[1]}."
            yield number, named[1]
        elif named := _KEY.match(line):
            yield number, f"{table}{named[1]}"
