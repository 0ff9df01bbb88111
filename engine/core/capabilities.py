"""What one line can show and carry, as data; the figures stand in each adapter's `capabilities.py`."""

from datetime import timedelta
from typing import Literal

from engine.core.value import Value

OutboundKind = Literal[
    "text",
    "image",
    "video",
    "audio",
    "voice",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "buttons",
    "list",
    "cta_url",
    "location_request",
    "product",
    "products",
    "actions",
    "carousel",
    "template",
    "read_mark",
    "event",
    "contact_update",
    "assignment",
]


class Capabilities(Value):
    """The limits of one kind of line. Lengths count UTF-16 units, as WhatsApp's clients do."""

    kinds: frozenset[OutboundKind]
    """What may be sent as itself; anything else is degraded to text."""
    text_length: int
    body_length: int
    """The text above buttons or a list."""
    caption_length: int
    buttons: int
    button_title_length: int
    rows: int
    row_title_length: int
    row_description_length: int
    list_label_length: int
    header_length: int
    footer_length: int
    media_header: bool
    """Whether buttons may stand below a picture, film or document."""
    cards: int = 10
    """Cards in one carousel."""
    card_length: int = 160
    """The text of a card."""
    own_catalog: bool = True
    """Whether a product may go without its catalogue's id, because the line has one alone."""
    markup: bool
    """Whether `*bold* _italic_ ~strike~` is shown as such; stripped where it is not."""
    window: timedelta | None
    """How long a contact's message allows free-form answers; None where nothing limits them."""
    redelivers: bool
    """Whether a webhook that was not answered 2xx comes again; where not, what cannot be stored is kept in a file."""
    reports_delivery: bool
    """Whether the provider tells what became of a message."""
    typing: bool
    """Whether the contact can be shown that an answer is being written."""
    callback_length: int
    """Room for our message id in what comes back with a status, in characters; 0 where there is none."""
    messages_per_second: float
    """The provider's default ceiling for the whole line; a line's `rate_per_second` replaces it. 0 is no limit."""
    pair_interval: timedelta
    """The steady pace towards one contact; zero is no limit."""
    pair_burst: int
    """How many messages one contact may get at once before the pace holds."""
    media_bytes: dict[str, int]
    """The largest size of each media kind in bytes; a kind that is missing cannot be sent."""
