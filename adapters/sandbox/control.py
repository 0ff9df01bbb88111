"""The HTTP face that tests and pages drive: `/_sandbox/...`; JSON in, JSON out."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Literal

import orjson
from aiohttp import web
from pydantic import (
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
)

from adapters.sandbox.contact import Contact, NotDocumented, NothingToTap
from adapters.sandbox.deeds import MediaType
from adapters.sandbox.faults import Fault
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.phone import Bubble
from adapters.sandbox.sandbox import Registered, Sandbox


class _Deed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str | None = None
    """The contact's profile name."""


class Says(_Deed):
    """Writes a text."""

    deed: Literal["says"]
    text: str
    reply_to: str | None = None

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.says(self.text, reply_to=self.reply_to)


class Taps(_Deed):
    """Taps a button, a row or a quick reply, by id or title."""

    deed: Literal["taps"]
    option: str
    on: str | None = None

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.taps(self.option, on=self.on)


class Chooses(_Deed):
    """Chooses a row of a list, by id or title."""

    deed: Literal["chooses"]
    row: str
    on: str | None = None

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.chooses(self.row, on=self.on)


class SendsMedia(_Deed):
    """Sends a file; `data` is base64."""

    deed: Literal["sends_media"]
    kind: MediaType
    data: Base64Bytes
    mime_type: str
    caption: str | None = None
    filename: str | None = None
    voice: bool = False
    animated: bool = False

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.sends_media(
            self.kind,
            self.data,
            mime_type=self.mime_type,
            caption=self.caption,
            filename=self.filename,
            voice=self.voice,
            animated=self.animated,
        )


class SendsLocation(_Deed):
    """Sends a place."""

    deed: Literal["sends_location"]
    latitude: float
    longitude: float
    place: str | None = None
    address: str | None = None

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.sends_location(
            self.latitude, self.longitude, name=self.place, address=self.address
        )


class SendsContact(_Deed):
    """Sends someone's card."""

    deed: Literal["sends_contact"]
    person: str
    phone: str

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.sends_contact(self.person, self.phone)


class Reacts(_Deed):
    """Puts an emoji on a message of the business; null takes it back."""

    deed: Literal["reacts"]
    emoji: str | None
    to: str | None = None

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.reacts(self.emoji, to=self.to)


class FillsForm(_Deed):
    """Sends a filled form."""

    deed: Literal["fills_form"]
    response_json: str

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.fills_form(self.response_json)


class SendsRaw(_Deed):
    """Sends any message, its keys laid over the common ones."""

    deed: Literal["sends_raw"]
    message: dict[str, JsonValue]

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        return await contact.sends_raw(self.message)


class Reads(_Deed):
    """Opens the chat: everything shown becomes read."""

    deed: Literal["reads"]

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        await contact.reads()
        return None


class Refuses(_Deed):
    """From now on each message to the contact meets this error code; null ends it."""

    deed: Literal["refuses"]
    code: int | str | None

    async def do(self, contact: Contact) -> Delivery | None:
        """Do it."""
        contact.refuses = self.code
        return None


Deed = Annotated[
    Says
    | Taps
    | Chooses
    | SendsMedia
    | SendsLocation
    | SendsContact
    | Reacts
    | FillsForm
    | SendsRaw
    | Reads
    | Refuses,
    Field(discriminator="deed"),
]
DEED: TypeAdapter[Deed] = TypeAdapter(Deed)


class Jump(BaseModel):
    """How far the sandbox's clock is ahead, in seconds; it never goes back."""

    model_config = ConfigDict(extra="forbid")
    ahead_s: float = Field(ge=0)


class Listen(BaseModel):
    """Where the business listens from now on; a webhook that was switched off is on again."""

    model_config = ConfigDict(extra="forbid")
    url: str | None = None


Handler = Callable[[web.Request], Awaitable[web.Response]]


class Control:
    """The driving endpoints of one sandbox."""

    def __init__(self, sandbox: Sandbox, prefix: str) -> None:
        self._sandbox = sandbox
        self._root = prefix + "/_sandbox"

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints; each is described in docs/howto/sandbox.md."""
        return [
            web.get(self._root + "/requests", self._requests),
            web.get(self._root + "/webhooks", self._webhooks),
            web.post(self._root + "/webhooks", _readable(self._tell)),
            web.post(self._root + "/webhook", _readable(self._listen)),
            web.get(self._root + "/messages", self._messages),
            web.get(self._root + "/contacts", self._contacts),
            web.get(self._root + "/contacts/{address}", self._phone),
            web.post(self._root + "/contacts/{address}/{deed}", _readable(self._do)),
            web.get(self._root + "/faults", self._show_faults),
            web.post(self._root + "/faults", _readable(self._arm)),
            web.delete(self._root + "/faults", self._clear),
            web.post(self._root + "/clock", _readable(self._jump)),
        ]

    async def _requests(self, http: web.Request) -> web.Response:
        since = int(http.query.get("since", "0"))
        return _json([_plain(one) for one in self._sandbox.requests if one.number > since])

    async def _webhooks(self, http: web.Request) -> web.Response:
        since = int(http.query.get("since", "0"))
        book = self._sandbox.courier.book
        return _json(
            [_plain(one) | {"accepted": one.accepted} for one in book if one.number > since]
        )

    async def _tell(self, http: web.Request) -> web.Response:
        body = orjson.dumps(orjson.loads(await http.read()))
        delivery = await self._sandbox.courier.deliver("other", "", to="", body=body)
        return _json(_plain(delivery) | {"accepted": delivery.accepted})

    async def _listen(self, http: web.Request) -> web.Response:
        listen = Listen.model_validate(orjson.loads(await http.read() or b"{}"))
        if listen.url is not None:
            self._sandbox.registered = Registered(listen.url)
        self._sandbox.courier.switch_on()
        return _json({"ok": True})

    async def _messages(self, _: web.Request) -> web.Response:
        return _json([_plain(one) for one in self._sandbox.messages])

    async def _contacts(self, _: web.Request) -> web.Response:
        return _json([_card(one) for one in self._sandbox.contacts.values()])

    async def _phone(self, http: web.Request) -> web.Response:
        contact = self._sandbox.contact(http.match_info["address"])
        return _json(_card(contact) | {"bubbles": [_plain(one) for one in contact.bubbles]})

    async def _do(self, http: web.Request) -> web.Response:
        given = orjson.loads(await http.read() or b"{}")
        deed = DEED.validate_python({**given, "deed": http.match_info["deed"]})
        contact = self._sandbox.contact(http.match_info["address"], name=deed.name)
        delivery = await deed.do(contact)
        if delivery is None:
            return _json({"ok": True})
        return _json(_plain(delivery) | {"accepted": delivery.accepted})

    async def _show_faults(self, _: web.Request) -> web.Response:
        return _json([_plain(fault) for fault in self._sandbox.faults.waiting()])

    async def _arm(self, http: web.Request) -> web.Response:
        fault = Fault.model_validate(orjson.loads(await http.read()))
        self._sandbox.faults.arm(fault, self._sandbox.monotonic())
        return _json(_plain(fault))

    async def _clear(self, _: web.Request) -> web.Response:
        self._sandbox.faults.clear()
        return _json({"ok": True})

    async def _jump(self, http: web.Request) -> web.Response:
        jump = Jump.model_validate(orjson.loads(await http.read()))
        self._sandbox.ahead = max(self._sandbox.ahead, timedelta(seconds=jump.ahead_s))
        self._sandbox.notice()
        return _json({"now": self._sandbox.now().isoformat()})


def _readable(handler: Handler) -> Handler:
    """Turn what a caller got wrong into one line of JSON with status 400."""

    async def handle(http: web.Request) -> web.Response:
        try:
            return await handler(http)
        except (ValidationError, orjson.JSONDecodeError, NothingToTap, NotDocumented) as exc:
            return _json({"ok": False, "error": str(exc)}, status=400)

    return handle


def _plain(value: Request | Delivery | Fault | Bubble) -> dict[str, JsonValue]:
    plain: dict[str, JsonValue] = value.model_dump(mode="json")
    return plain


def _card(contact: Contact) -> dict[str, JsonValue]:
    closes_at = contact.window_closes_at
    return {
        "address": contact.address,
        "name": contact.name,
        "user_id": contact.user_id,
        "window_closes_at": None if closes_at is None else closes_at.isoformat(),
    }


def _json(value: JsonValue | list[dict[str, JsonValue]], *, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
