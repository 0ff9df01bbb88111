"""What a terminal shows: plain text, and nothing limits when."""

from datetime import timedelta

from engine.core.capabilities import Capabilities

CAPABILITIES = Capabilities(
    kinds=frozenset({"text"}),
    text_length=65_536,
    body_length=65_536,
    caption_length=65_536,
    buttons=0,
    button_title_length=0,
    rows=0,
    row_title_length=0,
    row_description_length=0,
    list_label_length=0,
    header_length=0,
    footer_length=0,
    media_header=False,
    markup=False,
    window=None,
    redelivers=True,
    reports_delivery=False,
    typing=False,
    callback_length=0,
    messages_per_second=0,
    pair_interval=timedelta(0),
    pair_burst=0,
    media_bytes={},
)
