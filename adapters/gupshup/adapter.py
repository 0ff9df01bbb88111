"""One Gupshup line as the loops and the web see it."""

from datetime import datetime

import aiohttp
from yarl import URL

from adapters.gupshup import signature
from adapters.gupshup.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.gupshup.client import Client
from adapters.gupshup.parse import parse_body
from adapters.gupshup.render import Origin
from adapters.gupshup.services import WHERE_TO_PASTE, Look
from adapters.gupshup.settings import GupshupLine
from adapters.line import SetByHand
from adapters.whatsapp.line import LinkedLine
from engine.core.ids import LineId
from engine.ports import MediaLinks, Parcel, WebhookRequest
from engine.ports.services import Services


class Gupshup(LinkedLine):
    """An app at Gupshup. The session is shared and stays open when the adapter is closed.

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
        settings: GupshupLine,
        *,
        session: aiohttp.ClientSession,
        media_links: MediaLinks,
        max_media_bytes: int = MEDIA_FETCHED_BYTES,
    ) -> None:
        self._session, self._base = session, URL(settings.base_url)
        self._links, self._max_media_bytes = media_links, max_media_bytes
        origin, key = Origin(settings.source, settings.app), settings.secret("api_key")
        self._sends = client = Client(
            session, base=self._base, api_key=key, app_id=settings.app_id, origin=origin
        )
        marks = settings.app_id is not None
        kinds = CAPABILITIES.kinds - (set() if marks else {"read_mark"})
        super().__init__(
            line,
            capabilities=CAPABILITIES.model_copy(update={"kinds": kinds}),
            rate_per_second=settings.rate_per_second,
            read_marks=settings.read_marks and marks,
            services=Services(
                templates=client.templates,
                webhook=SetByHand(WHERE_TO_PASTE),
                probe=Look(client.templates, origin=origin),
            ),
        )

    def verify(self, request: WebhookRequest) -> None:
        """Check nothing: Gupshup signs nothing."""
        signature.verify(request)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)
