"""Which measure a word means. Babel (CLDR) knows the names of units; the lexicon adds what people call them."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from babel.units import format_unit

from engine.flow.answers.heard.lexicon import LANGUAGES, read, spelt
from engine.flow.answers.heard.spoken import Phrases, take_apart
from engine.flow.answers.when.countries import locale_of

PIECE = "piece"

CLDR = {
    "mg": "mass-milligram",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "t": "mass-tonne",
    "lb": "mass-pound",
    "oz": "mass-ounce",
    "st": "mass-stone",
    "ml": "volume-milliliter",
    "cl": "volume-centiliter",
    "dl": "volume-deciliter",
    "l": "volume-liter",
    "gal": "volume-gallon",
    "qt": "volume-quart",
    "pt": "volume-pint",
    "fl oz": "volume-fluid-ounce",
    "cup": "volume-cup",
    "tbsp": "volume-tablespoon",
    "tsp": "volume-teaspoon",
    "mm": "length-millimeter",
    "cm": "length-centimeter",
    "m": "length-meter",
    "km": "length-kilometer",
    "in": "length-inch",
    "ft": "length-foot",
    "yd": "length-yard",
    "mi": "length-mile",
    "cm2": "area-square-centimeter",
    "m2": "area-square-meter",
    "km2": "area-square-kilometer",
    "ft2": "area-square-foot",
    "ac": "area-acre",
    "ha": "area-hectare",
    "m3": "volume-cubic-meter",
    "s": "duration-second",
    "min": "duration-minute",
    "h": "duration-hour",
    "day": "duration-day",
    "week": "duration-week",
    "month": "duration-month",
    "year": "duration-year",
}
"""The symbols quantities are stored with -> CLDR's names."""

IN_SMALLER = {
    "kg": {"g": 1000},
    "l": {"ml": 1000, "cl": 100, "dl": 10},
    "m": {"cm": 100, "mm": 1000},
    "km": {"m": 1000},
    "cm": {"mm": 10},
    "lb": {"oz": 16},
    "t": {"kg": 1000},
    "g": {"mg": 1000},
}
"""How many of a smaller measure make one, where people name both: "1 kg 500 g"."""

_COUNTS = (1, 2, 3, 11, 100)
"""Numbers that together show every plural of the seven languages."""

_LENGTHS: tuple[Literal["long", "short"], ...] = (
    "long",
    "short",
)  # narrow forms are other words' letters: "c", "m", "#"


class Unit(NamedTuple):
    """A measure, and how much of it the word stands for: a German pound is half a kilo."""

    symbol: str
    times: Decimal = Decimal(1)


@cache
def units(language: str) -> Phrases[Unit]:
    """Return a language's words for measures; then the English ones, then the symbols."""
    code = language if language in LANGUAGES else "en"
    return Phrases((*_said(code), *_named(code), *_said("en"), *_named("en"), *_symbols()))


@cache
def shares(language: str) -> Phrases[Unit]:
    """Return a language's words for so much of a measure: "cuarto y mitad" is 375 g."""
    code = language if language in LANGUAGES else "en"
    return Phrases(
        (words, Unit(name.split()[1], Decimal(name.split()[0])))
        for name, said in read(code)["units"].get("shares", {}).items()
        for words in spelt(said, code)
    )


def _said(language: str) -> Iterator[tuple[tuple[str, ...], Unit]]:
    for name, said in read(language)["units"]["words"].items():
        amount, _, symbol = name.rpartition(" ")
        for words in spelt(said, language):
            yield words, Unit(symbol, Decimal(amount or 1))


def _named(language: str) -> Iterator[tuple[tuple[str, ...], Unit]]:
    locale = locale_of(language, None)
    for symbol, name in CLDR.items():
        for length in _LENGTHS:
            for count in _COUNTS:
                tokens = take_apart(format_unit(count, name, length, locale=locale), language)
                words = tuple(token.text for token in tokens if token.kind != "number")
                # A dual says its number itself.
                if len(words) < len(tokens):
                    yield words, Unit(symbol)


def _symbols() -> Iterator[tuple[tuple[str, ...], Unit]]:
    for symbol in CLDR:
        yield tuple(token.text for token in take_apart(symbol, "en")), Unit(symbol)
