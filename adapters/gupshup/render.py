"""A message on its way out -> the form of the call that sends it. Pure.

Source: Gupshup, reference of `/wa/api/v1/msg` and `/wa/api/v1/template/msg`, read 2026-08.
"""

import unicodedata
from typing import NamedTuple

from adapters.degrade import as_text
from adapters.gupshup.payloads import CHANNEL, MEDIA
from adapters.whatsapp.payloads import UNNAMED
from adapters.wire import known, write_json
from engine.core.content import (
    Buttons,
    ContactCard,
    Contacts,
    List,
    Location,
    Media,
    Outbound,
    Reaction,
    Section,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import MessageId
from engine.ports import Outgoing

Body = dict[str, object]
Form = dict[str, str]

_WORDS = {ours: theirs for theirs, ours in MEDIA.items()}


class Origin(NamedTuple):
    """Who sends."""

    source: str
    app: str


def render_session(content: Outbound, outgoing: Outgoing, *, origin: Origin) -> Form:
    """Return the form that sends a message within the window.

    Args:
        content: What it carries, already within the limits, files with links.
        outgoing: Who gets it, what it answers, and our id, which comes back with every tap.
        origin: Who sends.

    Raises:
        AddressRejected: The contact has no phone.
        ContentRejected: Gupshup has no such message.
    """
    said = render_content(content, outgoing.id)
    if outgoing.reply_to is not None and not outgoing.reply_to.startswith(UNNAMED):
        said["context"] = {"msgId": outgoing.reply_to}
    text = write_json(said).decode()
    preview = isinstance(content, Text) and content.preview_url
    return {
        **_frame(origin, outgoing.contact),
        "message": text,
        "disablePreview": "false" if preview else "true",
        # The reference asks for it where a list shows emoji, and for nothing else.
        "encode": "true" if isinstance(content, List) and _shows_emoji(text) else "false",
    }


def render_template(template: Template, outgoing: Outgoing, *, id: str, origin: Origin) -> Form:
    """Return the form that sends a template by Gupshup's id of it, which fixes its language too.

    Raises:
        AddressRejected: The contact has no phone.
        ContentRejected: It cannot be written.
    """
    form = {
        **_frame(origin, outgoing.contact),
        "template": write_json({"id": id, "params": list(parameters_of(template))}).decode(),
    }
    if (header := _template_header(template)) is not None:
        form["message"] = write_json(header).decode()
    taps: list[Body] = [
        {"index": button.index, "text": button.value}
        for button in template.buttons
        if button.use == "quick_reply"
    ]
    return form | ({"postbackTexts": write_json(taps).decode()} if taps else {})


def parameters_of(template: Template) -> tuple[str, ...]:
    """Return a template's variables in the order in which the message shows them: bubble first, then its cards."""
    header = (template.header,) if isinstance(template.header, str) else ()
    cards = [
        value
        for card in template.cards
        for value in (*card.body, *(b.value for b in card.buttons if b.use != "quick_reply"))
    ]
    ends = [button.value for button in template.buttons if button.use != "quick_reply"]
    return (*header, *template.body, *ends, *cards)


def render_content(content: Outbound, message: MessageId) -> Body:
    """Return what stands under `message`. Raises ContentRejected for what Gupshup has no message for."""
    match content:
        case Text(body=body):
            return {"type": "text", "text": body}
        case Media():
            return _file(content)
        case Location():
            return {"type": "location", **_place(content)}
        case Contacts(cards=(card,)):
            return {"type": "contact", "contact": _card(card)}
        case Contacts():
            # One card a message: several would be several messages, of which one id comes back.
            return {"type": "text", "text": as_text(content)}
        case Reaction(to=to, emoji=emoji):
            return {"type": "reaction", "msgId": to, "emoji": emoji or ""}
        case Buttons():
            return _quick_reply(content, message)
        case List():
            return _list(content, message)
        case _:
            raise ContentRejected(f"Gupshup has no message of the kind {content.kind}")


def _link(media: Media) -> str:
    if media.url is None:
        raise ContentRejected("Gupshup takes files by link: give url or stored, not external_id")
    return media.url


def _frame(origin: Origin, contact: Contact) -> Form:
    if contact.phone is None:
        raise AddressRejected("Gupshup sends to phone numbers, and this contact has none")
    return {
        "channel": CHANNEL,
        "source": origin.source,
        "destination": contact.phone,
        "src.name": origin.app,
    }


def _file(media: Media) -> Body:
    url = _link(media)
    match media.kind:
        case "image":
            said: Body = {"type": "image", "originalUrl": url, "previewUrl": url}
        case "document":
            name = media.filename or url.rpartition("/")[2] or "file"
            said = {"type": "file", "url": url, "filename": name}
        case kind:
            said = {"type": _WORDS["audio" if kind == "voice" else kind], "url": url}
    return said if media.caption is None else {**said, "caption": media.caption}


def _quick_reply(question: Buttons, message: MessageId) -> Body:
    if isinstance(question.header, Media):
        media = question.header
        content = known(
            type=_WORDS[media.kind],
            url=_link(media),
            filename=media.filename if media.kind == "document" else None,
            text=question.body,
            caption=question.footer,
        )
    else:
        content = known(
            type="text", header=question.header, text=question.body, caption=question.footer
        )
    options = [
        {"type": "text", "title": button.title, "postbackText": button.id}
        for button in question.buttons
    ]
    return {"type": "quick_reply", "msgid": str(message), "content": content, "options": options}


def _list(question: List, message: MessageId) -> Body:
    return known(
        type="list",
        # The reference leaves no list without a title; the label stands in.
        title=question.header or question.label,
        body=question.body,
        footer=question.footer,
        msgid=str(message),
        globalButtons=[{"type": "text", "title": question.label}],
        items=[_section(section, question.label) for section in question.sections],
    )


def _section(section: Section, label: str) -> Body:
    options = [
        known(type="text", title=row.title, description=row.description, postbackText=row.id)
        for row in section.rows
    ]
    return {"title": section.title or label, "options": options}


def _card(card: ContactCard) -> Body:
    name = known(
        formattedName=card.name,
        firstName=card.first_name or (None if card.last_name else card.name),
        lastName=card.last_name,
    )
    return known(
        name=name,
        phones=[known(phone=p.phone, type=p.type, wa_id=p.address) for p in card.phones],
        emails=[{"email": email} for email in card.emails] or None,
        urls=[{"url": url} for url in card.urls] or None,
        addresses=[{"street": address} for address in card.addresses] or None,
        org=None if card.organization is None else {"company": card.organization},
        birthday=card.birthday,
    )


def _template_header(template: Template) -> Body | None:
    match template.header:
        case Media(kind=kind) as media:
            filename = media.filename if kind == "document" else None
            return {"type": kind, kind: known(link=_link(media), filename=filename)}
        case Location() as place:
            return {"type": "location", "location": _place(place)}
        case _:
            return None


def _place(place: Location) -> Body:
    return known(
        longitude=place.longitude,
        latitude=place.latitude,
        name=place.name,
        address=place.address,
    )


def _shows_emoji(text: str) -> bool:
    return not text.isascii() and any(unicodedata.category(sign) == "So" for sign in text)
