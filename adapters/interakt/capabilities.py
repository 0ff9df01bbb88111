"""What a WhatsApp line of Interakt's can show and carry. Source: Interakt Public APIs, read 2026-08.

Where its documents name no limit, WhatsApp's own stands: Interakt hands the message on.
"""

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
            "buttons",
            "list",
            "template",
            "event",
            "contact_update",
            "assignment",
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
    header_length=60,
    footer_length=60,
    media_header=True,
    markup=True,
    window=timedelta(hours=24),
    # A webhook is sent once, and switched off after 5 failures in 10 minutes.
    redelivers=False,
    reports_delivery=True,
    typing=False,
    callback_length=512,
    # Growth has 300 requests a minute, Advanced 600, Enterprise its own, Starter none: the smallest is safe.
    messages_per_second=5,
    pair_interval=timedelta(seconds=6),
    pair_burst=45,
    media_bytes={
        "image": 5 * MIB,
        "video": 16 * MIB,
        "audio": 16 * MIB,
        "document": 100 * MIB,
        "sticker": 500 * 1024,
    },
)

MEDIA_FETCHED_BYTES = 100 * MIB
"""The largest inbound file taken: the largest document."""
