"""What a message carries, inbound and outbound; no provider's wire shape is known here."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.ids import ExternalId
from engine.core.value import Json, Utc, Value

MediaKind = Literal["image", "video", "audio", "voice", "document", "sticker"]


class Text(Value):
    """Plain words, either way."""

    kind: Literal["text"] = "text"
    body: str
    preview_url: bool = False
    """Outbound: whether the provider may show a preview of the first link."""


class Media(Value):
    """A picture, film, sound, file or sticker, either way.

    Inbound it names what to fetch (`external_id`, perhaps `url`). Outbound it names one source: `url`, which the
    provider fetches; `external_id`, already uploaded there; or `stored`, which is uploaded before it is sent.
    """

    kind: MediaKind
    external_id: str | None = None
    """The provider's id of the file."""
    url: str | None = None
    stored: str | None = None
    """The key of the bytes in our own media store (their SHA-256 in hex)."""
    mime_type: str | None = None
    sha256: str | None = None
    caption: str | None = None
    filename: str | None = None
    animated: bool = False
    """Stickers alone."""
    error: str | None = None
    """Inbound: why the provider could not deliver the file."""


class Location(Value):
    """A place on the map, either way."""

    kind: Literal["location"] = "location"
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None
    url: str | None = None


class Phone(Value):
    """One telephone number of a contact card."""

    phone: str
    type: str | None = None
    address: str | None = None
    """The number's id at the provider, when it has one (`wa_id`)."""


class ContactCard(Value):
    """One person's card, as people share them."""

    name: str
    first_name: str | None = None
    last_name: str | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Each as one line of text."""
    organization: str | None = None
    birthday: str | None = None


class Contacts(Value):
    """One or more contact cards, either way."""

    kind: Literal["contacts"] = "contacts"
    cards: tuple[ContactCard, ...]


class Reaction(Value):
    """An emoji put on a message, either way; None takes it back."""

    kind: Literal["reaction"] = "reaction"
    to: ExternalId
    emoji: str | None


# --- inbound alone -----------------------------------------------------------------------------


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


# --- outbound alone ----------------------------------------------------------------------------


class Button(Value):
    """One reply button."""

    id: str
    title: str


class Buttons(Value):
    """A question with up to three reply buttons."""

    kind: Literal["buttons"] = "buttons"
    body: str
    buttons: tuple[Button, ...]
    header: str | None = None
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
    header: str | None = None
    footer: str | None = None


class LocationRequest(Value):
    """A text with a button that offers to send one's location."""

    kind: Literal["location_request"] = "location_request"
    body: str


class Template(Value):
    """An approved message, allowed outside the window."""

    kind: Literal["template"] = "template"
    name: str
    language: str
    """The provider's language code, such as `en_US`."""
    body: tuple[str, ...] = ()
    """The body's variables, in order."""


class ReadMark(Value):
    """Marks the contact's message as read; with `typing`, shows that an answer is being written."""

    kind: Literal["read_mark"] = "read_mark"
    message: ExternalId
    typing: bool = False


Outbound = Annotated[
    Text
    | Media
    | Location
    | Contacts
    | Reaction
    | Buttons
    | List
    | CallToAction
    | LocationRequest
    | Template
    | ReadMark,
    Field(discriminator="kind"),
]

Content = Annotated[
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
    | Unsupported
    | Buttons
    | List
    | CallToAction
    | LocationRequest
    | Template
    | ReadMark,
    Field(discriminator="kind"),
]
"""Anything that stands in a transcript."""


class ProviderError(Value):
    """What a provider said of a failure."""

    code: str
    title: str | None = None
    details: str | None = None


class Echo(Value):
    """A message that the business sent from its own phone (`smb_message_echoes`)."""

    external_id: ExternalId
    content: Content
    sent_at: Utc
