"""One Gupshup line as the loops and the web see it."""

from datetime import datetime

import aiohttp
from yarl import URL

from adapters.degrade import degrade
from adapters.gupshup import signature
from adapters.gupshup.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.gupshup.client import Client
from adapters.gupshup.parse import parse_body
from adapters.gupshup.payloads import MESSAGES, TEMPLATES
from adapters.gupshup.render import Origin, render_session, render_template
from adapters.gupshup.services import ByHand, Look, Templates
from adapters.gupshup.settings import GupshupLine
from adapters.line import LineAdapter
from adapters.links import fetch_link, with_links
from adapters.whatsapp.limits import problem_of
from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import Media, ReadMark, Template
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


class Gupshup(LineAdapter):
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
        self._session = session
        self._base = URL(settings.base_url)
        self._links = media_links
        self._max_media_bytes = max_media_bytes
        self._origin = Origin(settings.source, settings.app)
        self._client = Client(
            session, base=self._base, api_key=settings.secret("api_key"), app_id=settings.app_id
        )
        self._templates = Templates(self._client.templates)
        look = Look(self._templates, origin=f"{settings.source} of the app {settings.app!r}")
        marks = settings.app_id is not None
        kinds = CAPABILITIES.kinds if marks else CAPABILITIES.kinds - {"read_mark"}
        super().__init__(
            line,
            capabilities=CAPABILITIES.model_copy(update={"kinds": kinds}),
            rate_per_second=settings.rate_per_second,
            read_marks=settings.read_marks and marks,
            services=Services(templates=self._templates, webhook=ByHand(), probe=look),
        )

    def verify(self, request: WebhookRequest) -> None:
        """Check nothing: Gupshup signs nothing."""
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
            if isinstance(content, ReadMark):
                return await self._mark_read(content)
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            content = with_links(content, self._links)
            if isinstance(content, Template):
                form = render_template(
                    content,
                    id=await self._templates.id_of(content),
                    origin=self._origin,
                    contact=outgoing.contact,
                )
                return await self._client.send(TEMPLATES, form)
            form = render_session(
                content,
                origin=self._origin,
                contact=outgoing.contact,
                message=outgoing.id,
                reply_to=outgoing.reply_to,
            )
            return await self._client.send(MESSAGES, form)
        except SendError as error:
            return Refused(error)

    async def _mark_read(self, mark: ReadMark) -> Accepted | Refused:
        if mark.message.startswith(UNNAMED):
            raise ContentRejected("the message came without an id, so it cannot be marked as read")
        return await self._client.mark_read(mark.message)

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file from its link, which ends after some days. Raises SendError."""
        return await fetch_link(
            self._session, media, base=self._base, max_bytes=self._max_media_bytes
        )
