"""The contacts of the simulator's line and what they do on their phones: each deed leaves as a signed webhook."""

import secrets
from datetime import datetime
from typing import Final

from pydantic import SecretStr

from adapters.cloud.settings import CloudLine
from adapters.sandbox.cloud import CloudSandbox, CloudSettings, Contact
from adapters.sandbox.deeds import MediaType
from adapters.sandbox.ledger import Delivery
from adapters.sandbox.wire import Object
from engine.core.errors import ParleyError
from engine.core.ids import ConversationId, LineId
from web.clock import LineClock
from web.simulator.hub import Hub

SIMULATOR: Final = LineId("simulator")
"""The simulator's own line."""

BASE: Final = "/simulator"
CLOUD: Final = f"{BASE}/cloud"
"""Where the pretended Meta is mounted."""

NUMBER_ID: Final = "100000000000777"
DISPLAY_NUMBER: Final = "15550100777"

FIRST_CONTACTS: Final = ("Ana Souza", "Ben Okafor")
CONTACTS_MOST: Final = 100
"""As many fictional numbers as the exchange 555-01 has. Source: North American Numbering Plan, 555 numbers."""

KEPT: Final = 2_000
"""Requests and webhooks the sandbox remembers; the page shows none of them."""


class SimulatorRefused(ParleyError):
    """The simulator cannot do this."""

    status = 400
    code = "simulator_refused"


class ContactUnknown(SimulatorRefused):
    """The simulator has no such contact."""

    status = 404
    code = "contact_unknown"


class WebhookRefused(SimulatorRefused):
    """The server did not take the webhook; the sandbox delivers it again by itself."""

    status = 502
    code = "webhook_refused"


class Phones:
    """People with phones on the simulator's line, at a Meta that this process pretends to be.

    Args:
        origin: Where this server is reached, such as `http://127.0.0.1:8080`.
        clock: Gives the line's own time, which the sandbox follows.
        start: The flow that begins when nothing else matches; None is the one marked `start=True`.
    """

    def __init__(self, *, origin: str, clock: LineClock, start: str | None) -> None:
        token, app_secret, verify_token = (secrets.token_urlsafe(24) for _ in range(3))
        self.line = CloudLine(
            provider="cloud",
            start=start,
            phone_number_id=NUMBER_ID,
            token=SecretStr(token),
            app_secret=SecretStr(app_secret),
            verify_token=SecretStr(verify_token),
            base_url=f"{origin}{CLOUD}/v23.0",
            read_marks=True,
        )
        """The line's settings, as a configuration file would give them."""
        self.sandbox = CloudSandbox(
            CloudSettings(
                phone_number_id=NUMBER_ID,
                display_phone_number=DISPLAY_NUMBER,
                token=token,
                app_secret=app_secret,
                verify_token=verify_token,
                webhook_url=f"{origin}/webhooks/{SIMULATOR}",
                public_url=f"{origin}{CLOUD}",
                # Ids of an earlier process are in the database: the same ones again would count as duplicates.
                seed=secrets.token_hex(8),
                # Read is told when a page shows the chat, as with a phone.
                statuses=("sent", "delivered"),
                kept=KEPT,
            ),
            now=lambda: clock.now(SIMULATOR),
        )
        self.hub = Hub()
        """The open pages."""
        for name in FIRST_CONTACTS:
            self.add(name)

    def changed(self, line: LineId, conversation: ConversationId | None) -> None:
        """Hear of a commit: the engine's listener."""
        if line == SIMULATOR:
            self.hub.wake()

    @property
    def contacts(self) -> list[Contact]:
        """Everyone who has a phone, in the order they came."""
        return list(self.sandbox.contacts.values())

    def contact(self, phone: str) -> Contact:
        """Return a contact. Raises ContactUnknown."""
        try:
            return self.sandbox.contacts[phone]
        except KeyError:
            raise ContactUnknown from None

    def add(self, name: str) -> Contact:
        """Give someone new the next free number. Raises SimulatorRefused."""
        for last in range(1, CONTACTS_MOST):
            phone = f"120255501{last:02d}"
            if phone not in self.sandbox.contacts:
                return self.sandbox.contact(phone, name=name)
        raise SimulatorRefused(f"The simulator holds at most {CONTACTS_MOST - 1} contacts.")

    def restore(self, phone: str, name: str | None, last_wrote_at: datetime | None) -> None:
        """Take someone up again whom the database knows from an earlier process, with the window as it was."""
        contact = self.sandbox.contact(phone, name=name)
        contact.last_wrote_at = last_wrote_at

    # --- deeds. Raise ContactUnknown, WebhookRefused.

    async def say(self, phone: str, text: str) -> None:
        """Write a text."""
        _taken(await self.contact(phone).says(text))

    async def tap(self, phone: str, *, message: str, option: str, title: str) -> None:
        """Tap a reply button, or a template's quick reply."""
        bubbles = self.contact(phone).bubbles
        if any(one.id == message and one.type == "template" for one in bubbles):
            context: Object = {"from": DISPLAY_NUMBER, "id": message}
            button: Object = {"type": "button", "button": {"payload": option, "text": title}}
            _taken(await self.contact(phone).sends_raw({**button, "context": context}))
            return
        reply: Object = {"type": "button_reply", "button_reply": {"id": option, "title": title}}
        await self._answer(phone, message, reply)

    async def choose(
        self, phone: str, *, message: str, option: str, title: str, description: str | None
    ) -> None:
        """Choose a row of a list."""
        row: Object = {"id": option, "title": title}
        if description is not None:
            row["description"] = description
        await self._answer(phone, message, {"type": "list_reply", "list_reply": row})

    async def send_location(
        self,
        phone: str,
        latitude: float,
        longitude: float,
        *,
        name: str | None,
        address: str | None,
    ) -> None:
        """Send a place on the map."""
        contact = self.contact(phone)
        _taken(await contact.sends_location(latitude, longitude, name=name, address=address))

    async def send_file(
        self, phone: str, data: bytes, *, mime_type: str, filename: str, caption: str | None
    ) -> None:
        """Send a file as what its type says: a picture, a film, a sound, else a document."""
        kind = _media_type(mime_type)
        delivery = await self.contact(phone).sends_media(
            kind,
            data,
            mime_type=mime_type,
            caption=caption if kind != "audio" else None,
            filename=filename if kind == "document" else None,
        )
        _taken(delivery)

    async def react(self, phone: str, *, message: str, emoji: str | None) -> None:
        """Put an emoji on a message of the business; None takes it back."""
        reaction: Object = {"message_id": message}
        if emoji is not None:
            reaction["emoji"] = emoji
        _taken(await self.contact(phone).sends_raw({"type": "reaction", "reaction": reaction}))

    async def read(self, phone: str) -> None:
        """Look at the chat: what came is read."""
        await self.contact(phone).reads()

    async def _answer(self, phone: str, message: str, reply: Object) -> None:
        """Answer a message, also one of an earlier process that this sandbox no longer shows."""
        context: Object = {"from": DISPLAY_NUMBER, "id": message}
        answer: Object = {"type": "interactive", "interactive": reply, "context": context}
        _taken(await self.contact(phone).sends_raw(answer))


def _taken(delivery: Delivery) -> None:
    if not delivery.accepted:
        raise WebhookRefused


def _media_type(mime_type: str) -> MediaType:
    """Return what WhatsApp's picker makes of a file; it shows pictures of other formats as documents."""
    match mime_type.partition("/")[0], mime_type:
        case "image", "image/jpeg" | "image/png":
            return "image"
        case "image", "image/webp":
            return "sticker"
        case "video", "video/mp4" | "video/3gpp":
            return "video"
        case "audio", _:
            return "audio"
        case _:
            return "document"
