"""One Karbot line as the loops and the web see it: Gupshup's webhooks, behind calls of Karbot's own."""

from datetime import datetime

import aiohttp
from yarl import URL

from adapters.gupshup.render import Origin
from adapters.karbot import signature
from adapters.karbot.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.karbot.client import Client
from adapters.karbot.parse import parse_body
from adapters.karbot.services import WHERE_TO_PASTE, Look
from adapters.karbot.settings import KarbotLine
from adapters.line import SetByHand
from adapters.whatsapp.line import LinkedLine
from engine.core.ids import LineId
from engine.ports import MediaLinks, Parcel, WebhookRequest
from engine.ports.services import Services


class Karbot(LinkedLine):
    """A line at Karbot. The session is shared and stays open when the adapter is closed.

    Args:
        line: The line it serves.
        settings: With their secrets read.
        session: From `adapters.http.build_session`.
        media_links: Gives stored files an address.
        max_media_bytes: The largest inbound file taken.
    """

    def __init__(
        self,
        line: LineId,
        settings: KarbotLine,
        *,
        session: aiohttp.ClientSession,
        media_links: MediaLinks,
        max_media_bytes: int = MEDIA_FETCHED_BYTES,
    ) -> None:
        self._session, self._base = session, URL(settings.base_url)
        self._links, self._max_media_bytes = media_links, max_media_bytes
        origin = Origin(settings.source, settings.app)
        self._sends = client = Client(
            session,
            base=self._base,
            email=settings.email,
            password=settings.secret("password"),
            origin=origin,
        )
        super().__init__(
            line,
            capabilities=CAPABILITIES,
            rate_per_second=settings.rate_per_second,
            services=Services(
                templates=client.templates,
                webhook=SetByHand(WHERE_TO_PASTE),
                probe=Look(client, origin=origin),
            ),
        )

    def verify(self, request: WebhookRequest) -> None:
        """Check nothing: Karbot signs nothing."""
        signature.verify(request)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)
