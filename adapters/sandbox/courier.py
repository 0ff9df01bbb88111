"""Takes webhooks to the business: in order per contact at first, then again as the provider's policy says."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import aiohttp

from adapters.sandbox.ledger import About, Attempt, Delivery


class Heard(NamedTuple):
    """What the business answered to a webhook."""

    status: int
    body: bytes = b""


Post = Callable[[bytes, Mapping[str, str]], Awaitable[Heard | None]]
"""Brings a body with its headers to the business; its answer, or None where none came."""


@dataclass(frozen=True, slots=True)
class Redelivery:
    """What the provider does about a webhook that was not taken."""

    first_s: float = 1.0
    """The wait before the second try; it doubles each time."""
    most_s: float = 60.0
    tries: int | None = None
    """How many tries in all; 1 is never again, None until it is taken."""
    off_after: int | None = None
    """So many failed tries within `off_within_s` switch the webhook off; None never."""
    off_within_s: float = 600.0


class Courier:
    """Delivers webhooks and keeps the book of them.

    No provider promises an order; first tries go in order per contact all the same, as they do on a calm day, and a
    redelivery is overtaken by what came later.

    Args:
        post: Brings a webhook to the business.
        headers: The headers of a body: signature, authorisation.
        takes: Whether an answer means that the webhook was taken.
        now: The sandbox's time.
        policy: What follows where it was not.
        copies: How many times each webhook is posted at once.
        kept: How many deliveries the book holds.
    """

    def __init__(
        self,
        *,
        post: Post,
        headers: Callable[[bytes], Mapping[str, str]],
        takes: Callable[[Heard], bool],
        now: Callable[[], datetime],
        policy: Redelivery,
        copies: int,
        kept: int,
    ) -> None:
        self._post = post
        self._headers = headers
        self._takes = takes
        self._now = now
        self._policy = policy
        self._copies = copies
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._failed_at: deque[datetime] = deque(maxlen=policy.off_after or 1)
        self.book: deque[Delivery] = deque(maxlen=kept)
        self.is_off = False
        """Whether the provider has switched the webhook off: nothing is tried until `switch_on`."""

    async def deliver(self, about: About, id_: str, *, to: str, body: bytes) -> Delivery:
        """Try once, in turn; where that fails, go on in the background. Returns after the first try."""
        self._count += 1
        delivery = Delivery(number=self._count, about=about, id=id_, to=to, body=body.decode())
        self.book.append(delivery)
        turn = self._turns.setdefault(to, asyncio.Lock())
        async with turn:
            await asyncio.gather(*(self._try(delivery, body) for _ in range(self._copies)))
        if not delivery.accepted and self._may_try_again(delivery):
            self.in_background(self._try_again(delivery, body))
        return delivery

    def switch_on(self) -> None:
        """Let webhooks go out again, as someone does in the provider's dashboard."""
        self.is_off = False
        self._failed_at.clear()

    def in_background(self, work: Coroutine[object, object, None]) -> None:
        """Run something beside the caller; `close` ends it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is on its way any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Drop what is still on its way."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _may_try_again(self, delivery: Delivery) -> bool:
        if self.is_off:
            return False
        return self._policy.tries is None or len(delivery.attempts) < self._policy.tries

    async def _try(self, delivery: Delivery, body: bytes) -> None:
        if self.is_off:
            return
        heard = await self._post(body, self._headers(body))
        taken = heard is not None and self._takes(heard)
        status = None if heard is None else heard.status
        delivery.attempts.append(Attempt(at=self._now(), status=status, taken=taken))
        if not taken:
            self._count_failure()

    def _count_failure(self) -> None:
        most = self._policy.off_after
        if most is None:
            return
        self._failed_at.append(self._now())
        span = (self._failed_at[-1] - self._failed_at[0]).total_seconds()
        self.is_off = len(self._failed_at) == most and span <= self._policy.off_within_s

    async def _try_again(self, delivery: Delivery, body: bytes) -> None:
        wait_s = self._policy.first_s
        while not delivery.accepted and self._may_try_again(delivery):
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, self._policy.most_s)
            await self._try(delivery, body)


async def post_over_http(
    session: aiohttp.ClientSession,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout_s: float,
) -> Heard | None:
    """Bring a webhook to the business over HTTP."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with session.post(url, data=body, headers=headers, timeout=timeout) as answer:
            return Heard(answer.status, await answer.read())
    except (aiohttp.ClientError, TimeoutError):
        return None
