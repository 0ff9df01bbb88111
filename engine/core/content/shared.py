"""What goes either way: words, files, places, cards of people, reactions."""

from typing import Literal

from pydantic import Field

from engine.core.ids import ExternalId
from engine.core.value import Value

MediaKind = Literal["image", "video", "audio", "voice", "document", "sticker"]


class Text(Value):
    """Plain words, either way."""

    kind: Literal["text"] = "text"
    body: str
    preview_url: bool = False
    """Outbound: whether the provider may show a preview of the first link."""


class Media(Value):
    """A picture, film, sound, file or sticker, either way.

    Inbound it names what to fetch (`external_id`, perhaps `url`). Outbound it names one source: `url`, which the
    provider fetches; `external_id`, already uploaded there; or `stored`, which is uploaded before it is sent.
    """

    kind: MediaKind
    external_id: str | None = None
    """The provider's id of the file."""
    url: str | None = None
    stored: str | None = None
    """The key of the bytes in our own media store (their SHA-256 in hex)."""
    thumbnail_url: str | None = None
    """Outbound: the address of a small picture of it, where the provider shows one first (RCS)."""
    mime_type: str | None = None
    sha256: str | None = None
    caption: str | None = None
    filename: str | None = None
    animated: bool = False
    """Stickers alone."""
    error: str | None = None
    """Inbound: why the provider could not deliver the file."""


class Location(Value):
    """A place on the map, either way."""

    kind: Literal["location"] = "location"
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None
    url: str | None = None


class Phone(Value):
    """One telephone number of a contact card."""

    phone: str
    type: str | None = None
    address: str | None = None
    """The number's id at the provider, when it has one (`wa_id`)."""


class ContactCard(Value):
    """One person's card, as people share them."""

    name: str
    first_name: str | None = None
    last_name: str | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Each as one line of text."""
    organization: str | None = None
    birthday: str | None = None


class Contacts(Value):
    """One or more contact cards, either way."""

    kind: Literal["contacts"] = "contacts"
    cards: tuple[ContactCard, ...]


class Reaction(Value):
    """An emoji put on a message, either way; None takes it back."""

    kind: Literal["reaction"] = "reaction"
    to: ExternalId
    emoji: str | None
