"""The bodies of Sobot's sends, as its page describes them.

Source: Sobot API documentation, "Free-flow Messages" and "Template Messages", read 2026-08.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.cloud.templates import Component
from adapters.sandbox.phone import Option
from adapters.sandbox.wire import (
    NonEmpty,
    Url,
    Wire,
    Words20,
    Words24,
    Words60,
    Words72,
    Words200,
    Words1024,
    Words4096,
)

Mobile = Annotated[str, Field(pattern=r"^([0-9]{5,15}|[0-9]+X+)$", max_length=15)]
"""Digits with the country code and no sign; the page's own examples end in `X`."""

DOCUMENTS = Literal[
    "text/plain",
    "application/pdf",
    "application/vnd.ms-powerpoint",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]

SECTIONS = 10
ROWS = 10
PRODUCT_SECTIONS = 30
PRODUCTS = 30


def _degrees(most: int) -> AfterValidator:
    def check(text: str) -> str:
        try:
            fits = abs(float(text)) <= most
        except ValueError:
            fits = False
        if not fits:
            raise PydanticCustomError("degrees", "Not an angle")
        return text

    return AfterValidator(check)


class To(Wire):
    """Whom a message is for; the name is asked for with each."""

    customer_number: Mobile
    customer_name: NonEmpty

    @property
    def words(self) -> str:
        """The words one reads; "" where none."""
        return ""

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be tapped; a reply button's id is its title."""
        return ()


class Text(To):
    """`text`."""

    type: Literal["text"]
    message: Words4096

    @property
    def words(self) -> str:
        """The text."""
        return self.message


class File(To):
    """What all files share: an address that Sobot fetches, and its type."""

    url: Url

    @property
    def words(self) -> str:
        """The caption."""
        return getattr(self, "caption", None) or ""


class Image(File):
    """`image`; with the type webp it is a sticker."""

    type: Literal["image"]
    mime_type: Literal["image/jpeg", "image/png", "image/webp"]
    caption: Words1024 | None = None


class Sticker(File):
    """`sticker`, as the table calls it."""

    type: Literal["sticker"]
    mime_type: Literal["image/webp"]


class Video(File):
    """`video`."""

    type: Literal["video"]
    mime_type: Literal["video/mp4", "video/3gp", "video/3gpp"]
    caption: Words1024 | None = None


class Document(File):
    """`document`."""

    type: Literal["document"]
    mime_type: DOCUMENTS
    filename: NonEmpty
    caption: Words1024 | None = None


class Location(To):
    """`location`; the example and the table name its name differently."""

    type: Literal["location"]
    longitude: Annotated[str, _degrees(180)]
    latitude: Annotated[str, _degrees(90)]
    location_name: str | None = None
    name: str | None = None
    address: str | None = None


class Framed(To):
    """A text with something above and below it."""

    message: Words1024
    header: Words60 | None = None
    caption: Words60 | None = None

    @property
    def words(self) -> str:
        """The text."""
        return self.message


class QuickReply(Framed):
    """`quick_reply`: up to three buttons, told by their titles alone."""

    type: Literal["quick_reply"]
    buttons: Annotated[tuple[Words20, ...], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _unique(self) -> "QuickReply":
        if len(set(self.buttons)) < len(self.buttons):
            raise PydanticCustomError("twice", "Button titles must be unique")
        return self

    @property
    def options(self) -> tuple[Option, ...]:
        """The buttons."""
        return tuple(Option("button", title, title) for title in self.buttons)


class Row(Wire):
    """A row of a list."""

    id: Words200
    title: Words24
    description: Words72 | None = None


class Section(Wire):
    """Rows under a title."""

    title: Words24
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class Sheet(Wire):
    """`list_obj`."""

    button: Words20
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=SECTIONS)]

    @model_validator(mode="after")
    def _not_too_many(self) -> "Sheet":
        if sum(len(section.rows) for section in self.sections) > ROWS:
            raise PydanticCustomError("rows", "At most 10 rows across all sections")
        return self


class List(Framed):
    """`list`."""

    type: Literal["list"]
    list_obj: Sheet

    @property
    def options(self) -> tuple[Option, ...]:
        """The rows."""
        rows = [row for section in self.list_obj.sections for row in section.rows]
        return tuple(Option("row", row.id, row.title, row.description) for row in rows)


class ProductItem(Wire):
    """One product of the catalogue that is set at Sobot."""

    product_retailer_id: NonEmpty


class ProductSection(Wire):
    """Products under a title."""

    title: Words24
    product_items: Annotated[tuple[ProductItem, ...], Field(min_length=1)]


class ProductSections(Wire):
    """Several products."""

    sections: Annotated[
        tuple[ProductSection, ...], Field(min_length=1, max_length=PRODUCT_SECTIONS)
    ]

    @model_validator(mode="after")
    def _not_too_many(self) -> "ProductSections":
        if sum(len(section.product_items) for section in self.sections) > PRODUCTS:
            raise PydanticCustomError("products", "At most 30 products across all sections")
        return self


class Product(Framed):
    """`product`, one or several."""

    type: Literal["product"]
    product_list: ProductItem | ProductSections


class Template(To):
    """A template message; it has no type."""

    template_name: NonEmpty
    template_lang: NonEmpty
    params: tuple[Component, ...] = ()


FREE_FLOW: TypeAdapter[To] = TypeAdapter(
    Annotated[
        Text | Image | Sticker | Video | Document | Location | QuickReply | List | Product,
        Field(discriminator="type"),
    ]
)
TEMPLATE = TypeAdapter(Template)
