"""One account at a pretended Interakt, on WhatsApp or RCS, and what becomes of a message."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

import phonenumbers
from aiohttp import web
from pydantic import JsonValue, TypeAdapter, ValidationError

from adapters.sandbox.cloud.shown import options_in, words_in
from adapters.sandbox.contact import Contact
from adapters.sandbox.courier import Redelivery
from adapters.sandbox.deeds import Deed, SentMedia
from adapters.sandbox.interakt import rcs, webhooks
from adapters.sandbox.interakt.api import Api
from adapters.sandbox.interakt.book import Customer, KnownTemplate, iso, known_of
from adapters.sandbox.interakt.refusals import (
    FAILURES,
    REASONS,
    STATUSES,
    InteraktRefusal,
    refusal_of,
)
from adapters.sandbox.interakt.settings import InteraktSettings
from adapters.sandbox.interakt.wire import (
    Addressed,
    ButtonMessage,
    Callback,
    FileMessage,
    ListMessage,
    Message,
    Template,
    TemplateMessage,
    TextMessage,
)
from adapters.sandbox.interakt.written import CLICKED, USER_MESSAGE, on_rcs, on_whatsapp
from adapters.sandbox.ledger import Request
from adapters.sandbox.phone import Bubble, Option
from adapters.sandbox.reply import Refusal, Reply
from adapters.sandbox.sandbox import Sandbox, Status
from adapters.sandbox.wire import Object

Checked = TypeVar("Checked")
"""What a body has to be."""

MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
RCS: TypeAdapter[rcs.Rcs] = TypeAdapter(rcs.Rcs)

ON_RCS = "rcs:"
"""Begins the bubble type of what the business sent by RCS."""


class InteraktSandbox(Sandbox):
    """One account at a pretended Interakt. See the package's docstring for how to run and drive it."""

    settings: InteraktSettings
    settings_type = InteraktSettings
    url_life = timedelta(days=30)

    @cached_property
    def customers(self) -> dict[str, Customer]:
        """The address book, by whole number."""
        return {}

    @cached_property
    def templates(self) -> dict[tuple[str, str], KnownTemplate]:
        """What was handed in for approval, by name and language."""
        return {}

    @property
    def listed(self) -> list[KnownTemplate]:
        """What the account has: the configured ones, and what was handed in."""
        now = iso(self.now())
        approved = [
            known_of(one, now, self.settings.organization_id)
            for one in self.settings.templates or ()
        ]
        return [*approved, *self.templates.values()]

    @cached_property
    def campaigns(self) -> dict[str, Object]:
        """Campaigns by id."""
        return {}

    # --- what Interakt says for itself

    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return Interakt's endpoints."""
        return Api(self, prefix).routes()

    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line."""
        return {
            "provider": "interakt",
            "channel": self.settings.channel,
            "api_key": self.settings.api_key,
            "signing_secret": self.settings.signing_secret,
            "base_url": address,
        }

    def refusal(self, code: int | str | None, details: str, *, status: int = 0) -> InteraktRefusal:
        """Return an error by its name, by an HTTP status, or by the code of a failed status."""
        reason = STATUSES.get(code) if isinstance(code, int) else code
        if code is None or reason in REASONS:
            return self.refused(str(reason or "trouble"), status=status)
        return InteraktRefusal(str(code), FAILURES.get(str(code), details), status)

    def refused(self, reason: str, details: str = "", *, status: int = 0) -> InteraktRefusal:
        """Return a refusal with the status that this account answers with."""
        return refusal_of(
            reason, details, status=status or REASONS[reason][0] or self.settings.refusal_status
        )

    def named_in(self, body: JsonValue) -> tuple[str | None, str | None]:
        """Return the whole number, and `callbackData`."""
        if not isinstance(body, dict):
            return None, None
        parts = [body.get("countryCode"), body.get("phoneNumber")]
        whole = body.get("fullPhoneNumber") or "".join(str(part or "") for part in parts)
        mark = body.get("callbackData")
        to = str(whole).removeprefix("+") or None
        return to, mark if isinstance(mark, str) else None

    def new_message_id(self) -> str:
        """Return a UUID: Interakt's own ids, not WhatsApp's."""
        return self.ids.uuid()

    def new_inbound_id(self) -> str:
        """Return a UUID, or an id as RCS has them."""
        if self.settings.channel == "rcs":
            return f"Mx{self.ids.digest().hex()[:22]}"
        return self.ids.uuid()

    def redelivery(self) -> Redelivery:
        """Return nothing but an end: no webhook comes twice, and five failures in ten minutes switch it off."""
        return Redelivery(tries=1, off_after=5, off_within_s=600)

    def headers(self, body: bytes) -> Mapping[str, str]:
        """Sign the bytes as sent."""
        secret = self.settings.signing_secret.encode()
        return {
            "Interakt-Signature": f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
        }

    def written(self, contact: Contact, deed: Deed) -> tuple[str, JsonValue]:
        """Return what the channel's webhook calls what a contact did, and what it carries."""
        url = self.download_url(deed.file.id) if isinstance(deed, SentMedia) else None
        if self.settings.channel == "rcs":
            return on_rcs(deed, self.settings, url)
        return on_whatsapp(deed, self.settings, url)

    def message_webhook(self, contact: Contact, bubble: Bubble, over: Object) -> bytes:
        """Return the webhook of a contact's message."""
        told = self._told(contact)
        if bubble.type == USER_MESSAGE:
            return webhooks.rcs_message(told, bubble, over)
        if bubble.type != CLICKED:
            return webhooks.received(told, bubble, over)
        on = next(one for one in contact.bubbles if one.id == bubble.reply_to)
        assert isinstance(bubble.content, dict)
        if bubble.content["click_type"] == "QR":
            # A quick reply is told twice: as a click, and as the words that the contact seems to have written.
            words: Object = {"message": bubble.content["button_text"]}
            text = bubble.model_copy(update={"type": "Text", "content": words})
            body = webhooks.received(told, text, {})
            again = self.courier.deliver("message", bubble.id, to=contact.address, body=body)
            self.courier.in_background(_done(again))
        return webhooks.clicked(told, on, bubble.content)

    def status_webhook(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None
    ) -> bytes | None:
        """Return the webhook of a status; RCS tells nothing of a message that was merely sent."""
        if not bubble.type.startswith(ON_RCS):
            return webhooks.reported(self._told(contact), bubble, error)
        if status == "sent":
            return None
        return webhooks.rcs_event(self._told(contact), bubble, error)

    # --- the business's side

    def take(self, body: JsonValue, request: Request) -> Reply:
        """Take a WhatsApp message. Raises InteraktRefusal."""
        message = self.checked(MESSAGE, body)
        contact = self.contact_of(message)
        late = self._late(contact)
        if isinstance(message, TemplateMessage):
            words = self._filled(message.template, message.template_category)
            options = self._template_options(message.template)
        else:
            if self.settings.window and not contact.window_is_open:
                raise self.refused("window")
            words, options = _shown(message)
        self._keep(contact, request, late, message.type, body, words, options, message.callbackData)
        if isinstance(message, TemplateMessage):
            return self._queued(request, "Message created successfully")
        return self._queued(request)

    def take_rcs(self, body: JsonValue, request: Request) -> Reply:
        """Take an RCS message. Raises InteraktRefusal."""
        message = self.checked(RCS, body)
        contact = self.contact_of(message)
        late = self._late(contact)
        if late is not None:
            late = InteraktRefusal("TTL_EXPIRATION_REVOKED", late.details)
        words, options = "", tuple[Option, ...]()
        if isinstance(message, rcs.Sent):
            words = rcs.words_in(message)
            options = tuple(one.option for one in rcs.suggestions_in(message))
        elif isinstance(message, rcs.Approved):
            words = " ".join(message.template.bodyValues) or message.template.name
        self._keep(contact, request, late, ON_RCS + message.type, body, words, options, None)
        return self._queued(request)

    def checked(self, form: TypeAdapter[Checked], body: JsonValue) -> Checked:
        """Return a body as what it has to be. Raises InteraktRefusal."""
        try:
            return form.validate_python(body)
        except ValidationError as invalid:
            first = invalid.errors(include_url=False, include_input=False)[0]
            at = ".".join(str(part) for part in first["loc"])
            raise self.refused("body", f" - {at}: {first['msg']}") from None

    def contact_of(self, addressed: Addressed) -> Contact:
        """Return who is meant. Raises InteraktRefusal for an id that nobody has."""
        if addressed.digits is not None:
            contact = self.contact(addressed.digits)
            self.customer_of(contact)
            return contact
        for phone, customer in self.customers.items():
            if addressed.userId in (customer.id, customer.user_id):
                return self.contact(phone)
        raise self.refused("unknown", f" - no customer has the id {addressed.userId}", status=400)

    def customer_of(self, contact: Contact) -> Customer:
        """Return the contact's entry of the address book, made if it is new."""
        phone, now = contact.address, iso(self.now())
        if phone not in self.customers:
            digest = hashlib.sha256(f"{self.settings.seed}:customer:{phone}".encode()).digest()
            customer = Customer(str(UUID(bytes=digest[:16], version=4)), phone, now, now)
            customer.country_code, customer.phone_number = _parts(phone)
            self.customers[phone] = customer
        return self.customers[phone]

    # --- how

    def _told(self, contact: Contact) -> webhooks.Told:
        return webhooks.Told(self.settings, self.customer_of(contact), contact, self.now())

    def _late(self, contact: Contact) -> InteraktRefusal | None:
        """Return what a `failed` status will tell of a message to this contact."""
        if contact.refuses is None:
            return None
        refusal = self.refusal(contact.refuses, "The contact refuses it.")
        if refusal.code in REASONS:
            raise refusal
        return refusal

    def _filled(self, template: Template, category: str | None) -> str:
        """Return the words of a template that fits the approved one. Raises InteraktRefusal."""
        known = self.templates.get((template.name, template.languageCode))
        approved = next(
            (
                one
                for one in self.settings.templates or ()
                if (one.name, one.language) == (template.name, template.languageCode)
            ),
            None,
        )
        if known is None and approved is None:
            if self.settings.templates is not None:
                raise self.refused("body", f" - no template {template.name} is approved")
            return " ".join(template.bodyValues) or template.name
        body = approved.body if approved is not None else known.draft.body if known else ""
        is_now = approved.category if approved is not None else known.category if known else ""
        if category is not None and category.upper() != is_now.upper():
            raise self.refused(
                "category", f": Expected '{category}', but received '{is_now.upper()}'."
            )
        places = body.count("{{")
        if places != len(template.bodyValues):
            raise self.refused("body", f" - bodyValues: {places} are needed")
        for number, value in enumerate(template.bodyValues, 1):
            body = body.replace(f"{{{{{number}}}}}", value)
        return body

    def _template_options(self, template: Template) -> tuple[Option, ...]:
        known = self.templates.get((template.name, template.languageCode))
        if known is None:
            return ()
        return tuple(
            Option("quick_reply", "", button.text)
            if button.type == "QUICK_REPLY"
            else Option("button", button.url or button.phone_number or "", button.text)
            for button in known.draft.buttons
        )

    def _keep(
        self,
        contact: Contact,
        request: Request,
        late: InteraktRefusal | None,
        kind: str,
        body: JsonValue,
        words: str,
        options: tuple[Option, ...],
        callback: Callback | None,
    ) -> None:
        request.message_id = self.new_message_id()
        bubble = Bubble(
            id=request.message_id,
            by="business",
            at=self.now(),
            type=kind,
            content=body,
            text=words,
            options=options,
            callback_data=callback,
        )
        self.accept(contact, bubble, late=late)

    def _queued(
        self,
        request: Request,
        said: str = "Message queued for sending via Interakt. Check webhook for delivery status",
    ) -> Reply:
        return Reply({"result": True, "message": said, "id": request.message_id}, status=201)


async def _done(delivery: object) -> None:
    await delivery  # type: ignore[misc]  # a coroutine whose result nobody needs


def _shown(
    message: TextMessage | FileMessage | ButtonMessage | ListMessage,
) -> tuple[str, tuple[Option, ...]]:
    match message:
        case TextMessage(data=data):
            return data.message, ()
        case FileMessage(data=data):
            return data.message or "", ()
        case ButtonMessage() | ListMessage():
            content = message.data.message.model_dump(mode="json", exclude_none=True)
            return words_in(content), options_in(content)


def _parts(phone: str) -> tuple[str, str]:
    try:
        number = phonenumbers.parse(f"+{phone}")
    except phonenumbers.NumberParseException:
        return "", phone
    code = f"+{number.country_code}"
    return code, phone.removeprefix(code[1:])
