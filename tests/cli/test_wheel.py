"""The wheel, installed beside the dependencies alone, serves an author's own flows from an otherwise empty folder."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from adapters.sandbox.cloud import CloudSandbox, served
from tests.cli.support import environment, run, serving
from tests.web.support import line_table, write_flow

ROOT = Path(__file__).parents[2]

ALONE = {"PYTHONPATH": ""}
"""Nothing of the tree is found."""


@pytest.fixture(scope="module")
def parley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as an installed wheel brings it."""
    folder = tmp_path_factory.mktemp("wheel")
    _do(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), at=ROOT)
    (wheel,) = folder.glob("parley-*.whl")
    _do(sys.executable, "-m", "venv", "--without-pip", "venv", at=folder)
    python = folder / "venv" / "bin" / "python"
    _do(
        *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"),
        *("--no-deps", "--no-index", str(wheel)),
        at=folder,
    )
    # A plain path brings the dependencies, but not the tree's own editable install.
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv" / "bin" / "parley"


def _do(*command: str, at: Path) -> None:
    done = subprocess.run(
        command, cwd=at, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def test_an_installed_wheel_serves_flows_of_ones_own(parley: Path, tmp_path: Path) -> None:
    write_flow(tmp_path)
    meta = CloudSandbox()
    async with served(meta) as base:
        line = line_table("shop", meta.settings.phone_number_id, base_url=f"{base}/v23.0")
        (tmp_path / "parley.toml").write_text("[server]\nport = 0\n" + line)
        async with serving(tmp_path, program=(str(parley),), **ALONE) as server:
            webhook = {"webhook_url": f"{server.origin}/webhooks/shop"}
            meta.settings = meta.settings.model_copy(update=webhook)
            maria = meta.contact("5215550001", name="Maria")
            await maria.says("hi")
            (question,) = await maria.receives()
            await maria.taps("Tea")
            (answer,) = await maria.receives()
            code = await server.stop()

    assert (question.text, answer.text, code) == ("Tea or coffee?", "Here is your tea.", 0)


async def test_an_installed_wheel_serves_the_simulator(parley: Path, tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text("[server]\nport = 0\n")

    async with serving(tmp_path, "--dev", program=(str(parley),), **ALONE) as server:
        page = run(tmp_path, "-c", GET, f"{server.origin}/simulator", program=(sys.executable,))

    assert page.stdout.startswith("200 text/html")


GET = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as answer:
    print(answer.status, answer.headers["Content-Type"])
"""


def test_an_installed_wheel_talks_in_the_terminal(parley: Path, tmp_path: Path) -> None:
    ended = run(tmp_path, "chat", "order", typed="hi\n", program=(str(parley),), **ALONE)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Which pizza?" in ended.stdout


def test_the_program_is_the_wheels_own(parley: Path, tmp_path: Path) -> None:
    python = parley.with_name("python")
    where = run(
        tmp_path, "-c", "import parley; print(parley.__file__)", program=(str(python),), **ALONE
    )

    assert Path(where.stdout.strip()).is_relative_to(parley.parents[1])
