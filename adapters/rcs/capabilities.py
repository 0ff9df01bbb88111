"""What an RCS line at Interakt can show and carry.

Interakt's pages give one figure, four suggestions a card; the others are those of the RCS network that its messages
go through. Source: Interakt Public APIs, RCS; RCS for Business, messages and rich cards, read 2026-08.
"""

from datetime import timedelta

from engine.core.capabilities import Capabilities

MIB = 1024 * 1024

CARDS = 10
"""Of a carousel, which has two at least; one card stands alone."""

CARD_SUGGESTIONS = 4
CARD_TITLE_LENGTH = 200
CARD_TEXT_LENGTH = 2000

CAPABILITIES = Capabilities(
    kinds=frozenset(
        {
            "text",
            "image",
            "document",
            "buttons",
            "cta_url",
            "actions",
            "carousel",
            "template",
            "event",
            "contact_update",
        }
    ),
    text_length=2000,
    body_length=2000,
    caption_length=CARD_TEXT_LENGTH,
    buttons=11,
    button_title_length=25,
    # No lists: more options than there are buttons are numbered in the text.
    rows=0,
    row_title_length=0,
    row_description_length=0,
    list_label_length=0,
    header_length=CARD_TITLE_LENGTH,
    footer_length=CARD_TITLE_LENGTH,
    media_header=True,
    markup=False,
    window=None,
    redelivers=False,
    reports_delivery=True,
    typing=False,
    # Its callbacks give nothing of ours back.
    callback_length=0,
    messages_per_second=5,
    pair_interval=timedelta(0),
    pair_burst=1,
    media_bytes={"image": 100 * MIB, "document": 100 * MIB},
)
"""Five a second are the 300 a minute of the Growth plan."""
