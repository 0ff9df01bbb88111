"""One business number at a pretended Meta, and what becomes of a request."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.buckets import Bucket, full_bucket
from adapters.sandbox.cloud.account import Account
from adapters.sandbox.cloud.graph import Graph
from adapters.sandbox.cloud.messages import Message, file_ids, read_mark, read_message
from adapters.sandbox.cloud.refusals import CloudRefusal, status_error
from adapters.sandbox.cloud.settings import CloudSettings
from adapters.sandbox.cloud.shown import options_in, words_in
from adapters.sandbox.cloud.templates import Template, fit
from adapters.sandbox.cloud.uploads import URL_LIFE
from adapters.sandbox.cloud.webhooks import (
    message_body,
    message_of,
    preference_body,
    profile_of,
    seconds,
    status_body,
)
from adapters.sandbox.cloud.written import written
from adapters.sandbox.contact import Contact
from adapters.sandbox.courier import Post
from adapters.sandbox.deeds import Deed, SentMedia
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.sandbox import Sandbox, Status
from adapters.sandbox.wire import Object

TYPING = timedelta(seconds=25)
"""How long the typing indicator shows without an answer. Source: Cloud API, typing indicators, read 2026-08."""

LATE = frozenset({131026, 131047, 131049, 131050, 130472})
"""What Meta may tell by a `failed` status after it has answered 200."""


class CloudSandbox(Sandbox):
    """One business number at a pretended Meta. See the package's docstring for how to run and drive it.

    Args:
        settings: The number and how strict its Meta is.
        now: The time of timestamps, the window and download addresses; a caller may jump it ahead.
        monotonic: The seconds that rates count in; never jumps.
        post: Brings webhooks to the business; by default over HTTP to `settings.webhook_url`.
    """

    settings: CloudSettings
    settings_type = CloudSettings
    url_life = URL_LIFE

    def __init__(
        self,
        settings: CloudSettings | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        post: Post | None = None,
    ) -> None:
        super().__init__(settings, now=now, monotonic=monotonic, post=post)
        self._pairs: dict[str, Bucket] = {}
        self.account = Account(lambda: self.settings)

    # --- what Meta says for itself

    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return Meta's endpoints."""
        return Graph(self, prefix).routes()

    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line."""
        return {
            "provider": "cloud",
            "phone_number_id": self.settings.phone_number_id,
            "business_account_id": self.settings.account_id,
            "token": self.settings.token,
            "app_secret": self.settings.app_secret,
            "verify_token": self.settings.verify_token,
            "base_url": f"{address}/v23.0",
        }

    def refusal(self, code: int | str | None, details: str, *, status: int = 0) -> CloudRefusal:
        """Return Meta's error of a code."""
        return CloudRefusal(int(code or 131000), details, status)

    def named_in(self, body: JsonValue) -> tuple[str | None, str | None]:
        """Return `to` or `recipient`, and `biz_opaque_callback_data`."""
        match body:
            case {"to": str() | int() as to} | {"recipient": str() as to}:
                address: str | None = str(to)
            case _:
                address = None
        match body:
            case {"biz_opaque_callback_data": str(data)}:
                return address, data
            case _:
                return address, None

    def headers(self, body: bytes) -> Mapping[str, str]:
        """Sign the bytes as sent."""
        mark = hmac.new(self.settings.app_secret.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Hub-Signature-256": f"sha256={mark}"}

    def written(self, contact: Contact, deed: Deed) -> tuple[str, JsonValue]:
        """Return the message's type and content."""
        url = self.download_url(deed.file.id) if isinstance(deed, SentMedia) else None
        return written(deed, url=url)

    def message_webhook(self, contact: Contact, bubble: Bubble, over: Object) -> bytes:
        """Return the webhook of a contact's message."""
        message = message_of(self.settings, contact, bubble) | over
        return message_body(self.settings, profile_of(contact), message)

    def status_webhook(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None
    ) -> bytes:
        """Return the webhook of a status."""
        told: Object = {"id": bubble.id, "status": status, "timestamp": seconds(self.now())}
        told["recipient_user_id"] = contact.user_id
        if not contact.hides_phone:
            told["recipient_id"] = contact.address
        if bubble.callback_data is not None:
            told["biz_opaque_callback_data"] = bubble.callback_data
        if error is None:
            told["pricing"] = _pricing(bubble)
        else:
            told["errors"] = [status_error(error)]
        return status_body(self.settings, None if error else profile_of(contact), told)

    # --- the business's side

    def answer(self, body: Object, request: Request) -> Object:
        """Take a message or a read mark, and return the answer's body.

        Raises:
            CloudRefusal: Meta would not take it.
        """
        if "status" in body:
            return self._mark_read(body)
        if self.is_too_fast():
            raise CloudRefusal(
                130429, "Cloud API message throughput has been reached.", subcode=2494055
            )
        message, content = read_message(body)
        contact = self.contact_at(message.address)
        self._check_pair(contact)
        shown: str | None = None
        late: CloudRefusal | None = None
        try:
            shown = self._check(contact, message, content, body)
        except CloudRefusal as refusal:
            if not (self.settings.late_refusals and refusal.code in LATE):
                raise
            late = refusal
        request.message_id = self.new_message_id()
        wire = body[message.type]
        bubble = Bubble(
            id=request.message_id,
            by="business",
            at=self.now(),
            type=message.type,
            content=wire,
            text=words_in(wire) if shown is None else shown,
            options=options_in(wire),
            reply_to=message.context.message_id if message.context else None,
            callback_data=message.biz_opaque_callback_data,
        )
        self._keep(contact, bubble, late)
        who: Object = {"input": message.input, "user_id": contact.user_id}
        who |= {} if contact.hides_phone else {"wa_id": contact.address}
        return {
            "messaging_product": "whatsapp",
            "contacts": [who],
            "messages": [{"id": bubble.id}],
        }

    async def verify_webhook(
        self, url: str | None = None, *, verify_token: str | None = None
    ) -> bool:
        """Do Meta's GET handshake with the business; whether it gave the challenge back.

        Args:
            url: Where; None is `settings.webhook_url`.
            verify_token: The word to show; None is the one of the settings.
        """
        address = url or self.settings.webhook_url
        if address is None:
            return False
        challenge = self.ids.number()
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": verify_token or self.settings.verify_token,
        }
        async with self.client().get(address, params=query) as answer:
            return answer.status == 200 and await answer.text() == challenge

    async def prefers(self, contact: Contact, wish: Literal["stop", "resume"]) -> Delivery:
        """Tell what a contact did with the business's marketing messages in WhatsApp itself."""
        body = preference_body(self.settings, contact, wish, self.now())
        return await self.courier.deliver("other", "", to="", body=body)

    # --- how

    def _check_pair(self, contact: Contact) -> None:
        if not self.settings.pair_interval_s:
            return
        now = self.monotonic()
        pair = self._pairs.get(contact.address)
        if pair is None:
            pair = full_bucket(1 / self.settings.pair_interval_s, self.settings.pair_burst, now)
            self._pairs[contact.address] = pair
        if not pair.take(now):
            raise CloudRefusal(
                131056, "Message failed to send because there were too many messages to this user."
            )

    def _check(
        self, contact: Contact, message: Message, content: object, body: Object
    ) -> str | None:
        """Check what hangs on the contact and the account; return what the phone shows of a template."""
        if contact.refuses is not None:
            raise self.refusal(contact.refuses, "The contact refuses it.")
        if self.settings.check_media:
            unknown = [id_ for id_ in file_ids(body[message.type]) if id_ not in self.shelf.files]
            if unknown:
                raise CloudRefusal(131009, f"{message.type}: media id {unknown[0]} does not exist")
        if isinstance(content, Template):
            return fit(content, self.settings.templates)
        individual = message.recipient_type == "individual"
        if self.settings.window and individual and not contact.window_is_open:
            raise CloudRefusal(
                131047, "More than 24 hours have passed since the recipient last replied."
            )
        return None

    def _keep(self, contact: Contact, bubble: Bubble, late: CloudRefusal | None) -> None:
        match bubble.content:
            case {"message_id": str(id_), "emoji": str(emoji)} if bubble.type == "reaction":
                contact.put_reaction(id_, emoji or None)
        self.accept(contact, bubble, late=late, on_phone=bubble.type != "reaction")

    def _mark_read(self, body: Object) -> Object:
        mark = read_mark(body)
        contact = self.authors.get(mark.message_id)
        if contact is not None:
            contact.mark_read(mark.message_id)
            if mark.typing_indicator is not None:
                contact.typing_until = self.now() + TYPING
        self.notice()
        return {"success": True}


def _pricing(bubble: Bubble) -> Object:
    if bubble.type == "template":
        return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}
    return {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
