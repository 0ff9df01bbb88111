"""Catalogue products, cards with pictures, and buttons that do more than answer."""

from typing import Literal, TypeAlias

from engine.core.content.shared import Media
from engine.core.content.template import Sms
from engine.core.value import Utc, Value


class Button(Value):
    """One reply button."""

    id: str
    title: str


class OpenUrl(Value):
    """A button that opens a web page."""

    id: str
    title: str
    url: str


class Dial(Value):
    """A button that calls a number."""

    id: str
    title: str
    phone: str
    """With `+` and country code."""


class ShowLocation(Value):
    """A button that shows a place on the map."""

    id: str
    title: str
    latitude: float
    longitude: float
    label: str | None = None


class AddEvent(Value):
    """A button that puts an appointment into the contact's calendar."""

    id: str
    title: str
    event: str
    """The appointment's own title."""
    starts_at: Utc
    ends_at: Utc
    description: str | None = None


# Without a `kind`: no two have the same fields, and unknown ones are refused.
Action: TypeAlias = OpenUrl | Dial | ShowLocation | AddEvent | Button
"""A button below a text or a card; `id` comes back with a tap, where the provider tells of it."""


class Actions(Value):
    """A text with buttons that do more than answer; reply buttons may stand among them."""

    kind: Literal["actions"] = "actions"
    body: str
    actions: tuple[Action, ...]


class Card(Value):
    """One card: a picture, film or PDF above a title, a text and buttons."""

    title: str | None = None
    body: str | None = None
    media: Media | None = None
    media_height: Literal["short", "medium", "tall"] = "medium"
    """How much of the card the media takes, where the provider lets one choose."""
    actions: tuple[Action, ...] = ()


class Carousel(Value):
    """Cards to swipe through, with a text above; one card alone stands by itself."""

    kind: Literal["carousel"] = "carousel"
    cards: tuple[Card, ...]
    body: str | None = None
    actions: tuple[Action, ...] = ()
    """Buttons below all cards."""
    width: Literal["small", "medium"] = "medium"
    """The cards' width, where the provider lets one choose."""
    orientation: Literal["vertical", "horizontal"] = "vertical"
    """Of one card alone: the media above the text, or beside it."""
    sms: Sms | None = None
    """What goes out where cards cannot be delivered."""


class Product(Value):
    """One product of the provider's catalogue."""

    kind: Literal["product"] = "product"
    sku: str
    """The product's id in the catalogue (`product_retailer_id`)."""
    body: str | None = None
    catalog_id: str | None = None
    """None where the line has one catalogue alone."""
    footer: str | None = None
    url: str | None = None
    """The product's page, for lines that show no catalogue."""


class ProductSection(Value):
    """Products under one title."""

    title: str
    skus: tuple[str, ...]


class Products(Value):
    """Several products of the catalogue, in sections."""

    kind: Literal["products"] = "products"
    body: str
    sections: tuple[ProductSection, ...]
    header: str | None = None
    catalog_id: str | None = None
    footer: str | None = None
    url: str | None = None
    """The catalogue's page, for lines that show no catalogue."""
