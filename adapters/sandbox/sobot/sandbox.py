"""One business number at a pretended Sobot, and what becomes of a request."""

import json
from collections.abc import Mapping
from datetime import timedelta

from aiohttp import web
from pydantic import JsonValue, ValidationError

from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.cloud.shown import options_in
from adapters.sandbox.cloud.templates import Language, fit
from adapters.sandbox.cloud.templates import Template as CloudTemplate
from adapters.sandbox.cloud.written import written
from adapters.sandbox.contact import Contact
from adapters.sandbox.courier import Redelivery
from adapters.sandbox.deeds import Deed, SentMedia, Tapped
from adapters.sandbox.ledger import Request
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.sandbox import Sandbox, Status
from adapters.sandbox.sobot.api import Api
from adapters.sandbox.sobot.refusals import SobotRefusal, refused
from adapters.sandbox.sobot.settings import SobotSettings
from adapters.sandbox.sobot.wire import FREE_FLOW, TEMPLATE, Template, To
from adapters.sandbox.wire import Object

WINDOW = "You can send free-flow messages only up to 24 hours after the customer's last message."


class SobotSandbox(Sandbox):
    """One business number at a pretended Sobot. See the package's docstring for how to run and drive it."""

    settings: SobotSettings
    settings_type = SobotSettings
    url_life = timedelta(days=7)

    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return Sobot's endpoints."""
        return Api(self, prefix).routes()

    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line."""
        return {
            "provider": "sobot",
            "api_key": self.settings.api_key,
            "api_secret": self.settings.api_secret,
            "base_url": address,
        }

    def refusal(self, code: int | str | None, details: str, *, status: int = 0) -> SobotRefusal:
        """Return Sobot's error of a code; what is no code of HTTP's comes as 400."""
        number = int(code or 500)
        if self.settings.errors_with_200:
            status = 200
        return SobotRefusal(number, details, status or (number if number < 600 else 400))

    def named_in(self, body: JsonValue) -> tuple[str | None, str | None]:
        """Return the customer's number; Sobot carries no mark of the business's."""
        match body:
            case {"customer_number": str(number)}:
                return number, None
            case _:
                return None, None

    def redelivery(self) -> Redelivery:
        """Return the policy: each webhook once, whatever the business answers."""
        return Redelivery(tries=1)

    def written(self, contact: Contact, deed: Deed) -> tuple[str, JsonValue]:
        """Return the message's type and content; a reply button's id is what Sobot makes of it."""
        if isinstance(deed, Tapped) and deed.option.kind == "button":
            title = deed.option.title
            id_ = title if self.settings.tap_id == "title" else str(deed.index - 1)
            reply: Object = {"id": id_, "title": title}
            return "interactive", {"type": "button_reply", "button_reply": reply}
        url = self.download_url(deed.file.id) if isinstance(deed, SentMedia) else None
        return written(deed, url=url)

    def message_webhook(self, contact: Contact, bubble: Bubble, over: Object) -> bytes:
        """Return the webhook of a contact's message: a list of WhatsApp's changes."""
        at = str(int(bubble.at.timestamp()))
        message: Object = {"from": contact.address, "id": bubble.id, "timestamp": at}
        message["type"] = bubble.type
        key = "image" if self.settings.video_under_image and bubble.type == "video" else bubble.type
        message |= {} if bubble.content is None else {key: bubble.content}
        is_tap = bubble.type in {"interactive", "button"}
        if bubble.reply_to is not None and (self.settings.taps_name_message or not is_tap):
            message["context"] = {"from": self.settings.display_phone_number, "id": bubble.reply_to}
        value: Object = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": self.settings.display_phone_number},
            "contacts": [{"profile": {"name": contact.name}, "wa_id": contact.address}],
            "messages": [message | over],
        }
        return json.dumps([{"value": value, "field": "messages"}]).encode()

    def status_webhook(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None
    ) -> bytes | None:
        """Return the webhook of a status, which stands bare; the page knows no `failed`."""
        if status == "failed":
            return None
        at = str(int(self.now().timestamp()))
        return json.dumps({"id": bubble.id, "status": status, "timestamp": at}).encode()

    # --- the business's side

    def new_keys(self) -> tuple[str, str]:
        """Make a new pair of keys, as an admin does; the earlier one is dead from now on."""
        pair = self.ids.uuid(), self.ids.uuid()
        update = {"api_key": pair[0], "api_secret": pair[1]}
        self.settings = self.settings.model_copy(update=update)
        return pair

    def answer(self, body: JsonValue, request: Request) -> Object:
        """Take a message, and return the answer's body.

        Raises:
            SobotRefusal: Sobot would not take it.
        """
        if self.is_too_fast():
            raise self.refusal(429, "Too many requests")
        message = _read(body)
        contact = self.contact(message.customer_number)
        if contact.refuses is not None:
            raise self.refusal(contact.refuses, "The customer cannot be reached.")
        shown, options = message.words, message.options
        if isinstance(message, Template):
            shown = self._shown(message)
            assert isinstance(body, dict)
            filled: JsonValue = {
                "name": message.template_name,
                "components": body.get("params", []),
            }
            options = options_in(filled)
        elif self.settings.window and not contact.window_is_open:
            raise self.refusal(400, WINDOW)
        request.message_id = self.new_message_id()
        bubble = Bubble(
            id=request.message_id,
            by="business",
            at=self.now(),
            type=str(getattr(message, "type", "template")),
            content=body,
            text=shown,
            options=options,
        )
        self.accept(contact, bubble)
        data: Object = {"id": bubble.id, "status": "submitted"}
        return {"data": data, "message": "Message sent successfully.", "code": 200}

    def _shown(self, message: Template) -> str:
        """Return what the phone shows of a template. Raises SobotRefusal."""
        language = Language(code=message.template_lang)
        template = CloudTemplate(
            name=message.template_name, language=language, components=message.params
        )
        try:
            return fit(template, self.settings.templates)
        except CloudRefusal as refusal:
            raise self.refusal(400, refusal.details) from refusal


def _read(body: JsonValue) -> To:
    kind = TEMPLATE if isinstance(body, dict) and "template_name" in body else FREE_FLOW
    try:
        return kind.validate_python(body)
    except ValidationError as error:
        raise refused(error) from error
