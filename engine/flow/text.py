"""Texts with placeholders: `{field}`, `{field.value}`, `{contact.name|there}`; nothing else is looked up or called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from engine.core.conversation import Contact
from engine.core.value import Json

CONTACT_PARTS = ("name", "phone", "locale")
"""What a text may say of the contact."""

_PLACEHOLDER = re.compile(
    r"\{(?P<name>[^\W\d]\w*)(?:\.(?P<part>[^\W\d]\w*))?(?:\|(?P<otherwise>[^{}]*))?\}"
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One `{name.part|otherwise}` of a text."""

    name: str
    """A field, or `contact`."""
    part: str | None = None
    """`value` of a field; `name`, `phone` or `locale` of the contact."""
    otherwise: str = ""
    """What stands there where nothing is known."""
    written: str = ""
    """As the author wrote it; left standing where the name means nothing."""


@dataclass(frozen=True)
class Template:
    """A text taken apart, once, when its flow is compiled."""

    parts: tuple[str | Placeholder, ...]

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Return what is to be filled in, in order."""
        return tuple(part for part in self.parts if isinstance(part, Placeholder))

    @cached_property
    def lines(self) -> tuple["Template", ...]:
        """The lines of a text that has several and something to be filled in; of any other itself alone."""
        if not self.placeholders or not any("\n" in str(part) for part in self.parts):
            return (self,)
        lines: list[list[str | Placeholder]] = [[]]
        for part in self.parts:
            first, *others = part.split("\n") if isinstance(part, str) else [part]
            lines[-1].append(first)
            lines += [[other] for other in others]
        return tuple(Template(tuple(line)) for line in lines)

    @cached_property
    def fixed(self) -> str | None:
        """The text, where nothing is to be filled in."""
        return None if self.placeholders else "".join(map(str, self.parts))


class Known(NamedTuple):
    """What placeholders may say: the answers as stored, as shown, and the contact."""

    answers: Mapping[str, Json]
    shown: Mapping[str, str]
    contact: Contact | None
    fields: frozenset[str]
    """Every field of the flow, answered or not."""
    show: Callable[[str, Json], str] = lambda name, value: show(value)
    """Says a field's stored value in words, where the contact saw nothing else for it."""
    title: Callable[[str, Json, str], str] = lambda name, value, shown: shown
    """Says what the contact saw, perhaps in another language."""


def parse_text(text: str) -> Template:
    """Return the text taken apart; braces around anything that is no placeholder stay as they are."""
    parts: list[str | Placeholder] = []
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.start() > end:
            parts.append(text[end : found.start()])
        parts.append(
            Placeholder(found["name"], found["part"], found["otherwise"] or "", found.group())
        )
        end = found.end()
    if end < len(text):
        parts.append(text[end:])
    return Template(tuple(parts))


def fill(template: Template, known: Known) -> str:
    """Return the text with its placeholders filled in; WhatsApp's markup is left alone.

    Of a text of several lines, one that has placeholders and nothing to fill them with is left out.
    """
    if len(template.lines) == 1:
        return "".join(
            [part if isinstance(part, str) else _words(part, known) for part in template.parts]
        )
    lines: list[str] = []
    for line in template.lines:
        words = {part: _words(part, known) for part in line.placeholders}
        if not words or any(words.values()):
            lines.append(
                "".join(part if isinstance(part, str) else words[part] for part in line.parts)
            )
    return "\n".join(lines)


def show(value: Json) -> str:
    """Return a stored answer in words, where nothing else was shown for it."""
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case list():
            return ", ".join(show(item) for item in value)
        case dict():
            return _show_object(value)
        case _:
            return str(value)


def show_place(place: Mapping[str, Json]) -> str:
    """Return a place in words: its name, else its address, else its coordinates."""
    named = place.get("name") or place.get("address")
    return str(named) if named else f"{place.get('latitude')}, {place.get('longitude')}"


def _show_object(value: Mapping[str, Json]) -> str:
    if value.get("kind") == "location":
        return show_place(value)
    return str(value.get("caption") or value.get("filename") or value.get("kind") or value)


def _words(placeholder: Placeholder, known: Known) -> str:
    name = placeholder.name
    if name == "contact" and name not in known.fields:
        if placeholder.part not in CONTACT_PARTS:
            return placeholder.written
        return _contact(known.contact, placeholder.part) or placeholder.otherwise
    if name not in known.fields or placeholder.part not in (None, "value"):
        return placeholder.written
    value = known.answers.get(name)
    if placeholder.part is None and name in known.shown:
        return known.title(name, value, known.shown[name])
    words = show(value) if placeholder.part == "value" else known.show(name, value)
    return words or placeholder.otherwise


def _contact(contact: Contact | None, part: str) -> str | None:
    if contact is None:
        return None
    if part == "phone":
        return f"+{contact.phone}" if contact.phone else None
    return contact.name if part == "name" else contact.locale
