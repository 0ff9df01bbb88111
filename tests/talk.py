"""What talks in tests stand on: the kinds of lines, and how flows are loaded."""

from datetime import timedelta
from pathlib import Path

from engine.core.capabilities import Capabilities
from engine.flow.compile import CompiledFlow
from engine.flow.load import load_flows

ROOT = Path(__file__).parents[1]

PHONE_LINE = Capabilities(
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
            "cta_url",
            "location_request",
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
    header_length=60,
    footer_length=60,
    markup=True,
    window=timedelta(hours=24),
    reports_delivery=True,
    callback_length=512,
    messages_per_second=80,
    pair_interval=timedelta(seconds=6),
    pair_burst=45,
    media_bytes={"image": 5_000_000},
)
"""A line that shows buttons, lists and markup, and has a window of 24 hours."""

PLAIN_LINE = PHONE_LINE.model_copy(
    update={"kinds": frozenset({"text"}), "buttons": 0, "rows": 0, "markup": False, "window": None}
)
"""A line of plain text, as SMS is."""

LINES = {None: PHONE_LINE, "phone": PHONE_LINE, "plain": PLAIN_LINE}


def load(paths: tuple[str, ...], base: Path = ROOT) -> dict[str, CompiledFlow]:
    """Return the compiled flows of folders, loaded anew: what a flow file keeps in memory never outlives a talk."""
    return load_flows(paths, base)
