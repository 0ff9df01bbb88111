"""The suite stays on this machine."""

import asyncio
import socket

import pytest


async def test_a_connection_to_elsewhere_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"tried to connect to 192\.0\.2\.1"):
        await asyncio.open_connection("192.0.2.1", 80)


def test_a_name_elsewhere_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"tried to look up example\.org"):
        socket.getaddrinfo("example.org", 443)


async def test_this_machine_may_be_reached() -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(host, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
