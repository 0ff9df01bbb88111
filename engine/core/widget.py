"""How a question looks on a line: buttons, a list, its pages, or numbered text; and how texts share a bubble.

The first form that fits is taken; lengths count UTF-16 units and nothing is ever cut.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from engine.core.capabilities import Capabilities
from engine.core.content import (
    DEEDS,
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
from engine.core.language import Language
from engine.core.lengths import fits
from engine.core.options import build_option_id, more_key
from engine.core.parts import parts_of
from engine.core.question import Question

PARAGRAPH = "\n\n"
"""What stands between two texts that share a bubble."""

Form = Literal["buttons", "list", "location_request", "text"]
"""How a question is shown; as text its options are numbered."""


class Asked(NamedTuple):
    """A question on its way to the contact, with the offer that was stored for it."""

    flow: str
    question: Question
    offer: Offer
    language: Language
    """The engine's own words around it."""


def compose(
    said: Sequence[Outbound], asked: Asked | None, capabilities: Capabilities
) -> tuple[list[Outbound], int]:
    """Return a turn's messages in order, and how many of them, at the end, are the question alone.

    Deeds come first, and what the line cannot carry as one message comes in parts.

    Texts that follow each other share a bubble as far as the line allows, the last of them with the question, as
    long as that does not cost the question its buttons or its list. A bubble that also says something is not counted
    as the question: it must not be dropped when a later question replaces this one.
    """
    if said and (
        deeds := [each for each in said if each.kind in DEEDS]
    ):  # they stand between no two texts: the contact does not see them
        talk = [each for each in said if each.kind not in DEEDS]
        messages, questions = compose(talk, asked, capabilities)
        return [*deeds, *messages], questions
    messages = _merge(said, capabilities) if said else []
    if asked is None:
        return _in_pieces(messages, capabilities), 0
    question = asked.question
    text = question.text if capabilities.markup else _without_markup(question.text)
    form = _form(question, text, capabilities)
    if messages and isinstance(last := messages[-1], Text):
        both = last.body + PARAGRAPH + text
        if _form(question, both, capabilities) == form:
            together = _in_form(form, asked, both, capabilities)
            if form != "text" or _is_one(together, _in_form(form, asked, text, capabilities)):
                return [*_in_pieces(messages[:-1], capabilities), *together], 0
    alone = _in_form(form, asked, text, capabilities)
    before = _in_pieces(messages, capabilities) if messages else []
    return [*before, *alone], len(alone)


def shape(asked: Asked, text: str, capabilities: Capabilities) -> list[Outbound]:
    """Return the question with `text` above its options, as the first form that fits; several only for long texts."""
    return _in_form(_form(asked.question, text, capabilities), asked, text, capabilities)


def has_pages(asked: Asked, capabilities: Capabilities) -> bool:
    """Tell whether the question is shown as a list of several pages."""
    many = len(asked.offer.options) > capabilities.rows
    return many and _form(asked.question, asked.question.text, capabilities) == "list"


def spelled_out(question: Question) -> Question:
    """Return the question to be asked as numbered text, so that every option can be read and typed."""
    return question._replace(numbered=True)


# --- the forms -------------------------------------------------------------------------------------


def _form(question: Question, text: str, capabilities: Capabilities) -> Form:
    """Return the first form that the question fits with `text` above its options."""
    options, kinds = question.options, capabilities.kinds
    if not fits(text, capabilities.body_length):
        return "text"
    if not options:
        can_request = question.wants_location and "location_request" in kinds
        return "location_request" if can_request else "text"
    if question.numbered or not options.distinct:
        return "text"
    if (
        "buttons" in kinds
        and len(options) <= capabilities.buttons
        and not options.described
        and options.longest_title <= capabilities.button_title_length
    ):
        return "buttons"
    if (
        "list" in kinds
        and fits(question.label or "", capabilities.list_label_length)
        and options.longest_title <= capabilities.row_title_length
        and options.longest_description <= capabilities.row_description_length
    ):
        return "list"
    return "text"


def _is_one(together: list[Outbound], alone: list[Outbound]) -> bool:
    """Tell whether a question in words is one message, and still one with what was said before it."""
    return len(together) == len(alone) == 1


def _in_form(form: Form, asked: Asked, text: str, capabilities: Capabilities) -> list[Outbound]:
    if form == "buttons":
        return [_buttons(asked, text)]
    if form == "list":
        return [_list(asked, text, capabilities)]
    if form == "location_request":
        return [LocationRequest(body=text)]
    return list(_split(_written(asked.question, text, asked.language), capabilities.text_length))


def _buttons(asked: Asked, text: str) -> Buttons:
    begin = _id(asked, "")
    buttons = [
        Button.trusted(id=begin + offered.key, title=offered.title)
        for offered in asked.offer.options
    ]
    return Buttons.trusted(
        kind="buttons", body=text, buttons=tuple(buttons), header=None, footer=None
    )


def _list(asked: Asked, text: str, capabilities: Capabilities) -> List:
    offer, shown = asked.offer, asked.question.options
    first, end = offer.first, page_end(offer, capabilities)
    begin = _id(asked, "")
    rows = [
        Row.trusted(id=begin + offered.key, title=offered.title, description=option.description)
        for offered, option in zip(offer.options[first:end], shown[first:end], strict=True)
    ]
    if end < len(shown):
        rows.append(Row(id=begin + more_key(end), title=asked.language.texts["more"]))
    return List.trusted(
        kind="list",
        body=text,
        label=asked.question.label or asked.language.texts["choose"],
        sections=(Section.trusted(title=None, rows=tuple(rows)),),
        header=None,
        footer=None,
    )


def page_end(offer: Offer, capabilities: Capabilities) -> int:
    """Return the index behind the last option on the offer's page: all pages but the last give a row to "More…"."""
    remaining = len(offer.options) - offer.first
    return offer.first + (remaining if remaining <= capabilities.rows else capabilities.rows - 1)


def _written(question: Question, text: str, language: Language) -> str:
    """Return the question in words alone, its options numbered below the text."""
    if not question.options:
        return text
    lines = [
        f"{number}. {shown.offered.title}"
        + (f" - {shown.description}" if shown.description else "")
        for number, shown in enumerate(question.options, start=1)
    ]
    return PARAGRAPH.join((text, "\n".join(lines), language.texts["reply_with_number"]))


def _id(asked: Asked, key: str) -> str:
    return build_option_id(asked.offer.turn, asked.flow, asked.offer.step, key)


# --- texts -----------------------------------------------------------------------------------------


def _merge(contents: Sequence[Outbound], capabilities: Capabilities) -> list[Outbound]:
    """Return the contents with neighbouring texts in one bubble, where the line's longest text allows."""
    merged: list[Outbound] = []
    for each in (part for content in contents for part in parts_of(content, capabilities)):
        content = _plain(each, capabilities)
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
    """Return the content as the line shows it."""
    if capabilities.markup or not isinstance(content, Text):
        return content
    return content.model_copy(update={"body": _without_markup(content.body)})


_MARKUP = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")


def _without_markup(text: str) -> str:
    """Return the text without `*bold* _italic_ ~strike~`, for lines that show the signs instead."""
    while (plain := _MARKUP.sub(r"\2", text)) != text:
        text = plain
    return text
