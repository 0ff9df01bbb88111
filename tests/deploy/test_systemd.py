"""The units, as systemd reads them: nothing it does not know, little they may do, and commands that are ours."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.main import cli
from tests.meta.pages import DOCS, blocks
from web.settings import EnvironmentSource, Settings

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PARLEY = "/opt/parley/bin/parley"

MOST_EXPOSED = 2.5
"""What `systemd-analyze security` may find at most, of 10: OK, in its words."""


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("the units are read by systemd-analyze: apt-get install -y systemd")
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units in a folder of their own, with a program that is there: here nothing is in /opt."""
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(PARLEY, sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    return tmp_path


def test_systemd_finds_no_fault(units: Path) -> None:
    names = [unit.name.replace("@.", "@8081.") for unit in UNITS]
    read = analyze("verify", "--man=no", *(str(units / name) for name in names))

    assert (read.returncode, read.stderr) == (0, "")


@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little(units: Path, service: Path) -> None:
    limit = f"--threshold={int(MOST_EXPOSED * 10)}"
    read = analyze("security", "--offline=yes", "--no-pager", limit, str(units / service.name))

    assert read.returncode == 0, read.stdout


@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_a_service_runs_commands_of_ours_with_settings_of_ours(service: Path) -> None:
    text = service.read_text("utf-8")
    started = re.findall(rf"{re.escape(PARLEY)} ([^\n\"']+)", text)
    assert started
    for line in started:
        name, *arguments = shlex.split(line)
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        command.make_context(name, arguments)
    given = dict(re.findall(r"^Environment=(PARLEY_\w+)=(\S+)$", text, re.MULTILINE))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value.replace("%i", "8081"))
        Settings(**EnvironmentSource(Settings)())


def test_one_and_several_differ_in_their_ports_alone() -> None:
    folder = ROOT / "deploy" / "systemd"
    one, several = (
        (folder / name).read_text("utf-8") for name in ("parley.service", "parley@.service")
    )
    own = {
        "# Each process has a spool of its own.",
        "Environment=PARLEY_SPOOL__PATH=/var/lib/parley/spool-%i",
    }

    def rest(text: str) -> list[str]:
        lines = text[text.index("Wants=") :].replace("%i", "8081").splitlines()
        return [line for line in lines if line not in {one.replace("%i", "8081") for one in own}]

    assert rest(one) == rest(several)


def test_the_replicas_of_one_machine_tell_their_figures_each_at_a_port_of_its_own(
    units: Path,
) -> None:
    commands = [
        line[2:].replace("/etc/systemd/system", str(units))
        for block in blocks(DOCS / "howto" / "metrics.md")
        for line in block.text.splitlines()
        if line.startswith("# ") and "/etc/systemd/system" in line
    ]
    for command in commands:
        subprocess.run(["sh", "-c", command], check=True)

    read = analyze("verify", "--man=no", str(units / "parley@8081.service"))
    (place,) = re.findall(
        r"^Environment=PARLEY_METRICS__LISTEN=(\S+)$",
        (units / "parley@.service.d" / "metrics.conf").read_text("utf-8"),
        re.MULTILINE,
    )
    assert (read.returncode, read.stderr) == (0, "")
    assert place.replace("%i", "8081") == "127.0.0.1:18081"


def test_a_stop_has_the_time_that_parley_takes() -> None:
    from web.server import STOP_WITHIN_S

    for name in ("parley.service", "parley@.service"):
        text = (ROOT / "deploy" / "systemd" / name).read_text("utf-8")
        (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
        assert int(seconds) > STOP_WITHIN_S
