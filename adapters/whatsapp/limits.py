"""What WhatsApp would refuse of a message, found before it is sent. Lengths count UTF-16 units."""

from collections.abc import Collection, Sequence

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    ContactCard,
    Contacts,
    List,
    LocationRequest,
    Media,
    OpenUrl,
    Outbound,
    Product,
    Products,
    Row,
    Section,
    Template,
    Text,
)

OPTION_ID_LENGTHS = {"buttons": 256, "list": 200}
"""Source: Cloud API, interactive messages, read 2026-08."""

SECTIONS = 10
SECTION_TITLE_LENGTH = 24
CTA_TITLE_LENGTH = 20
PRODUCTS = 30
HEADER_KINDS = frozenset({"image", "video", "document"})
CAPTIONED = frozenset({"image", "video", "document"})


def problem_of(
    content: Outbound, can: Capabilities, *, captioned: Collection[str] = CAPTIONED
) -> str | None:
    """Return why the provider would refuse the message, None if nothing speaks against it.

    Args:
        content: The message.
        can: The line's limits.
        captioned: The kinds of files that carry a caption.
    """
    match content:
        case Text(body=body):
            return _length("text", body, can.text_length)
        case Buttons():
            return _frame_problem(content, can) or _buttons_problem(content.buttons, can)
        case List():
            return _frame_problem(content, can) or _list_problem(content, can)
        case Media():
            return _media_problem(content, can, captioned)
        case CallToAction(title=title, url=url):
            return (
                _frame_problem(content, can)
                or _length("title", title, CTA_TITLE_LENGTH)
                or _url_problem(url)
            )
        case LocationRequest(body=body):
            return _length("body", body, can.body_length)
        case Product(body=body, footer=footer):
            return _optional("body", body, can.body_length) or _optional(
                "footer", footer, can.footer_length
            )
        case Products():
            return _products_problem(content, can)
        case Carousel(body=body, cards=cards):
            return (
                _length("body", body or "", can.body_length)
                or _count("cards", len(cards), can.cards, least=2)
                or _cards_fit(cards, can)
            )
        case Contacts(cards=cards):
            return _cards_problem(cards)
        case Template(name=name, language=language):
            return None if name and language else "a template needs a name and a language"
        case _:
            # A location, a reaction and a read mark have nothing that could be too long.
            return None


def units(text: str) -> int:
    """Return a text's length in UTF-16 units, as WhatsApp counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _frame_problem(content: Buttons | List | CallToAction, can: Capabilities) -> str | None:
    problem = _length("body", content.body, can.body_length)
    if problem is None and isinstance(content.header, Media):
        problem = _header_problem(content.header, can)
    elif problem is None and isinstance(content.header, str):
        problem = _length("header", content.header, can.header_length)
    if problem is None and content.footer is not None:
        problem = _length("footer", content.footer, can.footer_length)
    return problem


def _buttons_problem(buttons: Sequence[Button], can: Capabilities) -> str | None:
    return (
        _count("buttons", len(buttons), can.buttons)
        or _options_problem(buttons, OPTION_ID_LENGTHS["buttons"], can.button_title_length)
        or _repeated("titles", {button.title for button in buttons}, len(buttons))
    )


def _list_problem(content: List, can: Capabilities) -> str | None:
    rows = [row for section in content.sections for row in section.rows]
    return (
        _length("label", content.label, can.list_label_length)
        or _count("sections", len(content.sections), SECTIONS)
        or _count("rows", len(rows), can.rows)
        or _sections_problem(content.sections)
        or _options_problem(rows, OPTION_ID_LENGTHS["list"], can.row_title_length)
        or _descriptions_problem(rows, can.row_description_length)
    )


def _sections_problem(sections: Sequence[Section]) -> str | None:
    for section in sections:
        if section.title is not None:
            problem = _length("section title", section.title, SECTION_TITLE_LENGTH)
            if problem is not None:
                return problem
        elif len(sections) > 1:
            return "a section without a title beside others"
        if not section.rows:
            return "a section without rows"
    return None


def _options_problem(
    options: Sequence[Button] | Sequence[Row], id_length: int, title_length: int
) -> str | None:
    ids = [option.id for option in options]
    titles = [option.title for option in options]
    if not _all_short(ids, id_length) or not _all_short(titles, title_length):
        for id, title in zip(ids, titles, strict=True):
            problem = _length("option id", id, id_length) or _length("title", title, title_length)
            if problem is not None:
                return problem
    return _repeated("option ids", set(ids), len(ids))


def _all_short(texts: Sequence[str], most: int) -> bool:
    """Tell whether no text can break its limit, in whatever it is counted: nearly always, and one call tells it."""
    return max(map(len, texts)) * 2 <= most and all(texts) and not any(map(str.isspace, texts))


def _descriptions_problem(rows: Sequence[Row], most: int) -> str | None:
    for row in rows:
        if row.description is not None:
            problem = _length("description", row.description, most)
            if problem is not None:
                return problem
    return None


def _media_problem(
    media: Media, can: Capabilities, captioned: Collection[str] = CAPTIONED
) -> str | None:
    sources = [source for source in (media.url, media.external_id, media.stored) if source]
    if len(sources) != 1:
        return f"a {media.kind} needs one of url, external_id and stored, and has {len(sources)}"
    if media.caption is None:
        return None
    if media.kind not in captioned:
        return f"a {media.kind} carries no caption"
    return _length("caption", media.caption, can.caption_length)


def _header_problem(media: Media, can: Capabilities) -> str | None:
    if not can.media_header:
        return "no file may stand above buttons on this line"
    if media.kind not in HEADER_KINDS:
        return f"a {media.kind} cannot stand above buttons"
    bare = media.model_copy(update={"caption": None})
    return _media_problem(bare, can)


def _cards_fit(cards: Sequence[Card], can: Capabilities) -> str | None:
    for card in cards:
        text = "\n".join(part for part in (card.title, card.body) if part)
        problem = _length("card text", text, can.card_length) if text else None
        if problem is not None:
            return problem
        if card.media is None:
            return "a card without a picture or film"
        urls = sum(isinstance(action, OpenUrl) for action in card.actions)
        replies = sum(isinstance(action, Button) for action in card.actions)
        if (
            urls + replies != len(card.actions)
            or (urls > 1 or (urls and replies))
            or not card.actions
        ):
            return "a card takes one button that opens a page, or reply buttons alone"
    return None


def _products_problem(content: Products, can: Capabilities) -> str | None:
    titles = [section.title for section in content.sections]
    long = (_length("section title", title, SECTION_TITLE_LENGTH) for title in titles)
    return (
        _length("header", content.header or "", can.header_length)
        or _length("body", content.body, can.body_length)
        or _optional("footer", content.footer, can.footer_length)
        or _count("sections", len(titles), SECTIONS)
        or _count("products", sum(len(section.skus) for section in content.sections), PRODUCTS)
        or next(filter(None, long), None)
    )


def _url_problem(url: str) -> str | None:
    if url.startswith(("https://", "http://")):
        return None
    return f"the url {url!r} does not begin with https://"


def _cards_problem(cards: Sequence[ContactCard]) -> str | None:
    if not cards:
        return "no contact card"
    if any(not card.name.strip() for card in cards):
        return "a contact card without a name"
    return None


def _repeated(what: str, different: set[str], count: int) -> str | None:
    return f"two equal {what}" if len(different) < count else None


def _length(what: str, text: str, most: int) -> str | None:
    if not text or text.isspace():
        return f"the {what} is empty"
    # No character takes more than two units: nearly every text is short enough without counting them.
    if len(text) * 2 > most and units(text) > most:
        return f"the {what} is {units(text)} long; WhatsApp takes {most}"
    return None


def _optional(what: str, text: str | None, most: int) -> str | None:
    return None if text is None else _length(what, text, most)


def _count(what: str, count: int, most: int, *, least: int = 1) -> str | None:
    fits = least <= count <= most
    return None if fits else f"{count} {what}; WhatsApp takes {least} to {most}"
