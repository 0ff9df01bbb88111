"""One Cloud line as the loops and the web see it."""

from datetime import datetime

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.cloud import signature
from adapters.cloud.capabilities import CAPABILITIES, MEDIA_FETCHED_BYTES
from adapters.cloud.client import Client
from adapters.cloud.parse import parse_body
from adapters.cloud.payloads import MEDIA, MESSAGES
from adapters.cloud.services import NumberProbe, Templates, Webhook
from adapters.cloud.settings import CloudLine
from adapters.whatsapp.calls import Calls
from adapters.whatsapp.files import Files, MetaFiles
from adapters.whatsapp.line import WhatsAppLine
from engine.core.ids import LineId
from engine.ports import MediaStore, Parcel, WebhookRequest
from engine.ports.services import Services


class Cloud(WhatsAppLine):
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
        headers = CIMultiDict({"Authorization": f"Bearer {token}"})
        super().__init__(
            line,
            account=number,
            capabilities=CAPABILITIES,
            rate_per_second=settings.rate_per_second,
            read_marks=settings.read_marks,
            services=_services(settings, Calls(session, base=base, headers=headers)),
        )
        self._signing_key = signature.key_of(settings.secret("app_secret").encode())
        self._verify_token = settings.secret("verify_token").encode()
        self._sends = Client(session, url=base / number / MESSAGES, headers=headers)
        self._files = Files(
            session,
            MetaFiles(
                session,
                upload_url=base / number / MEDIA,
                media_url=lambda id_: (base / id_).with_query(phone_number_id=number),
                headers=headers,
            ),
            headers=headers,
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


def _services(settings: CloudLine, graph: Calls) -> Services:
    account, verify_token = settings.business_account_id, settings.secret("verify_token")
    return Services(
        templates=None if account is None else Templates(graph, account=account),
        webhook=Webhook(graph, account=account, verify_token=verify_token),
        probe=NumberProbe(graph, number=settings.phone_number_id),
    )
