"""What RCS would refuse of a message, found before it is sent. Lengths count UTF-16 units."""

from collections.abc import Iterable, Sequence

from adapters.rcs.capabilities import CARD_SUGGESTIONS, CARD_TEXT_LENGTH, CARD_TITLE_LENGTH, CARDS
from adapters.whatsapp.limits import units
from engine.core.capabilities import Capabilities
from engine.core.content import (
    Action,
    Actions,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Media,
    Outbound,
    Template,
    Text,
)


def problem_of(content: Outbound, can: Capabilities) -> str | None:
    """Return why RCS would refuse the message, None if nothing speaks against it."""
    return next(filter(None, _problems(content, can)), None)


def _problems(content: Outbound, can: Capabilities) -> Iterable[str | None]:
    match content:
        case Text(body=body):
            yield _length("text", body, can.text_length)
        case Buttons(body=body, header=header, buttons=buttons):
            yield _length("body", body, can.body_length)
            yield from _suggestions(buttons, can)
            yield _file(header) if isinstance(header, Media) else None
        case CallToAction(body=body, header=header, title=title):
            yield _length("body", body, can.body_length)
            yield _length("title", title, can.button_title_length)
            yield _file(header) if isinstance(header, Media) else None
        case Actions(body=body, actions=actions):
            yield _length("body", body, can.body_length)
            yield from _suggestions(actions, can)
        case Carousel(cards=cards, actions=actions):
            yield _count("cards", len(cards), CARDS)
            for card in cards:
                yield from _card(card, can)
            if actions:
                yield from _suggestions(actions, can)
        case Media():
            yield _file(content)
            yield _length("caption", content.caption or "-", can.caption_length)
        case Template(name=name, language=language):
            yield None if name and language else "a template needs a name and a language"
        case _:
            # Deeds, and what `degrade` turns into one of the others.
            return


def _card(card: Card, can: Capabilities) -> Iterable[str | None]:
    if not (card.title or card.body or card.media):
        yield "a card without a title, a text and a file"
    yield _length("card's title", card.title or "-", CARD_TITLE_LENGTH)
    yield _length("card's text", card.body or "-", CARD_TEXT_LENGTH)
    yield _file(card.media) if card.media else None
    if card.actions:
        yield _count("buttons on a card", len(card.actions), CARD_SUGGESTIONS)
        yield from _suggestions(card.actions, can)


def _suggestions(actions: Sequence[Action], can: Capabilities) -> Iterable[str | None]:
    yield _count("buttons", len(actions), can.buttons)
    for action in actions:
        yield _length("title", action.title, can.button_title_length)
    yield "two equal ids" if len({action.id for action in actions}) < len(actions) else None


def _file(media: Media) -> str | None:
    return None if media.url else "RCS takes files by link alone"


def _length(what: str, text: str, most: int) -> str | None:
    if not text or text.isspace():
        return f"the {what} is empty"
    if units(text) > most:
        return f"the {what} is {units(text)} long; RCS takes {most}"
    return None


def _count(what: str, count: int, most: int) -> str | None:
    return None if 1 <= count <= most else f"{count} {what}; RCS takes 1 to {most}"
