"""A message on its way out -> the body of the call that sends it. Pure.

Source: Interakt Public APIs, Send Message and Send Template APIs, read 2026-08.
"""

from typing import assert_never

import phonenumbers

from adapters.interakt.payloads import ASSIGNMENT, EVENTS, MEDIA_TYPES, NAMED, USERS
from adapters.whatsapp.outbound import render_content
from adapters.wire import Wire, known
from engine.core.content import (
    Assignment,
    Buttons,
    ButtonValue,
    ContactUpdate,
    Event,
    List,
    Location,
    Media,
    OrderStatus,
    Outbound,
    Payable,
    Sms,
    Template,
    TemplateCard,
    Text,
)
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import MessageId


def render_message(content: Outbound, *, contact: Contact, message: MessageId) -> Wire:
    """Return the body that sends a message.

    Args:
        content: What it carries; every file with an address.
        contact: Who gets it.
        message: Our id, which comes back with every status.

    Raises:
        AddressRejected: The contact has neither a phone nor an id.
        ContentRejected: Interakt has no such message.
    """
    address = render_address(contact.phone, contact.user_id)
    return {**address, "callbackData": str(message), **_render(content)}


def _render(content: Outbound) -> Wire:
    match content:
        case Text(body=body):
            return {"type": "Text", "data": {"message": body}}
        case Media(kind=kind) if kind in MEDIA_TYPES:
            name = content.filename if kind in NAMED else None
            data = known(message=content.caption, mediaUrl=_url_of(content), fileName=name)
            return {"type": MEDIA_TYPES[kind], "data": data}
        case Buttons(header=header):
            if isinstance(header, Media):
                _url_of(header)
            return {"type": "InteractiveButton", "data": {"message": render_content(content)[1]}}
        case List():
            return {"type": "InteractiveList", "data": {"message": render_content(content)[1]}}
        case Template():
            return {
                "type": "Template",
                "template": render_template(content),
                **known(template_category=content.category, campaignId=content.campaign),
                **render_fallback(content.sms),
            }
        case _:
            raise ContentRejected(f"Interakt has no message of the kind {content.kind}")


# --- who ---------------------------------------------------------------------------------------------


def render_address(phone: str | None, user_id: str | None) -> dict[str, object]:
    """Return the keys that say who: `countryCode` and `phoneNumber`, never `fullPhoneNumber` beside them.

    A number that belongs to no country goes out whole. Without a phone (a masked one) the id stands for the person.

    Raises:
        AddressRejected: There is neither.
    """
    if phone is not None:
        parts = split_phone(phone)
        if parts is None:
            return {"fullPhoneNumber": phone}
        return {"countryCode": parts[0], "phoneNumber": parts[1]}
    if user_id is not None:
        return {"userId": user_id}
    raise AddressRejected("the contact has neither a phone nor a user id")


def split_phone(digits: str) -> tuple[str, str] | None:
    """Return country code with `+` and the number without it, None where no country has such a number."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    code, rest = str(number.country_code), phonenumbers.national_significant_number(number)
    # The parser drops what it takes for a trunk prefix: then the two are not the number any more.
    return (f"+{code}", rest) if code + rest == digits else None


# --- templates ---------------------------------------------------------------------------------------


def render_template(template: Template) -> Wire:
    """Return a template and what fills it, as either channel writes it."""
    header = template.header
    filename = header.filename if isinstance(header, Media) and header.kind == "document" else None
    return known(
        name=template.name,
        languageCode=template.language,
        fileName=filename,
        headerValues=_header_values(header),
        bodyValues=list(template.body) or None,
        buttonValues=_button_values(template.buttons),
        carouselCards=[_render_card(card) for card in template.cards] or None,
        order_details=[_render_payable(payable) for payable in template.payables] or None,
        order_status=None
        if template.order_status is None
        else _render_order_status(template.order_status),
    )


def _render_card(card: TemplateCard) -> Wire:
    return known(
        headerValues=_header_values(card.header),
        bodyValues=list(card.body) or None,
        buttonValues=_button_values(card.buttons),
    )


def _header_values(header: str | Media | Location | None) -> list[str] | None:
    match header:
        case None:
            return None
        case str():
            return [header]
        case Media():
            return [_url_of(header)]
        case Location():
            raise ContentRejected("Interakt takes no place above a template")
        case _:
            assert_never(header)


def _url_of(media: Media) -> str:
    if media.url is None:
        raise ContentRejected(f"Interakt takes files by link: give the {media.kind} a url")
    return media.url


def _button_values(buttons: tuple[ButtonValue, ...]) -> dict[str, list[str]] | None:
    """Return the values by the button's place. A quick reply's payload has none: its tap comes back by its title."""
    values: dict[str, list[str]] = {}
    for button in buttons:
        if button.use != "quick_reply":
            values.setdefault(str(button.index), []).append(button.value)
    return values or None


def _render_payable(payable: Payable) -> Wire:
    expires = payable.expires_in_minutes
    return known(
        reference_id=payable.reference_id,
        order_items=[item.model_dump(exclude_none=True) for item in payable.items],
        shipping_addresses=[place.model_dump(exclude_none=True) for place in payable.addresses]
        or None,
        subtotal=payable.subtotal,
        discount=payable.discount,
        tax=payable.tax,
        shipping=payable.shipping,
        total_amount=payable.total,
        currency=payable.currency,
        payment_option_expires_in=None
        if expires is None
        else {
            "value": expires,
            "unit": "minutes",
            "expiration_message": payable.expiration_message,
        },
    )


def _render_order_status(status: OrderStatus) -> Wire:
    order = known(status=status.status, description=status.description)
    return {"reference_id": status.reference_id, "order": order}


def render_fallback(sms: Sms | None) -> dict[str, object]:
    """Return what goes out by SMS where the message itself cannot be delivered; nothing where nothing shall."""
    if sms is None:
        return {}
    content = {
        "message": sms.message,
        "dlt_te_id": sms.template_id,
        "variables": list(sms.variables),
    }
    fallback = {
        "channel": "sms",
        "sender_id": sms.sender_id,
        "pe_id": sms.entity_id,
        "provider_name": sms.provider_name,
        "content": content,
    }
    return {"fallback": [fallback]}


# --- deeds -------------------------------------------------------------------------------------------


def render_deed(deed: Event | ContactUpdate | Assignment, contact: Contact) -> tuple[str, Wire]:
    """Return the path and the body of the call that tells Interakt something.

    By phone alone: `userId` would give the customer a new id of the business's own.

    Raises:
        AddressRejected: The contact has no phone here.
    """
    if contact.phone is None:
        raise AddressRejected("Interakt masked this contact's number: nothing can be told of it")
    address = render_address(contact.phone, None)
    match deed:
        case Event():
            return EVENTS, {**address, "event": deed.name, "traits": deed.traits}
        case ContactUpdate():
            traits = {**known(name=deed.name), **deed.traits}
            return USERS, {**address, "traits": traits, **known(tags=list(deed.tags) or None)}
        case Assignment(agent=agent):
            return ASSIGNMENT, {"user_phone_number": contact.phone, "agent_email": agent}
        case _:
            assert_never(deed)
