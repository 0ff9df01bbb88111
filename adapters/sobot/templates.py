"""Sobot's templates: what is handed in for approval, and what there is.

Source: Sobot API documentation, "Templates", read 2026-08.
"""

from collections.abc import Sequence

from adapters.sobot.client import Client
from adapters.sobot.payloads import TEMPLATES
from adapters.whatsapp.shapes import read_header
from adapters.wire import Wire, items_of, objects_of, text_of, tidy
from engine.core.errors import ContentRejected
from engine.core.templates import ButtonShape, TemplateShape, places
from engine.ports.services import HeaderDraft, TemplateDraft, TemplateInfo, TemplateStatus

STATUSES: dict[str, TemplateStatus] = {"0": "pending", "1": "approved", "2": "rejected"}
NUMBERS = {status: number for number, status in STATUSES.items()}


class SobotTemplates:
    """The templates of one account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return all templates, or those with this name or status; Sobot knows three of the statuses."""
        if status is not None and status not in NUMBERS:
            return []
        query = None if status is None else {"status": NUMBERS[status]}
        found = [
            read_template(item)
            async for page in self._client.pages(TEMPLATES, query)
            for item in objects_of(page, "data")
        ]
        return [template for template in found if name in (None, template.name)]

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Hand a template in; Sobot answers with no id."""
        body = render_draft(draft)
        (await self._client.call("POST", TEMPLATES, body)).body()
        return TemplateInfo(
            name=str(body["entity_name"]),
            language=draft.language,
            status="pending",
            category=draft.category,
            body=draft.body,
            shape=draft.shape,
        )


def render_draft(draft: TemplateDraft) -> dict[str, object]:
    """Return the body that hands a template in.

    Raises:
        ContentRejected: Sobot takes no such template.
    """
    if draft.cards:
        raise ContentRejected("Sobot takes no carousel templates")
    header = draft.header
    fields: dict[str, object] = {
        "category": draft.category.upper(),
        # Sobot itself would put the underscore.
        "entity_name": draft.name.replace(" ", "_"),
        "body": draft.body,
        "template_type": "MEDIA" if header is not None and header.format != "text" else "TEXT",
        "lang_code": draft.language,
        "footer": draft.footer,
        "example_body_param": {"body_text": [list(draft.examples)]} if draft.examples else None,
        **({} if header is None else _render_header(header)),
        **_render_buttons(draft),
    }
    return {key: value for key, value in fields.items() if value is not None}


def _render_header(header: HeaderDraft) -> dict[str, object]:
    if header.format == "text":
        example = None if header.example is None else {"header_text": [header.example]}
        return {"header_type": "TEXT", "header": header.text, "example_header_param": example}
    if header.url is None:
        raise ContentRejected(f"Sobot wants the address of an example {header.format} (`url`)")
    return {"header_type": header.format.upper(), "example": header.url}


def _render_buttons(draft: TemplateDraft) -> dict[str, object]:
    replies = [button.text for button in draft.buttons if button.kind == "quick_reply"]
    links = [button for button in draft.buttons if button.kind == "url"]
    phones = [button for button in draft.buttons if button.kind == "phone"]
    if replies:
        if links or phones:
            raise ContentRejected(
                "Sobot takes reply buttons or buttons that open and call, not both"
            )
        return {"buttons": replies}
    if len(links) > 1 or len(phones) > 1:
        raise ContentRejected("Sobot takes one button that opens a page and one that calls")
    fields: dict[str, object] = {"sub_type": "CTA"} if links or phones else {}
    if phones:
        number = (phones[0].phone or "").removeprefix("+")
        fields["phone_numbers"] = [{"phone_number": number, "text": phones[0].text}]
    if links:
        fields |= {
            "url": links[0].url,
            "example_website": links[0].example,
            "url_name": links[0].text,
        }
    return fields


def read_template(item: Wire) -> TemplateInfo:
    """Return one template of the list."""
    category = text_of(item, "category")
    return TemplateInfo(
        name=text_of(item, "entity_name") or "",
        language=text_of(item, "lang_code") or "",
        status=STATUSES.get(text_of(item, "status") or "", "unknown"),
        category=None if category is None else category.lower(),
        id=text_of(item, "template_id") or text_of(item, "id"),
        body=text_of(item, "template"),
        reason=text_of(item, "rejected_reason"),
        shape=_read_shape(item),
        raw=tidy(item),
    )


def _read_shape(item: Wire) -> TemplateShape:
    """Return the shape: reply buttons are a list of their titles, one that opens and one that calls stand apart."""
    replies = [text for text in items_of(item, "buttons") if isinstance(text, str)]
    buttons = [ButtonShape(kind="quick_reply", title=title) for title in replies]
    for phone in objects_of(item, "phone_numbers"):
        title = text_of(phone, "text") or ""
        buttons.append(ButtonShape(kind="phone", title=title, phone=text_of(phone, "phone_number")))
    url = text_of(item, "url")
    if url is not None:
        # Of an address with a variable the list tells the part that stays, and an example of the whole.
        ends = text_of(item, "example_website") is not None and not places(url)
        title = text_of(item, "url_name") or ""
        buttons.append(ButtonShape(kind="url", title=title, url=f"{url}{{{{1}}}}" if ends else url))
    return TemplateShape(
        header=read_header({"format": item.get("header_type"), "text": item.get("header")}),
        body=text_of(item, "template") or "",
        footer=text_of(item, "footer"),
        buttons=tuple(buttons),
    )
