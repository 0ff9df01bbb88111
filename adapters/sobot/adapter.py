"""One Sobot line as the loops and the web see it."""

from datetime import datetime

import aiohttp
from yarl import URL

from adapters.degrade import degrade
from adapters.line import LineAdapter, profile_of
from adapters.links import fetch_link, with_links
from adapters.sobot import signature
from adapters.sobot.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.sobot.client import Client
from adapters.sobot.parse import parse_body
from adapters.sobot.payloads import MESSAGE
from adapters.sobot.render import render_message
from adapters.sobot.services import SobotContacts, services_of
from adapters.sobot.settings import SobotLine
from adapters.whatsapp.limits import problem_of
from adapters.wire import part_of, text_of
from engine.core.content import ContactUpdate, Media
from engine.core.errors import AnswerLost, ContentRejected, SendError
from engine.core.ids import ExternalId, LineId
from engine.ports import (
    Accepted,
    FetchedMedia,
    MediaLinks,
    Outgoing,
    Parcel,
    Refused,
    WebhookRequest,
)


class Sobot(LineAdapter):
    """A number at Sobot. The session is shared and stays open when the adapter is closed.

    Args:
        line: The line it serves.
        settings: With their secrets read.
        session: From `adapters.http.build_session`.
        media_links: Gives stored files an address; Sobot takes files by link alone.
        max_media_bytes: The largest inbound file taken.
    """

    def __init__(
        self,
        line: LineId,
        settings: SobotLine,
        *,
        session: aiohttp.ClientSession,
        media_links: MediaLinks,
        max_media_bytes: int = MEDIA_FETCHED_BYTES,
    ) -> None:
        self._session, self._base = session, URL(settings.base_url)
        self._links = media_links
        self._max_bytes = max_media_bytes
        self._client = Client(
            session,
            base=self._base,
            api_key=settings.secret("api_key"),
            api_secret=settings.secret("api_secret"),
        )
        self._contacts = SobotContacts(self._client)
        super().__init__(
            line,
            capabilities=CAPABILITIES,
            rate_per_second=settings.rate_per_second,
            services=services_of(self._client, self._contacts),
        )

    def verify(self, request: WebhookRequest) -> None:
        """Take the request: its address is what proves who sent it."""
        signature.verify(request)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message; what the provider would refuse anyway is refused without a call."""
        try:
            content = degrade(with_links(outgoing.content, self._links), self._capabilities)
            if content is None:
                return Accepted(None)
            if isinstance(content, ContactUpdate):
                return await self._contacts.write(profile_of(outgoing.contact, content))
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            body = render_message(content, contact=outgoing.contact)
        except SendError as error:
            return Refused(error)
        result, exchange = await self._client.call("POST", MESSAGE, body)
        if isinstance(result, SendError):
            return Refused(result, exchange)
        external_id = text_of(part_of(result, "data"), "id")
        if external_id is None:
            return Refused(AnswerLost("Sobot took the call but named no message"), exchange)
        return Accepted(ExternalId(external_id), exchange)

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file from the address its webhook named. Raises SendError."""
        return await fetch_link(self._session, media, base=self._base, max_bytes=self._max_bytes)
