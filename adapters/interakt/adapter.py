"""One Interakt WhatsApp line as the loops and the web see it."""

from datetime import datetime
from typing import ClassVar

import aiohttp

from adapters.degrade import degrade
from adapters.interakt import signature
from adapters.interakt.account.services import build_services
from adapters.interakt.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.interakt.client import Client
from adapters.interakt.parse import parse_body
from adapters.interakt.payloads import CAPTIONED, MESSAGES
from adapters.interakt.render import render_deed, render_message
from adapters.interakt.settings import CHANNELS, Channel, InteraktLine, account_of
from adapters.interakt.twins import Twins
from adapters.line import LineAdapter
from adapters.links import fetch_link, with_links
from adapters.whatsapp.limits import problem_of
from engine.core.capabilities import Capabilities
from engine.core.content import Assignment, ContactUpdate, Event, Media
from engine.core.errors import ContentRejected, SendError
from engine.core.ids import LineId
from engine.ports import (
    Accepted,
    FetchedMedia,
    MediaLinks,
    Outgoing,
    Parcel,
    Refused,
    WebhookRequest,
)


class Interakt(LineAdapter):
    """A WhatsApp number at Interakt. The session is shared and stays open when the adapter is closed.

    Args:
        line: The line it serves.
        settings: With their secrets read.
        session: From `adapters.http.build_session`.
        media_links: Gives our stored files an address: Interakt takes links alone.
        max_media_bytes: The largest inbound file taken.
    """

    channel: ClassVar[Channel] = "whatsapp"
    limits: ClassVar[Capabilities] = CAPABILITIES
    """What the channel can show and carry."""

    def __init__(
        self,
        line: LineId,
        settings: InteraktLine,
        *,
        session: aiohttp.ClientSession,
        media_links: MediaLinks,
        max_media_bytes: int = MEDIA_FETCHED_BYTES,
    ) -> None:
        client = Client(session, base=settings.base_url, api_key=settings.secret("api_key"))
        super().__init__(
            line,
            account=account_of(settings, self.channel),
            capabilities=self.limits,
            rate_per_second=settings.rate_per_second,
            services=build_services(client),
        )
        self._client = client
        self._session = session
        self._links = media_links
        self._max_media_bytes = max_media_bytes
        self._signing_key = signature.key_of(settings.secret("signing_secret").encode())
        self._twins = Twins()
        self._follows_opt_in = settings.follows_opt_in
        self._accounts: dict[str, str] = {name: account_of(settings, name) for name in CHANNELS}

    @property
    def other_account(self) -> str | None:
        """The account's other channel: without a line of its own, what fell back to it is about this one."""
        return next(name for channel, name in self._accounts.items() if channel != self.channel)

    def verify(self, request: WebhookRequest) -> None:
        """Check the signature. Raises SignatureInvalid."""
        signature.verify(request.body, request.headers, key=self._signing_key)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body of either channel, for the line of that channel. Raises PayloadInvalid."""
        return [
            Parcel(
                self._accounts.get(channel or ""),
                tuple(map(self._twins.once, arrivals)),
            )
            for channel, arrivals in parse_body(
                body,
                line=self._line,
                received_at=received_at,
                follows_opt_in=self._follows_opt_in,
            )
        ]

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message or tell one deed; what the provider would refuse anyway is refused without a call."""
        try:
            # The links first: what cannot be shown is said with its link.
            content = degrade(with_links(outgoing.content, self._links), self._capabilities)
            if content is None:
                return Accepted(None)
            if isinstance(content, Event | ContactUpdate | Assignment):
                path, body = render_deed(content, outgoing.contact)
                return await self._client.send(path, body, names_message=False)
            if problem := problem_of(content, self._capabilities, captioned=CAPTIONED):
                raise ContentRejected(problem)
            body = render_message(content, contact=outgoing.contact, message=outgoing.id)
            return await self._client.send(MESSAGES, body)
        except SendError as error:
            return Refused(error)

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file. Raises SendError."""
        return await fetch_link(
            self._session, media, base=self._client.base, max_bytes=self._max_media_bytes
        )
