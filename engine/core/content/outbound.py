"""What businesses alone send: questions with buttons or rows, links, read marks; and the union of all that goes out."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from engine.core.content.deeds import Assignment, ContactUpdate, Event
from engine.core.content.rich import Actions, Button, Carousel, Product, Products
from engine.core.content.shared import Contacts, Location, Media, Reaction, Text
from engine.core.content.template import Template
from engine.core.ids import ExternalId
from engine.core.value import Value

Header: TypeAlias = str | Media | None
"""What stands above a message's text: words, or a picture, film or document."""


class Buttons(Value):
    """A question with up to three reply buttons."""

    kind: Literal["buttons"] = "buttons"
    body: str
    buttons: tuple[Button, ...]
    header: Header = None
    footer: str | None = None


class Row(Value):
    """One row of a list."""

    id: str
    title: str
    description: str | None = None


class Section(Value):
    """Rows of a list under one title; a list of one section may leave the title out."""

    title: str | None = None
    rows: tuple[Row, ...]


class List(Value):
    """A question whose options open as a sheet of rows."""

    kind: Literal["list"] = "list"
    body: str
    label: str
    """The words on the button that opens the sheet."""
    sections: tuple[Section, ...]
    header: str | None = None
    footer: str | None = None


class CallToAction(Value):
    """A text with one button that opens a web page."""

    kind: Literal["cta_url"] = "cta_url"
    body: str
    title: str
    url: str
    id: str | None = None
    """What comes back with a tap, where the provider tells of it."""
    header: Header = None
    footer: str | None = None


class LocationRequest(Value):
    """A text with a button that offers to send one's location."""

    kind: Literal["location_request"] = "location_request"
    body: str


class ReadMark(Value):
    """Marks the contact's message as read; with `typing`, shows that an answer is being written."""

    kind: Literal["read_mark"] = "read_mark"
    message: ExternalId
    typing: bool = False


Sendable: TypeAlias = (
    Text
    | Media
    | Location
    | Contacts
    | Reaction
    | Buttons
    | List
    | CallToAction
    | LocationRequest
    | Product
    | Products
    | Actions
    | Carousel
    | Template
)
"""What a contact can be sent: all that goes out but marks and what is told to the provider alone."""

Outbound = Annotated[
    Sendable | ReadMark | Event | ContactUpdate | Assignment, Field(discriminator="kind")
]
