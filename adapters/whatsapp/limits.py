"""What WhatsApp would refuse of a message, found before it is sent. Lengths count UTF-16 units."""

from collections.abc import Iterator

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Buttons,
    CallToAction,
    Contacts,
    List,
    LocationRequest,
    Media,
    Outbound,
    Template,
    Text,
)

OPTION_ID_LENGTHS = {"buttons": 256, "list": 200}
"""Source: Cloud API, interactive messages, read 2026-08."""

SECTIONS = 10
SECTION_TITLE_LENGTH = 24
CTA_TITLE_LENGTH = 20
CAPTIONED = frozenset({"image", "video", "document"})


def problem_of(content: Outbound, can: Capabilities) -> str | None:
    """Return why the provider would refuse the message, None if nothing speaks against it."""
    return next(_problems(content, can), None)


def units(text: str) -> int:
    """Return a text's length in UTF-16 units, as WhatsApp counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _problems(content: Outbound, can: Capabilities) -> Iterator[str]:
    match content:
        case Text(body=body):
            yield from _length("text", body, can.text_length)
        case Media():
            yield from _media_problems(content, can)
        case Buttons(buttons=buttons):
            yield from _frame_problems(content, can)
            yield from _count("buttons", len(buttons), can.buttons)
            yield from _option_problems(
                [(button.id, button.title) for button in buttons],
                id_length=OPTION_ID_LENGTHS["buttons"],
                title_length=can.button_title_length,
            )
            yield from _repeated("titles", [button.title for button in buttons])
        case List():
            yield from _frame_problems(content, can)
            yield from _list_problems(content, can)
        case CallToAction(title=title, url=url):
            yield from _frame_problems(content, can)
            yield from _length("title", title, CTA_TITLE_LENGTH)
            if not url.startswith(("https://", "http://")):
                yield f"the url {url!r} does not begin with https://"
        case LocationRequest(body=body):
            yield from _length("body", body, can.body_length)
        case Contacts(cards=cards):
            if not cards:
                yield "no contact card"
            if any(not card.name.strip() for card in cards):
                yield "a contact card without a name"
        case Template(name=name, language=language):
            if not name or not language:
                yield "a template needs a name and a language"
        case _:
            return  # a location, a reaction and a read mark have nothing that could be too long


def _media_problems(media: Media, can: Capabilities) -> Iterator[str]:
    sources = [source for source in (media.url, media.external_id, media.stored) if source]
    if len(sources) != 1:
        yield f"a {media.kind} needs one of url, external_id and stored, and has {len(sources)}"
    if media.caption is not None:
        if media.kind not in CAPTIONED:
            yield f"a {media.kind} carries no caption"
        yield from _length("caption", media.caption, can.caption_length)


def _frame_problems(content: Buttons | List | CallToAction, can: Capabilities) -> Iterator[str]:
    yield from _length("body", content.body, can.body_length)
    if content.header is not None:
        yield from _length("header", content.header, can.header_length)
    if content.footer is not None:
        yield from _length("footer", content.footer, can.footer_length)


def _list_problems(content: List, can: Capabilities) -> Iterator[str]:
    rows = [row for section in content.sections for row in section.rows]
    yield from _length("label", content.label, can.list_label_length)
    yield from _count("sections", len(content.sections), SECTIONS)
    yield from _count("rows", len(rows), can.rows)
    for section in content.sections:
        if section.title is not None:
            yield from _length("section title", section.title, SECTION_TITLE_LENGTH)
        elif len(content.sections) > 1:
            yield "a section without a title beside others"
        if not section.rows:
            yield "a section without rows"
    yield from _option_problems(
        [(row.id, row.title) for row in rows],
        id_length=OPTION_ID_LENGTHS["list"],
        title_length=can.row_title_length,
    )
    for row in rows:
        if row.description is not None:
            yield from _length("description", row.description, can.row_description_length)


def _option_problems(
    options: list[tuple[str, str]], *, id_length: int, title_length: int
) -> Iterator[str]:
    for id_, title in options:
        yield from _length("option id", id_, id_length)
        yield from _length("title", title, title_length)
    yield from _repeated("option ids", [id_ for id_, _ in options])


def _repeated(what: str, texts: list[str]) -> Iterator[str]:
    if len(set(texts)) < len(texts):
        yield f"two equal {what}"


def _length(what: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"the {what} is empty"
    elif units(text) > most:
        yield f"the {what} is {units(text)} long; WhatsApp takes {most}"


def _count(what: str, count: int, most: int) -> Iterator[str]:
    if not 1 <= count <= most:
        yield f"{count} {what}; WhatsApp takes 1 to {most}"
