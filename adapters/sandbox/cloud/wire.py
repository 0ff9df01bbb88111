"""The contents of messages, as the Cloud API documents them.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/reference, read 2026-08.
"""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.wire import NonEmpty, Url, Wire, Words1024, Words4096


class Text(Wire):
    """`text`."""

    body: Words4096
    preview_url: bool = False


class File(Wire):
    """A media object: uploaded (`id`) or somewhere on the web (`link`)."""

    id: NonEmpty | None = None
    link: Url | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "File":
        if self.id is None and self.link is None:
            raise PydanticCustomError("missing", "One of id and link is required")
        if self.id is not None and self.link is not None:
            raise PydanticCustomError("both", "Only one of id and link may be given")
        return self


class Captioned(File):
    """`image` and `video`."""

    caption: Words1024 | None = None


class Audio(File):
    """`audio`; `voice` makes it a voice note."""

    voice: bool = False


class Document(Captioned):
    """`document`."""

    filename: NonEmpty | None = None


class Location(Wire):
    """`location`; the documents print the degrees as numbers and as strings."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    name: str | None = None
    address: str | None = None


class Reaction(Wire):
    """`reaction`; an empty emoji takes it back."""

    message_id: NonEmpty
    emoji: str


class Context(Wire):
    """`context`: the message that this one answers."""

    message_id: NonEmpty


class PostalAddress(Wire):
    """One of a card's `addresses`."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    country_code: str | None = None
    type: str | None = None


class Email(Wire):
    """One of a card's `emails`."""

    email: str | None = None
    type: str | None = None


class Name(Wire):
    """A card's `name`."""

    formatted_name: NonEmpty
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    prefix: str | None = None

    @model_validator(mode="after")
    def _more_than_formatted(self) -> "Name":
        # The reference asks for one optional part beside `formatted_name`.
        if not any((self.first_name, self.last_name, self.middle_name, self.suffix, self.prefix)):
            raise PydanticCustomError("missing", "One more part of the name is required")
        return self


class Organization(Wire):
    """A card's `org`."""

    company: str | None = None
    department: str | None = None
    title: str | None = None


class Phone(Wire):
    """One of a card's `phones`."""

    phone: str | None = None
    type: str | None = None
    wa_id: str | None = None


class Link(Wire):
    """One of a card's `urls`."""

    url: str | None = None
    type: str | None = None


class Card(Wire):
    """One of `contacts`."""

    name: Name
    addresses: tuple[PostalAddress, ...] = ()
    birthday: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    emails: tuple[Email, ...] = ()
    org: Organization | None = None
    phones: tuple[Phone, ...] = ()
    urls: tuple[Link, ...] = ()


Cards = Annotated[tuple[Card, ...], Field(min_length=1, max_length=257)]
