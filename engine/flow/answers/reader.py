"""What an answer type is: a hint taken from a field's annotation, and the reader that is made for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, NamedTuple, Union, get_args, get_origin

from annotated_types import GroupedMetadata
from pydantic.fields import FieldInfo

from engine.core.content import Inbound
from engine.core.language import Language
from engine.core.script import Answer, Unsure
from engine.flow.steps import Option


@dataclass(frozen=True, slots=True)
class Hint:
    """One member of a field's type, with the constraints that `Annotated` gave it."""

    type: object
    metadata: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """Where a contact speaks from: what "3,5", "tomorrow" and a number without its country code mean."""

    now: datetime
    """The moment it was said, aware, in the contact's own time zone."""
    language: str = "en"
    """ISO 639-1: `en`, `es`, `pt`, `fr`, `hi`, `ar` or `de`; any other reads as English does."""
    country: str | None = None
    """ISO 3166-1 alpha-2, such as `MX`; None where nothing tells."""


class Expected(NamedTuple):
    """What a type waits for, by the name that every language has words for (`Language.expected`)."""

    name: str
    given: Mapping[str, str] = MappingProxyType({})
    """What stands in the words' placeholders, such as `least`."""

    def words(self, language: Language) -> str:
        """Return it in the contact's words: "a number from 1 to 20"."""
        return language.expected[self.name].format(**self.given)


@dataclass(frozen=True, slots=True)
class Reader:
    """How one type reads what a contact sends."""

    expected: Expected
    read: Callable[[Inbound, Here], Answer | Unsure | None]
    """Return the answer; `Unsure` where it may mean several; None where the content is none."""
    options: tuple[Option, ...] = ()
    """The options that the type itself brings."""
    takes_location: bool = False
    takes_text: bool = False
    """Whether any text at all is an answer."""
    offers_topics: bool = False
    """Whether the entries of the FAQ are its options: they are known only when the question is asked."""


def hints(annotation: object) -> tuple[Hint, ...]:
    """Return the members of a type in the author's order; None is no member, it only says that a skip is stored."""
    return tuple(_hints(annotation, ()))


def _hints(annotation: object, metadata: tuple[object, ...]) -> list[Hint]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *given = get_args(annotation)
        return _hints(inner, (*metadata, *_flat(given)))
    if origin in (Union, UnionType):
        return [hint for member in get_args(annotation) for hint in _hints(member, metadata)]
    return [] if annotation in (None, NoneType) else [Hint(annotation, metadata)]


def _flat(metadata: list[object]) -> list[object]:
    """Return constraints one by one; `Interval` and pydantic's `Field` hold several."""
    flat: list[object] = []
    for item in metadata:
        if isinstance(item, GroupedMetadata):
            flat += item
        elif isinstance(item, FieldInfo):
            flat += item.metadata
        else:
            flat.append(item)
    return flat
