"""The On-Premises API's calls about messages and files; the cloud form's are Cloud's own."""

import orjson

from adapters.cbot.errors import knows_no_contact
from adapters.cbot.payloads import CONTACTS, MEDIA, MESSAGES, UNKNOWN_CONTACT
from adapters.cbot.render import address_of, id_to_mark, render_message
from adapters.cbot.services import Templates
from adapters.http import Answer
from adapters.whatsapp.calls import Calls
from adapters.whatsapp.files import Located, id_of
from adapters.wire import objects_of, text_of
from engine.core.content import Outbound, ReadMark, Template
from engine.core.errors import AddressRejected, ProviderUnreachable, SendError
from engine.core.ids import ExternalId
from engine.ports import Accepted, Exchange, Outgoing, Refused


class Client:
    """One line's way to `/v1/messages`.

    Args:
        calls: With the line's key.
        templates: Know the namespace that a template is sent with.
    """

    def __init__(self, calls: Calls, *, templates: Templates) -> None:
        self._calls = calls
        self._templates = templates

    async def message(self, outgoing: Outgoing, content: Outbound) -> Accepted | Refused:
        """Send the content; an unknown contact is asked about, and gets the message then. Raises SendError."""
        if isinstance(content, Template) and not content.namespace:
            namespace = await self._templates.namespace()
            content = content.model_copy(update={"namespace": namespace})
        to, reply_to = address_of(outgoing.contact), outgoing.reply_to
        answer, exchange = await self._send(to, content, reply_to)
        if knows_no_contact(answer):
            # Refused outright: sending it again cannot make it two.
            to = await self._check(to)
            answer, exchange = await self._send(to, content, reply_to)
            if knows_no_contact(answer):
                return Refused(_unknown(), exchange)
        return self._calls.result(answer, exchange)

    async def read_mark(self, mark: ReadMark) -> Accepted | Refused:
        """Mark a message as read. Raises SendError for one without an id."""
        path = f"{MESSAGES['onpremise']}/{id_to_mark(mark)}"
        answer, exchange = await self._calls.make("PUT", path, orjson.dumps({"status": "read"}))
        if isinstance(answer, Answer) and 200 <= answer.status < 300 and not answer.body:
            return Accepted(None, exchange)  # nothing is documented to be in it
        return self._calls.result(answer, exchange, names_message=False)

    async def _send(
        self, to: str, content: Outbound, reply_to: ExternalId | None
    ) -> tuple[Answer | SendError, Exchange]:
        body = render_message(content, to=to, reply_to=reply_to)
        return await self._calls.make("POST", MESSAGES["onpremise"], body)

    async def _check(self, to: str) -> str:
        """Return what WhatsApp calls a number.

        Raises:
            SendError: It has no WhatsApp, or cannot be asked about just now; nothing was sent.

        Source: On-Premises API reference, contacts, read 2026-08.
        """
        asked = f"+{to}" if to.isdigit() else to
        body: dict[str, object] = {"blocking": "wait", "contacts": [asked], "force_check": True}
        found = await self._calls.post(CONTACTS, body)
        contact = next(iter(objects_of(found, "contacts")), {})
        if text_of(contact, "status") == "invalid":
            raise _unknown()
        wa_id = text_of(contact, "wa_id")
        if wa_id is None:
            raise ProviderUnreachable("the provider could not find the contact just now")
        return wa_id


def _unknown() -> AddressRejected:
    return AddressRejected(
        "the contact has no WhatsApp, as the provider says", provider_code=str(UNKNOWN_CONTACT)
    )


class PlainFiles:
    """Files as they are, both ways."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def put(self, data: bytes, *, mime_type: str, filename: str) -> str:
        """Upload the bytes; a document's name goes with the message. Raises SendError."""
        answer = await self._calls.put_file(MEDIA["onpremise"], data, mime_type=mime_type)
        return id_of(next(iter(objects_of(answer, "media")), {}))

    async def locate(self, media_id: str) -> Located:
        """Return the file's own address."""
        return Located(self._calls.url(f"{MEDIA['onpremise']}/{media_id}"), lasting=True)
