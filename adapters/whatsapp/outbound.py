"""What a message carries -> WhatsApp's own body of it, without any provider's envelope. Pure.

Source: Cloud API, messages reference, read 2026-08.
"""

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from adapters.wire import known
from engine.core.content import (
    Actions,
    Assignment,
    Button,
    Buttons,
    ButtonValue,
    CallToAction,
    Card,
    Carousel,
    ContactCard,
    Contacts,
    ContactUpdate,
    Event,
    List,
    Location,
    LocationRequest,
    Media,
    OpenUrl,
    OrderStatus,
    Outbound,
    Payable,
    Product,
    Products,
    Reaction,
    ReadMark,
    Section,
    Template,
    Text,
)
from engine.core.errors import ContentRejected

Body: TypeAlias = dict[str, object]


def render_content(content: Outbound) -> tuple[str, object]:
    """Return the message's type and what stands under it.

    Raises:
        ContentRejected: WhatsApp has no such message; `degrade` keeps it from coming here.
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
            return _render_media(content)
        case Location():
            return "location", known(
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
        case Product():
            return _render_product(content)
        case Products():
            return _render_products(content)
        case Carousel():
            return _render_carousel(content)
        case Template():
            return "template", render_template(content)
        case Actions() | ReadMark() | Event() | ContactUpdate() | Assignment():
            raise ContentRejected(f"WhatsApp has no message of the kind {content.kind}")
        case _:
            assert_never(content)


def _render_media(media: Media) -> tuple[str, Body]:
    voice = media.kind == "voice"
    return "audio" if voice else media.kind, known(
        id=media.external_id,
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
            interactive["header"] = _render_header(content.header)
        if content.footer is not None:
            interactive["footer"] = {"text": content.footer}
    return "interactive", interactive


def _render_header(header: str | Media) -> Body:
    if isinstance(header, str):
        return {"type": "text", "text": header}
    return {"type": header.kind, header.kind: render_file(header)}


def render_file(media: Media) -> Body:
    """Return a file as it stands in a header: its id or link, and a document's name."""
    filename = media.filename if media.kind == "document" else None
    return known(id=media.external_id, link=media.url, filename=filename)


def _render_product(product: Product) -> tuple[str, Body]:
    action = known(catalog_id=product.catalog_id, product_retailer_id=product.sku)
    return "interactive", _framed("product", product.body, action, footer=product.footer)


def _render_products(products: Products) -> tuple[str, Body]:
    sections = [
        {
            "title": section.title,
            "product_items": [{"product_retailer_id": sku} for sku in section.skus],
        }
        for section in products.sections
    ]
    action = known(catalog_id=products.catalog_id, sections=sections)
    interactive = _framed("product_list", products.body, action, footer=products.footer)
    if products.header is not None:
        interactive["header"] = {"type": "text", "text": products.header}
    return "interactive", interactive


def _render_carousel(carousel: Carousel) -> tuple[str, Body]:
    cards = [_render_media_card(card, index) for index, card in enumerate(carousel.cards)]
    return "interactive", _framed("carousel", carousel.body, {"cards": cards})


def _render_media_card(card: Card, index: int) -> Body:
    text = "\n".join(part for part in (card.title, card.body) if part)
    urls = [action for action in card.actions if isinstance(action, OpenUrl)]
    replies = [action for action in card.actions if isinstance(action, Button)]
    if urls:
        kind = "cta_url"
        parameters = {"display_text": urls[0].title, "url": urls[0].url}
        action: Body = {"name": kind, "parameters": parameters}
    else:
        kind = "button"
        quick = [
            {"type": "quick_reply", "quick_reply": {"id": reply.id, "title": reply.title}}
            for reply in replies
        ]
        action = {"buttons": quick}
    body = _framed(kind, text, action)
    header = {} if card.media is None else {"header": _render_header(card.media)}
    return {"card_index": index, **body, **header}


def _framed(kind: str, text: str | None, action: Body, *, footer: str | None = None) -> Body:
    return known(
        type=kind,
        body={"text": text} if text else None,
        footer={"text": footer} if footer else None,
        action=action,
    )


def _render_section(section: Section) -> Body:
    rows: list[Body] = []
    for row in section.rows:
        rows.append({"id": row.id, "title": row.title})
        if row.description is not None:
            rows[-1]["description"] = row.description
    return {"rows": rows} if section.title is None else {"title": section.title, "rows": rows}


def _render_card(card: ContactCard) -> Body:
    name = known(
        formatted_name=card.name,
        # The formatted name alone is refused: one more part must stand beside it.
        first_name=card.first_name or (None if card.last_name else card.name),
        last_name=card.last_name,
    )
    return known(
        name=name,
        phones=[known(phone=p.phone, type=p.type, wa_id=p.address) for p in card.phones] or None,
        emails=[{"email": email} for email in card.emails] or None,
        urls=[{"url": url} for url in card.urls] or None,
        addresses=[{"street": address} for address in card.addresses] or None,
        org=None if card.organization is None else {"company": card.organization},
        birthday=card.birthday,
    )


def render_template(template: Template) -> Body:
    """Return what stands under `template`: name, language and what fills its places."""
    policy = None if template.namespace is None else "deterministic"
    return known(
        namespace=template.namespace,
        name=template.name,
        language=known(policy=policy, code=template.language),
        components=render_components(template) or None,
    )


def render_components(template: Template) -> list[Body]:
    """Return what fills a template's places, component by component."""
    components = [
        *_header_component(template.header),
        *_body_component(template.body, template.names),
        *_button_components(template.buttons),
    ]
    if template.payables:
        components += [_payable_component(payable) for payable in template.payables]
    if template.order_status is not None:
        components.append(_order_status_component(template.order_status))
    if template.cards:
        cards = [
            {
                "card_index": index,
                "components": [
                    *_header_component(card.header),
                    *_body_component(card.body),
                    *_button_components(card.buttons),
                ],
            }
            for index, card in enumerate(template.cards)
        ]
        components.append({"type": "carousel", "cards": cards})
    return components


def _header_component(header: str | Media | Location | None) -> list[Body]:
    match header:
        case None:
            return []
        case str():
            parameter: Body = {"type": "text", "text": header}
        case Media():
            parameter = {"type": header.kind, header.kind: render_file(header)}
        case Location():
            place = known(
                latitude=str(header.latitude),
                longitude=str(header.longitude),
                name=header.name,
                address=header.address,
            )
            parameter = {"type": "location", "location": place}
        case _:
            assert_never(header)
    return [{"type": "header", "parameters": [parameter]}]


def _body_component(variables: Sequence[str], names: Sequence[str] = ()) -> list[Body]:
    if not variables:
        return []
    parameters: list[Body] = [{"type": "text", "text": value} for value in variables]
    for parameter, name in zip(parameters, names, strict=False):
        parameter["parameter_name"] = name
    return [{"type": "body", "parameters": parameters}]


def _button_components(buttons: Sequence[ButtonValue]) -> list[Body]:
    return [
        {
            "type": "button",
            "sub_type": button.use,
            "index": str(button.index),
            "parameters": [_button_parameter(button)],
        }
        for button in buttons
    ]


def _button_parameter(button: ButtonValue) -> Body:
    match button.use:
        case "url":
            return {"type": "text", "text": button.value}
        case "quick_reply":
            return {"type": "payload", "payload": button.value}
        case "copy_code":
            return {"type": "coupon_code", "coupon_code": button.value}
        case _:
            assert_never(button.use)


def _payable_component(payable: Payable) -> Body:
    """Return the button of an order to be paid; amounts are written in hundredths. India and Brazil alone."""
    order = {
        "status": "pending",
        "items": [
            {
                "retailer_id": item.name,
                "name": item.name,
                "amount": _hundredths(item.amount),
                "quantity": item.quantity,
            }
            for item in payable.items
        ],
        "subtotal": _hundredths(payable.subtotal),
        "tax": _hundredths(payable.tax),
        "shipping": _hundredths(payable.shipping),
        "discount": _hundredths(payable.discount),
    }
    details = {
        "reference_id": payable.reference_id,
        "type": "physical-goods",
        "currency": payable.currency,
        "total_amount": _hundredths(payable.total),
        "order": order,
    }
    parameter = {"type": "action", "action": {"order_details": details}}
    return {"type": "button", "sub_type": "order_details", "index": 0, "parameters": [parameter]}


def _hundredths(amount: float) -> Body:
    return {"value": round(amount * 100), "offset": 100}


def _order_status_component(status: OrderStatus) -> Body:
    order = known(status=status.status, description=status.description)
    told = {"reference_id": status.reference_id, "order": order}
    return {
        "type": "order_status",
        "parameters": [{"type": "order_status", "order_status": told}],
    }
