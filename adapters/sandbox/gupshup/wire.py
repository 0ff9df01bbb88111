"""The JSON in `message` and `template`, as Gupshup documents it.

Source: https://docs.gupshup.io/reference/msg and the pages of each kind of message, read 2026-08.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.wire import (
    NonEmpty,
    Url,
    Wire,
    Words20,
    Words24,
    Words60,
    Words72,
    Words1024,
    Words4096,
    at_most,
)

Postback = Annotated[NonEmpty, AfterValidator(at_most(256))]


class Context(Wire):
    """The message that this one answers."""

    msgId: NonEmpty


class Message(Wire):
    """What every kind may carry."""

    context: Context | None = None


class Text(Message):
    """`text`."""

    type: Literal["text"]
    text: Words4096
    previewUrl: bool | None = None


class Image(Message):
    """`image`: the picture and the small one shown before it is loaded."""

    type: Literal["image"]
    originalUrl: Url
    previewUrl: Url
    caption: Words1024 | None = None


class File(Message):
    """`file`: a document."""

    type: Literal["file"]
    url: Url
    filename: NonEmpty
    caption: Words1024 | None = None


class Audio(Message):
    """`audio`."""

    type: Literal["audio"]
    url: Url


class Video(Message):
    """`video`."""

    type: Literal["video"]
    url: Url
    caption: Words1024 | None = None


class Sticker(Message):
    """`sticker`."""

    type: Literal["sticker"]
    url: Url


class Location(Message):
    """`location`; the degrees stand as numbers, and strings are read too."""

    type: Literal["location"]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    name: str | None = None
    address: str | None = None


class Name(Wire):
    """A card's name, in camel case as nowhere else at WhatsApp."""

    formattedName: NonEmpty
    firstName: NonEmpty
    lastName: str | None = None
    middleName: str | None = None
    prefix: str | None = None
    suffix: str | None = None


class Phone(Wire):
    """One of a card's phones."""

    phone: NonEmpty
    type: str | None = None
    wa_id: str | None = None


Parts = tuple[dict[str, JsonValue], ...]


class Card(Wire):
    """Someone's card."""

    name: Name
    phones: tuple[Phone, ...] = ()
    emails: Parts = ()
    addresses: Parts = ()
    urls: Parts = ()
    org: dict[str, JsonValue] | None = None
    birthday: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class Contact(Message):
    """`contact`."""

    type: Literal["contact"]
    contact: Card


class TextContent(Wire):
    """Words above the buttons; `caption` is the small print below them."""

    type: Literal["text"]
    header: Words60 | None = None
    text: Words1024
    caption: Words60 | None = None


class MediaContent(Wire):
    """A picture or film above the words."""

    type: Literal["image", "video"]
    url: Url
    text: Words1024
    caption: Words60 | None = None


class FileContent(Wire):
    """A document above the words."""

    type: Literal["file"]
    url: Url
    filename: NonEmpty
    text: Words1024
    caption: Words60 | None = None


class Button(Wire):
    """One of up to three."""

    type: Literal["text"]
    title: Words20
    postbackText: Postback | None = None


class QuickReply(Message):
    """`quick_reply`: words with buttons."""

    type: Literal["quick_reply"]
    msgid: NonEmpty | None = None
    content: Annotated[TextContent | MediaContent | FileContent, Field(discriminator="type")]
    options: Annotated[tuple[Button, ...], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _titles_differ(self) -> "QuickReply":
        if len({option.title for option in self.options}) < len(self.options):
            raise PydanticCustomError("twice", "The titles of options must be unique")
        return self


class GlobalButton(Wire):
    """The button that opens the list."""

    type: Literal["text"]
    title: Words20


class Row(Wire):
    """One row of a list."""

    type: Literal["text"]
    title: Words24
    description: Words72 | None = None
    postbackText: Postback | None = None


class Item(Wire):
    """Rows under one title."""

    title: Words24
    subtitle: str | None = None
    options: Annotated[tuple[Row, ...], Field(min_length=1, max_length=10)]


class List(Message):
    """`list`: at most ten rows in all."""

    type: Literal["list"]
    title: Words60
    body: Words1024
    footer: Words60 | None = None
    msgid: NonEmpty | None = None
    globalButtons: Annotated[tuple[GlobalButton, ...], Field(min_length=1, max_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _few_rows(self) -> "List":
        if sum(len(item.options) for item in self.items) > 10:
            raise PydanticCustomError("too_many", "A list has at most 10 options in all")
        return self


class Reaction(Message):
    """`reaction`; an empty emoji takes it back."""

    type: Literal["reaction"]
    msgId: NonEmpty
    emoji: str


AnyMessage = Annotated[
    Text
    | Image
    | File
    | Audio
    | Video
    | Sticker
    | Location
    | Contact
    | QuickReply
    | List
    | Reaction,
    Field(discriminator="type"),
]
MESSAGE: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)


class Template(Wire):
    """`template`: Gupshup's own id, which names the language too, and the variables in order."""

    id: NonEmpty
    params: tuple[str, ...] = ()


class Link(Wire):
    """Where a header's file is."""

    link: Url
    filename: str | None = None


class Header(Wire):
    """`message` beside a template: the file or place above its words, under the key its type names."""

    type: Literal["image", "video", "document", "location"]
    image: Link | None = None
    video: Link | None = None
    document: Link | None = None
    location: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _carries_its_type(self) -> "Header":
        if getattr(self, self.type) is None:
            raise PydanticCustomError("missing", "{what} is required", {"what": self.type})
        return self


class PostbackText(Wire):
    """What a tap on the template's button of this place brings back."""

    index: Annotated[int, Field(ge=0, le=9)]
    text: Postback


TEMPLATE: TypeAdapter[Template] = TypeAdapter(Template)
HEADER: TypeAdapter[Header] = TypeAdapter(Header)
POSTBACKS: TypeAdapter[tuple[PostbackText, ...]] = TypeAdapter(tuple[PostbackText, ...])
