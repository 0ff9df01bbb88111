"""How a question looks on a line: buttons, a list, its pages, or numbered text; and how texts share a bubble.

The first form that fits is taken; lengths count UTF-16 units and nothing is ever cut.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Button,
    Buttons,
    List,
    LocationRequest,
    Outbound,
    Row,
    Section,
    Text,
)
from engine.core.conversation import Offer
from engine.core.options import build_option_id, more_key
from engine.core.script import Question
from engine.core.texts import engine_text

PARAGRAPH = "\n\n"
"""What stands between two texts that share a bubble."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to the contact, with the offer that was stored for it."""

    flow: str
    question: Question
    offer: Offer


def utf16_length(text: str) -> int:
    """Return the length as WhatsApp's clients count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str, limit: int) -> bool:
    """Tell whether the text is within the limit; most are so short that nothing need be counted."""
    return len(text) * 2 <= limit or utf16_length(text) <= limit


def compose(
    said: Sequence[Outbound], asked: Asked | None, capabilities: Capabilities
) -> tuple[list[Outbound], int]:
    """Return a turn's messages in order, and how many of them, at the end, are the question alone.

    Texts that follow each other share a bubble as far as the line allows, the last of them with the question, as
    long as that does not cost the question its buttons or its list. A bubble that also says something is not counted
    as the question: it must not be dropped when a later question replaces this one.
    """
    messages = _merge([_plain(content, capabilities) for content in said], capabilities)
    if asked is None:
        return _in_pieces(messages, capabilities), 0
    text = _without_markup(asked.question.text, capabilities)
    alone = shape(asked, text, capabilities)
    last = messages[-1] if messages else None
    if isinstance(last, Text) and len(alone) == 1:
        together = shape(asked, last.body + PARAGRAPH + text, capabilities)
        if [form.kind for form in together] == [alone[0].kind]:
            return [*_in_pieces(messages[:-1], capabilities), *together], 0
    return [*_in_pieces(messages, capabilities), *alone], len(alone)


def shape(asked: Asked, text: str, capabilities: Capabilities) -> list[Outbound]:
    """Return the question with `text` above its options, as the first form that fits; several only for long texts."""
    question = asked.question
    if not question.options:
        can_request = question.wants_location and "location_request" in capabilities.kinds
        if can_request and fits(text, capabilities.body_length):
            return [LocationRequest(body=text)]
        return list(_split(text, capabilities.text_length))
    widget = _buttons(asked, text, capabilities) or _list(asked, text, capabilities)
    return [widget] if widget else list(_numbered(asked, text, capabilities))


def has_pages(asked: Asked, capabilities: Capabilities) -> bool:
    """Tell whether the question is shown as a list of several pages."""
    many = len(asked.offer.options) > capabilities.rows
    return many and _list(asked, asked.question.text, capabilities) is not None


def spelled_out(question: Question) -> Question:
    """Return the question to be asked as numbered text, so that every option can be read and typed."""
    return replace(question, numbered=True)


# --- the forms -------------------------------------------------------------------------------------


def _buttons(asked: Asked, text: str, capabilities: Capabilities) -> Buttons | None:
    question, options = asked.question, asked.offer.options
    suits = (
        _can_be_tapped(asked, text, capabilities)
        and "buttons" in capabilities.kinds
        and len(options) <= capabilities.buttons
        and all(shown.description is None for shown in question.options)
        and all(fits(option.title, capabilities.button_title_length) for option in options)
    )
    if not suits:
        return None
    return Buttons(
        body=text,
        buttons=tuple(Button(id=_id(asked, option.key), title=option.title) for option in options),
    )


def _list(asked: Asked, text: str, capabilities: Capabilities) -> List | None:
    label = asked.question.label or engine_text("choose")
    shown = asked.question.options
    suits = (
        _can_be_tapped(asked, text, capabilities)
        and "list" in capabilities.kinds
        and fits(label, capabilities.list_label_length)
        and all(
            fits(option.offered.title, capabilities.row_title_length)
            and fits(option.description or "", capabilities.row_description_length)
            for option in shown
        )
    )
    if not suits:
        return None
    first, end = asked.offer.first, page_end(asked.offer, capabilities)
    rows = [
        Row(id=_id(asked, offered.key), title=offered.title, description=option.description)
        for offered, option in zip(asked.offer.options[first:end], shown[first:end], strict=True)
    ]
    if end < len(shown):
        rows.append(Row(id=_id(asked, more_key(end)), title=engine_text("more")))
    return List(body=text, label=label, sections=(Section(rows=tuple(rows)),))


def page_end(offer: Offer, capabilities: Capabilities) -> int:
    """Return the index behind the last option on the offer's page: all pages but the last give a row to "More…"."""
    remaining = len(offer.options) - offer.first
    return offer.first + (remaining if remaining <= capabilities.rows else capabilities.rows - 1)


def _can_be_tapped(asked: Asked, text: str, capabilities: Capabilities) -> bool:
    """Tell whether titles can stand on their own: none empty, none equal, and the text short enough to stand above."""
    titles = [option.title for option in asked.offer.options]
    return (
        not asked.question.numbered
        and all(titles)
        and len(set(titles)) == len(titles)
        and fits(text, capabilities.body_length)
    )


def _numbered(asked: Asked, text: str, capabilities: Capabilities) -> list[Text]:
    lines = [
        f"{number}. {shown.offered.title}"
        + (f" - {shown.description}" if shown.description else "")
        for number, shown in enumerate(asked.question.options, start=1)
    ]
    whole = PARAGRAPH.join((text, "\n".join(lines), engine_text("reply_with_number")))
    return _split(whole, capabilities.text_length)


def _id(asked: Asked, key: str) -> str:
    return build_option_id(asked.offer.turn, asked.flow, asked.offer.step, key)


# --- texts -----------------------------------------------------------------------------------------


def _merge(contents: Sequence[Outbound], capabilities: Capabilities) -> list[Outbound]:
    """Return the contents with neighbouring texts in one bubble, where the line's longest text allows."""
    merged: list[Outbound] = []
    for content in contents:
        last = merged[-1] if merged else None
        if isinstance(content, Text) and isinstance(last, Text):
            both = last.body + PARAGRAPH + content.body
            if fits(both, capabilities.text_length):
                preview = last.preview_url or content.preview_url
                merged[-1] = Text(body=both, preview_url=preview)
                continue
        merged.append(content)
    return merged


def _in_pieces(contents: Sequence[Outbound], capabilities: Capabilities) -> list[Outbound]:
    """Return the contents with a text too long for the line as several."""
    pieces: list[Outbound] = []
    for content in contents:
        if isinstance(content, Text) and not fits(content.body, capabilities.text_length):
            pieces.extend(_split(content.body, capabilities.text_length))
        else:
            pieces.append(content)
    return pieces


def _split(text: str, limit: int) -> list[Text]:
    """Return the text as messages within the limit, parted at a line's end or a space where there is one."""
    pieces: list[Text] = []
    rest = text
    while not fits(rest, limit):
        head = _head(rest, limit)
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head) or 1
        pieces.append(Text(body=rest[:cut]))
        rest = rest[cut:].lstrip()
    return [*pieces, Text(body=rest)] if rest else pieces


def _head(text: str, limit: int) -> str:
    """Return the longest beginning of the text within the limit that ends in a whole character."""
    units = text.encode("utf-16-le", "surrogatepass")[: limit * 2]
    return units.decode("utf-16-le", "ignore")


def _plain(content: Outbound, capabilities: Capabilities) -> Outbound:
    if capabilities.markup or not isinstance(content, Text):
        return content
    return content.model_copy(update={"body": _without_markup(content.body, capabilities)})


_MARKUP = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")


def _without_markup(text: str, capabilities: Capabilities) -> str:
    """Return the text without `*bold* _italic_ ~strike~` where the line shows the signs instead."""
    while not capabilities.markup and (plain := _MARKUP.sub(r"\2", text)) != text:
        text = plain
    return text
