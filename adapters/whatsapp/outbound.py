"""What a message carries -> WhatsApp's own body of it, without any provider's envelope. Pure.

Source: Cloud API, messages reference, read 2026-08.
"""

from typing import TypeAlias, assert_never

from engine.core.content import (
    Buttons,
    CallToAction,
    ContactCard,
    Contacts,
    List,
    Location,
    LocationRequest,
    Media,
    Reaction,
    Section,
    Template,
    Text,
)

Body: TypeAlias = dict[str, object]


Message: TypeAlias = (
    Text
    | Media
    | Location
    | Contacts
    | Reaction
    | Buttons
    | List
    | CallToAction
    | LocationRequest
    | Template
)
"""Every outbound content but the read mark, which is no message on the wire."""


def render_content(content: Message, *, media_id: str | None = None) -> tuple[str, object]:
    """Return the message's type and what stands under it.

    Args:
        content: The message.
        media_id: The provider's id of an uploaded file, for a `stored` one.
    """
    match content:
        case Text(body=body, preview_url=preview):
            return "text", {"body": body, "preview_url": preview}
        case Buttons(buttons=buttons):
            replies = [
                {"type": "reply", "reply": {"id": button.id, "title": button.title}}
                for button in buttons
            ]
            return _interactive("button", content, {"buttons": replies})
        case List(label=label, sections=sections):
            action: Body = {"button": label, "sections": [_render_section(s) for s in sections]}
            return _interactive("list", content, action)
        case Media():
            return _render_media(content, media_id)
        case Location():
            return "location", _known(
                latitude=content.latitude,
                longitude=content.longitude,
                name=content.name,
                address=content.address,
            )
        case Contacts(cards=cards):
            return "contacts", [_render_card(card) for card in cards]
        case Reaction(to=to, emoji=emoji):
            return "reaction", {"message_id": to, "emoji": emoji or ""}
        case CallToAction(title=title, url=url):
            parameters = {"display_text": title, "url": url}
            return _interactive("cta_url", content, {"name": "cta_url", "parameters": parameters})
        case LocationRequest():
            return _interactive("location_request_message", content, {"name": "send_location"})
        case Template():
            return "template", _render_template(content)
        case _:
            assert_never(content)


def _render_media(media: Media, media_id: str | None) -> tuple[str, Body]:
    voice = media.kind == "voice"
    return "audio" if voice else media.kind, _known(
        id=media_id or media.external_id,
        link=media.url,
        caption=media.caption,
        filename=media.filename if media.kind == "document" else None,
        voice=True if voice else None,
    )


def _interactive(
    kind: str, content: Buttons | List | CallToAction | LocationRequest, action: Body
) -> tuple[str, Body]:
    interactive: Body = {"type": kind, "body": {"text": content.body}, "action": action}
    if not isinstance(content, LocationRequest):
        if content.header is not None:
            interactive["header"] = {"type": "text", "text": content.header}
        if content.footer is not None:
            interactive["footer"] = {"text": content.footer}
    return "interactive", interactive


def _render_section(section: Section) -> Body:
    rows: list[Body] = []
    for row in section.rows:
        rows.append({"id": row.id, "title": row.title})
        if row.description is not None:
            rows[-1]["description"] = row.description
    return {"rows": rows} if section.title is None else {"title": section.title, "rows": rows}


def _render_card(card: ContactCard) -> Body:
    name = _known(
        formatted_name=card.name,
        # The formatted name alone is refused: one more part must stand beside it.
        first_name=card.first_name or (None if card.last_name else card.name),
        last_name=card.last_name,
    )
    return _known(
        name=name,
        phones=[_known(phone=p.phone, type=p.type, wa_id=p.address) for p in card.phones] or None,
        emails=[{"email": email} for email in card.emails] or None,
        urls=[{"url": url} for url in card.urls] or None,
        addresses=[{"street": address} for address in card.addresses] or None,
        org=None if card.organization is None else {"company": card.organization},
        birthday=card.birthday,
    )


def _render_template(template: Template) -> Body:
    variables = [{"type": "text", "text": variable} for variable in template.body]
    return _known(
        name=template.name,
        language={"code": template.language},
        components=[{"type": "body", "parameters": variables}] if variables else None,
    )


def _known(**fields: object) -> Body:
    """Return the fields that are set: a null on the wire is refused."""
    return {key: value for key, value in fields.items() if value is not None}
