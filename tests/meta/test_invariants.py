"""Nothing is sent outside the outbox: by what the code may reach, and by what stands in the database at a send."""

import ast
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.loops.world import engine_world, until
from tests.meta.pages import ROOT

PACKAGES = ("parley", "engine", "flows", "adapters", "storage", "web", "cli")
SANDBOX = ROOT / "adapters" / "sandbox"
"""Pretends to be the provider: what it sends are webhooks."""

NETWORK = frozenset(
    {
        "ftplib",
        "http",
        "httpx",
        "requests",
        "smtplib",
        "socket",
        "telnetlib",
        "urllib",
        "urllib3",
        "websockets",
    }
)
"""Modules beside aiohttp that could carry a message out of the process."""

COUNTING_BOT = ROOT / "tests" / "faults" / "bot"


@cache
def sources() -> Sequence[tuple[str, ast.Module]]:
    """Return every module that runs in production, by its path."""
    return [
        (file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8")))
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        if not file.is_relative_to(SANDBOX)
    ]


def files_where(found: type[ast.AST], name: str) -> set[str]:
    """Return the modules that name an attribute or a variable so."""
    return _named()[found, name]


@cache
def _named() -> dict[tuple[type[ast.AST], str], set[str]]:
    """Return which modules name what, as an attribute or as a variable."""
    named: dict[tuple[type[ast.AST], str], set[str]] = defaultdict(set)
    for path, module in sources():
        for node in ast.walk(module):
            match node:
                case ast.Attribute(attr=name) | ast.Name(id=name):
                    named[type(node), name].add(path)
    return named


def imports(module: ast.Module) -> set[str]:
    """Return the outermost names of what a module imports; `urllib.parse` moves nothing and does not count."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == "urllib.parse":
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names


def test_only_the_sender_calls_an_adapters_send() -> None:
    """The core's `turn.send` puts an entry into the outbox; the core cannot wait, so it cannot send."""
    named = {
        path for path in files_where(ast.Attribute, "send") if not path.startswith("engine/core/")
    }
    beyond = {path for path in named if not path.startswith("adapters/")}

    assert beyond == {"engine/loops/sender.py", "engine/loops/teller.py"}
    # To its own client, from its own `send`.
    assert {path.rsplit("/", 1)[1] for path in named - beyond} == {"adapter.py"}


def test_the_core_waits_for_nothing() -> None:
    waiting = (ast.Await, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)

    assert [
        path
        for path, module in sources()
        if path.startswith("engine/core/")
        and any(isinstance(node, waiting) for node in ast.walk(module))
    ] == []


def test_only_adapters_hold_a_client() -> None:
    """The web is a server: it makes the session for the adapters and hands it to nothing else; so does a command.

    What browsers name, the push services, is met by a session of its own, which reaches the open web alone.
    """
    other = {path: imports(module) & NETWORK for path, module in sources()}
    clients = files_where(ast.Attribute, "ClientSession") | files_where(ast.Name, "ClientSession")

    assert {path: names for path, names in other.items() if names} == {
        "adapters/connections.py": {"socket"},
        "storage/postgres.py": {"socket"},  # names of the options that tell of a cut
        "web/front.py": {"socket"},
        "web/server.py": {"socket"},
    }
    assert {path for path in clients if not path.startswith("adapters/")} == {
        "cli/reach.py",
        "web/app.py",
        "web/keys.py",
    }
    assert files_where(ast.Name, "build_session") == {"cli/reach.py", "web/app.py"}
    assert files_where(ast.Name, "build_public_session") == {"web/inbox/live/pushing.py"}
    kept = {path for path in files_where(ast.Name, "SESSION") if not path.startswith("adapters/")}
    assert kept == {"web/app.py", "web/keys.py"}


def test_only_the_adapters_one_door_makes_requests() -> None:
    """Beside it a session is used to download a file that a contact sent, by its id or by its link."""
    assert {path for path, verb in requests() if verb != "get"} == {"adapters/http.py"}
    assert {path for path, verb in requests() if verb == "get"} == {
        "adapters/links.py",
        "adapters/whatsapp/files.py",
    }


def requests() -> set[tuple[str, str]]:
    """Return where a client session is asked to do something, and what."""
    verbs = {"request", "get", "post", "put", "patch", "delete", "head", "options", "ws_connect"}
    return {
        (path, node.attr)
        for path, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in verbs
        and isinstance(node.value, ast.Name | ast.Attribute)
        and ast.unparse(node.value).split(".")[-1].lstrip("_") == "session"
    }


async def test_what_leaves_stands_in_the_outbox_as_sending(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNTING_BOT) as world:
        world.adapter.hold()
        await world.says("hello")
        await until(lambda: bool(world.adapter.tried))
        leaving = [(int(outgoing.id), "sending") for outgoing in world.adapter.tried]

        stored = await world.rows("SELECT id, status FROM message WHERE direction = 'out'")

        assert stored == leaving
        world.adapter.release()
        await world.sees(1)
