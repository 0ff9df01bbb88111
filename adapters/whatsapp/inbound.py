"""A WhatsApp message as it came -> what it carries. Pure; an unreadable message becomes `Unsupported`."""

import re
from collections.abc import Callable

from pydantic import ValidationError

from adapters.whatsapp.errors import closes_window
from adapters.whatsapp.payloads import OWN_IDS
from adapters.wire import (
    Wire,
    float_of,
    int_of,
    load_text,
    objects_of,
    part_of,
    text_in,
    text_of,
    tidy,
)
from engine.core.content import (
    ButtonReply,
    ContactCard,
    Contacts,
    Context,
    Edited,
    FormReply,
    Inbound,
    Interaction,
    ListReply,
    Location,
    Media,
    MediaKind,
    Order,
    OrderItem,
    Phone,
    ProviderError,
    Reaction,
    Referral,
    ReferredProduct,
    Revoked,
    System,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ExternalId
from engine.core.signals import Sender
from engine.core.value import Json

BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.[0-9A-Za-z.]{1,125}")
"""A business-scoped user id: the country's two letters, a dot, up to 128 in all. Source: Cloud API, business-scoped
user ids, read 2026-08."""

_PHONE_SIGNS = str.maketrans("", "", "+ -().")


def read_content(message: Wire) -> Inbound:
    """Return what a message carries; never raises."""
    kind = text_of(message, "type") or _named_by_its_body(message)
    read = READERS.get(kind)
    if read is None:
        return _read_unsupported(message, kind)
    try:
        return read(message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return Unsupported(type=kind, reason=f"unreadable: {first['loc']}: {first['msg']}")


def _named_by_its_body(message: Wire) -> str:
    return next((kind for kind in READERS if isinstance(message.get(kind), dict)), "")


def read_sender(message: Wire, contacts: list[Wire]) -> Sender | None:
    """Return who wrote the message, or None where nothing names them.

    Args:
        message: One message, with `from` (a phone, at times a business-scoped id) and `from_user_id`.
        contacts: The contacts that came beside it; they know the name, and who it is where the message does not say.
    """
    address = text_of(message, "from")
    phone, user_id = from_phone, from_user_id = split_address(address)
    if "from_user_id" in message:
        user_id = text_of(message, "from_user_id") or user_id
    elif "from_bsuid" in message:  # the same in the On-Premises form
        user_id = text_of(message, "from_bsuid") or user_id
    for contact in contacts:
        wa_id = text_of(contact, "wa_id")
        # The same words mean the same, as nearly always: they are not split again.
        phone_there, scoped = (
            (from_phone, from_user_id) if wa_id == address else split_address(wa_id)
        )
        if "user_id" in contact:
            scoped = text_of(contact, "user_id") or scoped
        same = (phone and phone == phone_there) or (user_id and user_id == scoped)
        if same or (len(contacts) == 1 and not phone and not user_id):
            phone, user_id = phone or phone_there, user_id or scoped
            if not phone and not user_id:
                return None
            return Sender.trusted(
                phone=phone,
                user_id=user_id,
                name=text_in(contact, "profile", "name"),
                is_typed=False,
            )
    if not phone and not user_id:
        return None
    return Sender.trusted(phone=phone, user_id=user_id, name=None, is_typed=False)


def split_address(address: str | None) -> tuple[str | None, str | None]:
    """Return (phone, user id): digits without `+` for a phone; a business-scoped id also stands where phones do."""
    if address is None or len(address) > 256:
        return None, None
    if address.isascii() and address.isdigit():
        return address, None
    if BUSINESS_SCOPED.fullmatch(address):
        return None, address
    digits = address.translate(_PHONE_SIGNS)
    return (digits if digits.isascii() and digits.isdigit() else address), None


def read_context(message: Wire) -> Context | None:
    """Return what the message refers to, None where it refers to nothing."""
    context = part_of(message, "context")
    if not context:
        return None
    own = next((context[key] for key in OWN_IDS if context.get(key)), None)
    reply_to = own if isinstance(own, str) else text_of(context, "id")
    product = part_of(context, "referred_product")
    sku = text_of(product, "product_retailer_id")
    return Context(
        reply_to=None if reply_to is None else ExternalId(reply_to),
        forwarded=context.get("forwarded") is True,
        forwarded_often=context.get("frequently_forwarded") is True,
        product=None
        if sku is None
        else ReferredProduct(catalog_id=text_of(product, "catalog_id") or "", sku=sku),
    )


def read_referral(message: Wire) -> Referral | None:
    """Return the advertisement or post that the message came from; it may stand beside any kind."""
    referral = part_of(message, "referral")
    if not referral:
        return None
    return Referral(
        source_type=text_of(referral, "source_type"),
        source_id=text_of(referral, "source_id"),
        source_url=text_of(referral, "source_url"),
        headline=text_of(referral, "headline"),
        body=text_of(referral, "body"),
        media_type=text_of(referral, "media_type"),
        media_url=text_of(referral, "image_url") or text_of(referral, "video_url"),
        click_id=text_of(referral, "ctwa_clid"),
    )


def read_errors(item: Wire) -> tuple[ProviderError, ...]:
    """Return the errors that a message or a status carries."""
    return tuple(
        ProviderError(
            code=text_of(error, "code") or "",
            title=text_of(error, "title") or text_of(error, "message"),
            details=text_of(part_of(error, "error_data"), "details") or text_of(error, "details"),
            window_closed=closes_window(text_of(error, "code")),
        )
        for error in objects_of(item, "errors")
    )


# --- one reader a type ---------------------------------------------------------------------------


def _read_text(message: Wire) -> Inbound:
    body = text_in(message, "text", "body") or ""
    return Text.trusted(kind="text", body=body, preview_url=False)


def _read_media(kind: MediaKind) -> Callable[[Wire], Inbound]:
    def read(message: Wire) -> Inbound:
        media = part_of(message, kind)
        errors = read_errors(message)
        return Media(
            kind="voice" if kind == "audio" and media.get("voice") is True else kind,
            external_id=text_of(media, "id"),
            url=text_of(media, "url") or text_of(media, "link"),
            mime_type=text_of(media, "mime_type"),
            sha256=text_of(media, "sha256"),
            caption=text_of(media, "caption"),
            filename=text_of(media, "filename"),
            animated=media.get("animated") is True,
            error=(errors[0].details or errors[0].title or errors[0].code) if errors else None,
        )

    return read


def _read_location(message: Wire) -> Inbound:
    location = part_of(message, "location")
    latitude, longitude = float_of(location, "latitude"), float_of(location, "longitude")
    if latitude is None or longitude is None:
        return Unsupported(type="location", reason="unreadable: no latitude and longitude")
    return Location(
        latitude=latitude,
        longitude=longitude,
        name=text_of(location, "name"),
        address=text_of(location, "address"),
        url=text_of(location, "url"),
    )


def _read_contacts(message: Wire) -> Inbound:
    return Contacts(cards=tuple(_read_card(card) for card in objects_of(message, "contacts")))


def _read_card(card: Wire) -> ContactCard:
    name = part_of(card, "name")
    first, last = text_of(name, "first_name"), text_of(name, "last_name")
    return ContactCard(
        name=text_of(name, "formatted_name") or " ".join(filter(None, (first, last))),
        first_name=first,
        last_name=last,
        phones=tuple(
            Phone(
                phone=text_of(phone, "phone") or text_of(phone, "wa_id") or "",
                type=text_of(phone, "type"),
                address=text_of(phone, "wa_id"),
            )
            for phone in objects_of(card, "phones")
        ),
        emails=_texts(card, "emails", "email"),
        urls=_texts(card, "urls", "url"),
        addresses=tuple(
            ", ".join(filter(None, (text_of(place, key) for key in _PLACE)))
            for place in objects_of(card, "addresses")
        ),
        organization=text_of(part_of(card, "org"), "company"),
        birthday=text_of(card, "birthday"),
    )


_PLACE = ("street", "city", "state", "zip", "country")


def _texts(item: Wire, key: str, inner: str) -> tuple[str, ...]:
    found = (text_of(part, inner) for part in objects_of(item, key))
    return tuple(text for text in found if text)


def _read_reaction(message: Wire) -> Inbound:
    reaction = part_of(message, "reaction")
    return Reaction(
        to=ExternalId(text_of(reaction, "message_id") or ""), emoji=text_of(reaction, "emoji")
    )


def _read_button(message: Wire) -> Inbound:
    button = part_of(message, "button")
    return TemplateButton(
        payload=text_of(button, "payload"),
        title=text_of(button, "text") or text_of(button, "payload") or "",
    )


def _read_interactive(message: Wire) -> Inbound:
    interactive = part_of(message, "interactive")
    kind = text_of(interactive, "type") or next(iter(interactive), "")
    reply = part_of(interactive, kind)
    match kind:
        case "button_reply":
            return ButtonReply.trusted(
                kind="button_reply",
                id=text_of(reply, "id"),
                title=text_of(reply, "title") or "",
            )
        case "list_reply":
            return ListReply.trusted(
                kind="list_reply",
                id=text_of(reply, "id"),
                title=text_of(reply, "title") or "",
                description=text_of(reply, "description"),
            )
        case "nfm_reply":
            return FormReply(
                name=text_of(reply, "name"),
                body=text_of(reply, "body"),
                response=_response(reply.get("response_json")),
            )
        case _:
            return Interaction(type=kind, data=tidy(interactive.get(kind)))


def _response(response: object) -> Json:
    return load_text(response) if isinstance(response, str) else tidy(response)


def _read_order(message: Wire) -> Inbound:
    order = part_of(message, "order")
    return Order(
        catalog_id=text_of(order, "catalog_id") or "",
        text=text_of(order, "text"),
        items=tuple(
            OrderItem(
                sku=text_of(item, "product_retailer_id") or "",
                quantity=int_of(item, "quantity") or 0,
                price=text_of(item, "item_price") or "0",
                currency=text_of(item, "currency") or "",
            )
            for item in objects_of(order, "product_items")
        ),
    )


def _read_system(message: Wire) -> Inbound:
    system = part_of(message, "system")
    return System(
        event=text_of(system, "type") or "",
        body=text_of(system, "body"),
        new_phone=split_address(text_of(system, "new_wa_id") or text_of(system, "wa_id"))[0],
        new_user_id=text_of(system, "new_user_id") or text_of(system, "user_id"),
    )


def _read_welcome(message: Wire) -> Inbound:
    return Welcome()


def _read_edit(message: Wire) -> Inbound:
    edit = part_of(message, "edit")
    # Read here, not through read_content: an edit inside an edit inside an edit is not followed.
    new = part_of(edit, "message")
    media = part_of(new, text_of(new, "type") or "")
    return Edited(
        original=ExternalId(text_of(edit, "original_message_id") or ""),
        body=text_of(part_of(new, "text"), "body") or text_of(media, "caption"),
    )


def _read_revoke(message: Wire) -> Inbound:
    revoke = part_of(message, "revoke")
    return Revoked(original=ExternalId(text_of(revoke, "original_message_id") or ""))


def _read_unsupported(message: Wire, kind: str) -> Unsupported:
    errors = objects_of(message, "errors")
    error = errors[0] if errors else {}
    return Unsupported(
        type=text_of(part_of(message, "unsupported"), "type") or kind,
        code=int_of(error, "code"),
        reason=text_of(part_of(error, "error_data"), "details") or text_of(error, "title"),
    )


READERS: dict[str, Callable[[Wire], Inbound]] = {
    "text": _read_text,
    "interactive": _read_interactive,
    "button": _read_button,
    "image": _read_media("image"),
    "video": _read_media("video"),
    "audio": _read_media("audio"),
    "voice": _read_media("voice"),  # a type of its own on the On-Premises API
    "document": _read_media("document"),
    "sticker": _read_media("sticker"),
    "location": _read_location,
    "contacts": _read_contacts,
    "reaction": _read_reaction,
    "order": _read_order,
    "system": _read_system,
    "request_welcome": _read_welcome,
    "edit": _read_edit,
    "revoke": _read_revoke,
}
"""By the message's `type`. Source: Cloud API, messages webhook reference, read 2026-08."""
