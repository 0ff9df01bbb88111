"""Approved messages, allowed outside the window: a name, a language and what fills the template's places."""

from typing import Literal

from engine.core.content.shared import Location, Media
from engine.core.value import Value

Category = Literal["utility", "marketing", "authentication"]
"""What a template was approved as; its price hangs on it."""


class ButtonValue(Value):
    """What fills one button of a template."""

    index: int
    """The button's place in the template, from 0."""
    value: str
    """The end of its URL, the payload of its tap, or the code that it copies."""
    use: Literal["url", "quick_reply", "copy_code"] = "url"


class TemplateCard(Value):
    """What fills one card of a carousel template."""

    header: Media | None = None
    body: tuple[str, ...] = ()
    buttons: tuple[ButtonValue, ...] = ()


class OrderedItem(Value):
    """One thing of an order to be paid."""

    name: str
    quantity: int
    amount: int | float
    """Of one, in the currency's main unit."""
    country_of_origin: str | None = None


class ShippingAddress(Value):
    """Where an order goes; the fields of the Indian payment message."""

    name: str
    phone_number: str
    address: str
    city: str
    state: str
    in_pin_code: str
    country: str
    house_number: str | None = None
    tower_number: str | None = None
    building_name: str | None = None
    landmark_area: str | None = None


class Payable(Value):
    """An order to be paid in the chat (`order_details`); amounts in the currency's main unit."""

    reference_id: str
    items: tuple[OrderedItem, ...]
    subtotal: int | float
    total: int | float
    currency: str
    discount: int | float = 0
    tax: int | float = 0
    shipping: int | float = 0
    addresses: tuple[ShippingAddress, ...] = ()
    expires_in_minutes: int | None = None
    """How long it can be paid."""
    expiration_message: str = ""


class OrderStatus(Value):
    """What became of an order that was to be paid (`order_status`)."""

    reference_id: str
    status: str
    """As the provider writes it, such as `processing`, `shipped`, `completed`, `canceled`."""
    description: str | None = None


class Sms(Value):
    """What goes out by SMS where the message itself cannot be delivered."""

    message: str
    """With `{{1}}`, `{{2}}`, … where the variables stand."""
    sender_id: str
    """The registered SMS header."""
    entity_id: str
    """The business's registration with the operators (`pe_id`)."""
    template_id: str
    """The text's registration with the operators (`dlt_te_id`)."""
    variables: tuple[str, ...] = ()
    provider_name: str = "default"


class Template(Value):
    """An approved message, allowed outside the window."""

    kind: Literal["template"] = "template"
    name: str
    language: str
    """The provider's language code, such as `en_US`."""
    body: tuple[str, ...] = ()
    """The body's variables, in order."""
    names: tuple[str, ...] = ()
    """What the body's variables are called, in the same order, where whoever filled them knew."""
    header: str | Media | Location | None = None
    """The header's variable, its file or its place."""
    buttons: tuple[ButtonValue, ...] = ()
    cards: tuple[TemplateCard, ...] = ()
    payables: tuple[Payable, ...] = ()
    order_status: OrderStatus | None = None
    id: str | None = None
    """The provider's own id, where it sends by this and not by name (Gupshup, Karbot)."""
    namespace: str | None = None
    """The account's namespace, which the On-Premises API asks for."""
    category: Category | None = None
    """Send it only while it is approved as this: a guard against the price of another."""
    campaign: str | None = None
    """The provider's campaign that this send counts for."""
    sms: Sms | None = None
