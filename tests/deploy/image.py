"""A Dockerfile done by hand: its commands run as a script in an empty folder that stands for the image.

Nothing is fetched: what pip is to install lies in a folder of packages that stands for the index. Two commands that
change the machine itself, `apt-get` and `useradd` with `chown`, are noted and not run.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tests.meta.pages import repository_files

ROOT = Path(__file__).parents[2]

PLACES = ("/opt/parley", "/srv/bot", "/wheels", "/data", "/src")
"""The folders that the Dockerfile names; they lie below the empty folder instead."""

NOTED = ("apt-get", "useradd", "chown")

NOTE = """#!/bin/sh
echo "$(basename "$0") $*" >> {notes}
"""

WITHIN_S = 300


@dataclass
class Image:
    """What came of it.

    Args:
        root: Stands for the image's `/`.
        python: A Python with nothing installed beside it.
        packages: What pip finds installed already, as if it had fetched it.
    """

    root: Path
    python: Path
    packages: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = ""
    stop_signal: str = ""
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    exposed: str = ""
    noted: list[str] = field(default_factory=list)

    def here(self, text: str) -> str:
        """Return a text with the image's paths as they lie on this machine."""
        return re.sub(rf"(?<![\w.-])({'|'.join(PLACES)})(?![\w-])", rf"{self.root}\1", text)

    def run_in(self, command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a container of the image would, to its end."""
        return subprocess.run(
            [self.here(part) for part in command],
            cwd=self.here(self.folder),
            env=self.variables(**more),
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
        )

    def variables(self, **more: str) -> dict[str, str]:
        """Return the environment of what runs in it."""
        own = {name: self.here(value) for name, value in (self.environment | more).items()}
        shims = f"{self.root}/shims:{self.python.parent}"
        path = own.pop("PATH", "$PATH").replace("$PATH", f"{shims}:/usr/bin:/bin")
        return own | {"PATH": path, "PYTHONPATH": str(self.packages), "HOME": str(self.root)}


def build(root: Path) -> Image:
    """Do what the Dockerfile says."""
    image = Image(root, _bare_python(root / "system"), _packages(root / "packages"))
    shims = root / "shims"
    shims.mkdir()
    for name in NOTED:
        (shims / name).write_text(NOTE.format(notes=root / "notes"))
        (shims / name).chmod(0o755)
    does: Mapping[str, Callable[[Image, str], None]] = {
        "FROM": _from, "WORKDIR": _workdir, "COPY": _copy, "RUN": _run, "ENV": _env, "USER": _user,
        "VOLUME": _volume, "EXPOSE": _expose, "STOPSIGNAL": _stop_signal, "HEALTHCHECK": _health,
        "ENTRYPOINT": _entrypoint, "CMD": _command,
    }  # fmt: skip
    for word, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        does[word](image, rest)
    image.noted = (root / "notes").read_text().splitlines()
    return image


def instructions(text: str) -> Iterable[tuple[str, str]]:
    """Yield each instruction and what follows it on its lines."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def _from(image: Image, rest: str) -> None:
    image.environment, image.folder = {}, "/"
    assert rest.split()[0] == "python:3.11-slim-bookworm"


def _workdir(image: Image, rest: str) -> None:
    image.folder = rest
    Path(image.here(rest)).mkdir(parents=True, exist_ok=True)


def _copy(image: Image, rest: str) -> None:
    *sources, target = rest.split()
    if sources[0].startswith("--from="):
        (source,) = sources[1:]
        assert source == target  # the stages share the folder
        assert Path(image.here(source)).exists()
        return
    for path in context():
        within = path.relative_to(ROOT)
        if sources == ["."] or str(within) in sources:
            put = Path(image.here(image.folder)) / within
            put.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, put)


def context() -> list[Path]:
    """Return the files that the build sees: all but what .dockerignore leaves out."""
    patterns = [
        line
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    return [
        path
        for path in repository_files()
        if not any(fnmatch(path.relative_to(ROOT).parts[0], pattern) for pattern in patterns)
    ]


def _run(image: Image, rest: str) -> None:
    done = image.run_in(["/bin/sh", "-euc", rest.replace("rm -rf /var/lib/apt/lists/*", "true")])
    assert done.returncode == 0, f"{rest}\n{done.stdout}{done.stderr}"


def _env(image: Image, rest: str) -> None:
    image.environment |= dict(part.split("=", 1) for part in shlex.split(rest))


def _user(image: Image, rest: str) -> None:
    image.user = rest


def _volume(image: Image, rest: str) -> None:
    assert Path(image.here(rest)).is_dir()


def _expose(image: Image, rest: str) -> None:
    image.exposed = rest


def _stop_signal(image: Image, rest: str) -> None:
    image.stop_signal = rest


def _health(image: Image, rest: str) -> None:
    image.health = json.loads(rest.partition("CMD ")[2])


def _entrypoint(image: Image, rest: str) -> None:
    image.entrypoint = json.loads(rest)


def _command(image: Image, rest: str) -> None:
    image.command = json.loads(rest)


def _bare_python(folder: Path) -> Path:
    """Make a Python with nothing beside it, as a base image has it."""
    made = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(made, check=True, timeout=WITHIN_S)
    return folder / "bin" / "python"


def _packages(folder: Path) -> Path:
    """Gather what is installed here, but for Parley itself."""
    folder.mkdir()
    (installed,) = {Path(entry) for entry in sys.path if entry.endswith("site-packages")}
    for entry in installed.iterdir():
        if not entry.name.startswith(("parley", "_parley", "__editable__")):
            (folder / entry.name).symlink_to(entry)
    return folder
