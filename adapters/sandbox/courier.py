"""Takes webhooks to the business: signed, in order per contact at first, again with back-off until a 2xx."""

import asyncio
import hashlib
import hmac
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Literal

import aiohttp

from adapters.sandbox.ledger import Attempt, Delivery

Post = Callable[[bytes, Mapping[str, str]], Awaitable[int | None]]
"""Brings a body with its headers to the business; the HTTP status, or None where no answer came."""


class Courier:
    """Delivers webhooks and keeps the book of them.

    Meta promises no order; first tries go in order per contact all the same, as they do on a calm day, and a
    redelivery is overtaken by what came later.
    """

    def __init__(
        self,
        *,
        secret: str,
        post: Post,
        now: Callable[[], datetime],
        backoff_s: tuple[float, float],
        copies: int,
        kept: int,
    ) -> None:
        self._secret = secret.encode()
        self._post = post
        self._now = now
        self._backoff_first_s, self._backoff_most_s = backoff_s
        self._copies = copies
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self.book: deque[Delivery] = deque(maxlen=kept)

    async def deliver(
        self, about: Literal["message", "status", "other"], id_: str, *, to: str, body: bytes
    ) -> Delivery:
        """Try once, in turn; where that fails, go on in the background. Returns after the first try."""
        self._count += 1
        delivery = Delivery(number=self._count, about=about, id=id_, to=to, body=body.decode())
        self.book.append(delivery)
        turn = self._turns.setdefault(to, asyncio.Lock())
        async with turn:
            await asyncio.gather(*(self._try(delivery, body) for _ in range(self._copies)))
        if not delivery.accepted:
            self.in_background(self._try_again(delivery, body))
        return delivery

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

    async def _try(self, delivery: Delivery, body: bytes) -> None:
        mark = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mark}"}
        status = await self._post(body, headers)
        delivery.attempts.append(Attempt(at=self._now(), status=status))

    async def _try_again(self, delivery: Delivery, body: bytes) -> None:
        wait_s = self._backoff_first_s
        while not delivery.accepted:
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, self._backoff_most_s)
            await self._try(delivery, body)


def http_post(session: aiohttp.ClientSession, url: str, timeout_s: float) -> Post:
    """Return a Post that goes to the business over HTTP."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def post(body: bytes, headers: Mapping[str, str]) -> int | None:
        try:
            async with session.post(url, data=body, headers=headers, timeout=timeout) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return None

    return post
