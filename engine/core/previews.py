"""How a template reads with a message's values in its places, as the contact will see it. Pure."""

from collections.abc import Mapping, Sequence

from engine.core.content import ButtonValue, Location, Media, Template
from engine.core.templates import (
    ButtonKind,
    ButtonShape,
    HeaderShape,
    TemplateShape,
    filled,
    places,
)
from engine.core.value import Value


class FilledButton(Value):
    """A button as the contact sees it."""

    kind: ButtonKind
    title: str
    url: str | None = None
    phone: str | None = None
    value: str | None = None
    """The payload of its tap, or the code that it copies."""


class FilledCard(Value):
    """A card as the contact sees it."""

    header: str | Media | Location | None = None
    body: str = ""
    buttons: tuple[FilledButton, ...] = ()


class FilledTemplate(Value):
    """A template as the contact sees it."""

    header: str | Media | Location | None = None
    body: str = ""
    footer: str | None = None
    buttons: tuple[FilledButton, ...] = ()
    cards: tuple[FilledCard, ...] = ()


def fill(shape: TemplateShape, given: Template) -> FilledTemplate:
    """Return the template with a message's values in its places; a place without one stays as it is."""
    variables = shape.variables
    names = given.names if given.names and set(given.names) <= set(variables) else variables
    cards = [
        FilledCard(
            header=_fill_header(card.header, given_card.header),
            body=filled(card.body, _valued(places(card.body), given_card.body)),
            buttons=_fill_buttons(card.buttons, given_card.buttons),
        )
        for card, given_card in zip(shape.cards, given.cards, strict=False)
    ]
    return FilledTemplate(
        header=_fill_header(shape.header, given.header),
        body=filled(shape.body, _valued(names, given.body)),
        footer=shape.footer,
        buttons=_fill_buttons(shape.buttons, given.buttons),
        cards=tuple(cards),
    )


def preview(shape: TemplateShape, given: Template) -> str:
    """Return a message of a template as text, as the contact will see it."""
    return "\n".join(lines_of(fill(shape, given)))


def lines_of(shown: FilledTemplate) -> list[str]:
    """Return a filled template line by line: what stands above, its text, what stands below, buttons, cards."""
    above, below = frame_of(shown)
    footer = [shown.footer] if shown.footer else []
    return [*above, *shown.body.split("\n"), *footer, *below]


def frame_of(shown: FilledTemplate) -> tuple[list[str], list[str]]:
    """Return the lines around a filled template's text: what stands above it; its buttons and its cards."""
    below = [*map(_button_line, shown.buttons)]
    for number, card in enumerate(shown.cards, 1):
        above = " ".join((f"({number})", *_header_line(card.header)))
        below += [above, *card.body.split("\n"), *map(_button_line, card.buttons)]
    return _header_line(shown.header), below


def _fill_header(
    shape: HeaderShape | None, given: str | Media | Location | None
) -> str | Media | Location | None:
    if shape is None or shape.format != "text":
        return given
    value = given if isinstance(given, str) else None
    return filled(shape.text, dict.fromkeys(places(shape.text), value) if value else {})


def _fill_buttons(
    shapes: Sequence[ButtonShape], given: Sequence[ButtonValue]
) -> tuple[FilledButton, ...]:
    values = {value.index: value.value for value in given}
    return tuple(
        FilledButton(
            kind=shape.kind,
            title=shape.title,
            url=_fill_url(shape.url, values.get(index)),
            phone=shape.phone,
            value=values.get(index),
        )
        for index, shape in enumerate(shapes)
    )


def _fill_url(url: str | None, end: str | None) -> str | None:
    if url is None or end is None:
        return url
    return filled(url, dict.fromkeys(places(url), end))


def _valued(names: Sequence[str], values: Sequence[str]) -> Mapping[str, str]:
    return dict(zip(names, values, strict=False))


def _header_line(header: str | Media | Location | None) -> list[str]:
    if header is None:
        return []
    if isinstance(header, str):
        return [header]
    if isinstance(header, Location):
        return [f"[location] {header.name or f'{header.latitude},{header.longitude}'}"]
    source = header.filename or header.url or header.stored or header.external_id
    return [f"[{header.kind}] {source or ''}".rstrip()]


def _button_line(button: FilledButton) -> str:
    leads = button.url or button.phone
    if leads is None and button.kind == "copy_code":
        leads = button.value
    return f"[{button.title}] -> {leads}" if leads else f"[{button.title}]"
