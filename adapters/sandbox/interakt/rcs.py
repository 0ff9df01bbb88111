"""The bodies of the RCS calls, and what a phone shows of them. Source: Interakt Public APIs, RCS, read 2026-08."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.interakt.wire import Addressed, Fallback, Template
from adapters.sandbox.phone import Option
from adapters.sandbox.wire import NonEmpty, Url, Wire, Words200, at_most

Words25 = Annotated[NonEmpty, AfterValidator(at_most(25))]
Words2000 = Annotated[NonEmpty, AfterValidator(at_most(2000))]


class PostBack(Wire):
    """What comes back with a tap."""

    data: NonEmpty


class Reply(Wire):
    """A button that answers."""

    plainText: Words25
    postBack: PostBack


class OpenUrl(Wire):
    """Opens a page."""

    url: Url


class Dial(Wire):
    """Opens the telephone."""

    phoneNumber: Annotated[str, Field(pattern=r"^\+\d{6,15}$")]


class Coordinates(Wire):
    """A place."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class ShowLocation(Wire):
    """Opens the map; the key is written so in the documents."""

    coordinAtes: Coordinates
    label: NonEmpty | None = None


class AddEvent(Wire):
    """Opens the calendar."""

    startTime: Annotated[str, Field(pattern=r"Z$")]
    endTime: Annotated[str, Field(pattern=r"Z$")]
    title: NonEmpty
    description: NonEmpty | None = None


DOES = ("openUrl", "dialerAction", "showLocation", "createCalendarEvent")


class Action(Reply):
    """A button that does one thing on the phone."""

    openUrl: OpenUrl | None = None
    dialerAction: Dial | None = None
    showLocation: ShowLocation | None = None
    createCalendarEvent: AddEvent | None = None

    @model_validator(mode="after")
    def _one(self) -> "Action":
        if len(self.does) != 1:
            raise PydanticCustomError("one", "An action does exactly one thing")
        return self

    @property
    def does(self) -> list[str]:
        """What it does, by its key."""
        return [key for key in DOES if getattr(self, key) is not None]


class Suggestion(Wire):
    """A button of either kind."""

    reply: Reply | None = None
    action: Action | None = None

    @model_validator(mode="after")
    def _one(self) -> "Suggestion":
        if (self.reply is None) == (self.action is None):
            raise PydanticCustomError("one", "A suggestion is a reply or an action")
        return self

    @property
    def kind(self) -> str:
        """`reply`, or what its action does."""
        return "reply" if self.action is None else self.action.does[0]

    @property
    def option(self) -> Option:
        """The button as the phone shows it."""
        said = self.reply or self.action
        assert said is not None
        return Option("button", said.postBack.data, said.plainText)


Chips = Annotated[tuple[Suggestion, ...], Field(max_length=11)]


class Content(Wire):
    """A file by its address, with a small picture of it."""

    fileUrl: Url
    thumbnailUrl: Url | None = None


class CardMedia(Wire):
    """What stands above a card's words."""

    contentInfo: Content
    mediaHeight: Literal["SHORT", "MEDIUM", "TALL"]


class Card(Wire):
    """One card."""

    cardTitle: Words200 | None = None
    cardDescription: Words2000 | None = None
    cardMedia: CardMedia | None = None
    suggestions: Annotated[tuple[Suggestion, ...], Field(max_length=4)] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> "Card":
        if not (self.cardTitle or self.cardDescription or self.cardMedia):
            raise PydanticCustomError("empty", "A card needs a title, a description or a file")
        return self


class Alone(Wire):
    """One card by itself."""

    cardOrientation: Literal["VERTICAL", "HORIZONTAL"]
    content: Card


class Row(Wire):
    """Cards side by side."""

    cardWidth: Literal["SMALL_WIDTH", "MEDIUM_WIDTH"]
    contents: Annotated[tuple[Card, ...], Field(min_length=2, max_length=10)]


class Details(Wire):
    """One card, or several."""

    standalone: Alone | None = None
    carousel: Row | None = None


class Message(Wire):
    """Words or cards, with buttons below."""

    plainText: Words2000 | None = None
    richCardDetails: Details | None = None
    suggestions: Chips = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards."""
        details = self.richCardDetails
        if details is None:
            return ()
        if details.standalone is not None:
            return (details.standalone.content,)
        return () if details.carousel is None else details.carousel.contents


KINDS: dict[str, str | None] = {
    "Text": None,
    "QR": "reply",
    "BUTTON_URL": "openUrl",
    "DIALER_ACTION": "dialerAction",
    "Location": "showLocation",
    "Calender": "createCalendarEvent",
}
"""The one kind of button below the words of each type."""


class Sent(Addressed):
    """A message with words or cards."""

    type: Literal[
        "Text", "QR", "BUTTON_URL", "DIALER_ACTION", "Location", "Calender",
        "CAROUSEL", "STANDALONE_CAROUSEL",
    ]  # fmt: skip
    message: Message
    fallback: Fallback | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Sent":
        given, details = self.message, self.message.richCardDetails
        if self.type in KINDS:
            wanted = KINDS[self.type]
            kinds = {suggestion.kind for suggestion in given.suggestions}
            fits = bool(given.plainText) and details is None and kinds == ({wanted} - {None})
        else:
            part = "carousel" if self.type == "CAROUSEL" else "standalone"
            fits = details is not None and details.model_fields_set == {part}
        if not fits:
            raise PydanticCustomError(
                "type", "The message does not fit its type {t}", {"t": self.type}
            )
        return self


class Picture(Addressed):
    """A picture by itself."""

    type: Literal["Image"]
    contentInfo: Content
    fallback: Fallback | None = None


class Approved(Addressed):
    """A template."""

    type: Literal["Template"]
    template: Template
    campaignId: NonEmpty | None = None
    fallback: Fallback | None = None


Rcs = Annotated[Sent | Picture | Approved, Field(discriminator="type")]


def words_in(sent: Sent) -> str:
    """Return the words one reads."""
    cards = [part for card in sent.message.cards for part in (card.cardTitle, card.cardDescription)]
    return "\n".join(filter(None, [sent.message.plainText, *cards]))


def suggestions_in(sent: Sent) -> Iterator[Suggestion]:
    """Return what can be tapped, in the order shown."""
    for card in sent.message.cards:
        yield from card.suggestions
    yield from sent.message.suggestions
