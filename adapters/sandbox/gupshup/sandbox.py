"""One app at a pretended Gupshup, and what becomes of a request."""

from collections.abc import Mapping

import orjson
from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.contact import Contact
from adapters.sandbox.courier import Heard
from adapters.sandbox.deeds import Deed, SentMedia
from adapters.sandbox.gupshup.api import Api, authorise_by_key
from adapters.sandbox.gupshup.envelope import MEDIA_LIFE, envelope, message_payload, written
from adapters.sandbox.gupshup.messages import Outgoing, read_session, read_template
from adapters.sandbox.gupshup.refusals import TOO_MANY, GupshupRefusal
from adapters.sandbox.gupshup.settings import GupshupSettings
from adapters.sandbox.gupshup.wire import Reaction
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.sandbox import Sandbox, Status
from adapters.sandbox.wire import Object


class GupshupSandbox(Sandbox):
    """One app at a pretended Gupshup. See the package's docstring for how to run and drive it."""

    settings: GupshupSettings
    settings_type = GupshupSettings
    url_life = MEDIA_LIFE

    # --- what Gupshup says for itself

    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return Gupshup's endpoints."""
        return Api(self, prefix).routes()

    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line."""
        return {
            "provider": "gupshup",
            "api_key": self.settings.api_key,
            "app": self.settings.app,
            "app_id": self.settings.app_id,
            "source": self.settings.source,
            "base_url": address,
        }

    def authorise(self, http: web.Request) -> None:
        """Check who asks. Raises GupshupRefusal."""
        authorise_by_key(http, self.settings.api_key)

    def refusal(self, code: int | str | None, details: str, *, status: int = 0) -> GupshupRefusal:
        """Return the error of a code: an HTTP status, or the code of a `failed` event."""
        return GupshupRefusal(int(code or 500), details, status)

    def named_in(self, body: JsonValue) -> tuple[str | None, str | None]:
        """Return `destination`, and the `msgid` inside `message`."""
        match body:
            case {"destination": str(to), "message": str(message)}:
                return to, _msgid(message)
            case {"destination": str(to)} | {"to": str(to)}:
                return to, None
            case _:
                return None, None

    def new_message_id(self) -> str:
        """Return Gupshup's own id; WhatsApp's comes by the `enqueued` event."""
        return self.ids.uuid()

    def takes(self, heard: Heard) -> bool:
        """Whether it is a 2xx with an empty body, as Gupshup asks. Source: Webhook key points, read 2026-08."""
        return heard.status // 100 == 2 and not heard.body

    def written(self, contact: Contact, deed: Deed) -> tuple[str, JsonValue]:
        """Return the message's type and inner payload."""
        url = ""
        if isinstance(deed, SentMedia):
            url = self.download_url(deed.file.id) or f"http://localhost/_media/{deed.file.id}"
        return written(deed, self.settings, url=url, url_expires_at=self.now() + self.url_life)

    def message_webhook(self, contact: Contact, bubble: Bubble, over: Object) -> bytes:
        """Return the webhook of a contact's message."""
        quoted = next((one for one in contact.bubbles if one.id == bubble.reply_to), None)
        payload = message_payload(contact, bubble, quoted) | over
        return envelope(self.settings, "message", payload, bubble.at)

    def status_webhook(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None
    ) -> bytes:
        """Return the event of a status: WhatsApp's id under `id`, Gupshup's under `gsId`."""
        event: Object = {"id": bubble.whatsapp_id, "type": status}
        if self.settings.gs_ids or error is not None:
            event["gsId"] = bubble.id
        event["destination"] = contact.address
        event["payload"] = {"ts": int(self.now().timestamp())}
        if isinstance(error, GupshupRefusal):
            event["payload"] = {"code": error.code, "reason": error.reason}
            if error.is_told_at_once:
                del event["gsId"]
                event["id"] = bubble.id
        return envelope(self.settings, "message-event", event, self.now())

    async def follow_up(self, contact: Contact, bubble: Bubble, late: Refusal | None) -> None:
        """Tell `enqueued` first, which alone names both ids; a failure of Gupshup's own comes instead of it."""
        if not (isinstance(late, GupshupRefusal) and late.is_told_at_once):
            kind = "template" if bubble.type == "template" else "session"
            event: Object = {
                "id": bubble.id,
                "type": "enqueued",
                "destination": contact.address,
                "payload": {"whatsappMessageId": bubble.whatsapp_id, "type": kind},
            }
            body = envelope(self.settings, "message-event", event, self.now())
            await self.courier.deliver("status", bubble.id, to=contact.address, body=body)
        await super().follow_up(contact, bubble, late)

    # --- the business's side

    def take_session(self, fields: dict[str, str], request: Request) -> str:
        """Take a session message and return its id.

        Raises:
            GupshupRefusal: The form is wrong, or too much was sent.
        """
        self._keep_pace()
        message, outgoing = read_session(fields)
        contact = self._reached(fields["destination"])
        late = self._failure(contact, needs_window=True)
        bubble = self._bubble(outgoing, request)
        if isinstance(message, Reaction):
            if late is None:
                contact.put_reaction(message.msgId, message.emoji or None)
            self.accept(contact, bubble, late=late, on_phone=False)
        else:
            self.accept(contact, bubble, late=late)
        return bubble.id

    def take_template(self, fields: dict[str, str], request: Request) -> str:
        """Take a template message and return its id; what does not fit the approved one fails by an event.

        Raises:
            GupshupRefusal: The form is wrong, or too much was sent.
        """
        self._keep_pace()
        contact = self._reached(fields["destination"])
        late = self._failure(contact, needs_window=False)
        try:
            outgoing = read_template(fields, self.settings.templates)
        except GupshupRefusal as refusal:
            if refusal.code == 400:
                raise
            late = late or refusal
            outgoing = Outgoing("template", fields.get("template"), "")
        bubble = self._bubble(outgoing, request)
        self.accept(contact, bubble, late=late)
        return bubble.id

    # --- what is told besides messages

    async def tell_event(self, kind: str, payload: Object) -> Delivery:
        """Post any other event, such as `user-event` or `account-event`."""
        body = envelope(self.settings, kind, payload, self.now())
        return await self.courier.deliver("other", "", to="", body=body)

    async def opts(self, contact: Contact, kind: str) -> Delivery:
        """Tell what a contact did about the app: `opted-in`, `opted-out`, `sandbox-start`."""
        return await self.tell_event("user-event", {"phone": contact.address, "type": kind})

    async def checks_connectivity(self) -> Delivery:
        """Ask the business for a 2xx, as happens at any time."""
        return await self.tell_event("platform-event", {"type": "connectivity-check"})

    # --- how

    def _keep_pace(self) -> None:
        if self.is_too_fast():
            raise GupshupRefusal(TOO_MANY, "")

    def _reached(self, destination: str) -> Contact:
        """Return whom a message reaches; where WhatsApp writes the phone in another way, that is told."""
        contact = self.contact_at(destination)
        if contact.address != destination:
            self.courier.in_background(self._tell_mismatch(contact, destination))
        return contact

    async def _tell_mismatch(self, contact: Contact, destination: str) -> None:
        event: Object = {
            "type": "mismatch",
            "destination": destination,
            "payload": {"wa_id": contact.address, "phone": destination},
        }
        await self.tell_event("message-event", event)

    def _failure(self, contact: Contact, *, needs_window: bool) -> GupshupRefusal | None:
        """Return what becomes of a message to this contact after its 202."""
        if contact.refuses is not None:
            return self.refusal(contact.refuses, "The contact refuses it.")
        if needs_window and self.settings.window and not contact.window_is_open:
            return GupshupRefusal(470, "")
        return None

    def _bubble(self, outgoing: Outgoing, request: Request) -> Bubble:
        request.message_id = self.new_message_id()
        whatsapp_id = self.ids.wamid() if self.settings.whatsapp_ids == "wamid" else self.ids.uuid()
        return Bubble(
            id=request.message_id,
            by="business",
            at=self.now(),
            type=outgoing.type,
            content=outgoing.content,
            text=outgoing.text,
            options=outgoing.options,
            reply_to=outgoing.reply_to,
            callback_data=outgoing.mark,
            whatsapp_id=whatsapp_id,
        )


def _msgid(message: str) -> str | None:
    try:
        match orjson.loads(message):
            case {"msgid": str(mark)}:
                return mark
            case _:
                return None
    except orjson.JSONDecodeError:
        return None
