"""The image, made and run by the Dockerfile's own commands; and that compose.yaml asks of it what it takes."""

import asyncio
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]  # ships no types

from cli.main import cli
from tests.deploy import image as images
from tests.deploy.image import ROOT, Image, instructions
from tests.ports import free_port
from tests.web.support import write_flow
from web.server import STOP_WITHIN_S
from web.settings import EnvironmentSource, Settings

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
REPLICAS = [name for name in SERVICES if name.startswith("parley-")]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return images.build(tmp_path_factory.mktemp("image"))


@pytest.fixture
def bot(image: Image) -> None:
    """A bot's own folder, mounted where the image looks for it."""
    folder = Path(image.here("/srv/bot"))
    write_flow(folder)
    (folder / "parley.toml").write_text("[log]\nlevel = 'info'\n")


def test_the_program_is_the_wheel_alone(image: Image) -> None:
    asked = ["python", "-c", "import web; print(web.__file__)"]
    found = image.run_in(asked).stdout.strip()

    assert found.startswith(image.here("/opt/parley/lib/python3.11/site-packages/"))


async def test_it_serves_says_that_it_is_ready_and_stops_at_the_signal(
    image: Image, bot: None
) -> None:
    port = free_port()
    health = [part.replace(image.exposed, str(port)) for part in image.health]
    process = subprocess.Popen(
        [image.here(part) for part in [*image.entrypoint, *image.command]],
        cwd=image.here(image.folder),
        env=image.variables(PARLEY_SERVER__PORT=str(port), PARLEY_SERVER__HOST="127.0.0.1"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            while not (line := await asyncio.to_thread(process.stdout.readline)).startswith(
                "Parley"
            ):
                assert line, "it ended"
        ready = (await asyncio.to_thread(image.run_in, health)).returncode
        process.send_signal(signal.Signals[image.stop_signal])
        code = await asyncio.to_thread(process.wait, STOP_WITHIN_S + 60)
    finally:
        process.kill()
        process.communicate()
    gone = (await asyncio.to_thread(image.run_in, health)).returncode

    assert (ready, code) == (0, 0)
    assert gone != 0
    assert Path(image.here("/data/parley.db")).exists()


def test_nobody_in_it_is_root(image: Image) -> None:
    user, _, _ = image.user.partition(":")
    (made,) = [noted for noted in image.noted if noted.startswith("useradd")]
    assert int(user) > 999
    assert f"--uid {user} " in made
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")


def test_pg_dump_is_there_and_not_older_than_the_server(image: Image) -> None:
    """Debian 12, "bookworm", has PostgreSQL 15."""
    assert any("install" in noted and "postgresql-client" in noted for noted in image.noted)
    assert SERVICES["postgres"]["image"] == "postgres:15"


def test_what_it_is_made_of_is_pinned() -> None:
    installs = [
        rest for word, rest in instructions(DOCKERFILE) if " install " in rest and "pip" in rest
    ]
    assert installs
    assert all("--constraint versions.txt" in install for install in installs)


# --- compose ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*REPLICAS, "migrate"])
def test_a_service_sets_only_what_there_is_to_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image_sets = [rest for word, rest in instructions(DOCKERFILE) if word == "ENV"]
    given = dict(re.findall(r"(PARLEY_\w+)=(\S+)", " ".join(image_sets)))
    for variable, value in (given | SERVICES[name]["environment"]).items():
        monkeypatch.setenv(variable, re.sub(r"\$\{[^}]+\}", "secret", value))

    settings = Settings(**EnvironmentSource(Settings)())

    assert settings.database.url == "postgresql://parley:secret@postgres/parley"
    assert settings.inbox.proxies == 1  # nginx


@pytest.mark.parametrize("name", [*REPLICAS, "migrate"])
def test_a_service_runs_a_command_that_there_is(name: str) -> None:
    (default,) = [rest for word, rest in instructions(DOCKERFILE) if word == "CMD"]
    command = SERVICES[name].get("command", yaml.safe_load(default))
    group: click.Command | None = cli
    context = click.Context(cli)
    while isinstance(group, click.Group):
        word, *command = command
        group = group.get_command(context, word)
    assert group is not None
    group.make_context(None, command)


def test_replicas_share_the_files_and_have_a_spool_each() -> None:
    mounts = [
        dict(reversed(v.split(":")[:2]) for v in SERVICES[name]["volumes"]) for name in REPLICAS
    ]

    assert {mount["/data/media"] for mount in mounts} == {"media"}
    assert len({mount["/data/spool"] for mount in mounts}) == len(REPLICAS)
    named = {source for mount in mounts for source in mount.values() if not source.startswith(".")}
    assert named <= set(COMPOSE["volumes"])


def test_nginx_finds_every_replica_at_the_address_that_it_has() -> None:
    (port,) = [rest for word, rest in instructions(DOCKERFILE) if word == "EXPOSE"]
    text = (ROOT / "deploy" / "nginx" / "replicas-compose.conf").read_text("utf-8")
    addresses = [SERVICES[name]["networks"]["inside"]["ipv4_address"] for name in REPLICAS]

    assert re.findall(r"server (\S+) ", text) == 2 * [f"{one}:{port}" for one in addresses]


def test_what_is_mounted_from_here_is_here() -> None:
    mounted = [v.split(":")[0] for service in SERVICES.values() for v in service.get("volumes", ())]
    files = [path for path in mounted if path.startswith("./deploy/")]

    assert files
    assert all((ROOT / path).is_file() for path in files)


def test_the_schema_comes_before_the_replicas_and_a_stop_has_its_time() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in REPLICAS:
        assert (
            SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        )
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > STOP_WITHIN_S


def test_nginx_alone_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["postgres"]["networks"].keys() == {"inside"}
