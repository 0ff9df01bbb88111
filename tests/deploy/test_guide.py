"""The guide's commands: what it copies is there, what it runs of ours is a command, its ports are the files'."""

import re
import shlex

import click
import pytest

from cli.main import cli
from tests.meta.pages import DOCS, ROOT, blocks

PAGE = DOCS / "howto" / "deploy.md"
COMMANDS = [
    line[2:]
    for page in (PAGE, DOCS / "howto" / "backup.md")
    for block in blocks(page)
    if block.language == "console"
    for line in block.text.splitlines()
    if line.startswith(("$ ", "# "))
]


def test_every_file_that_is_copied_is_there() -> None:
    named = {path for command in COMMANDS for path in re.findall(r"\bdeploy/[\w@./-]+", command)}

    assert named == {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "deploy").rglob("*.*")
        if "compose" not in path.name
    }


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if "/bin/parley " in c or c.startswith("docker compose exec")]
)
def test_every_command_of_ours_is_one(command: str) -> None:
    words = shlex.split(re.sub(r"^.*?(?:/bin/|parley-1 )parley ", "", command).removesuffix("'"))
    group: click.Command | None = cli
    while isinstance(group, click.Group):
        group = group.get_command(click.Context(group), words.pop(0))
    assert group is not None
    group.make_context(None, words)


def test_the_replicas_are_those_that_nginx_asks() -> None:
    text = (ROOT / "deploy" / "nginx" / "replicas.conf").read_text("utf-8")
    (enabled,) = [c for c in COMMANDS if c.startswith("systemctl enable") and "@" in c]
    (restarted,) = [c for c in COMMANDS if "systemctl restart parley@" in c]
    ports = re.findall(r"parley@(\d+)", enabled)

    assert re.findall(r"127\.0\.0\.1:(\d+)", text) == 2 * ports
    assert restarted.startswith(f"for port in {' '.join(ports)}; do")


def test_the_one_service_listens_where_nginx_asks_first() -> None:
    unit = (ROOT / "deploy" / "systemd" / "parley.service").read_text("utf-8")
    text = (ROOT / "deploy" / "nginx" / "replicas.conf").read_text("utf-8")

    assert re.findall(r"SERVER__PORT=(\d+)", unit) == re.findall(r"127\.0\.0\.1:(\d+)", text)[:1]


def test_containers_are_named_as_in_the_compose_file() -> None:
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    named = {
        f"parley-{n}"
        for c in COMMANDS
        for n in re.findall(r"for n in (.+?);", c)[:1]
        for n in n.split()
    }

    assert named == set(re.findall(r"^  (parley-\d):$", compose, re.MULTILINE))
    assert any("docker compose run --rm migrate" in c for c in COMMANDS)
    assert "\n  migrate:\n" in compose
