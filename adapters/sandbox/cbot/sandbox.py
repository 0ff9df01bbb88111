"""One number at a pretended CBOT or 360dialog, and what becomes of a request."""

from base64 import b64encode
from collections.abc import Mapping
from typing import ClassVar

from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.cbot.api import Api
from adapters.sandbox.cbot.onpremise import as_cloud, message_body, status_body
from adapters.sandbox.cbot.refusals import META, OnPremiseRefusal, onpremise_code
from adapters.sandbox.cbot.settings import CbotSettings
from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.cloud.sandbox import CloudSandbox
from adapters.sandbox.cloud.webhooks import seconds
from adapters.sandbox.cloud.written import written
from adapters.sandbox.contact import Contact
from adapters.sandbox.deeds import Deed
from adapters.sandbox.ledger import Request
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.sandbox import Status
from adapters.sandbox.wire import Object


class CbotSandbox(CloudSandbox):
    """One number at a pretended CBOT. See the package's docstring for how to run and drive it."""

    settings: CbotSettings
    settings_type = CbotSettings
    provider: ClassVar[str] = "cbot"

    @property
    def is_onpremise(self) -> bool:
        """Whether it speaks the On-Premises form."""
        return self.settings.api == "onpremise"

    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the provider's endpoints, those of both forms: each takes its own alone."""
        return Api(self, prefix).routes()

    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line."""
        settings = self.settings
        keys = {
            "provider": self.provider,
            "api": settings.api,
            "api_key": settings.api_key,
            "api_key_header": settings.api_key_header,
            "base_url": address,
        }
        if settings.webhook_user is not None:
            keys["webhook_user"] = settings.webhook_user
            keys["webhook_password"] = settings.webhook_password
        return keys

    def refusal(self, code: int | str | None, details: str, *, status: int = 0) -> CloudRefusal:
        """Return the form's error of a code."""
        if not self.is_onpremise:
            return super().refusal(code, details, status=status)
        number = onpremise_code(int(code or 1014))
        return OnPremiseRefusal(number, details, status, with_200=self.settings.errors_with_200)

    def headers(self, body: bytes) -> Mapping[str, str]:
        """Return the Basic header, where one is set: nothing is signed."""
        user = self.settings.webhook_user
        if user is None:
            return {}
        coded = b64encode(f"{user}:{self.settings.webhook_password}".encode()).decode()
        return {"Authorization": f"Basic {coded}"}

    def new_message_id(self) -> str:
        """Return the id of the next message."""
        if not self.is_onpremise:
            return super().new_message_id()
        return "gBEG" + self.ids.digest().hex()[:28].upper()

    def new_inbound_id(self) -> str:
        """Return the id of the next message of a contact."""
        return self.new_message_id()

    def written(self, contact: Contact, deed: Deed) -> tuple[str, JsonValue]:
        """Return the message's type and content; a file's own address leads to Meta, so none is named."""
        return written(deed)

    def message_webhook(self, contact: Contact, bubble: Bubble, over: Object) -> bytes:
        """Return the webhook of a contact's message."""
        if not self.is_onpremise:
            return super().message_webhook(contact, bubble, over)
        return message_body(contact, bubble, over, number=self.settings.display_phone_number)

    def status_webhook(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None
    ) -> bytes:
        """Return the webhook of a status."""
        if not self.is_onpremise:
            return super().status_webhook(contact, bubble, status, error)
        return status_body(contact, bubble, status, error, at=seconds(self.now()))

    def answer(self, body: Object, request: Request) -> Object:
        """Take a message, or in the cloud form a read mark, and return the answer's body.

        Raises:
            CloudRefusal: The form's own refusal.
        """
        if not self.is_onpremise:
            return super().answer(body, request)
        settings = self.settings
        try:
            namespace = None if settings.templates is None else settings.namespace
            answer = super().answer(as_cloud(body, namespace=namespace), request)
        except CloudRefusal as refusal:
            raise self.refusal(refusal.code, refusal.details, status=refusal.status) from refusal
        return {"contacts": answer["contacts"], "messages": answer["messages"], "meta": META}


class DialogSandbox(CbotSandbox):
    """One number at a pretended 360dialog."""

    provider = "360dialog"
