"""The bodies of `type: interactive`, one class a kind."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.cloud.wire import Captioned, Document
from adapters.sandbox.wire import (
    NonEmpty,
    Url,
    Wire,
    Words20,
    Words24,
    Words60,
    Words72,
    Words160,
    Words200,
    Words256,
    Words1024,
    Words4096,
)

Parameters = dict[str, JsonValue]


class TextHeader(Wire):
    """A line of words above the body."""

    type: Literal["text"]
    text: Words60
    sub_text: Words60 | None = None


class ImageHeader(Wire):
    """A picture above the body."""

    type: Literal["image"]
    image: Captioned


class VideoHeader(Wire):
    """A film above the body."""

    type: Literal["video"]
    video: Captioned


class DocumentHeader(Wire):
    """A file above the body."""

    type: Literal["document"]
    document: Document


Header = Annotated[
    TextHeader | ImageHeader | VideoHeader | DocumentHeader, Field(discriminator="type")
]


class Body(Wire):
    """The words of most kinds."""

    text: Words1024


class LongBody(Wire):
    """The words above a list; the page of 2026 allows more there than elsewhere."""

    text: Words4096


class CardBody(Wire):
    """The words of one card of a carousel."""

    text: Words160


class Footer(Wire):
    """The small print."""

    text: Words60


class Reply(Wire):
    """What a reply button says and means."""

    id: Words256
    title: Words20


class ReplyButton(Wire):
    """One of up to three."""

    type: Literal["reply"]
    reply: Reply


class ButtonAction(Wire):
    """The buttons, each title and id once."""

    buttons: Annotated[tuple[ReplyButton, ...], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _unique(self) -> "ButtonAction":
        for what in ({b.reply.id for b in self.buttons}, {b.reply.title for b in self.buttons}):
            if len(what) < len(self.buttons):
                raise PydanticCustomError("twice", "Button ids and titles must be unique")
        return self


class Buttons(Wire):
    """`button`."""

    type: Literal["button"]
    header: Header | None = None
    body: Body
    footer: Footer | None = None
    action: ButtonAction


class Row(Wire):
    """One row of a list."""

    id: Words200
    title: Words24
    description: Words72 | None = None


class Section(Wire):
    """Rows under one title."""

    title: Words24 | None = None
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class ListAction(Wire):
    """The sheet: at most 10 rows in all."""

    button: Words20
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _rows_and_titles(self) -> "ListAction":
        ids = [row.id for section in self.sections for row in section.rows]
        if len(ids) > 10:
            raise PydanticCustomError("too_many", "Total row count exceed max allowed count: 10")
        if len(set(ids)) < len(ids):
            raise PydanticCustomError("twice", "Row ids must be unique")
        if len(self.sections) > 1 and any(section.title is None for section in self.sections):
            raise PydanticCustomError("missing", "Section title is required with several sections")
        return self


class List(Wire):
    """`list`."""

    type: Literal["list"]
    header: TextHeader | None = None
    body: LongBody
    footer: Footer | None = None
    action: ListAction


class UrlParameters(Wire):
    """The one button's words and where it leads."""

    display_text: Words20
    url: Url


class UrlAction(Wire):
    """A button that opens a page."""

    name: Literal["cta_url"]
    parameters: UrlParameters


class CallToAction(Wire):
    """`cta_url`."""

    type: Literal["cta_url"]
    header: Header | None = None
    body: Body
    footer: Footer | None = None
    action: UrlAction


class LocationAction(Wire):
    """The button that offers to send one's place."""

    name: Literal["send_location"]


class LocationRequest(Wire):
    """`location_request_message`: a body and nothing else."""

    type: Literal["location_request_message"]
    body: Body
    action: LocationAction


class FormParameters(Wire):
    """Which form opens, and on which screen."""

    flow_message_version: Annotated[str, Field(pattern=r"^3$")]
    flow_cta: NonEmpty
    flow_id: NonEmpty | None = None
    flow_name: NonEmpty | None = None
    flow_token: NonEmpty | None = None
    mode: Literal["draft", "published"] = "published"
    flow_action: Literal["navigate", "data_exchange"] = "navigate"
    flow_action_payload: Parameters | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "FormParameters":
        if (self.flow_id is None) == (self.flow_name is None):
            raise PydanticCustomError("missing", "One of flow_id and flow_name is required")
        return self


class FormAction(Wire):
    """The button that opens a form."""

    name: Literal["flow"]
    parameters: FormParameters


class Form(Wire):
    """`flow`."""

    type: Literal["flow"]
    header: Header | None = None
    body: Body
    footer: Footer | None = None
    action: FormAction


class ProductAction(Wire):
    """One product of a catalogue."""

    catalog_id: NonEmpty
    product_retailer_id: NonEmpty


class Product(Wire):
    """`product`."""

    type: Literal["product"]
    body: Body | None = None
    footer: Footer | None = None
    action: ProductAction


class ProductItem(Wire):
    """One product of a section."""

    product_retailer_id: NonEmpty


class ProductSection(Wire):
    """Products under one title."""

    title: Words24 | None = None
    product_items: Annotated[tuple[ProductItem, ...], Field(min_length=1)]


class ProductListAction(Wire):
    """Up to 30 products in up to 10 sections."""

    catalog_id: NonEmpty
    sections: Annotated[tuple[ProductSection, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _few_enough(self) -> "ProductListAction":
        if sum(len(section.product_items) for section in self.sections) > 30:
            raise PydanticCustomError(
                "too_many", "Total product count exceed max allowed count: 30"
            )
        return self


class ProductList(Wire):
    """`product_list`."""

    type: Literal["product_list"]
    header: TextHeader
    body: Body
    footer: Footer | None = None
    action: ProductListAction


class CatalogParameters(Wire):
    """The picture of the catalogue."""

    thumbnail_product_retailer_id: NonEmpty | None = None


class CatalogAction(Wire):
    """The button that opens the catalogue."""

    name: Literal["catalog_message"]
    parameters: CatalogParameters | None = None


class Catalog(Wire):
    """`catalog_message`."""

    type: Literal["catalog_message"]
    body: Body
    footer: Footer | None = None
    action: CatalogAction


class QuickReplyButton(Wire):
    """A reply button of a carousel's card."""

    type: Literal["quick_reply"]
    quick_reply: Reply


class QuickReplyAction(Wire):
    """The reply buttons of a carousel's card."""

    buttons: Annotated[tuple[QuickReplyButton, ...], Field(min_length=1)]


class CarouselCard(Wire):
    """One card: a picture or film, words, and what to tap."""

    card_index: Annotated[int, Field(ge=0, le=9)]
    type: NonEmpty
    header: ImageHeader | VideoHeader
    body: CardBody | None = None
    action: UrlAction | QuickReplyAction


class CarouselAction(Wire):
    """2 to 10 cards."""

    cards: Annotated[tuple[CarouselCard, ...], Field(min_length=2, max_length=10)]


class Carousel(Wire):
    """`carousel`."""

    type: Literal["carousel"]
    body: Body
    action: CarouselAction


class NamedAction(Wire):
    """An action whose parameters the sandbox passes on as they are: payments, addresses, calls."""

    name: Literal[
        "review_and_pay",
        "review_order",
        "address_message",
        "call_permission_request",
        "voice_call",
        "request_contact_info",
    ]
    parameters: Parameters | None = None


class Special(Wire):
    """The kinds of some countries and products; only their frame is checked."""

    type: Literal[
        "order_details",
        "order_status",
        "address_message",
        "call_permission_request",
        "voice_call",
        "request_contact_info",
    ]
    header: Header | None = None
    body: Body
    footer: Footer | None = None
    action: NamedAction


Interactive = Annotated[
    Buttons
    | List
    | CallToAction
    | LocationRequest
    | Form
    | Product
    | ProductList
    | Catalog
    | Carousel
    | Special,
    Field(discriminator="type"),
]
