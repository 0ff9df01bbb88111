"""What Gupshup's list and its `template-event` say of a template -> ours. Pure.

Source: Gupshup, reference of `/wa/app/{appId}/template`; template events, read 2026-08.
"""

from adapters.whatsapp.shapes import read_buttons, read_header
from adapters.whatsapp.templates import EVENTS
from adapters.whatsapp.templates import STATUSES as META_STATUSES
from adapters.wire import Wire, load_text, objects_of, part_of, text_in, text_of, tidy
from engine.core.templates import CardShape, TemplateChange, TemplateShape
from engine.ports.services import TemplateInfo, TemplateStatus

STATUSES: dict[str, TemplateStatus] = {
    **META_STATUSES,
    "FAILED": "rejected",
    "DELETED": "disabled",
}
"""`status` in the list, in upper case."""


def read_template(item: Wire) -> TemplateInfo:
    """Return one template of the list."""
    meta = load_text(text_of(item, "containerMeta") or "{}")
    shape = _read_shape(item, meta) if isinstance(meta, dict) else None
    return TemplateInfo(
        name=text_of(item, "elementName") or "",
        language=text_of(item, "languageCode") or "",
        status=STATUSES.get((text_of(item, "status") or "").upper(), "unknown"),
        category=(text_of(item, "category") or "").lower() or None,
        id=text_of(item, "id"),
        body=shape.body if shape is not None else text_of(item, "data"),
        namespace=text_of(item, "namespace"),
        reason=text_of(item, "reason") or text_of(part_of(item, "rejectedReason"), "reason"),
        shape=shape,
        raw=tidy(item),
    )


def _read_shape(item: Wire, meta: Wire) -> TemplateShape | None:
    """Return the shape; None where the list does not tell of the parts: `data` alone has buttons in its words."""
    body = text_of(meta, "data")
    if body is None:
        return None
    kind = (text_of(item, "templateType") or "TEXT").upper()
    words = text_of(meta, "header")
    above = kind if kind in ("IMAGE", "VIDEO", "DOCUMENT", "LOCATION") else words and "TEXT"
    return TemplateShape(
        header=read_header({"format": above, "text": words}),
        body=body,
        footer=text_of(meta, "footer"),
        buttons=read_buttons(objects_of(meta, "buttons")),
        cards=tuple(map(_read_card, objects_of(meta, "cards"))),
    )


def _read_card(card: Wire) -> CardShape:
    return CardShape(
        header=read_header(card, key="headerType"),
        body=text_of(card, "body") or "",
        buttons=read_buttons(objects_of(card, "buttons")),
    )


def read_change(event: Wire) -> TemplateChange | None:
    """Return what a `template-event` says; None where it names no template."""
    name = text_of(event, "elementName")
    if name is None:
        return None
    category = text_in(event, "category", "current") or text_in(event, "category", "new")
    return TemplateChange(
        name=name,
        language=text_of(event, "languageCode"),
        status=EVENTS.get((text_of(event, "status") or "").upper()),
        category=None if category is None else category.lower(),
        reason=text_of(event, "rejectedReason"),
    )
