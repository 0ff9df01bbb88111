"""What `1.234` or `2,50` means where it is written; Babel (CLDR) knows who parts numbers how."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

_DIGITS = 18
"""Longer numbers are beyond 64 bits and no answer to anything."""

_WRITTEN_IN = {"es": ("ES", "MX"), "ar": ("EG", "MA"), "pt": ("BR",), "en": ("US",), "hi": ("IN",)}
"""Countries that write a language's numbers in different ways, where nothing tells which of them is meant."""

_SPACED = re.compile(r"\d{1,3}(?:[ '٬]\d{3})+$|\d+$")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+$|\d{1,3}(?:,\d{3})+$|\d{1,2}(?:,\d{2})+,\d{3}$")
_UNDER = (2, 4, 5, 8, 10)
"""What people write fractions under; a third has no decimals that end."""


class Convention(NamedTuple):
    """How numbers are parted."""

    decimal: str
    group: str


@lru_cache(maxsize=1024)
def conventions(language: str, country: str | None) -> tuple[Convention, ...]:
    """Return the ways in which somebody of this language and country may write, the likeliest first."""
    if country is None:
        found = [_of(f"{language}_{place}") for place in _WRITTEN_IN.get(language, ())] or [
            _of(language)
        ]
    elif language in get_official_languages(country, de_facto=True):
        found = [_of(f"{language}_{country}") or _of(language)]
    else:
        likely = get_global("likely_subtags").get(f"und_{country}", "en")
        found = [_of(language), _of(str(likely))]
    return tuple(dict.fromkeys(one for one in found if one is not None)) or (Convention(".", ","),)


def _of(name: str) -> Convention | None:
    try:
        symbols = Locale.parse(name).number_symbols["latn"]
    except (UnknownLocaleError, ValueError, KeyError):
        return None
    return Convention(symbols.get("decimal", "."), symbols.get("group", ","))


def readings(written: str, ways: tuple[Convention, ...]) -> tuple[Decimal, ...]:
    """Return what digits with separators may mean, the likeliest first; nothing for no number (12:30, 1.2.3)."""
    if written.isdecimal():
        return (Decimal(written),) if len(written) <= _DIGITS else ()
    if sum(map(str.isdigit, written)) > _DIGITS or ":" in written:
        return ()
    if "/" in written:
        return _fraction(written)
    head, mark, tail = written.rpartition("٫")
    if mark:
        return _plain(head or "0", tail)
    if "٬" in written or " " in written:
        at = max(written.rfind("."), written.rfind(","))
        head, tail = (written[:at], written[at + 1 :]) if at > 0 else (written, "")
        return _plain(head, tail) if _SPACED.match(head) and tail.isdecimal() | (not tail) else ()
    if "'" in written:
        return _with_apostrophe(written, ways)
    return _with_points(written, ways)


def _with_points(written: str, ways: tuple[Convention, ...]) -> tuple[Decimal, ...]:
    points, commas = written.count("."), written.count(",")
    if points and commas:
        last = "." if written.rfind(".") > written.rfind(",") else ","
        head, _, tail = written.rpartition(last)
        return _plain(head, tail) if last not in head and _GROUPED.match(head) else ()
    if points + commas > 1:
        return _plain(written, "") if _GROUPED.match(written) else ()
    mark = "." if points else ","
    head, _, tail = written.partition(mark)
    if len(tail) != 3 or not 1 <= len(head) <= 3 or head.startswith("0"):
        return _plain(head or "0", tail)
    whole, part = Decimal(head + tail), Decimal(f"{head}.{tail}")
    found: list[Decimal] = []
    for way in ways:
        if mark == way.group:
            found.append(whole)
        elif mark == way.decimal:
            # Nobody writes a zero at the end of three decimals: it may be another country's thousands.
            found += [part, whole] if tail.endswith("0") else [part]
        else:
            found += [whole, part]
    return tuple(dict.fromkeys(found))


def _with_apostrophe(written: str, ways: tuple[Convention, ...]) -> tuple[Decimal, ...]:
    at = max(written.rfind("."), written.rfind(","))
    head, tail = (written[:at], written[at + 1 :]) if at > 0 else (written, "")
    if _SPACED.match(head) and not (tail and not tail.isdecimal()):
        return _plain(head, tail)
    whole, _, part = written.partition("'")  # 3'5, as Spaniards write by hand
    # Elsewhere 5'10 is a height in feet.
    spanish = all(way.decimal == "," for way in ways[:1]) and whole.isdecimal() and part.isdecimal()
    return _plain(whole, part) if spanish and len(part) <= 2 else ()


def _fraction(written: str) -> tuple[Decimal, ...]:
    top, _, bottom = written.partition("/")
    if not (top.isdecimal() and bottom.isdecimal()) or len(written) > 5:
        return ()
    over, under = int(top), int(bottom)
    if not 0 < over < under or under not in _UNDER:
        return ()
    return (Decimal(over) / Decimal(under),)


def _plain(head: str, tail: str) -> tuple[Decimal, ...]:
    whole = "".join(filter(str.isdigit, head))
    return (Decimal(f"{whole or 0}.{tail}") if tail else Decimal(whole or 0),)
