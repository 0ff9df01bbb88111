"""Every command is read by an interpreter that has read nothing of ours yet, whichever module it begins with."""

import sys
from pathlib import Path

from tests.cli.support import run

EACH = """
import gc, os
from importlib import import_module

gc.disable()  # or each child would look through, and so copy, what its parent read

# What is not ours is read once for all.
import aiohttp.web, alembic.command, asyncpg, babel.messages.pofile, dateparser, phonenumbers
import prometheus_client, sqlmodel

# Nor what knows nothing of those above it, as the import contracts see to: it reads the same whoever begins.
import engine.core.step, engine.flow, engine.loops.engine, storage, adapters.registry

from cli.main import COMMANDS

for module in COMMANDS.values():
    if os.fork() == 0:
        import_module(module)
        os._exit(0)
    print(module, os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_each_command_is_read_alone(tmp_path: Path) -> None:
    ended = run(tmp_path, "-c", EACH, program=(sys.executable,))

    assert (ended.returncode, ended.stderr) == (0, "")
    told = dict(line.split() for line in ended.stdout.splitlines())
    assert "cli.serve" in told
    assert set(told.values()) == {"0"}
