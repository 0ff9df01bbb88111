"""One CBOT or 360dialog line as the loops and the web see it."""

from datetime import datetime
from functools import partial

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.cbot import signature
from adapters.cbot.capabilities import CAPABILITIES, UPLOAD_LIFE
from adapters.cbot.client import Client, PlainFiles
from adapters.cbot.errors import DIALECTS, read_success
from adapters.cbot.parse import parse_body
from adapters.cbot.payloads import MEDIA, MESSAGES
from adapters.cbot.services import NumberProbe, Templates, Webhook
from adapters.cbot.settings import CbotLine
from adapters.cloud.capabilities import MEDIA_FETCHED_BYTES
from adapters.cloud.client import Client as CloudClient
from adapters.links import fetch_link
from adapters.whatsapp.calls import Calls
from adapters.whatsapp.files import FileCalls, Files, MetaFiles
from adapters.whatsapp.line import WhatsAppLine
from engine.core.content import Media
from engine.core.ids import LineId
from engine.ports import FetchedMedia, MediaStore, Parcel, WebhookRequest
from engine.ports.services import Services


class Cbot(WhatsAppLine):
    """A number at CBOT or 360dialog. The session is shared and stays open when the adapter is closed.

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
        settings: CbotLine,
        *,
        session: aiohttp.ClientSession,
        media_store: MediaStore,
        max_media_bytes: int = MEDIA_FETCHED_BYTES,
    ) -> None:
        api, base, can = settings.api, URL(settings.url), CAPABILITIES[settings.api]
        key = CIMultiDict({settings.api_key_header: settings.secret("api_key")})
        read = partial(read_success, dialect=DIALECTS[api])
        calls = Calls(session, base=base, headers=key, read=read)
        templates = Templates(calls)
        self._header = signature.header_of(settings)
        self._session, self._base, self._max_bytes = session, base, max_media_bytes
        super().__init__(
            line,
            capabilities=can,
            rate_per_second=settings.rate_per_second,
            read_marks=settings.read_marks,
            services=Services(
                templates=templates,
                webhook=Webhook(calls, header=self._header),
                probe=NumberProbe(calls, api=api),
            ),
        )
        file_calls: FileCalls
        match api:
            case "cloud":
                url = base / MESSAGES[api]
                self._sends = CloudClient(session, url=url, headers=key, read=read)
                file_calls = MetaFiles(
                    session,
                    upload_url=base / MEDIA[api],
                    media_url=lambda id_: base / id_,
                    headers=key,
                    # The URL found is at Meta, which does not know the key.
                    via=base,
                    dialect=DIALECTS[api],
                )
            case "onpremise":
                self._sends = Client(calls, templates=templates)
                file_calls = PlainFiles(calls)
        self._files = Files(
            session,
            file_calls,
            headers=key,
            store=media_store,
            max_bytes=max_media_bytes,
            media_bytes=can.media_bytes,
            life=UPLOAD_LIFE[api],
            dialect=DIALECTS[api],
        )

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file, by its id or by the link that the On-Premises form may name. Raises SendError."""
        if media.external_id is None and media.url is not None:
            return await fetch_link(
                self._session, media, base=self._base, max_bytes=self._max_bytes
            )
        return await super().fetch(media)

    def verify(self, request: WebhookRequest) -> None:
        """Check the Basic header, where one is configured. Raises SignatureInvalid."""
        signature.verify(request.headers, wanted=self._header)

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)
