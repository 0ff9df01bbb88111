"""The state of one sandboxed number: contacts, ledger, limits, and what becomes of a request."""

import asyncio
import base64
import hashlib
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import aiohttp
from pydantic import JsonValue

from adapters.sandbox.buckets import Bucket, full_bucket
from adapters.sandbox.cloud.contact import Contact
from adapters.sandbox.cloud.messages import Message, file_ids, read_mark, read_message
from adapters.sandbox.cloud.settings import CloudSettings
from adapters.sandbox.cloud.templates import Template, fit
from adapters.sandbox.cloud.webhooks import Object, seconds, status_body
from adapters.sandbox.courier import Courier, Post, http_post
from adapters.sandbox.faults import Fault, Faults
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.media import Shelf
from adapters.sandbox.phone import Bubble
from adapters.sandbox.refusals import Refusal

Status = Literal["sent", "delivered", "read", "failed"]

TYPING = timedelta(seconds=25)
"""How long the typing indicator shows without an answer. Source: Cloud API, typing indicators, read 2026-08."""

LATE = frozenset({131026, 131047, 131049, 131050, 130472})
"""What Meta may tell by a `failed` status after it has answered 200."""


class CloudSandbox:
    """One business number at a pretended Meta. See the package's docstring for how to run and drive it.

    Args:
        settings: The number and how strict its Meta is.
        now: The time of timestamps, the window and download addresses; a caller may jump it ahead.
        monotonic: The seconds that rates count in; never jumps.
        post: Brings webhooks to the business; by default over HTTP to `settings.webhook_url`.
    """

    def __init__(
        self,
        settings: CloudSettings | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        post: Post | None = None,
    ) -> None:
        self.settings = settings or CloudSettings()
        self.ahead = timedelta(0)
        """How far `POST /_sandbox/clock` moved this sandbox's time ahead."""
        self.faults = Faults()
        self.shelf = Shelf()
        self.requests: deque[Request] = deque(maxlen=self.settings.kept)
        """Every request received, oldest first; nothing is merged."""
        self.messages: list[Bubble] = []
        """Every accepted message, in the order of acceptance."""
        self.contacts: dict[str, Contact] = {}
        self.authors: dict[str, Contact] = {}
        """Message id -> the contact who wrote it."""
        self._by_user_id: dict[str, Contact] = {}
        self.courier = Courier(
            secret=self.settings.app_secret,
            post=post or self._post,
            now=self.now,
            backoff_s=(self.settings.redeliver_first_s, self.settings.redeliver_most_s),
            copies=self.settings.webhook_copies,
            kept=self.settings.kept,
        )
        self.closing = asyncio.Event()
        self._clock = now
        self.monotonic = monotonic
        self._count = 0
        self._requests_seen = 0
        rate = self.settings.messages_per_second
        self._line = full_bucket(rate, max(rate, 1), monotonic()) if rate else None
        self._pairs: dict[str, Bucket] = {}
        self._session: aiohttp.ClientSession | None = None
        self._http: Post | None = None
        self._news = asyncio.Event()

    # --- time, ids, news

    def now(self) -> datetime:
        """Return the sandbox's time."""
        return self._clock() + self.ahead

    def new_message_id(self) -> str:
        """Return the next `wamid`, the same for the same seed and count."""
        self._count += 1
        digest = hashlib.sha256(f"{self.settings.seed}:{self._count}".encode()).digest()
        return "wamid.HBgL" + base64.b64encode(digest[:24]).decode()

    def new_number(self) -> str:
        """Return the next numeric id, as media have."""
        self._count += 1
        digest = hashlib.sha256(f"{self.settings.seed}:{self._count}".encode()).digest()
        return str(10**15 + int.from_bytes(digest[:6], "big"))

    def notice(self) -> None:
        """Wake everyone who waits for something to change."""
        self._news.set()
        self._news = asyncio.Event()

    async def until(self, happened: Callable[[], bool], *, timeout_s: float = 10) -> None:
        """Wait until something is true of this sandbox. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not happened():
                await self._news.wait()

    # --- the contacts' side

    def contact(self, address: str, *, name: str | None = None) -> Contact:
        """Return the contact with this phone or user id, made if it is new.

        Args:
            address: Digits for a phone, or `CC.id` for someone known by a user id alone.
            name: The profile name; kept from the first time, or "Contact" and the last digits.
        """
        if address not in self.contacts:
            digest = hashlib.sha256(address.encode()).digest()
            user_id = address if "." in address else f"MX.{int.from_bytes(digest[:7], 'big')}"
            self.contacts[address] = Contact(
                self, address, name or f"Contact {address[-4:]}", user_id
            )
        contact = self.contacts[address]
        self._by_user_id[contact.user_id] = contact
        if name is not None:
            contact.name = name
        return contact

    def download_url(self, id_: str) -> str | None:
        """Return a fresh download address, None where the sandbox does not know its own address."""
        if self.settings.public_url is None:
            return None
        ticket = self.new_number()
        self.shelf.issue(id_, ticket, self.now())
        return f"{self.settings.public_url}/_media/{ticket}"

    # --- the business's side

    def receive(self, method: str, path: str, body: JsonValue) -> tuple[Request, Fault | None]:
        """Note a request in the ledger, before anything else happens to it."""
        self._requests_seen += 1
        request = Request(
            number=self._requests_seen, at=self.now(), method=method, path=path, body=body
        )
        match body:
            case {"to": str() | int() as to} | {"recipient": str() as to}:
                request.to = str(to)
        match body:
            case {"biz_opaque_callback_data": str(data)}:
                request.callback_data = data
        self.requests.append(request)
        request_fault = self.faults.meet(request.to, self.monotonic())
        if request_fault is not None:
            request.fault = request_fault.kind
        self.notice()
        return request, request_fault

    def answer(self, body: Object, request: Request) -> Object:
        """Take a message or a read mark, and return the answer's body.

        Raises:
            Refusal: Meta would not take it.
        """
        if "status" in body:
            return self._mark_read(body)
        if self._line is not None and not self._line.take(self.monotonic()):
            raise Refusal(130429, "Cloud API message throughput has been reached.", subcode=2494055)
        message, content = read_message(body)
        contact = self._contact_at(message.address)
        self._check_pair(contact)
        shown: str | None = None
        late: Refusal | None = None
        try:
            shown = self._check(contact, message, content, body)
        except Refusal as refusal:
            if not (self.settings.late_refusals and refusal.code in LATE):
                raise
            late = refusal
        request.message_id = self.new_message_id()
        bubble = Bubble(
            id=request.message_id,
            by="business",
            at=self.now(),
            type=message.type,
            content=body[message.type],
            reply_to=message.context.message_id if message.context else None,
            shown=shown,
            callback_data=message.biz_opaque_callback_data,
        )
        self._keep(contact, message, body, bubble, late)
        who: Object = {"input": message.input, "user_id": contact.user_id}
        who |= {} if contact.hides_phone else {"wa_id": contact.address}
        return {
            "messaging_product": "whatsapp",
            "contacts": [who],
            "messages": [{"id": bubble.id}],
        }

    async def tell_status(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None = None
    ) -> Delivery:
        """Post one status of a message; returns after the first try."""
        bubble.status = status
        self.notice()
        told: Object = {"id": bubble.id, "status": status, "timestamp": seconds(self.now())}
        told["recipient_user_id"] = contact.user_id
        if not contact.hides_phone:
            told["recipient_id"] = contact.address
        if bubble.callback_data is not None:
            told["biz_opaque_callback_data"] = bubble.callback_data
        if error is None:
            told["pricing"] = _pricing(bubble)
        else:
            told["errors"] = [error.status_error()]
        profile = None if error else contact.profile
        body = status_body(self.settings, profile, told)
        return await self.courier.deliver("status", bubble.id, to=contact.address, body=body)

    async def verify_webhook(self) -> bool:
        """Do Meta's GET handshake with the business; whether it gave the challenge back."""
        if self.settings.webhook_url is None:
            return False
        challenge = self.new_number()
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": self.settings.verify_token,
        }
        async with self._client().get(self.settings.webhook_url, params=query) as answer:
            return answer.status == 200 and await answer.text() == challenge

    async def close(self) -> None:
        """Cut what hangs, drop webhooks under way, let go of connections."""
        self.closing.set()
        await self.courier.close()
        if self._session is not None:
            await self._session.close()

    # --- how

    def _contact_at(self, address: str) -> Contact:
        known = self._by_user_id.get(address)
        return self.contact(address) if known is None else known

    def _check_pair(self, contact: Contact) -> None:
        if not self.settings.pair_interval_s:
            return
        now = self.monotonic()
        pair = self._pairs.get(contact.address)
        if pair is None:
            pair = full_bucket(1 / self.settings.pair_interval_s, self.settings.pair_burst, now)
            self._pairs[contact.address] = pair
        if not pair.take(now):
            raise Refusal(
                131056, "Message failed to send because there were too many messages to this user."
            )

    def _check(
        self, contact: Contact, message: Message, content: object, body: Object
    ) -> str | None:
        """Check what hangs on the contact and the account; return what the phone shows of a template."""
        if contact.refuses is not None:
            raise Refusal(contact.refuses, "The contact refuses it.")
        if self.settings.check_media:
            unknown = [id_ for id_ in file_ids(body[message.type]) if id_ not in self.shelf.files]
            if unknown:
                raise Refusal(131009, f"{message.type}: media id {unknown[0]} does not exist")
        if isinstance(content, Template):
            return fit(content, self.settings.templates)
        closes_at = contact.window_closes_at
        open_now = closes_at is not None and self.now() < closes_at
        if self.settings.window and message.recipient_type == "individual" and not open_now:
            raise Refusal(
                131047, "More than 24 hours have passed since the recipient last replied."
            )
        return None

    def _keep(
        self, contact: Contact, message: Message, body: Object, bubble: Bubble, late: Refusal | None
    ) -> None:
        self.messages.append(bubble)
        contact.typing_until = None
        match body[message.type]:
            case {"message_id": str(id_), "emoji": str(emoji)} if message.type == "reaction":
                for one in contact.bubbles:
                    one.reaction = (emoji or None) if one.id == id_ else one.reaction
            case _ if late is None:
                contact.bubbles.append(bubble)
        self.notice()
        self.courier.in_background(self._tell(contact, bubble, late))

    async def _tell(self, contact: Contact, bubble: Bubble, late: Refusal | None) -> None:
        if late is not None:
            await self.tell_status(contact, bubble, "failed", late)
            return
        for status in self.settings.statuses:
            if bubble.status != "read":  # the contact may have opened the chat meanwhile
                await self.tell_status(contact, bubble, status)

    def _mark_read(self, body: Object) -> Object:
        mark = read_mark(body)
        contact = self.authors.get(mark.message_id)
        if contact is not None:
            contact.mark_read(mark.message_id)
            if mark.typing_indicator is not None:
                contact.typing_until = self.now() + TYPING
        self.notice()
        return {"success": True}

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int | None:
        if self.settings.webhook_url is None:
            return 200
        if self._http is None:
            self._http = http_post(
                self._client(), self.settings.webhook_url, self.settings.webhook_timeout_s
            )
        return await self._http(body, headers)


def _pricing(bubble: Bubble) -> Object:
    if bubble.type == "template":
        return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}
    return {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
