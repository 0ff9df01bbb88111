"""The parts of a template as Meta writes them (`components`) -> a shape. Pure; what is odd is passed over.

Source: Business Management API, message templates, components, read 2026-08.
"""

from collections.abc import Sequence

from adapters.wire import Wire, objects_of, text_of
from engine.core.templates import (
    ButtonKind,
    ButtonShape,
    CardShape,
    HeaderFormat,
    HeaderShape,
    TemplateShape,
)

FORMATS: dict[str, HeaderFormat] = {
    "TEXT": "text",
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
    "LOCATION": "location",
}
"""`format` of a header, in upper case."""

KINDS: dict[str, ButtonKind] = {
    "QUICK_REPLY": "quick_reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy_code",
}
"""`type` of a button, in upper case."""


def read_shape(components: Sequence[Wire]) -> TemplateShape:
    """Return the shape of a template with these components."""
    parts = {(text_of(one, "type") or "").upper(): one for one in reversed(components)}
    cards = objects_of(parts.get("CAROUSEL", {}), "cards")
    return TemplateShape(
        header=read_header(parts.get("HEADER")),
        body=text_of(parts.get("BODY", {}), "text") or "",
        footer=text_of(parts.get("FOOTER", {}), "text"),
        buttons=read_buttons(objects_of(parts.get("BUTTONS", {}), "buttons")),
        cards=tuple(_read_card(objects_of(card, "components")) for card in cards),
    )


def read_header(item: Wire | None, *, key: str = "format") -> HeaderShape | None:
    """Return what stands above a template's text; None where nothing does.

    Args:
        item: What tells of it.
        key: Where its format stands, none being no header.
    """
    if item is None or text_of(item, key) is None:
        return None
    format_ = FORMATS.get((text_of(item, key) or "").upper(), "other")
    text = text_of(item, "text") or "" if format_ == "text" else ""
    return HeaderShape(format=format_, text=text)


def read_buttons(items: Sequence[Wire]) -> tuple[ButtonShape, ...]:
    """Return the buttons in their order; one of a kind that nobody knows is kept, as the others count from it."""
    return tuple(
        ButtonShape(
            kind=KINDS.get((text_of(item, "type") or "").upper(), "other"),
            title=text_of(item, "text") or (text_of(item, "type") or "").lower(),
            url=text_of(item, "url"),
            phone=text_of(item, "phone_number"),
        )
        for item in items
    )


def _read_card(components: Sequence[Wire]) -> CardShape:
    shape = read_shape(components)
    return CardShape(header=shape.header, body=shape.body, buttons=shape.buttons)
