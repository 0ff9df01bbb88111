"""Our own files as links, for providers that fetch what they send and take no upload. Pure."""

from typing import TypeVar

from engine.core.content import (
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Media,
    Outbound,
    Template,
    TemplateCard,
)
from engine.ports import MediaLinks

_Part = TypeVar("_Part")
"""Whatever may be a file."""


def with_links(content: Outbound, links: MediaLinks) -> Outbound:
    """Return the message with an address for each of our own files.

    Raises:
        ContentRejected: This server has no public address.
    """
    match content:
        case Media():
            return _linked(content, links)
        case Buttons(header=Media()) | CallToAction(header=Media()) | Template(header=Media()):
            content = content.model_copy(update={"header": _linked(content.header, links)})
        case Carousel(cards=shown):
            return content.model_copy(update={"cards": tuple(_card(card, links) for card in shown)})
        case _:
            pass
    if isinstance(content, Template) and content.cards:
        cards = tuple(_template_card(card, links) for card in content.cards)
        return content.model_copy(update={"cards": cards})
    return content


def _card(card: Card, links: MediaLinks) -> Card:
    return card.model_copy(update={"media": _linked(card.media, links)})


def _template_card(card: TemplateCard, links: MediaLinks) -> TemplateCard:
    return card.model_copy(update={"header": _linked(card.header, links)})


def _linked(part: _Part, links: MediaLinks) -> _Part:
    if not isinstance(part, Media) or part.stored is None:
        return part
    url = links.url(part.stored, mime_type=part.mime_type, filename=part.filename)
    return part.model_copy(update={"url": url, "stored": None})
