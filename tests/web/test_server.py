"""The server as a process: how it starts, what stops it from starting, how it ends."""

import asyncio
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, Fault, served
from tests.cli.support import run, serving
from tests.web.support import DRINKS, line_table, signature, write_flow


def write_config(folder: Path, text: str = "") -> None:
    write_flow(folder)
    (folder / "parley.toml").write_text(text or "[server]\nport = 0\n", "utf-8")


def refused(folder: Path, *arguments: str, **more: str) -> list[str]:
    """Run `serve` where it must not start; what it says of that."""
    ended = run(folder, "serve", *arguments, **more)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "int"])
async def test_it_serves_until_a_signal_and_ends_with_0(
    tmp_path: Path, number: signal.Signals
) -> None:
    write_config(tmp_path)

    async with serving(tmp_path) as server, aiohttp.ClientSession() as session:
        async with session.get(f"{server.origin}/readyz") as answer:
            ready = answer.status
        began = asyncio.get_running_loop().time()
        code = await server.stop(number)
        took = asyncio.get_running_loop().time() - began

    assert (ready, code) == (200, 0)
    assert took < 10


async def test_a_start_takes_up_what_the_last_one_stored(tmp_path: Path) -> None:
    write_config(tmp_path)
    async with serving(tmp_path) as server:
        await server.stop()

    async with serving(tmp_path) as server:
        assert await server.stop() == 0


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        write_config(tmp_path, f"[server]\nport = {port}\n")

        (line,) = refused(tmp_path)

    assert line.startswith(f"parley: 127.0.0.1:{port} is in use")


def test_an_address_of_another_machine_is_one_line(tmp_path: Path) -> None:
    write_config(tmp_path, '[server]\nhost = "192.0.2.1"\nport = 0\n')

    (line,) = refused(tmp_path)

    assert "server.host" in line


def test_dev_is_refused_on_an_address_that_others_reach(tmp_path: Path) -> None:
    write_config(tmp_path, '[server]\nhost = "0.0.0.0"\nport = 0\n')

    (line,) = refused(tmp_path, "--dev")

    assert "--dev" in line
    assert "127.0.0.1" in line


def test_dev_is_refused_where_a_line_is_called_simulator(tmp_path: Path) -> None:
    write_config(
        tmp_path,
        "[server]\nport = 0\n" + line_table("simulator", "1", base_url="http://127.0.0.1:9"),
    )

    (line,) = refused(tmp_path, "--dev")

    assert line.startswith("parley: lines.simulator: ")


async def test_a_second_server_on_one_database_is_refused(tmp_path: Path) -> None:
    write_config(tmp_path)
    async with serving(tmp_path) as server:
        (line,) = await asyncio.to_thread(refused, tmp_path)
        assert str(server.process.pid) in line


def test_a_missing_configuration_is_one_line(tmp_path: Path) -> None:
    assert refused(tmp_path) == [
        "parley: parley.toml: no such file; write one or name another with --config"
    ]


async def test_dev_serves_the_simulator_from_an_empty_folder(tmp_path: Path) -> None:
    async with serving(tmp_path, "--dev", PARLEY_SERVER__PORT="0") as server:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{server.origin}/simulator") as page,
        ):
            told = (page.status, page.content_type, "Content-Security-Policy" in page.headers)
        code = await server.stop()

    assert (told, code) == ((200, "text/html", True), 0)


def test_each_wrong_key_is_one_line(tmp_path: Path) -> None:
    write_config(tmp_path, "[server]\nprot = 1\nport = 'x'\n")

    assert sorted(refused(tmp_path)) == [
        "parley: server.port: must be a whole number",
        "parley: server.prot: unknown key; did you mean 'port'?",
    ]


def test_a_flow_with_a_mistake_is_not_served(tmp_path: Path) -> None:
    write_config(tmp_path)
    write_flow(tmp_path, DRINKS.replace("to.coffee", "to.cofee"))

    told = refused(tmp_path)

    assert any("talk.py:7" in line and "did you mean to.coffee?" in line for line in told)


def test_an_unknown_start_is_told_with_what_was_meant(tmp_path: Path) -> None:
    line = line_table("shop", "1", base_url="http://127.0.0.1:9").replace(
        "[lines.shop]", '[lines.shop]\nstart = "drink"'
    )
    write_config(tmp_path, "[server]\nport = 0\n" + line)

    assert refused(tmp_path) == [
        "parley: lines.shop.start: no flow 'drink'; did you mean 'drinks'?"
    ]


def test_two_lines_of_one_number_are_refused(tmp_path: Path) -> None:
    both = "".join(line_table(name, "7", base_url="http://127.0.0.1:9") for name in ("a", "b"))
    write_config(tmp_path, "[server]\nport = 0\n" + both)

    (line,) = refused(tmp_path)

    assert "lines.b and lines.a serve the same account" in line


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    write_config(tmp_path)
    async with serving(tmp_path) as server:
        await server.stop()
    with closing(sqlite3.connect(tmp_path / "parley.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_2099'")
        connection.commit()

    (line,) = await asyncio.to_thread(refused, tmp_path)

    assert "newer" in line


# --- the log ----------------------------------------------------------------------------------------

SECRET_WORDS = (
    "xylophone",
    "Esmeralda",
    "5215559876",
    "hidden-token",
    "hidden-secret",
    "hidden-verify",
)
"""What a contact wrote, their name and number, and the line's secrets."""


async def test_a_full_run_logs_neither_bodies_nor_people_nor_secrets(tmp_path: Path) -> None:
    words, name, phone, token, app_secret, verify_token = SECRET_WORDS
    meta = CloudSandbox(
        CloudSettings(token=token, app_secret=app_secret, verify_token=verify_token)
    )
    async with served(meta) as base:
        line = line_table("shop", meta.settings.phone_number_id, base_url=f"{base}/v23.0")
        for default, hidden in zip(
            ("sandbox-token", "sandbox-secret", "sandbox-verify"), SECRET_WORDS[3:], strict=True
        ):
            line = line.replace(default, hidden)
        write_config(tmp_path, "[server]\nport = 0\n[log]\nlevel = 'debug'\n" + line)
        async with serving(tmp_path, PARLEY_LOG__FORMAT="json") as server:
            meta.settings = meta.settings.model_copy(
                update={"webhook_url": f"{server.origin}/webhooks/shop"}
            )
            contact = meta.contact(phone, name=name)
            meta.faults.arm(Fault(kind="error", code=131000), meta.monotonic())
            await contact.says(words)
            await contact.receives()
            meta.faults.arm(Fault(kind="html"), meta.monotonic())
            await contact.says(words)
            await _send_rubbish(server.origin, words, app_secret)
            assert await server.stop() == 0
        log = server.log.read_text()

    assert "server_stopping" in log
    assert [word for word in SECRET_WORDS if word in log] == []


async def _send_rubbish(origin: str, words: str, secret: str) -> None:
    """Post what is refused, and what makes the parser work hardest."""
    bodies = (words.encode(), b'{"entry": "' + words.encode() + b'"}', b"[" * 10_000)
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            for headers in (signature(body, secret), {"X-Hub-Signature-256": words}):
                await session.post(f"{origin}/webhooks/shop", data=body, headers=headers)
        await session.get(f"{origin}/webhooks/{words}?hub.verify_token={words}")
