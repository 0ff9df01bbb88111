"""What contacts alone send: taps, baskets, forms, and the provider's own notes about them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.content.shared import Contacts, Location, Media, Reaction, Text
from engine.core.ids import ExternalId
from engine.core.value import Json, Value


class ButtonReply(Value):
    """A tap on one of our buttons."""

    kind: Literal["button_reply"] = "button_reply"
    id: str | None
    """The option id we sent; None where the provider does not echo it."""
    title: str


class ListReply(Value):
    """A row chosen from one of our lists."""

    kind: Literal["list_reply"] = "list_reply"
    id: str | None
    title: str
    description: str | None = None


class TemplateButton(Value):
    """A tap on the quick reply of a template."""

    kind: Literal["template_button"] = "template_button"
    payload: str | None
    title: str


class OrderItem(Value):
    """One product of a catalogue order."""

    sku: str
    quantity: int
    price: str
    """A decimal number as text, in the currency's main unit."""
    currency: str


class Order(Value):
    """A basket sent from the provider's catalogue."""

    kind: Literal["order"] = "order"
    catalog_id: str
    text: str | None = None
    items: tuple[OrderItem, ...]


class FormReply(Value):
    """A filled form (WhatsApp calls it a flow; the wire says `nfm_reply`)."""

    kind: Literal["form_reply"] = "form_reply"
    name: str | None
    body: str | None
    response: Json
    """The filled fields; the raw text when it was no JSON."""


class Interaction(Value):
    """A documented interactive answer that no step asks for, such as `call_permission_reply`."""

    kind: Literal["interaction"] = "interaction"
    type: str
    data: Json


class System(Value):
    """A note of the provider about the contact, such as a changed number."""

    kind: Literal["system"] = "system"
    event: str
    body: str | None = None
    new_phone: str | None = None
    new_user_id: str | None = None


class Welcome(Value):
    """The contact opened the chat for the first time and has not written yet."""

    kind: Literal["welcome"] = "welcome"


class Edited(Value):
    """The contact changed an earlier message."""

    kind: Literal["edited"] = "edited"
    original: ExternalId
    body: str | None
    """The new text or caption."""


class Revoked(Value):
    """The contact took an earlier message back."""

    kind: Literal["revoked"] = "revoked"
    original: ExternalId


class Unsupported(Value):
    """Something the provider, or this version of Parley, cannot show."""

    kind: Literal["unsupported"] = "unsupported"
    type: str
    """What the provider called it; "" where it gave no name."""
    code: int | None = None
    reason: str | None = None


Inbound = Annotated[
    Text
    | ButtonReply
    | ListReply
    | TemplateButton
    | Media
    | Location
    | Contacts
    | Reaction
    | Order
    | FormReply
    | Interaction
    | System
    | Welcome
    | Edited
    | Revoked
    | Unsupported,
    Field(discriminator="kind"),
]


class Referral(Value):
    """The advertisement or post that a message came from; it may accompany any kind."""

    source_type: str | None = None
    """`ad` or `post`."""
    source_id: str | None = None
    source_url: str | None = None
    headline: str | None = None
    body: str | None = None
    media_type: str | None = None
    media_url: str | None = None
    click_id: str | None = None


class ReferredProduct(Value):
    """The catalogue product that a message asks about."""

    catalog_id: str
    sku: str


class Context(Value):
    """What a message refers to."""

    reply_to: ExternalId | None = None
    forwarded: bool = False
    forwarded_often: bool = False
    product: ReferredProduct | None = None


class ProviderError(Value):
    """What a provider said of a failure."""

    code: str
    title: str | None = None
    details: str | None = None
    window_closed: bool = False
    """Whether it says that the contact has not written within the window."""
