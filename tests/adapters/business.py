"""Our side of a talk with a sandbox: what that posts is checked and read by the adapter, as the web does."""

import asyncio
from collections.abc import Mapping

from adapters.sandbox.courier import Heard
from engine.core.errors import InboundError
from engine.core.signals import Arrival, DeliveryReported, MessageReceived
from engine.ports import Adapter, Parcel, WebhookRequest
from tests.adapters.samples import NOW


class Business:
    """Reads by `adapter`, which is given once the sandbox it speaks to is on the air."""

    def __init__(self) -> None:
        self.adapter: Adapter | None = None
        self.parcels: list[Parcel] = []
        self.refused = 0
        """Webhooks that were answered with an error."""
        self._news = asyncio.Event()

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        """Answer a webhook."""
        assert self.adapter is not None
        lowered = {name.lower(): value for name, value in headers.items()}
        try:
            self.adapter.verify(WebhookRequest(body=body, headers=lowered))
            self.parcels += self.adapter.parse(body, received_at=NOW)
        except InboundError as error:
            self.refused += 1
            return Heard(error.status)
        self._news.set()
        return Heard(200)

    async def hears(self, statuses: int) -> list[DeliveryReported]:
        """Wait until so many statuses have come; return all of them."""
        async with asyncio.timeout(10):
            while len(self.statuses) < statuses:
                self._news.clear()
                await self._news.wait()
        return self.statuses

    @property
    def arrivals(self) -> list[Arrival]:
        """All that came, in its order."""
        return [arrival for parcel in self.parcels for arrival in parcel.arrivals]

    @property
    def messages(self) -> list[MessageReceived]:
        """What contacts sent."""
        signals = [arrival.signal for arrival in self.arrivals]
        return [signal for signal in signals if isinstance(signal, MessageReceived)]

    @property
    def statuses(self) -> list[DeliveryReported]:
        """What became of ours."""
        signals = [arrival.signal for arrival in self.arrivals]
        return [signal for signal in signals if isinstance(signal, DeliveryReported)]
