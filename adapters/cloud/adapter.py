"""One Cloud line as the loops and the web see it."""

from datetime import datetime

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.cloud import signature
from adapters.cloud.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.cloud.client import Client
from adapters.cloud.parse import parse_body
from adapters.cloud.payloads import MEDIA
from adapters.cloud.render import render_message, render_read_mark
from adapters.cloud.services import Graph, NumberProbe, Templates, Webhook
from adapters.cloud.settings import CloudLine
from adapters.degrade import degrade
from adapters.line import LineAdapter
from adapters.whatsapp.files import Files
from adapters.whatsapp.limits import problem_of
from engine.core.content import Media, ReadMark
from engine.core.errors import ContentRejected, SendError
from engine.core.ids import LineId
from engine.ports import (
    Accepted,
    FetchedMedia,
    MediaStore,
    Outgoing,
    Parcel,
    Refused,
    WebhookRequest,
)
from engine.services import Services


class Cloud(LineAdapter):
    """A number at Meta's Cloud API. The session is shared and stays open when the adapter is closed.

    Args:
        line: The line it serves.
        settings: With their secrets read.
        session: From `adapters.http.build_session`.
        media_store: Where files to upload are kept.
        max_media_bytes: The largest inbound file taken.
    """

    def __init__(
        self,
        line: LineId,
        settings: CloudLine,
        *,
        session: aiohttp.ClientSession,
        media_store: MediaStore,
        max_media_bytes: int = MEDIA_FETCHED_BYTES,
    ) -> None:
        token, base = settings.secret("token"), URL(settings.base_url)
        number = settings.phone_number_id
        super().__init__(
            line,
            account=number,
            capabilities=CAPABILITIES,
            rate_per_second=settings.rate_per_second,
            read_marks=settings.read_marks,
            services=_services(settings, Graph(session, base=base, token=token)),
        )
        self._signing_key = signature.key_of(settings.secret("app_secret").encode())
        self._verify_token = settings.secret("verify_token").encode()
        self._client = Client(session, base=base, phone_number_id=number, token=token)
        self._files = Files(
            session,
            upload_url=base / number / MEDIA,
            media_url=lambda id_: (base / id_).with_query(phone_number_id=number),
            headers=CIMultiDict({"Authorization": f"Bearer {token}"}),
            store=media_store,
            max_bytes=max_media_bytes,
            media_bytes=CAPABILITIES.media_bytes,
        )

    def challenge(self, query: dict[str, str]) -> str:
        """Return the body that answers Meta's check of the URL. Raises InboundError."""
        return signature.challenge(query, verify_token=self._verify_token)

    def verify(self, request: WebhookRequest) -> None:
        """Check the signature. Raises SignatureInvalid."""
        signature.verify(request.body, request.headers, key=self._signing_key)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message; what the provider would refuse anyway is refused without a call."""
        content = degrade(outgoing.content, self._capabilities)
        try:
            if content is None:
                return Accepted(None)
            if isinstance(content, ReadMark):
                return await self._client.send(render_read_mark(content), names_message=False)
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            if isinstance(content, Media) and content.stored is not None:
                return await self._send_stored(outgoing, content)
            body = render_message(
                content,
                contact=outgoing.contact,
                message=outgoing.id,
                reply_to=outgoing.reply_to,
            )
            return await self._client.send(body)
        except SendError as error:
            return Refused(error)

    async def _send_stored(self, outgoing: Outgoing, media: Media) -> Accepted | Refused:
        media_id = await self._files.upload(media)
        body = render_message(
            media,
            contact=outgoing.contact,
            message=outgoing.id,
            reply_to=outgoing.reply_to,
            media_id=media_id,
        )
        result = await self._client.send(body)
        if isinstance(result, Refused) and isinstance(result.error, ContentRejected):
            self._files.forget(media)
        return result

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file. Raises SendError."""
        return await self._files.fetch(media)


def _services(settings: CloudLine, graph: Graph) -> Services:
    account, verify_token = settings.business_account_id, settings.secret("verify_token")
    return Services(
        templates=None if account is None else Templates(graph, account=account),
        webhook=Webhook(graph, account=account, verify_token=verify_token),
        probe=NumberProbe(graph, number=settings.phone_number_id),
    )
