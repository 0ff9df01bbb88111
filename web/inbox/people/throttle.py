"""Slows down who guesses passwords: a few mistakes are free, then each one makes the wait longer.

Counted in this process, by login and by address: guesses at one agent from many places are slow, and so are guesses
at many agents from one place. An attempt counts from its beginning until it turns out right, so that a hundred at once
are no way around.
"""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from web.inbox.errors import InboxError

FREE_BY_LOGIN: Final = 5
FREE_BY_ADDRESS: Final = 30
"""More: a whole office may share an address."""

LONGEST_S: Final = 120.0
"""No wait is longer: whoever guesses at an agent's login keeps the agent out meanwhile."""

FORGOTTEN_AFTER_S: Final = 3600.0
KEPT_MOST: Final = 20_000


class TooManyAttempts(InboxError):
    """Too many attempts; wait."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


@dataclass(slots=True)
class _Count:
    """The mistakes of one login, or of one address."""

    mistakes: int = 0
    last: float = 0.0
    until: float = 0.0


class Throttle:
    """Counts mistakes.

    Args:
        monotonic: Seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._counts: dict[tuple[str, str], _Count] = {}

    def begin(self, login: str, address: str) -> None:
        """Count an attempt as a mistake, until it turns out right.

        Raises:
            TooManyAttempts: It comes too soon after the last ones; nothing is to be tried.
        """
        now = self._monotonic()
        places = (("login", login, FREE_BY_LOGIN), ("address", address, FREE_BY_ADDRESS))
        waits = [self._count(kind, name, now).until - now for kind, name, _ in places]
        if max(waits) > 0:
            raise TooManyAttempts(int(max(waits)) + 1)
        for kind, name, free in places:
            count = self._count(kind, name, now)
            count.mistakes, count.last = count.mistakes + 1, now
            if count.mistakes >= free:
                count.until = now + min(LONGEST_S, 2.0 ** (count.mistakes - free + 1))

    def right(self, login: str, address: str) -> None:
        """Forget a login's mistakes: its password was right. The address only has this attempt back."""
        self._counts.pop(("login", login), None)
        count = self._counts.get(("address", address))
        if count is not None:
            count.mistakes, count.until = max(0, count.mistakes - 1), 0.0

    def _count(self, kind: str, name: str, now: float) -> _Count:
        count = self._counts.get((kind, name))
        if count is None or now - count.last > FORGOTTEN_AFTER_S:
            self._make_room(now)
            count = self._counts[kind, name] = _Count(last=now)
        return count

    def _make_room(self, now: float) -> None:
        if len(self._counts) < KEPT_MOST:
            return
        # Those that still wait stay: names made up by the thousand let nobody off.
        self._counts = {key: count for key, count in self._counts.items() if count.until > now}


def client_address(request: web.Request, *, proxies: int) -> str:
    """Return where a request comes from, as far as one person's addresses go: an IPv6 network counts as one.

    Args:
        request: The request.
        proxies: How many servers of ours stand before this one. Each notes who asked it at the end of
            `X-Forwarded-For`; what stands before these entries anybody may have written.
    """
    noted = [
        part.strip()
        for line in request.headers.getall("X-Forwarded-For", [])
        for part in line.split(",")
    ]
    address = noted[-proxies] if 0 < proxies <= len(noted) else request.remote or ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return request.remote or ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
