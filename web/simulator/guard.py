"""Keeps other web pages from using the simulator through the browser of the person who has it open."""

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from web.simulator.phones import SimulatorRefused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OWN_SITES: Final = frozenset({"same-origin", "none"})
"""`none`: the person typed the address, or no browser asks."""


class ForeignPage(SimulatorRefused):
    """The simulator answers its own page alone."""

    status = 403
    code = "foreign_page"


def guarded(handler: Handler) -> Handler:
    """Refuse what another web page asks the person's browser to do here.

    The host is checked too: a name of someone else's that leads to this machine makes their page our origin.
    """

    async def check(request: web.Request) -> web.StreamResponse:
        if not _is_loopback(request.url.host or ""):
            raise ForeignPage("The simulator is reached by a loopback address alone.")
        if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES and not _opens(request):
            raise ForeignPage
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and origin != str(request.url.origin()):
            raise ForeignPage
        return await handler(request)

    return check


def _opens(request: web.Request) -> bool:
    """Tell whether somebody follows a link to us: the page it came from sees nothing of the answer."""
    return request.method == hdrs.METH_GET and request.headers.get("Sec-Fetch-Mode") == "navigate"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
