"""One person with a phone: writes, taps, sends; and what their phone shows."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from adapters.sandbox.deeds import (
    Deed,
    FilledForm,
    MediaType,
    Ordered,
    Reacted,
    SentContact,
    SentLocation,
    SentMedia,
    SentRaw,
    Tapped,
    WroteText,
    words_of,
)
from adapters.sandbox.ledger import Delivery
from adapters.sandbox.media import StoredFile
from adapters.sandbox.phone import Bubble, Choice, Option
from adapters.sandbox.wire import Object

if TYPE_CHECKING:
    from adapters.sandbox.sandbox import Sandbox

WINDOW = timedelta(hours=24)
"""How long a contact's message allows free-form answers. Source: Cloud API, customer service window, read 2026-08."""


class NothingToTap(LookupError):
    """The phone shows no such option."""


class NotDocumented(LookupError):
    """The provider documents no webhook for what the contact did."""


class Contact:
    """A contact of the sandbox's line, made by `Sandbox.contact`.

    Each verb stores what the contact did on their phone, posts the webhook and returns after its first try; the
    returned delivery says whether the business took it.

    Args:
        address: The phone in digits, or a user id such as `MX.12345` for someone who hides their phone.
    """

    def __init__(self, sandbox: "Sandbox", address: str, name: str, user_id: str) -> None:
        self._sandbox = sandbox
        self.address = address
        self.name = name
        self.user_id = user_id
        self.bubbles: list[Bubble] = []
        """The chat as the phone shows it, oldest first."""
        self.last_wrote_at: datetime | None = None
        self.typing_until: datetime | None = None
        """Until when the phone shows that the business is typing."""
        self.refuses: int | str | None = None
        """An error code that meets every message to this contact, such as 131026."""

    # --- what the phone shows

    @property
    def shown(self) -> list[str]:
        """The words of each message of the business, in order."""
        return [bubble.text for bubble in self.bubbles if bubble.by == "business"]

    @property
    def hides_phone(self) -> bool:
        """Whether the business sees a user id alone."""
        return self.address == self.user_id

    @property
    def window_closes_at(self) -> datetime | None:
        """When free-form messages end; None before the contact first wrote."""
        return None if self.last_wrote_at is None else self.last_wrote_at + WINDOW

    @property
    def window_is_open(self) -> bool:
        """Whether the contact wrote within the last 24 hours of the sandbox's time."""
        closes_at = self.window_closes_at
        return closes_at is not None and self._sandbox.now() < closes_at

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

    def put_reaction(self, id_: str, emoji: str | None) -> None:
        """Show the business's emoji on a message; None takes it back."""
        for bubble in self.bubbles:
            bubble.reaction = emoji if bubble.id == id_ else bubble.reaction

    # --- what the contact does

    async def says(self, text: str, *, reply_to: str | None = None) -> Delivery:
        """Write a text."""
        return await self.does(WroteText(text), reply_to=reply_to)

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
        """Send a file; the business finds it where the provider keeps such files."""
        file = StoredFile(self._sandbox.ids.number(), data, mime_type, filename)
        self._sandbox.shelf.add(file)
        return await self.does(SentMedia(kind, file, caption, voice, animated))

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
        return await self.does(SentLocation(latitude, longitude, name, address))

    async def sends_contact(self, name: str, phone: str) -> Delivery:
        """Send someone's card."""
        return await self.does(SentContact(name, phone))

    async def reacts(self, emoji: str | None, *, to: str | None = None) -> Delivery:
        """Put an emoji on a message of the business, the newest unless named; None takes it back."""
        bubble = self._shown_by_business(to)
        bubble.reaction = emoji
        return await self.does(Reacted(bubble, emoji))

    async def orders(self, *items: tuple[str, int, float], currency: str = "EUR") -> Delivery:
        """Send a basket: sku, quantity and price of each product."""
        return await self.does(Ordered(items, currency))

    async def fills_form(self, response_json: str, *, name: str = "flow") -> Delivery:
        """Send a filled form; the fields travel as JSON inside a string."""
        return await self.does(FilledForm(response_json, name))

    async def sends_raw(self, message: Object) -> Delivery:
        """Send any message: its keys are laid over those every message of the provider has, as new kinds come."""
        return await self.does(SentRaw(message))

    async def reads(self) -> None:
        """Open the chat: every message of the business becomes read, and the business is told."""
        for bubble in self.bubbles:
            if bubble.by == "business" and bubble.status != "read":
                await self._sandbox.tell_status(self, bubble, "read")

    async def does(self, deed: Deed, *, reply_to: str | None = None) -> Delivery:
        """Do anything a phone can do; the verbs above are short for it."""
        sandbox = self._sandbox
        if isinstance(deed, Tapped):
            reply_to = deed.on.id
        kind, content = sandbox.written(self, deed)
        bubble = Bubble(
            id=sandbox.new_inbound_id(),
            by="contact",
            at=sandbox.now(),
            type=kind,
            content=content,
            text=words_of(deed),
            reply_to=reply_to,
        )
        sandbox.authors[bubble.id] = self
        if kind != "reaction":
            self.last_wrote_at = bubble.at
        if not isinstance(deed, Reacted):
            self.bubbles.append(bubble)
        sandbox.notice()
        over = deed.message if isinstance(deed, SentRaw) else {}
        body = sandbox.message_webhook(self, bubble, over)
        return await sandbox.courier.deliver("message", bubble.id, to=self.address, body=body)

    # --- how

    async def _answers_with(
        self, wanted: str, on: str | None, kinds: tuple[Choice, ...]
    ) -> Delivery:
        bubble, option = self._find(wanted, on, kinds)
        return await self.does(Tapped(option, bubble))

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
