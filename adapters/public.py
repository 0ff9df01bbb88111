"""A session that reaches the open web alone: for addresses that browsers name, not the operator."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from adapters.http import CONNECT_S

CARRIERS: Final = (ip_network("64:ff9b::/96"), ip_network("2002::/16"))
"""IPv6 addresses that stand for an IPv4 one, which may be of our own network: gateways lead there (NAT64, 6to4)."""


def build_public_session(*, answer_s: float, allowed: Iterable[str] = ()) -> aiohttp.ClientSession:
    """Return a session for `http.call`; whoever builds it closes it. Call it in the running loop.

    An address that is written as a number is not looked up and so not met here: `is_private` tells of it before.

    Args:
        answer_s: From the start of a call to the end of its answer.
        allowed: Origins that may lead anywhere, such as a service of one's own network.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=PublicResolver(allowed)),
        timeout=aiohttp.ClientTimeout(total=answer_s, sock_connect=CONNECT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class PublicResolver(AbstractResolver):
    """Finds public addresses alone: a name that leads into our own network leads nowhere.

    Args:
        allowed: Origins whose hosts may be anywhere.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._hosts = {URL(origin).host for origin in allowed}
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Return where a name leads. Raises OSError where that is nowhere, or nowhere public."""
        found = await self._resolver.resolve(host, port, family)  # type: ignore[arg-type]  # an int to its parent, an enum here
        if host in self._hosts:
            return found
        public = [one for one in found if not is_private(one["host"])]
        if not public:
            raise OSError(f"{host!r} has no public address")
        return public

    async def close(self) -> None:
        """Close the resolver behind it."""
        await self._resolver.close()


def is_private(host: str) -> bool:
    """Tell whether a host is an address that the open web does not have, or a name that means one."""
    host = host.rstrip(".")
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))
    if any(address in network for network in CARRIERS):
        return True
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address.is_multicast or not (mapped or address).is_global
