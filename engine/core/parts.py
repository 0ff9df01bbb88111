"""One message as the several that a line can carry: cards in turn, a file before what it cannot stand above. Pure.

It is parted before it enters the outbox, so that each part is sent, repeated and reported by itself.
"""

from collections.abc import Sequence
from typing import assert_never

from engine.core.capabilities import Capabilities
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
    Text,
)
from engine.core.lengths import fits

HEADS = ("image", "video", "document")
"""Files that may stand above buttons, or carry words below."""

NO_WORDS = "…"
"""What stands above buttons that have no text: no line takes buttons alone."""


def parts_of(content: Outbound, can: Capabilities) -> list[Outbound]:
    """Return the messages that say this content on a line, in order; nearly always itself alone.

    What one message can say in words is left to the adapters.
    """
    match content:
        case Carousel() if not _swipes(content, can):
            return _in_turn(content, can)
        case Actions(body=body, actions=actions) if "actions" not in can.kinds:
            return _above(body, None, actions, can)
        case Buttons(header=Media() as file) | CallToAction(header=Media() as file) if not _heads(
            file, can
        ):
            return [file, content.model_copy(update={"header": None})]
        case _:
            return [content]


def action_in_words(action: OpenUrl | Dial | ShowLocation | AddEvent) -> str:
    """Return what a button leads to as a line of text."""
    match action:
        case OpenUrl(url=url):
            leads_to = url
        case Dial(phone=phone):
            leads_to = phone
        case ShowLocation(label=label):
            place = f"{action.latitude:g}, {action.longitude:g}"
            leads_to = place if label is None else f"{label} {place}"
        case AddEvent(event=event, starts_at=starts_at):
            leads_to = f"{event}, {starts_at:%Y-%m-%d %H:%M} UTC"
        case _:
            assert_never(action)
    return f"{action.title}: {leads_to}"


def reply_in_words(reply: Button) -> str:
    """Return a reply as a line of text, to be typed; numbers are the open question's alone."""
    return f"- {reply.title}"


# --- cards -----------------------------------------------------------------------------------------


def _swipes(carousel: Carousel, can: Capabilities) -> bool:
    """Tell whether the line shows these cards as they are.

    One that shows any action below a text (RCS) takes any card; the others (WhatsApp) only cards that are all alike.
    """
    if "carousel" not in can.kinds:
        return False
    if "actions" in can.kinds:
        return True
    cards = carousel.cards
    if carousel.body is None or carousel.actions or not 2 <= len(cards) <= can.cards:
        return False
    looks = {(card.media and card.media.kind, len(card.actions)) for card in cards}
    return len(looks) == 1 and all(_is_plain(card, can) for card in cards)


def _is_plain(card: Card, can: Capabilities) -> bool:
    links = sum(isinstance(action, OpenUrl) for action in card.actions)
    replies = sum(isinstance(action, Button) for action in card.actions)
    return (
        card.media is not None
        and card.media.kind in ("image", "video")
        and len(card.actions) == links + replies
        and (links, replies > 0) in ((1, False), (0, True))
        and fits(_lines(card.title, card.body), can.card_length)
    )


def _in_turn(carousel: Carousel, can: Capabilities) -> list[Outbound]:
    """Return the text above, then a message a card; buttons below all cards come with the text."""
    cards = [
        part
        for card in carousel.cards
        for part in _above(_lines(card.title, card.body), card.media, card.actions, can)
    ]
    if carousel.body is None:
        return [*cards, *_above("", None, carousel.actions, can)]
    return [*_above(carousel.body, None, carousel.actions, can), *cards]


def _above(
    text: str, file: Media | None, actions: Sequence[Action], can: Capabilities
) -> list[Outbound]:
    """Return words with what stands below them, and a file above them: within one message, else before it."""
    head = file if file is not None and _heads(file, can) else None
    before: list[Outbound] = [file] if file is not None and head is None else []
    match actions:
        case [OpenUrl(id=id_, title=title, url=url)] if _is_link(title, text, can):
            link = CallToAction(body=text or NO_WORDS, title=title, url=url, id=id_, header=head)
            return [*before, link]
        case _:
            pass
    replies = tuple(action for action in actions if isinstance(action, Button))
    told = _lines(text, *(action_in_words(a) for a in actions if not isinstance(a, Button)))
    if replies and _are_buttons(replies, told, can):
        return [*before, Buttons(body=told or NO_WORDS, buttons=replies, header=head)]
    return _captioned(file, _lines(told, *map(reply_in_words, replies)), can)


def _captioned(file: Media | None, text: str, can: Capabilities) -> list[Outbound]:
    words: list[Outbound] = [Text(body=text)] if text else []
    if file is None:
        return words
    can_carry = file.kind in HEADS and file.caption is None and fits(text, can.caption_length)
    return [file.model_copy(update={"caption": text})] if words and can_carry else [file, *words]


# --- what fits -------------------------------------------------------------------------------------


def _heads(file: Media, can: Capabilities) -> bool:
    return can.media_header and "buttons" in can.kinds and file.kind in HEADS


def _is_link(title: str, text: str, can: Capabilities) -> bool:
    return (
        "cta_url" in can.kinds
        and fits(title, can.button_title_length)
        and fits(text, can.body_length)
    )


def _are_buttons(replies: Sequence[Button], text: str, can: Capabilities) -> bool:
    return (
        "buttons" in can.kinds
        and len(replies) <= can.buttons
        and all(fits(reply.title, can.button_title_length) for reply in replies)
        and fits(text, can.body_length)
    )


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
