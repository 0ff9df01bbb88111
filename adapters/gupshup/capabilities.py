"""What a Gupshup line can show and carry. Source of all figures: Gupshup, message reference, read 2026-08."""

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
            "document",
            "sticker",
            "location",
            "contacts",
            "reaction",
            "buttons",
            "list",
            "template",
            "read_mark",
        }
    ),
    text_length=4096,
    body_length=1024,
    caption_length=1024,
    buttons=3,
    button_title_length=20,
    rows=10,
    row_title_length=24,
    row_description_length=72,
    list_label_length=20,
    # One page says 20 for the header above buttons; WhatsApp itself, which decides in the end, takes 60.
    header_length=60,
    footer_length=60,
    media_header=True,
    markup=True,
    window=timedelta(hours=24),
    redelivers=True,
    reports_delivery=True,
    typing=False,
    callback_length=0,
    messages_per_second=20,
    # WhatsApp's own pace towards one contact holds whoever passes the message on.
    pair_interval=timedelta(seconds=6),
    pair_burst=45,
    media_bytes={
        "image": 5 * MIB,
        "video": 16 * MIB,
        "audio": 16 * MIB,
        "document": 100 * MIB,
        "sticker": 100 * 1024,
    },
)

MEDIA_FETCHED_BYTES = 100 * MIB
"""The largest inbound file taken: the largest document."""
