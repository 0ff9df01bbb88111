"""A message on its way out -> the body of the call that sends it. Pure.

Source: Sobot API documentation, "Free-flow Messages" and "Template Messages", read 2026-08.
"""

from yarl import URL

from adapters.sobot.payloads import NAME_LENGTH
from adapters.whatsapp.files import mime_type_of
from adapters.whatsapp.outbound import Body, render_components
from adapters.wire import known
from engine.core.content import (
    Buttons,
    List,
    Location,
    Media,
    Outbound,
    Product,
    Products,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected


def render_message(content: Outbound, *, contact: Contact) -> Body:
    """Return the body that sends a message.

    Args:
        content: What it carries, within the provider's limits; files have a `url`.
        contact: Who gets it; Sobot wants a name with every message.

    Raises:
        AddressRejected: The contact has no phone here.
        ContentRejected: Sobot has no such message; `degrade` keeps it from coming here.
    """
    if contact.phone is None:
        raise AddressRejected(
            "Sobot reaches people by phone number alone, and the contact has none"
        )
    to: Body = {
        "customer_number": contact.phone,
        "customer_name": (contact.name or contact.phone)[:NAME_LENGTH],
    }
    return to | _render_content(content)


def _render_content(content: Outbound) -> Body:
    match content:
        case Text(body=body):
            return {"type": "text", "message": body}
        case Media():
            return _render_media(content)
        case Location():
            return known(
                type="location",
                longitude=_degrees(content.longitude),
                latitude=_degrees(content.latitude),
                # The table calls it `name`, the example `location_name`.
                location_name=content.name,
                address=content.address,
            )
        case Buttons(buttons=buttons):
            titles = [button.title for button in buttons]
            return _framed("quick_reply", content) | {"buttons": titles}
        case List():
            return _framed("list", content) | {"list_obj": _render_list(content)}
        case Product(sku=sku):
            return _framed("product", content) | {"product_list": {"product_retailer_id": sku}}
        case Products():
            return _framed("product", content) | {"product_list": _render_sections(content)}
        case Template():
            return _render_template(content)
        case _:
            raise ContentRejected(f"Sobot has no message of the kind {content.kind}")


def _framed(kind: str, content: Buttons | List | Product | Products) -> Body:
    """Return the text with what stands above and below it; what they call caption is the footer."""
    text = (
        content.body
        if content.body is not None or not isinstance(content, Product)
        else content.sku
    )
    header = None if isinstance(content, Product) else content.header
    return known(type=kind, message=text, header=header, caption=content.footer)


def _render_media(media: Media) -> Body:
    if media.url is None:
        raise ContentRejected("Sobot takes files by link alone")
    filename = media.filename or URL(media.url).name or "file"
    return known(
        # A sticker goes as the example shows it: an image of the type webp.
        type="image" if media.kind == "sticker" else media.kind,
        url=media.url,
        mime_type=mime_type_of(media),
        caption=media.caption,
        filename=filename if media.kind == "document" else None,
    )


def _degrees(angle: float) -> str:
    """Return the angle as text, to a centimetre."""
    return f"{angle:.7f}".rstrip("0").rstrip(".")


def _render_list(content: List) -> Body:
    sections = [
        {
            # Each section needs a title; one that stands alone may have none with us.
            "title": section.title or content.label,
            "rows": [
                known(id=row.id, title=row.title, description=row.description)
                for row in section.rows
            ],
        }
        for section in content.sections
    ]
    return {"button": content.label, "sections": sections}


def _render_sections(content: Products) -> Body:
    sections = [
        {
            "title": section.title,
            "product_items": [{"product_retailer_id": sku} for sku in section.skus],
        }
        for section in content.sections
    ]
    return {"sections": sections}


def _render_template(template: Template) -> Body:
    params = [
        # Meta writes a button's place as text, Sobot as a number.
        {**part, "index": int(str(part["index"]))} if "index" in part else part
        for part in render_components(template)
    ]
    return known(
        template_name=template.name, template_lang=template.language, params=params or None
    )
