"""What a contact does on their phone, before a provider puts it into its own words."""

from dataclasses import dataclass, field
from typing import Literal

from adapters.sandbox.media import StoredFile
from adapters.sandbox.phone import Bubble, Option
from adapters.sandbox.wire import Object

MediaType = Literal["image", "video", "audio", "document", "sticker"]


@dataclass(frozen=True, slots=True)
class WroteText:
    """A text."""

    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap on an option of a message of the business."""

    option: Option
    on: Bubble

    @property
    def index(self) -> int:
        """The option's place among those of its message, from 1."""
        return self.on.options.index(self.option) + 1


@dataclass(frozen=True, slots=True)
class SentMedia:
    """A file; it already stands on the sandbox's shelf."""

    kind: MediaType
    file: StoredFile
    caption: str | None = None
    voice: bool = False
    animated: bool = False


@dataclass(frozen=True, slots=True)
class SentLocation:
    """A place on the map."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class SentContact:
    """Someone's card."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """An emoji put on a message of the business; None takes it back."""

    to: Bubble
    emoji: str | None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A basket: sku, quantity and price of each product."""

    items: tuple[tuple[str, int, float], ...]
    currency: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A filled form; its fields are JSON inside a string."""

    response_json: str
    name: str


@dataclass(frozen=True, slots=True)
class SentRaw:
    """Any message: its keys are laid over those every message of the provider has."""

    message: Object = field(default_factory=dict)


Deed = (
    WroteText
    | Tapped
    | SentMedia
    | SentLocation
    | SentContact
    | Reacted
    | Ordered
    | FilledForm
    | SentRaw
)


def words_of(deed: Deed) -> str:
    """Return the words one reads on the phone; "" where there are none."""
    match deed:
        case WroteText(text=words) | Tapped(option=Option(title=words)):
            return words
        case SentMedia(caption=str(words)):
            return words
        case _:
            return ""
