"""The state of one sandboxed line: contacts, ledger, clock, webhooks. A provider's sandbox is a subclass of it."""

import asyncio
import hashlib
import re
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, Literal

import aiohttp
from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.buckets import full_bucket
from adapters.sandbox.contact import Contact
from adapters.sandbox.courier import Courier, Heard, Post, Redelivery, post_over_http
from adapters.sandbox.deeds import Deed
from adapters.sandbox.faults import Fault, Faults
from adapters.sandbox.ids import Ids
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.media import Shelf
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.settings import SandboxSettings
from adapters.sandbox.wire import Object

OTHER_WAYS: Final = (
    (re.compile(r"521(\d{10})"), r"52\1"),
    (re.compile(r"52(\d{10})"), r"521\1"),
    (re.compile(r"55(\d{2})9(\d{8})"), r"55\1\2"),
    (re.compile(r"55(\d{2})(\d{8})"), r"55\g<1>9\2"),
)
"""Mexico's 1 after the country code and Brazil's ninth digit: WhatsApp takes both ways for the same phone.

Source: Cloud API, phone numbers, read 2026-08."""

Status = Literal["sent", "delivered", "read", "failed"]


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook that the business registered by the provider's API; it wins over the settings."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def other_ways(address: str) -> tuple[str, ...]:
    """Return the other ways to write the same phone."""
    return tuple(
        form.sub(way, address) for form, way in OTHER_WAYS if form.fullmatch(address) is not None
    )


class Sandbox(ABC):
    """One line at a pretended provider.

    Args:
        settings: The line and how strict its provider is, of the subclass's `settings_type`; None is the default.
        now: The time of timestamps, the window and download addresses; a caller may jump it ahead.
        monotonic: The seconds that rates count in; never jumps.
        post: Brings webhooks to the business; by default over HTTP to where it listens.
    """

    settings_type: ClassVar[type[SandboxSettings]] = SandboxSettings
    """What the provider's own settings are."""
    url_life: ClassVar[timedelta] = timedelta(days=7)
    """How long the address of a contact's file works."""

    def __init__(
        self,
        settings: SandboxSettings | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        post: Post | None = None,
    ) -> None:
        self.settings = settings = settings or self.settings_type()
        self.ahead = timedelta(0)
        """How far `POST /_sandbox/clock` moved this sandbox's time ahead."""
        self.ids = Ids(settings.seed)
        self.faults = Faults()
        self.shelf = Shelf(self.url_life)
        self.requests: deque[Request] = deque(maxlen=settings.kept)
        """Every request received, oldest first; nothing is merged."""
        self.messages: list[Bubble] = []
        """Every accepted message, in the order of acceptance."""
        self.contacts: dict[str, Contact] = {}
        self.authors: dict[str, Contact] = {}
        """Message id -> the contact who wrote it."""
        self.registered: Registered | None = None
        self.courier = Courier(
            post=post or self._post,
            headers=self._all_headers,
            takes=self.takes,
            now=self.now,
            policy=self.redelivery(),
            copies=settings.webhook_copies,
            kept=settings.kept,
        )
        self.closing = asyncio.Event()
        self._clock = now
        self.monotonic = monotonic
        self._requests_seen = 0
        rate = settings.messages_per_second
        self._line = full_bucket(rate, max(rate, 1), monotonic()) if rate else None
        self._session: aiohttp.ClientSession | None = None
        self._news = asyncio.Event()

    # --- what each provider says for itself

    @abstractmethod
    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the provider's endpoints, each path behind the prefix."""

    @abstractmethod
    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line of Parley that speaks with this sandbox at an address, `provider` first."""

    @abstractmethod
    def refusal(self, code: int | str | None, details: str, *, status: int = 0) -> Refusal:
        """Return the provider's error of a code; None is its "something went wrong"."""

    @abstractmethod
    def named_in(self, body: JsonValue) -> tuple[str | None, str | None]:
        """Return the address that a request's body is for and the business's own mark on it, None where not there."""

    @abstractmethod
    def written(self, contact: Contact, deed: Deed) -> tuple[str, JsonValue]:
        """Return the provider's name of what a contact did, and what its webhook carries under that name."""

    @abstractmethod
    def message_webhook(self, contact: Contact, bubble: Bubble, over: Object) -> bytes:
        """Return the webhook of a contact's message.

        Args:
            contact: Who wrote it.
            bubble: The message: type and content as `written` gave them.
            over: What `sends_raw` lays over the common keys of the message.
        """

    @abstractmethod
    def status_webhook(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None
    ) -> bytes | None:
        """Return the webhook of a status, None where the provider tells none."""

    def new_message_id(self) -> str:
        """Return the id of the next message accepted from the business."""
        return self.ids.wamid()

    def new_inbound_id(self) -> str:
        """Return the id of the next message of a contact."""
        return self.ids.wamid()

    def redelivery(self) -> Redelivery:
        """Return what follows where a webhook was not taken."""
        return Redelivery(self.settings.redeliver_first_s, self.settings.redeliver_most_s)

    def takes(self, heard: Heard) -> bool:
        """Whether the provider counts the business's answer to a webhook as success."""
        return heard.status // 100 == 2

    def headers(self, body: bytes) -> Mapping[str, str]:
        """Return what stands beside the content type over a webhook: its signature, if there is one."""
        del body
        return {}

    # --- time and news

    def now(self) -> datetime:
        """Return the sandbox's time."""
        return self._clock() + self.ahead

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
        if name is not None:
            contact.name = name
        return contact

    def contact_at(self, address: str) -> Contact:
        """Return whom a message to this address reaches: someone known by another way to write it, or by a user id."""
        for way in (address, *other_ways(address)):
            if way in self.contacts:
                return self.contacts[way]
        for contact in self.contacts.values():
            if contact.user_id == address:
                return contact
        return self.contact(address)

    def download_url(self, id_: str) -> str | None:
        """Return a fresh download address, None where the sandbox does not know its own address."""
        if self.settings.public_url is None:
            return None
        ticket = self.ids.number()
        self.shelf.issue(id_, ticket, self.now())
        return f"{self.settings.public_url}/_media/{ticket}"

    # --- the business's side

    def receive(self, method: str, path: str, body: JsonValue) -> tuple[Request, Fault | None]:
        """Note a request in the ledger, before anything else happens to it."""
        self._requests_seen += 1
        to, callback_data = self.named_in(body)
        request = Request(
            number=self._requests_seen,
            at=self.now(),
            method=method,
            path=path,
            body=body,
            to=to,
            callback_data=callback_data,
        )
        self.requests.append(request)
        fault = self.faults.meet(to, self.monotonic(), path=path)
        if fault is not None:
            request.fault = fault.kind
        self.notice()
        return request, fault

    def is_too_fast(self) -> bool:
        """Count one message of the business; whether it is above the line's rate."""
        return self._line is not None and not self._line.take(self.monotonic())

    def accept(
        self,
        contact: Contact,
        bubble: Bubble,
        *,
        late: Refusal | None = None,
        on_phone: bool = True,
    ) -> None:
        """Take a message of the business: it shows on the phone, and its statuses follow in the background.

        Args:
            contact: Who gets it.
            bubble: The message.
            late: What becomes of it instead, told by a `failed` status after the answer.
            on_phone: Whether it is a bubble of its own; a reaction is not.
        """
        self.messages.append(bubble)
        contact.typing_until = None
        if late is None and on_phone:
            contact.bubbles.append(bubble)
        self.notice()
        self.courier.in_background(self.follow_up(contact, bubble, late))

    async def follow_up(self, contact: Contact, bubble: Bubble, late: Refusal | None) -> None:
        """Tell what became of an accepted message."""
        if late is not None:
            await self.tell_status(contact, bubble, "failed", late)
            return
        for status in self.settings.statuses:
            if bubble.status != "read":  # the contact may have opened the chat meanwhile
                await self.tell_status(contact, bubble, status)

    async def tell_status(
        self, contact: Contact, bubble: Bubble, status: Status, error: Refusal | None = None
    ) -> Delivery | None:
        """Post one status of a message; returns after the first try, None where the provider tells none."""
        bubble.status = status
        self.notice()
        body = self.status_webhook(contact, bubble, status, error)
        if body is None:
            return None
        return await self.courier.deliver("status", bubble.id, to=contact.address, body=body)

    async def close(self) -> None:
        """Cut what hangs, drop webhooks under way, let go of connections."""
        self.closing.set()
        await self.courier.close()
        if self._session is not None:
            await self._session.close()

    # --- how

    def client(self) -> aiohttp.ClientSession:
        """Return the session for the sandbox's own calls."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    def _all_headers(self, body: bytes) -> Mapping[str, str]:
        given = {} if self.registered is None else self.registered.headers
        return {"Content-Type": "application/json", **self.headers(body), **given}

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        url = self.settings.webhook_url if self.registered is None else self.registered.url
        if url is None:
            return Heard(200)
        timeout_s = self.settings.webhook_timeout_s
        return await post_over_http(self.client(), url, body, headers, timeout_s=timeout_s)
