"""A process that has read Parley's code and waits: what it makes is the program at once, not in two seconds.

`tests/program.py` starts it and speaks with it. What it makes is a process like any other, with its own number, folder,
environment, files and exit code; only the code was read before. That a fresh interpreter runs the program too is
shown by `tests/cli/test_cold.py` and `tests/cli/test_wheel.py`.
"""

import gc
import json
import os
import runpy
import socket
import sys
from contextlib import suppress
from importlib import import_module

from cli.main import COMMANDS
from tests.clock import VARIABLE, follow


def main(control: socket.socket) -> None:
    """Make a process for each one asked for, until nobody can ask any more; return in those that were made."""
    while True:
        asked, files, _, _ = socket.recv_fds(control, 1, 4)
        if not asked:
            sys.exit()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):  # the minders that are done
                pass
        with socket.socket(fileno=files[0]) as asker:
            if os.fork() == 0:
                control.close()
                _make(asker, files[1:])
                return
        for file in files[1:]:
            os.close(file)


def _make(asker: socket.socket, files: list[int]) -> None:
    """Make the program's process, and tell its number and how it ended; return in that process alone."""
    with asker.makefile("rb") as reader:
        asked = json.loads(reader.readline())
    pid = os.fork()
    if pid == 0:
        _become(asked["arguments"], asked["folder"], asked["environment"], files)
        return
    for file in files:
        os.close(file)
    try:
        asker.sendall(pid.to_bytes(8))
        _, status = os.waitpid(pid, 0)
        asker.sendall(os.waitstatus_to_exitcode(status).to_bytes(8, signed=True))
    finally:
        os._exit(0)


def _become(
    arguments: list[str], folder: str, environment: dict[str, str], files: list[int]
) -> None:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if VARIABLE in environment:
        follow(environment[VARIABLE])
    sys.path[0] = folder
    sys.argv = ["parley", *arguments]


if __name__ == "__main__":
    for command in COMMANDS.values():
        import_module(command)
    gc.collect()
    gc.freeze()  # or the first collection would copy it all
    main(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("parley", run_name="__main__", alter_sys=True)
