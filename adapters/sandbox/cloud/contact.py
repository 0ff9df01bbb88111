"""One person with a phone: writes, taps, sends; and what their phone shows."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue

from adapters.sandbox.cloud.webhooks import Object, message_body, seconds
from adapters.sandbox.ledger import Delivery
from adapters.sandbox.media import StoredFile
from adapters.sandbox.phone import Bubble, Choice, Option

if TYPE_CHECKING:
    from adapters.sandbox.cloud.sandbox import CloudSandbox

WINDOW = timedelta(hours=24)
"""How long a contact's message allows free-form answers. Source: Cloud API, customer service window, read 2026-08."""

MediaType = Literal["image", "video", "audio", "document", "sticker"]


class NothingToTap(LookupError):
    """The phone shows no such option."""


class Contact:
    """A contact of the sandbox's number, made by `CloudSandbox.contact`.

    Each verb stores what the contact did on their phone, posts the webhook and returns after its first try; the
    returned delivery says whether the business took it. A webhook that was not taken is tried again by itself.

    Args:
        address: The phone in digits, or a user id such as `MX.12345` for someone who hides their phone.
    """

    def __init__(self, sandbox: "CloudSandbox", address: str, name: str, user_id: str) -> None:
        self._sandbox = sandbox
        self.address = address
        self.name = name
        self.user_id = user_id
        self.bubbles: list[Bubble] = []
        """The chat as the phone shows it, oldest first."""
        self.last_wrote_at: datetime | None = None
        self.typing_until: datetime | None = None
        """Until when the phone shows that the business is typing."""
        self.refuses: int | None = None
        """An error code that meets every message to this contact, such as 131026."""

    # --- what the phone shows

    @property
    def shown(self) -> list[str]:
        """The words of each message of the business, in order."""
        return [bubble.text for bubble in self.bubbles if bubble.by == "business"]

    @property
    def window_closes_at(self) -> datetime | None:
        """When free-form messages end; None before the contact first wrote."""
        return None if self.last_wrote_at is None else self.last_wrote_at + WINDOW

    async def receives(self, count: int = 1, *, timeout_s: float = 10) -> list[Bubble]:
        """Wait until the business answered the contact's last message `count` times, and return the answers.

        Raises:
            TimeoutError: It did not.
        """
        await self._sandbox.until(lambda: len(self.answers()) >= count, timeout_s=timeout_s)
        return self.answers()

    def answers(self) -> list[Bubble]:
        """Return what the business sent since the contact last did anything."""
        last = max(
            (i for i, bubble in enumerate(self.bubbles) if bubble.by == "contact"), default=-1
        )
        return self.bubbles[last + 1 :]

    def mark_read(self, id_: str) -> None:
        """Show the ticks of reading on a message of the contact and, as WhatsApp does, on the older ones."""
        mine = [bubble for bubble in self.bubbles if bubble.by == "contact"]
        for bubble in mine:
            bubble.status = "read"
            if bubble.id == id_:
                return

    # --- what the contact does

    async def says(self, text: str, *, reply_to: str | None = None) -> Delivery:
        """Write a text."""
        return await self._does("text", {"body": text}, reply_to=reply_to)

    async def taps(self, option: str, *, on: str | None = None) -> Delivery:
        """Tap a button, a row or a template's quick reply, by its id or title.

        The newest message that shows it is meant, or the one whose id `on` names.

        Raises:
            NothingToTap: The phone shows no such option.
        """
        return await self._answers_with(option, on, ("button", "row", "quick_reply"))

    async def chooses(self, row: str, *, on: str | None = None) -> Delivery:
        """Choose a row of a list by its id or title. Raises NothingToTap."""
        return await self._answers_with(row, on, ("row",))

    async def sends_media(
        self,
        kind: MediaType,
        data: bytes,
        *,
        mime_type: str,
        caption: str | None = None,
        filename: str | None = None,
        voice: bool = False,
        animated: bool = False,
    ) -> Delivery:
        """Send a file; the business finds it at the media endpoint."""
        file = StoredFile(self._sandbox.new_number(), data, mime_type, filename)
        self._sandbox.shelf.add(file)
        content: Object = {"id": file.id, "mime_type": mime_type, "sha256": file.base64_digest}
        if caption is not None:
            content["caption"] = caption
        match kind:
            case "audio":
                content["voice"] = voice
            case "sticker":
                content["animated"] = animated
            case "document":
                content["filename"] = filename or "file"
            case _:
                pass
        url = self._sandbox.download_url(file.id)
        return await self._does(kind, content if url is None else content | {"url": url})

    async def sends_image(
        self, data: bytes, *, caption: str | None = None, mime_type: str = "image/jpeg"
    ) -> Delivery:
        """Send a picture."""
        return await self.sends_media("image", data, mime_type=mime_type, caption=caption)

    async def sends_voice(self, data: bytes) -> Delivery:
        """Send a voice note."""
        return await self.sends_media("audio", data, mime_type="audio/ogg; codecs=opus", voice=True)

    async def sends_location(
        self,
        latitude: float,
        longitude: float,
        *,
        name: str | None = None,
        address: str | None = None,
    ) -> Delivery:
        """Send a place on the map."""
        content: Object = {"latitude": latitude, "longitude": longitude}
        content |= {"name": name} if name is not None else {}
        content |= {"address": address} if address is not None else {}
        return await self._does("location", content)

    async def sends_contact(self, name: str, phone: str) -> Delivery:
        """Send someone's card."""
        card: Object = {
            "name": {"formatted_name": name, "first_name": name.split()[0]},
            "phones": [{"phone": phone, "type": "CELL"}],
        }
        return await self._does("contacts", [card])

    async def reacts(self, emoji: str | None, *, to: str | None = None) -> Delivery:
        """Put an emoji on a message of the business, the newest unless named; None takes it back."""
        bubble = self._shown_by_business(to)
        bubble.reaction = emoji
        content: Object = {"message_id": bubble.id}
        return await self._does(
            "reaction", content if emoji is None else content | {"emoji": emoji}, on_phone=False
        )

    async def orders(self, *items: tuple[str, int, float], currency: str = "EUR") -> Delivery:
        """Send a basket: sku, quantity and price of each product."""
        products: list[JsonValue] = [
            {
                "product_retailer_id": sku,
                "quantity": quantity,
                "item_price": price,
                "currency": currency,
            }
            for sku, quantity, price in items
        ]
        return await self._does(
            "order", {"catalog_id": "300000000000001", "product_items": products}
        )

    async def fills_form(self, response_json: str, *, name: str = "flow") -> Delivery:
        """Send a filled form; the fields travel as JSON inside a string."""
        reply: Object = {"name": name, "body": "Sent", "response_json": response_json}
        return await self._does("interactive", {"type": "nfm_reply", "nfm_reply": reply})

    async def sends_raw(self, message: Object) -> Delivery:
        """Send any message: its keys are laid over the common ones (`id`, `from`, `timestamp`), as new kinds come."""
        kind = str(message.get("type", "unsupported"))
        return await self._does(kind, message.get(kind), over=message)

    async def reads(self) -> None:
        """Open the chat: every message of the business becomes read, and the business is told."""
        for bubble in self.bubbles:
            if bubble.by == "business" and bubble.status != "read":
                await self._sandbox.tell_status(self, bubble, "read")

    # --- how

    @property
    def profile(self) -> Object:
        """The entry of `contacts` in webhooks."""
        profile: Object = {"profile": {"name": self.name}, "user_id": self.user_id}
        return profile if self.hides_phone else profile | {"wa_id": self.address}

    @property
    def hides_phone(self) -> bool:
        """Whether the business sees a user id alone."""
        return self.address == self.user_id

    async def _answers_with(
        self, wanted: str, on: str | None, kinds: tuple[Choice, ...]
    ) -> Delivery:
        bubble, option = self._find(wanted, on, kinds)
        if option.kind == "quick_reply":
            button: Object = {"payload": option.id, "text": option.title}
            return await self._does("button", button, reply_to=bubble.id)
        reply: Object = {"id": option.id, "title": option.title}
        if option.description is not None:
            reply["description"] = option.description
        kind = "button_reply" if option.kind == "button" else "list_reply"
        return await self._does("interactive", {"type": kind, kind: reply}, reply_to=bubble.id)

    def _find(
        self, wanted: str, on: str | None, kinds: tuple[Choice, ...]
    ) -> tuple[Bubble, Option]:
        seen: list[str] = []
        for bubble in reversed(self.bubbles):
            if on is not None and bubble.id != on:
                continue
            for option in bubble.options:
                if option.kind in kinds and wanted in (option.id, option.title):
                    return bubble, option
                seen.append(option.title)
        raise NothingToTap(f"the phone of {self.address} shows no {wanted!r}; it shows {seen!r}")

    def _shown_by_business(self, id_: str | None) -> Bubble:
        for bubble in reversed(self.bubbles):
            if bubble.by == "business" and id_ in (None, bubble.id):
                return bubble
        raise NothingToTap(
            f"the phone of {self.address} shows no message {id_ or 'of the business'}"
        )

    async def _does(
        self,
        kind: str,
        content: JsonValue,
        *,
        reply_to: str | None = None,
        on_phone: bool = True,
        over: Object | None = None,
    ) -> Delivery:
        now = self._sandbox.now()
        id_ = self._sandbox.new_message_id()
        message: Object = {"id": id_, "timestamp": seconds(now), "type": kind, kind: content}
        message |= {"from_user_id": self.user_id}
        message |= {} if self.hides_phone else {"from": self.address}
        if reply_to is not None:
            message["context"] = {
                "from": self._sandbox.settings.display_phone_number,
                "id": reply_to,
            }
        if content is None:
            del message[kind]
        message |= over or {}
        self._sandbox.authors[id_] = self
        if kind != "reaction":
            self.last_wrote_at = now
        if on_phone:
            self.bubbles.append(
                Bubble(id=id_, by="contact", at=now, type=kind, content=content, reply_to=reply_to)
            )
        self._sandbox.notice()
        body = message_body(self._sandbox.settings, self.profile, message)
        return await self._sandbox.courier.deliver("message", id_, to=self.address, body=body)
