"""A balancer before the replicas: each webhook goes to any of them, and on to the next where one is not there."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

PASSED_ON = ("content-type", "x-hub-signature-256", "authorization")


class Front:
    """Passes webhooks on, as nginx with `proxy_next_upstream error timeout non_idempotent` does.

    Only what gives no answer is tried elsewhere: an answer, whatever its status, is the sender's.

    Args:
        ports: Where the replicas listen.
        dice: Chooses the replica.
        answer_s: How long one of them may take to answer.
    """

    def __init__(self, ports: Sequence[int], *, dice: random.Random, answer_s: float = 5.0) -> None:
        self._ports = ports
        self._dice = dice
        self._timeout = aiohttp.ClientTimeout(total=answer_s)
        self.statuses: Counter[int] = Counter()
        """What the senders were answered."""
        self.went_on = 0
        """How often a replica gave no answer and the next was asked."""

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        """Listen while the block runs."""
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=self._timeout) as session:
            self._session = session
            runner = web.ServerRunner(
                web.Server(self._pass_on, access_log=None), shutdown_timeout=1
            )
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
                yield
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        headers = {key: value for key, value in request.headers.items() if key.lower() in PASSED_ON}
        for port in self._dice.sample(self._ports, k=len(self._ports)):
            answer = await self._ask(port, request, body, headers)
            if answer is not None:
                break
            self.went_on += 1
        else:
            answer = web.Response(status=502)
        self.statuses[answer.status] += 1
        return answer

    async def _ask(
        self, port: int, request: web.BaseRequest, body: bytes, headers: dict[str, str]
    ) -> web.Response | None:
        """Return what a replica answers; None where it gives no answer."""
        url = f"http://127.0.0.1:{port}{request.path_qs}"
        try:
            async with self._session.request(
                request.method, url, data=body, headers=headers
            ) as answer:
                return web.Response(status=answer.status, body=await answer.read())
        except (TimeoutError, aiohttp.ClientError):
            return None
