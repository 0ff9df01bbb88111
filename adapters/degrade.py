"""What a line cannot show, said in what it can: buttons become numbered text, a place its address. Pure."""

import re
from collections.abc import Sequence
from typing import assert_never

from engine.core.capabilities import Capabilities, OutboundKind
from engine.core.content import (
    Action,
    Actions,
    Assignment,
    Button,
    Buttons,
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
    Outbound,
    Product,
    Products,
    Reaction,
    ReadMark,
    Template,
    Text,
)
from engine.core.parts import action_in_words, reply_in_words

CATALOGUED = frozenset({"product", "products"})

NEXT_BEST: dict[OutboundKind, OutboundKind] = {"voice": "audio", "sticker": "image"}
"""The kind that stands in for a media kind before words do."""

_MARKUP = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(.+?)(?<=\S)\1(?![\w*_~])", re.DOTALL)


def degrade(content: Outbound, can: Capabilities) -> Outbound | None:
    """Return the content as the line can show it, None where there is nothing to show.

    Buttons and rows are numbered in the order they stand in, which is how a typed number is read.
    """
    if content.kind in can.kinds and (
        content.kind not in CATALOGUED or not _lacks_catalog(content, can)
    ):
        return content
    match content:
        case Media(kind=kind) if NEXT_BEST.get(kind) in can.kinds:
            return content.model_copy(update={"kind": NEXT_BEST[kind], "caption": None})
        case ReadMark() | Reaction(emoji=None) | Event() | ContactUpdate() | Assignment():
            return None
        case _:
            return Text(body=as_text(content))


def _lacks_catalog(content: Outbound, can: Capabilities) -> bool:
    if can.own_catalog or not isinstance(content, (Product, Products)):
        return False
    return content.catalog_id is None


def as_text(content: Outbound) -> str:
    """Return everything a message says as plain text, options numbered from 1."""
    match content:
        case Text(body=body) | LocationRequest(body=body):
            return body
        case Media(kind=kind):
            what = f"[{kind}]" if content.filename is None else f"[{kind}: {content.filename}]"
            return _lines(content.caption or what, content.url)
        case Location():
            place = f"{content.latitude:g}, {content.longitude:g}"
            return _lines(content.name, content.address, place, content.url)
        case Contacts(cards=cards):
            return "\n\n".join(_card_text(card) for card in cards)
        case Reaction(emoji=emoji):
            return emoji or ""
        case Buttons(buttons=buttons):
            options = [f"{number}. {button.title}" for number, button in enumerate(buttons, 1)]
            return _framed(content, options)
        case List():
            return _framed(content, _rows_text(content))
        case CallToAction(title=title, url=url):
            return _framed(content, [f"{title}: {url}"])
        case Product():
            return _lines(content.body or content.sku, content.url, content.footer)
        case Products():
            skus = [sku for section in content.sections for sku in section.skus]
            offered = [content.url] if content.url else skus
            return _lines(content.header, content.body, *offered, content.footer)
        case Actions(body=body, actions=actions):
            return _lines(body, *_actions_text(actions))
        case Carousel(body=body, cards=cards, actions=actions):
            parts = (body, *map(_card_as_text, cards), _lines(*_actions_text(actions)))
            return "\n\n".join(part for part in parts if part)
        case Template(name=name, body=body):
            return "\n".join(body) or f"[{name}]"
        case ReadMark() | Event() | ContactUpdate() | Assignment():
            return ""
        case _:
            assert_never(content)


def without_markup(text: str) -> str:
    """Return the text without `*bold* _italic_ ~strike~`, for a line that would show the signs."""
    stripped = _MARKUP.sub(r"\2", text)
    return stripped if stripped == text else without_markup(stripped)


def _framed(content: Buttons | List | CallToAction, options: list[str]) -> str:
    header = as_text(content.header) if isinstance(content.header, Media) else content.header
    return _lines(header, content.body, *options, content.footer)


def _rows_text(content: List) -> list[str]:
    lines: list[str] = []
    number = 0
    for section in content.sections:
        if section.title is not None:
            lines.append(section.title)
        for row in section.rows:
            number += 1
            note = "" if row.description is None else f" - {row.description}"
            lines.append(f"{number}. {row.title}{note}")
    return lines


def _card_as_text(card: Card) -> str:
    media = None if card.media is None else as_text(card.media)
    return _lines(media, card.title, card.body, *_actions_text(card.actions))


def _actions_text(actions: Sequence[Action]) -> list[str]:
    """Return a line an action."""
    return [
        reply_in_words(action) if isinstance(action, Button) else action_in_words(action)
        for action in actions
    ]


def _card_text(card: ContactCard) -> str:
    return _lines(card.name, card.organization, *(p.phone for p in card.phones), *card.emails)


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
