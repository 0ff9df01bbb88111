"""What a Cloud line can show and carry. Source of all figures: Cloud API reference, read 2026-08."""

from datetime import timedelta

from engine.core.capabilities import Capabilities

MIB = 1024 * 1024

CAPABILITIES = Capabilities(
    kinds=frozenset(
        {
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
            "carousel",
            "template",
            "read_mark",
        }
    ),
    text_length=4096,
    # The page of 2026 says 4096 for lists, the published schema 1024: the smaller one is safe everywhere.
    body_length=1024,
    caption_length=1024,
    buttons=3,
    button_title_length=20,
    rows=10,
    row_title_length=24,
    row_description_length=72,
    list_label_length=20,
    header_length=60,
    footer_length=60,
    media_header=True,
    cards=10,
    card_length=160,
    own_catalog=False,
    markup=True,
    window=timedelta(hours=24),
    redelivers=True,
    reports_delivery=True,
    typing=True,
    callback_length=512,
    messages_per_second=80,
    pair_interval=timedelta(seconds=6),
    pair_burst=45,
    media_bytes={
        "image": 5 * MIB,
        "video": 16 * MIB,
        "audio": 16 * MIB,
        "voice": 16 * MIB,
        "document": 100 * MIB,
        "sticker": 500 * 1024,
    },
)

MEDIA_FETCHED_BYTES = 100 * MIB
"""The largest inbound file taken: the largest document."""
