"""One Karbot line as the loops and the web see it: Gupshup's webhooks, behind calls of Karbot's own."""

from datetime import datetime

import aiohttp
from yarl import URL

from adapters.degrade import degrade
from adapters.gupshup.payloads import MESSAGES, TEMPLATES
from adapters.gupshup.render import Origin, render_session
from adapters.gupshup.render import render_template as render_form
from adapters.gupshup.services import Templates
from adapters.karbot import signature
from adapters.karbot.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.karbot.client import Client
from adapters.karbot.parse import parse_body
from adapters.karbot.payloads import SEND_TEMPLATE
from adapters.karbot.render import fits_own_call, render_template
from adapters.karbot.services import ByHand, Look
from adapters.karbot.settings import KarbotLine
from adapters.line import LineAdapter
from adapters.links import fetch_link, with_links
from adapters.whatsapp.limits import problem_of
from engine.core.content import Media, Template
from engine.core.conversation import Contact
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
from engine.services import Services


class Karbot(LineAdapter):
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
        self._session = session
        self._base = URL(settings.base_url)
        self._links = media_links
        self._max_media_bytes = max_media_bytes
        self._origin = Origin(settings.source, settings.app)
        self._client = Client(
            session, base=self._base, email=settings.email, password=settings.secret("password")
        )
        self._templates = Templates(lambda: self._client.ask(f"wa/app/{settings.app}/template"))
        origin = f"{settings.source} of the line {settings.app!r}"
        look = Look(self._client, self._templates, origin=origin)
        super().__init__(
            line,
            capabilities=CAPABILITIES,
            rate_per_second=settings.rate_per_second,
            services=Services(templates=self._templates, webhook=ByHand(), probe=look),
        )

    def verify(self, request: WebhookRequest) -> None:
        """Check nothing: Karbot signs nothing."""
        signature.verify(request)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message; what WhatsApp would refuse anyway is refused without a call."""
        content = degrade(outgoing.content, self._capabilities)
        try:
            if content is None:
                return Accepted(None)
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            content = with_links(content, self._links)
            if isinstance(content, Template):
                return await self._send_template(content, outgoing.contact)
            form = render_session(
                content,
                origin=self._origin,
                contact=outgoing.contact,
                message=outgoing.id,
                reply_to=outgoing.reply_to,
            )
            return await self._client.send_form(MESSAGES, form)
        except SendError as error:
            return Refused(error)

    async def _send_template(self, template: Template, contact: Contact) -> Accepted | Refused:
        id_ = await self._templates.id_of(template)
        if fits_own_call(template):
            body = render_template(template, id=id_, contact=contact)
            return await self._client.send_json(SEND_TEMPLATE, body)
        form = render_form(template, id=id_, origin=self._origin, contact=contact)
        return await self._client.send_form(TEMPLATES, form)

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file from its link, which ends after some days. Raises SendError."""
        return await fetch_link(
            self._session, media, base=self._base, max_bytes=self._max_media_bytes
        )
