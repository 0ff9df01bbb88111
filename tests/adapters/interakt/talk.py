"""An adapter of either channel that talks to the sandbox: what that posts is checked and read, as the web does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from adapters.http import ANSWER_S, build_session
from adapters.interakt.adapter import Interakt
from adapters.rcs.adapter import Rcs
from adapters.sandbox.courier import Heard
from adapters.sandbox.interakt import InteraktSandbox, InteraktSettings
from adapters.sandbox.server import served
from engine.core.errors import InboundError
from engine.core.signals import Arrival, DeliveryReported, MessageReceived
from engine.ports import WebhookRequest
from tests.adapters.interakt.conftest import make_settings
from tests.adapters.samples import LINE, NOW, Links


class Talk:
    """Both ends of a line."""

    def __init__(self, settings: InteraktSettings) -> None:
        self.sandbox = InteraktSandbox(settings, post=self._post)
        self.adapter: Interakt | None = None
        self.arrivals: list[Arrival] = []
        self._news = asyncio.Event()

    @property
    def line(self) -> Interakt:
        """The adapter."""
        assert self.adapter is not None
        return self.adapter

    @property
    def messages(self) -> list[MessageReceived]:
        """What contacts sent, each once by its key."""
        once = {arrival.key: arrival.signal for arrival in self.arrivals}
        return [signal for signal in once.values() if isinstance(signal, MessageReceived)]

    @property
    def statuses(self) -> list[DeliveryReported]:
        """What became of ours."""
        signals = [arrival.signal for arrival in self.arrivals]
        return [signal for signal in signals if isinstance(signal, DeliveryReported)]

    async def hears(self, statuses: int) -> None:
        """Wait until so many statuses have come."""
        async with asyncio.timeout(10):
            while len(self.statuses) < statuses:
                self._news.clear()
                await self._news.wait()

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        lowered = {name.lower(): value for name, value in headers.items()}
        try:
            self.line.verify(WebhookRequest(body=body, headers=lowered))
            parcels = self.line.parse(body, received_at=NOW)
        except InboundError as error:
            return Heard(error.status)
        self.arrivals += [arrival for parcel in parcels for arrival in parcel.arrivals]
        self._news.set()
        return Heard(200)


@asynccontextmanager
async def talk(
    channel: str, *, answer_s: float = ANSWER_S, **changes: object
) -> AsyncIterator[Talk]:
    """Serve a sandbox with these settings, and speak with it, while the block runs.

    Args:
        channel: Of the line.
        answer_s: How long an answer may take.
        changes: Of the sandbox's settings; nothing limits its rate unless told.
    """
    table = {"channel": channel, "messages_per_second": 0} | changes
    both = Talk(InteraktSettings.model_validate(table))
    kind = Rcs if channel == "rcs" else Interakt
    async with served(both.sandbox) as address, build_session(answer_s=answer_s) as session:
        keys = dict(both.sandbox.line(address))
        both.adapter = kind(LINE, make_settings(**keys), session=session, media_links=Links())
        yield both
