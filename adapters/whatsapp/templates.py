"""Templates as Meta keeps them: a draft -> the body that hands it in; what a list or a webhook says -> ours. Pure.

Source: Business Management API, message templates; webhooks `message_template_*` and `template_category_update`,
read 2026-08.
"""

from typing import assert_never

from adapters.whatsapp.shapes import read_shape
from adapters.wire import Wire, objects_of, text_of, tidy
from engine.core.templates import TemplateChange
from engine.ports.services import (
    ButtonDraft,
    CardDraft,
    HeaderDraft,
    TemplateDraft,
    TemplateInfo,
    TemplateStatus,
)

STATUSES: dict[str, TemplateStatus] = {
    "APPROVED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "SUBMITTED": "pending",  # 360dialog's word
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "DISABLED": "disabled",
}
"""`status`, in upper case."""

EVENTS: dict[str, TemplateStatus] = {
    **STATUSES,
    "FLAGGED": "approved",  # a warning: it may still be sent
    "REINSTATED": "approved",
    "UNPAUSED": "approved",
    "PENDING_DELETION": "disabled",
    "DELETED": "disabled",
    "ARCHIVED": "disabled",
}
"""`event` of a `message_template_status_update`, in upper case."""

CHANGES = frozenset(
    {
        "message_template_status_update",
        "message_template_components_update",
        "template_category_update",
    }
)
"""The webhook fields after which a template is no longer as it was."""

Body = dict[str, object]


def render_draft(draft: TemplateDraft) -> Body:
    """Return the body that hands a template in for approval."""
    components: list[Body] = []
    if draft.header is not None:
        components.append(_header(draft.header))
    components.append(_text("BODY", draft.body, draft.examples))
    if draft.footer is not None:
        components.append({"type": "FOOTER", "text": draft.footer})
    if draft.buttons:
        components.append(_buttons(draft.buttons))
    if draft.cards:
        cards = [{"components": _card(card)} for card in draft.cards]
        components.append({"type": "CAROUSEL", "cards": cards})
    return {
        "name": draft.name,
        "language": draft.language,
        "category": draft.category.upper(),
        "components": components,
    }


def read_template(item: Wire) -> TemplateInfo | None:
    """Return one template of a list, None where it has no name."""
    name = text_of(item, "name")
    if name is None:
        return None
    bodies = [
        text_of(component, "text")
        for component in objects_of(item, "components")
        if (text_of(component, "type") or "").upper() == "BODY"
    ]
    reason = text_of(item, "rejected_reason")
    return TemplateInfo(
        name=name,
        language=text_of(item, "language") or "",
        status=STATUSES.get((text_of(item, "status") or "").upper(), "unknown"),
        category=(text_of(item, "category") or "").lower() or None,
        id=text_of(item, "id"),
        body=bodies[0] if bodies else None,
        namespace=text_of(item, "namespace"),
        reason=None if reason in (None, "NONE") else reason,
        shape=read_shape(objects_of(item, "components")) if bodies else None,
        raw=tidy(item),
    )


def read_change(field: str, value: Wire) -> TemplateChange | None:
    """Return what a webhook says of a template; None where it is about something else."""
    name = text_of(value, "message_template_name")
    if field not in CHANGES or name is None:
        return None
    reason = text_of(value, "reason")
    return TemplateChange(
        name=name,
        language=text_of(value, "message_template_language"),
        status=EVENTS.get((text_of(value, "event") or "").upper()),
        # Where a change is only announced, `new_category` is still the one of today.
        category=(
            text_of(value, "new_category") or text_of(value, "message_template_category") or ""
        ).lower()
        or None,
        reason=None if reason in (None, "NONE") else reason,
    )


def _header(header: HeaderDraft) -> Body:
    component: Body = {"type": "HEADER", "format": header.format.upper()}
    if header.format == "text":
        component["text"] = header.text or ""
        if header.example is not None:
            component["example"] = {"header_text": [header.example]}
    elif header.handle is not None:
        component["example"] = {"header_handle": [header.handle]}
    return component


def _text(kind: str, text: str, examples: tuple[str, ...]) -> Body:
    component: Body = {"type": kind, "text": text}
    if examples:
        component["example"] = {"body_text": [list(examples)]}
    return component


def _card(card: CardDraft) -> list[Body]:
    components = [_header(card.header), _text("BODY", card.body, card.examples)]
    return [*components, _buttons(card.buttons)] if card.buttons else components


def _buttons(buttons: tuple[ButtonDraft, ...]) -> Body:
    return {"type": "BUTTONS", "buttons": [_button(button) for button in buttons]}


def _button(button: ButtonDraft) -> Body:
    match button.kind:
        case "quick_reply":
            return {"type": "QUICK_REPLY", "text": button.text}
        case "phone":
            return {"type": "PHONE_NUMBER", "text": button.text, "phone_number": button.phone}
        case "url":
            made: Body = {"type": "URL", "text": button.text, "url": button.url}
            if button.example is not None:
                made["example"] = [button.example]
            return made
        case _:
            assert_never(button.kind)
