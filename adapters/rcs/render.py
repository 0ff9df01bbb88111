"""A message on its way out -> the body of the RCS call that sends it. Pure.

Source: Interakt Public APIs, RCS, read 2026-08.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias, assert_never

from adapters.degrade import as_text
from adapters.interakt.render import render_address, render_fallback, render_template
from adapters.rcs.capabilities import CARD_SUGGESTIONS
from adapters.rcs.payloads import Type
from adapters.wire import known
from engine.core.content import (
    Action,
    Actions,
    AddEvent,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Dial,
    Media,
    OpenUrl,
    Outbound,
    ShowLocation,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.errors import ContentRejected

Body: TypeAlias = dict[str, object]

_TYPES: dict[type[Action], Type] = {
    Button: "QR",
    OpenUrl: "BUTTON_URL",
    Dial: "DIALER_ACTION",
    ShowLocation: "Location",
    AddEvent: "Calender",
}
"""The message type of a text above suggestions of one kind."""


def render_message(content: Outbound, *, contact: Contact) -> Body:
    """Return the body that sends a message; it has no room for our own id.

    Args:
        content: What it carries; every file with an address.
        contact: Who gets it.

    Raises:
        AddressRejected: The contact has no phone here: RCS knows no ids.
        ContentRejected: RCS has no such message.
    """
    return {**render_address(contact.phone, None), **render_content(content)}


def render_content(content: Outbound) -> Body:
    """Return the type and what belongs to it.

    Raises:
        ContentRejected: RCS has no such message; `degrade` keeps it from coming here.
    """
    match content:
        case Text(body=body):
            return _words(body, (), "Text")
        case Buttons(header=Media() as header, buttons=buttons):
            return _below(header, content, buttons)
        case Buttons(buttons=buttons):
            return _words(_framed(content), buttons, "QR")
        case CallToAction(header=Media() as header):
            return _below(header, content, (_open_url(content),))
        case CallToAction():
            return _words(_framed(content), (_open_url(content),), "BUTTON_URL")
        case Actions(body=body, actions=actions):
            return _render_actions(body, actions, content)
        case Carousel(sms=sms):
            return {**_render_carousel(content), **render_fallback(sms)}
        case Template(campaign=campaign, sms=sms):
            # Without its category: that guards against WhatsApp's prices.
            template = known(template=render_template(content), campaignId=campaign)
            return {"type": "Template", **template, **render_fallback(sms)}
        case Media(kind="image", caption=None):
            return {"contentInfo": _file(content), "type": "Image"}
        case Media():
            # RCS sends nothing but pictures by themselves: a document, and words below a picture, make a card.
            return _standalone(
                Card(title=content.filename, body=content.caption, media=content), "vertical"
            )
        case _:
            raise ContentRejected(f"RCS has no message of the kind {content.kind}")


def _render_actions(body: str, actions: Sequence[Action], content: Actions) -> Body:
    """Return suggestions of one kind below a text, mixed ones on a card: a text's type names one kind alone."""
    kinds = {type(action) for action in actions}
    if len(kinds) == 1:
        return _words(body, actions, _TYPES[kinds.pop()])
    if len(actions) <= CARD_SUGGESTIONS:
        return _standalone(Card(body=body, actions=tuple(actions)), "vertical")
    return _words(as_text(content), (), "Text")


def _render_carousel(carousel: Carousel) -> Body:
    """Return cards; a text above them has no place of its own and begins the first card's."""
    first, *rest = carousel.cards
    if carousel.body:
        first = first.model_copy(update={"body": _joined(carousel.body, first.body)})
    if not rest:
        return _standalone(first, carousel.orientation, below=carousel.actions)
    cards: Body = {
        "cardWidth": f"{carousel.width.upper()}_WIDTH",
        "contents": [_card(card) for card in (first, *rest)],
    }
    return _rich("CAROUSEL", {"carousel": cards}, carousel.actions)


def _below(header: Media, content: Buttons | CallToAction, actions: Sequence[Action]) -> Body:
    """Return a question below a file as a card; buttons beyond a card's room stand below the card."""
    inside, outside = actions[:CARD_SUGGESTIONS], actions[CARD_SUGGESTIONS:]
    text = _joined(content.body, content.footer)
    card = Card(body=text, media=header, actions=tuple(inside))
    return _standalone(card, "vertical", below=outside)


def _standalone(card: Card, orientation: str, *, below: Sequence[Action] = ()) -> Body:
    alone = {"cardOrientation": orientation.upper(), "content": _card(card)}
    return _rich("STANDALONE_CAROUSEL", {"standalone": alone}, below)


def _rich(type_: Type, cards: Body, below: Sequence[Action]) -> Body:
    message: Body = {"richCardDetails": cards}
    if below:
        message["suggestions"] = [_suggestion(action) for action in below]
    return {"message": message, "type": type_}


def _words(text: str, actions: Sequence[Action], type_: Type) -> Body:
    message: Body = {"plainText": text}
    if actions:
        message["suggestions"] = [_suggestion(action) for action in actions]
    return {"message": message, "type": type_}


def _card(card: Card) -> Body:
    return known(
        cardTitle=card.title,
        cardDescription=card.body,
        cardMedia=None
        if card.media is None
        else {"contentInfo": _file(card.media), "mediaHeight": card.media_height.upper()},
        suggestions=[_suggestion(action) for action in card.actions] or None,
    )


def _file(media: Media) -> Body:
    return known(fileUrl=media.url, thumbnailUrl=media.thumbnail_url)


def _suggestion(action: Action) -> Body:
    said: Body = {"plainText": action.title, "postBack": {"data": action.id}}
    match action:
        case Button():
            return {"reply": said}
        case OpenUrl(url=url):
            said["openUrl"] = {"url": url}
        case Dial(phone=phone):
            said["dialerAction"] = {"phoneNumber": phone}
        case ShowLocation():
            # Written so in the documents.
            place = {"latitude": action.latitude, "longitude": action.longitude}
            said["showLocation"] = known(coordinAtes=place, label=action.label)
        case AddEvent():
            said["createCalendarEvent"] = known(
                startTime=_zulu(action.starts_at),
                endTime=_zulu(action.ends_at),
                title=action.event,
                description=action.description,
            )
        case _:
            assert_never(action)
    return {"action": said}


def _open_url(content: CallToAction) -> OpenUrl:
    return OpenUrl(id=content.id or content.title, title=content.title, url=content.url)


def _framed(content: Buttons | CallToAction) -> str:
    """Return the words of a question in one text: RCS has no place for a header and a footer."""
    assert not isinstance(content.header, Media)
    return _joined(content.header, content.body, content.footer)


def _joined(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part)


def _zulu(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
