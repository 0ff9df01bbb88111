"""The account's templates. Source: Interakt Public APIs, Create Template APIs, read 2026-08."""

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError

from adapters.interakt.client import Client
from adapters.interakt.payloads import TEMPLATE_LIST, TEMPLATES
from adapters.whatsapp.shapes import read_buttons, read_header
from adapters.whatsapp.templates import STATUSES as META_STATUSES
from adapters.wire import Wire, known, load_text, objects_of, part_of, text_of, tidy
from engine.core.errors import ContentRejected
from engine.core.templates import CardShape, TemplateShape
from engine.ports.services import (
    ButtonDraft,
    CardDraft,
    HeaderDraft,
    TemplateDraft,
    TemplateInfo,
    TemplateStatus,
)

STATUSES: dict[str, TemplateStatus] = {**META_STATUSES, "WAITING": "pending", "DRAFT": "draft"}
"""`approval_status`; the documents show APPROVED and WAITING, the others are Meta's."""

COUNTRIES = {
    "en_GB": "English (UK)",
    "en_US": "English (US)",
    "es_AR": "Spanish (ARG)",
    "es_ES": "Spanish (SPA)",
    "es_MX": "Spanish (MEX)",
    "pt_BR": "Portuguese (BR)",
    "pt_PT": "Portuguese (POR)",
    "zh_CN": "Chinese (CHN)",
    "zh_HK": "Chinese (HKG)",
    "zh_TW": "Chinese (TAI)",
}
"""WhatsApp's names of languages that it tells apart by country; the others go by their English name."""

BUTTONS = {"quick_reply": "QUICK_REPLY", "url": "URL", "phone": "PHONE_NUMBER"}
PAGES = 100


class TemplateBook:
    """The account's templates."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return all templates, or those with this name or status. Raises SendError."""
        asked = {"autosubmitted_for": "all", "approval_status": "all", "language": "all"}
        if name is not None:
            asked["template_name"] = name
        if status == "approved":
            asked["approval_status"] = "APPROVED"
        found: list[TemplateInfo] = []
        for _ in range(PAGES):
            query = {"offset": str(len(found)), **asked}
            page = await self._client.told("GET", TEMPLATE_LIST, query=query)
            read = [read_template(one) for one in objects_of(part_of(page, "results"), "templates")]
            found += read
            if not read or page.get("has_next") is not True:
                break
        return [one for one in found if name in (None, one.name) and status in (None, one.status)]

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Hand a template in for approval. Raises SendError."""
        return read_template(
            part_of(await self._client.told("POST", TEMPLATES, render_draft(draft)), "data")
        )


def read_template(item: Wire) -> TemplateInfo:
    """Return a template as Interakt has it."""
    category = text_of(item, "category")
    return TemplateInfo(
        name=text_of(item, "name") or "",
        language=text_of(item, "language") or "",
        status=STATUSES.get((text_of(item, "approval_status") or "").upper(), "unknown"),
        category=None if category is None else category.lower(),
        id=text_of(item, "id"),
        body=text_of(item, "body"),
        reason=text_of(item, "rejection_reason"),
        shape=_read_shape(item),
        raw=tidy(item),
    )


def _read_shape(item: Wire) -> TemplateShape:
    return TemplateShape(
        header=read_header(_header_of(item)),
        body=text_of(item, "body") or "",
        footer=text_of(item, "footer"),
        buttons=read_buttons(_listed(item, "buttons")),
        cards=tuple(
            CardShape(
                header=read_header(_header_of(card)),
                body=text_of(card, "body") or "",
                buttons=read_buttons(_listed(card, "buttons")),
            )
            for card in _listed(item, "carousel_cards")
        ),
    )


def _header_of(item: Wire) -> Wire:
    return {"format": item.get("header_format"), "text": item.get("header")}


def _listed(item: Wire, key: str) -> list[Wire]:
    """Return a list of objects that Interakt writes as JSON in a text, at times twice over."""
    value = item.get(key)
    for _ in range(2):
        if isinstance(value, str):
            value = load_text(value)
    return objects_of({key: value}, key)


def render_draft(draft: TemplateDraft) -> Wire:
    """Return the body that hands a template in. Raises ContentRejected for buttons that cannot stand together."""
    body = {
        "display_name": draft.name,
        "language": language_name(draft.language),
        "category": draft.category.capitalize(),
        "body": draft.body,
        **known(body_text=list(draft.examples) or None, footer=draft.footer),
    }
    if draft.cards:
        cards = [{"card_index": at, **_render_card(card)} for at, card in enumerate(draft.cards)]
        return {**body, "carousel_cards": cards}
    return {**body, **_render_header(draft.header), **_render_buttons(draft.buttons)}


def language_name(code: str) -> str:
    """Return the language's name as Interakt takes it, the code where it has none."""
    if code in COUNTRIES:
        return COUNTRIES[code]
    try:
        return Locale.parse(code).english_name or code
    except (ValueError, UnknownLocaleError):
        return code


def _render_header(header: HeaderDraft | None) -> Wire:
    if header is None:
        return {"header_format": None}
    return {
        "header_format": header.format.upper(),
        **known(
            header=header.text,
            header_text=[header.example] if header.example else None,
            header_handle=[header.handle] if header.handle else None,
            header_handle_file_url=header.url,
            header_handle_file_name=header.filename,
        ),
    }


def _render_buttons(buttons: Sequence[ButtonDraft]) -> Wire:
    if not buttons:
        return {}
    quick = [button.kind == "quick_reply" for button in buttons]
    if any(quick) and not all(quick):
        raise ContentRejected("Interakt takes quick replies, or links and calls, not both")
    examples = [button.example for button in buttons if button.example]
    return {
        "button_type": "Quick Replies" if quick[0] else "Call To Action",
        "buttons": [_render_button(button) for button in buttons],
        **known(button_text=examples[0] if examples else None),
    }


def _render_button(button: ButtonDraft) -> Wire:
    return {
        "type": BUTTONS[button.kind],
        "text": button.text,
        **known(url=button.url, phone_number=button.phone),
    }


def _render_card(card: CardDraft) -> Wire:
    return {
        "header": None,
        **_render_header(card.header),
        **known(cardTitle=card.title),
        "body": card.body,
        "body_text": list(card.examples),
        "buttons": [_render_button(button) for button in card.buttons],
        "button_text": [button.example for button in card.buttons if button.example],
    }
