"""What is known of a line's templates: their parts, and whether a message fits one. Pure.

The adapters make a shape of what their provider lists; authors write one into `templates.toml`. Source of the rules:
Business Management API, message templates; Cloud API, template messages, read 2026-08.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from engine.core.content import ButtonValue, Location, Media, Template
from engine.core.errors import ContentRejected
from engine.core.language import code_of
from engine.core.value import Value

TemplateStatus = Literal[
    "approved", "pending", "rejected", "paused", "disabled", "draft", "unknown"
]

SENDABLE: frozenset[TemplateStatus] = frozenset({"approved", "unknown"})
"""What a provider may send; of one whose status nobody told, the provider decides."""

HeaderFormat = Literal["text", "image", "video", "document", "location", "other"]
"""`other` is of a kind that is filled in ways of its own: whatever is given passes."""

ButtonKind = Literal["quick_reply", "url", "phone", "copy_code", "other"]
"""`other` is filled in ways of its own (a form, a catalogue, a one-time code): whatever is given passes."""

CATEGORIES = frozenset({"utility", "marketing", "authentication"})

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class HeaderShape(Value):
    """What stands above a template's text."""

    format: HeaderFormat
    text: str = ""
    """Of a text, with `{{1}}` or `{{name}}` for its variable."""


class ButtonShape(Value):
    """One button below a template's text; its index is its place."""

    kind: ButtonKind
    title: str
    url: str | None = None
    """With `{{1}}` at its end for a variable."""
    phone: str | None = None

    @property
    def needs(self) -> Literal["url", "copy_code"] | None:
        """What each send must give it; None where it needs nothing."""
        if self.kind == "copy_code":
            return "copy_code"
        return "url" if self.kind == "url" and places(self.url or "") else None

    @property
    def takes(self) -> Literal["url", "quick_reply", "copy_code"] | None:
        """What a send may give it; None is nothing at all."""
        return "quick_reply" if self.kind == "quick_reply" else self.needs


class CardShape(Value):
    """One card of a carousel template."""

    header: HeaderShape | None = None
    body: str = ""
    buttons: tuple[ButtonShape, ...] = ()


class TemplateShape(Value):
    """The parts of a template, with a place for each variable."""

    header: HeaderShape | None = None
    body: str = ""
    """With `{{1}}`, `{{2}}`, … or `{{name}}` for its variables."""
    footer: str | None = None
    buttons: tuple[ButtonShape, ...] = ()
    cards: tuple[CardShape, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the body's variables in the order in which they are filled, each once."""
        return places(self.body)


class KnownTemplate(Value):
    """One language of a template, as the provider had it when it was last asked."""

    name: str
    language: str
    status: TemplateStatus
    category: str | None = None
    id: str | None = None
    """The provider's own id."""
    reason: str | None = None
    """Why it was rejected."""
    shape: TemplateShape | None = None
    """None where nothing is known of its parts."""


class TemplateChange(Value):
    """What a provider tells of a template by webhook; what it does not say stays as it was."""

    name: str | None = None
    """None where it does not say which: all are to be asked for."""
    language: str | None = None
    """None is every language."""
    status: TemplateStatus | None = None
    category: str | None = None
    reason: str | None = None

    def of(self, name: str, language: str) -> bool:
        """Tell whether it is about this one."""
        return self.name == name and (
            self.language is None or canonical(self.language) == canonical(language)
        )


def places(text: str) -> tuple[str, ...]:
    """Return the names of a text's variables, each once: numbered ones by their number, others as they stand."""
    found = tuple(dict.fromkeys(_PLACE.findall(text)))
    return tuple(sorted(found, key=int)) if all(map(str.isdecimal, found)) else found


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with a value in each place that has one."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def canonical(language: str) -> str:
    """Return a language code as codes are compared: `en-US` and `en_us` are one."""
    return language.replace("-", "_").lower()


Known = Mapping[str, tuple[KnownTemplate, ...]]
"""Templates by name, every language of one together."""


def by_name(known: Iterable[KnownTemplate]) -> Known:
    """Return templates by name."""
    names: dict[str, tuple[KnownTemplate, ...]] = {}
    for one in known:
        names[one.name] = (*names.get(one.name, ()), one)
    return names


def changed(known: KnownTemplate, change: TemplateChange) -> KnownTemplate:
    """Return a template as a change leaves it."""
    if not change.of(known.name, known.language):
        return known
    told = {"status": change.status, "category": change.category}
    update: dict[str, object] = {key: value for key, value in told.items() if value is not None}
    if change.status is not None:
        update["reason"] = change.reason
    return known.model_copy(update=update)


# --- which language, and whether it may go ---------------------------------------------------------------


def fit(known: Sequence[KnownTemplate], given: Template, *, language: str | None) -> Template:
    """Return the message as it may leave: in a language that there is, its variables in the template's order.

    Args:
        known: The template's languages, at least one.
        given: The message.
        language: The line's own, for a contact whose language the template is not in.

    Raises:
        ContentRejected: It may not go; the text says what to do.
    """
    one = chosen(known, given, language=language)
    if one is None and given.id is not None:
        return given  # sent by an id that the list does not name: the provider decides
    if one is None:
        there = ", ".join(sorted(other.language for other in known))
        raise ContentRejected(
            f"template {given.name!r}: there is none in {given.language!r}, only in {there}; hand one in, or name one"
            " of these"
        )
    what = f"template {one.name!r} ({one.language})"
    if one.status not in SENDABLE:
        because = f" ({one.reason})" if one.reason else ""
        raise ContentRejected(
            f"{what}: it is {one.status}{because}; only approved ones may be sent"
        )
    if given.category is not None and one.category in CATEGORIES - {given.category}:
        raise ContentRejected(
            f"{what}: it is approved as {one.category}, not {given.category}; leave `category` out to accept the price"
        )
    if one.shape is not None:
        given = _in_order(one.shape, given)
        if wrong := mismatches(one.shape, given):
            raise ContentRejected(f"{what}: {'; '.join(wrong)}")
    if given.language == one.language:
        return given
    return given.model_copy(update={"language": one.language})


def chosen(
    known: Sequence[KnownTemplate], given: Template, *, language: str | None
) -> KnownTemplate | None:
    """Return the language that goes out; None if there is none.

    The one asked for, then its language without or with another country, then the same of the line's own. Of these
    the first that may be sent; where none may, the first.
    """
    if given.id is not None:
        # The provider's id pins the language too.
        pinned = next((one for one in known if one.id == given.id), None)
        return pinned or next(iter(_like(known, given.language)), None)
    found = [
        one
        for wanted in (given.language, language)
        if wanted is not None
        for one in _like(known, wanted)
    ]
    return next((one for one in found if one.status in SENDABLE), found[0] if found else None)


def _like(known: Sequence[KnownTemplate], wanted: str) -> list[KnownTemplate]:
    """Return those in a language, the nearest first: the very code, the language alone, another country's."""
    exact, base = canonical(wanted), code_of(wanted)
    ranked = [
        ((code := canonical(one.language)) != exact, code != base, code, one)
        for one in known
        if code_of(one.language) == base
    ]
    return [one for *_, one in sorted(ranked, key=lambda ranked_one: ranked_one[:3])]


# --- whether a message fits ------------------------------------------------------------------------------


def _in_order(shape: TemplateShape, given: Template) -> Template:
    """Return the message with named variables as the template counts them."""
    variables = shape.variables
    is_counted = all(map(str.isdecimal, variables))
    if not given.names:
        # Whoever filled them in order need not know that they have names; the provider asks for these.
        is_named = not is_counted and len(given.body) == len(variables)
        return given.model_copy(update={"names": variables}) if is_named else given
    if variables and is_counted:
        # The template counts its variables: the author's names only said which is which.
        return given.model_copy(update={"names": ()})
    if set(given.names) != set(variables):
        return given
    values = dict(zip(given.names, given.body, strict=False))
    body = tuple(values[name] for name in variables)
    return given.model_copy(update={"names": variables, "body": body})


def mismatches(shape: TemplateShape, given: Template) -> list[str]:
    """Return what is wrong with a message for this template, with what to do; empty if it fits."""
    return [
        *_body_mismatches(shape.variables, given),
        *_header_mismatches(shape.header, given.header, "`header`"),
        *_button_mismatches(shape.buttons, given.buttons, "button"),
        *_card_mismatches(shape, given),
    ]


def _body_mismatches(variables: Sequence[str], given: Template) -> Iterator[str]:
    if given.names and not all(map(str.isdecimal, variables)):
        missing = [name for name in variables if name not in given.names]
        unknown = [name for name in given.names if name not in variables]
        if missing:
            yield f"nothing fills {_written(missing)}"
        if unknown:
            yield f"it has no {', '.join(unknown)}; its variables are {_written(variables) or 'none'}"
    elif len(given.body) != len(variables):
        yield f"{_counted(len(variables))} ({_written(variables) or 'none'}) to fill, {len(given.body)} given"
    for place, value in enumerate(given.body, 1):
        if not value.strip():
            yield f"variable {place} is empty: no provider sends that"


def _header_mismatches(
    shape: HeaderShape | None, given: str | Media | Location | None, what: str
) -> Iterator[str]:
    if shape is None:
        if given is not None:
            yield f"it has nothing above its text: leave {what} out"
    elif shape.format != "text":
        kind = given.kind if isinstance(given, Media | Location) else None
        if shape.format not in ("other", kind):
            yield f"give {what} {'an' if shape.format == 'image' else 'a'} {shape.format}"
    elif not places(shape.text):
        if given is not None:
            yield f"the text above it has no variable: leave {what} out"
    elif not isinstance(given, str):
        yield f"give {what} the value of {_written(places(shape.text))}: a text"


def _button_mismatches(
    shapes: Sequence[ButtonShape], given: Sequence[ButtonValue], what: str
) -> Iterator[str]:
    indexes = [value.index for value in given]
    for value in given:
        if not 0 <= value.index < len(shapes):
            yield f"there is no {what} {value.index}: {_counted(len(shapes), 'button')}, counted from 0"
            continue
        shape = shapes[value.index]
        if shape.kind == "other" or shape.takes == value.use:
            continue
        if shape.takes is None:
            yield f"{what} {value.index} takes no value: leave it out"
        else:
            yield f'{what} {value.index} is filled by use="{shape.takes}", not "{value.use}"'
    for index, shape in enumerate(shapes):
        if shape.needs is not None and index not in indexes:
            yield f'{what} {index} needs a value: ButtonValue(index={index}, value=..., use="{shape.needs}")'
        if indexes.count(index) > 1 and shape.kind != "other":
            yield f"{what} {index} is filled twice"


def _card_mismatches(shape: TemplateShape, given: Template) -> Iterator[str]:
    if len(shape.cards) != len(given.cards):
        yield f"{_counted(len(shape.cards), 'card')} to fill, {len(given.cards)} given"
        return
    for number, (card, filled) in enumerate(zip(shape.cards, given.cards, strict=True)):
        variables = places(card.body)
        if len(variables) != len(filled.body):
            yield f"card {number}: {_counted(len(variables))} to fill, {len(filled.body)} given"
        yield from _header_mismatches(card.header, filled.header, f"card {number}'s `header`")
        yield from _button_mismatches(card.buttons, filled.buttons, f"card {number}'s button")


def _written(names: Iterable[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in names)


def _counted(number: int, noun: str = "variable") -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
