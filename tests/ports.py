"""Ports for servers under test, and for the benchmark's."""

import secrets
import socket
from contextlib import suppress

PORTS = range(15_000, 32_000)
"""Below those that systems give to outgoing connections: no other test's connection takes one before it is bound."""


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
