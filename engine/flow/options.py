"""Options on their way from the author's list to the offer: translated, values as JSON, keys for ids, equal titles."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from engine.core.conversation import OfferedOption
from engine.core.question import Options, ShownOption
from engine.core.value import Json
from engine.flow.answers.money import Money
from engine.flow.catalogue import Translate
from engine.flow.shows import describe_fixed
from engine.flow.steps import Option

KEY_BYTES = 64
"""The longest value that serves as its own key in an option id; a longer one is numbered."""

SKIP = "-skip"
"""The key of the option that leaves a question unanswered."""

SKIPS = ("skip", "none", "nothing")
"""What people type to leave a question unanswered."""


def as_options(listed: object, name: str = "options") -> tuple[Option, ...]:
    """Return what an author listed as options; a plain value is its own title.

    Raises:
        TypeError: It is no list of anything.
    """
    if isinstance(listed, str) or not isinstance(listed, Iterable):
        raise TypeError(f"{name} must be a list of Option or plain values, not {listed!r}")
    return tuple(item if isinstance(item, Option) else Option(item) for item in listed)


def translate_options(options: Iterable[Option], translate: Translate) -> tuple[Option, ...]:
    """Return options with the words of a language; their values stay."""
    return tuple(
        replace(
            option,
            title=translate(option.title),
            description=describe_fixed(option.description, translate),
            says=tuple(map(translate, option.says)),
        )
        for option in options
    )


def offer_options(options: Iterable[Option], skip: str | None) -> Options:
    """Return options as a question carries them: every key unique, `skip` last."""
    listed = list(options)
    if skip is not None:
        listed.append(Option(None, skip, says=SKIPS))
    says = _says(listed)
    shown: list[ShownOption] = []
    keys = {SKIP}
    for number, option in enumerate(listed, start=1):
        value: Json = to_jsonable_python(option.value)
        key = SKIP if skip is not None and number == len(listed) else _key(value, number, keys)
        keys.add(key)
        offered = OfferedOption(key=key, title=option.title, value=value, says=says[number - 1])
        description = None if option.description is None else str(option.description)
        shown.append(ShownOption(offered, description))
    return Options(shown)


def _says(options: list[Option]) -> list[tuple[str, ...]]:
    """Return the other words of each option: the author's, and the title up to its comma ("Yes" of "Yes, order").

    A word that would mean two options means neither.
    """
    if not any("," in option.title or option.says for option in options):
        return [()] * len(options)
    said = []
    for option in options:
        short, comma, _ = option.title.partition(",")
        said.append((*option.says, short.strip()) if comma else option.says)
    meanings = Counter(word.casefold() for words in said for word in dict.fromkeys(words))
    titles = {option.title.casefold() for option in options}
    return [
        tuple(
            word
            for word in words
            if meanings[word.casefold()] == 1 and word.casefold() not in titles
        )
        for words in said
    ]


def store_option(option: Option) -> Json:
    """Return an option as JSON."""
    return {
        "value": to_jsonable_python(option.value),
        "title": option.title,
        "description": to_jsonable_python(option.description),
        "says": list(option.says),
    }


def load_option(stored: Json) -> Option:
    """Return an option from its JSON."""
    assert isinstance(stored, dict)
    says = stored["says"]
    description = stored["description"]
    return Option(
        stored["value"],
        str(stored["title"]),
        tuple(map(_part, description)) if isinstance(description, list) else _part(description),
        tuple(map(str, says)) if isinstance(says, list) else (),
    )


def _part(stored: Json) -> object:
    """Return a part of a description from its JSON; what is money comes back as money."""
    if not isinstance(stored, dict):
        return stored
    try:
        return Money.model_validate(stored)
    except ValidationError:
        return str(stored)


def _key(value: Json, number: int, taken: set[str]) -> str:
    """Return what stands for the value in the option id: the value itself where it is short, and new."""
    key = str(value) if isinstance(value, str | int) else ""
    usable = key and key not in taken and not key.startswith("!")  # "!" begins the core's own keys
    return key if usable and len(key.encode()) <= KEY_BYTES else f"#{number}"
