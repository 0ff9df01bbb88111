"""`Phone`: a telephone number, kept as E.164; reads with phonenumbers.

A number without its country's code is the contact's own country's. Where the country is not known either, it is asked
back among the countries that speak the language and have such numbers.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated

import phonenumbers
from phonenumbers import (
    Leniency,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
)

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.given import corrected, is_asked_about, is_gone, is_refused
from engine.flow.answers.kind import Kind
from engine.flow.answers.phones import CARRIER, CLAUSE, COUNTRIES, LINK, OTHER, PLUS, TELEPHONE
from engine.flow.answers.plain import plain
from engine.flow.answers.reader import Expected, Here, Hint, Reader

PHONE = Kind("phone number in E.164", re.compile(r"\+[1-9]\d{6,14}").fullmatch)

Phone = Annotated[str, PHONE]

LONGEST = 1000
"""A longer message is read up to here."""
MOST_SPANS = 3
"""A message with more long numbers is a list, not an answer."""
MOST_CHOICES = 5
FEWEST_DIGITS, MOST_DIGITS = 7, 17
FEWEST_WITH_CODE = 11
"""Digits of a number that has its country's code but no plus."""
LANDLINE_BEHIND = 6
"""How many places a landline stands behind a mobile phone in the same country."""

_SPAN = re.compile(r"(?<![\w+])(?:[+(] ?){0,3}\d(?:[ ).\-/]{0,4}(?:\(\d{1,5}\)[ .\-/]{0,3})?\d)*")
_ZERO = re.compile(r"(?<=\d)[oO]+(?![^\W\d_])|(?<![^\W\d_])[oO]+(?=\d)")
_CODE = re.compile(r"[( ]*(?:\+[+( ]*(?:00)?|0[ .-]?0(?=[ .-]?\d))")
_MEXICO = re.compile(r"^0(?:1|44|45)")
"""What was dialled before a number until 2019, and is written still."""
_DATE = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d|[./-]\d)"
)
_HOUR = re.compile(r"(?:\d|(?<=:)\d\d|\d\d?(?::\d\d|\s?[hH]\w*|/\d\d?))(?![\d/])")
"""What is no correction of a number: "0176 ... 30, better after 18:30"."""
_MONEY_BEFORE = re.compile(r"[$€£₹¥]\s?$")
_MONEY_AFTER = re.compile(
    r"\s?[$€£₹¥%]|,\d|:\d|\s?(?:euros?|eur|usd|dollars?|rs|rupees?|reais|pesos|ريال|درهم|جنيه)\b",
    re.I,
)
_KINDS = {
    PhoneNumberType.MOBILE: 0,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: 0,
    PhoneNumberType.FIXED_LINE: LANDLINE_BEHIND,
}


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of telephone numbers, else None."""
    return Reader(Expected("phone"), _read) if PHONE in hint.metadata else None


def _read(content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    text = _ZERO.sub(lambda found: "0" * len(found.group()), plain(content.body[:LONGEST]))
    text = CARRIER.sub("0", PLUS.sub("+", LINK.sub(" +", text)))
    if is_asked_about(text, here.language):
        return None
    places = [span.span() for span in _SPAN.finditer(text) if not _is_hour(text, span)]
    text = corrected(text, places, here.language)
    meant = {
        tuple(one) for span in _spans(text, here.language) if (one := list(_numbers(span, here)))
    }
    if len(meant) != 1:
        return None
    (numbers,) = meant
    if len(numbers) == 1:
        return Answer(numbers[0], _shown(numbers[0]))
    return Unsure(
        tuple(Answer(one, f"{_flag(one)} {_shown(one)}") for one in numbers[:MOST_CHOICES])
    )


def _is_hour(text: str, span: re.Match[str]) -> bool:
    hour = _HOUR.match(text, span.start())
    return hour is not None and hour.end() >= span.end()


def _spans(text: str, language: str) -> list[str]:
    """Return what may be a telephone number: long enough, and nothing says that it is something else."""
    found = []
    for span in _SPAN.finditer(text):
        digits = sum(map(str.isdecimal, span.group()))
        if FEWEST_DIGITS <= digits <= MOST_DIGITS and _may_be(text, span, language):
            found.append(span.group())
    return found if len(found) <= MOST_SPANS else []


def _may_be(text: str, span: re.Match[str], language: str) -> bool:
    before, after = text[: span.start()], text[span.end() :]
    digits = "".join(filter(str.isdecimal, span.group()))
    if len(set(digits)) == 1 or digits in "1234567890":
        return False
    if after[:1].isalpha() or _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after):
        return False
    if _DATE.match(span.group()) or is_refused(before, language) or is_gone(after, language):
        return False
    near = CLAUSE.split(before)[-1][-40:]
    other = list(OTHER.finditer(near))
    return not other or TELEPHONE.search(near, other[-1].end()) is not None


def _numbers(span: str, here: Here) -> Iterator[str]:
    """Yield what the span may be, as E.164, the likeliest first."""
    digits = "".join(filter(str.isdecimal, span))
    if with_code := _CODE.match(span):
        if full := _with_code(f"+{span[with_code.end() :]}"):
            yield full
            return
        if "+" in span:
            return
    if here.country is not None:
        national = _valid(span, here.country)
        if national is None and here.country == "MX":
            national = _valid(_MEXICO.sub("", digits), "MX")
        national = national or _after_zeros(digits, here.country)
        if national:
            yield _e164(national)
        elif len(digits) >= FEWEST_WITH_CODE and (full := _with_code(f"+{digits}")):
            yield full
        return
    yield from _somewhere(span, digits, here.language)


def _after_zeros(digits: str, country: str) -> PhoneNumber | None:
    """Return the number whose country's code came after a single zero: "091 98204 41736"."""
    code = str(phonenumbers.country_code_for_region(country))
    bare = digits.lstrip("0")
    if bare == digits or not bare.startswith(code) or len(bare) < FEWEST_WITH_CODE:
        return None
    return _valid(f"+{bare}", None)


def _somewhere(span: str, digits: str, language: str) -> list[str]:
    """Return what the span is in the countries that speak the language."""
    tiers = COUNTRIES.get(language, COUNTRIES["en"])
    full = _with_code(f"+{digits}") if len(digits) >= FEWEST_WITH_CODE else None
    for tier in tiers:
        found = [
            (place + _KINDS[kind], place, _e164(number))
            for place, country in enumerate(tier)
            if _fits(digits, country)
            for number in _matches(span, country)
            if (kind := phonenumbers.number_type(number)) in _KINDS
        ]
        if full and (country := _country(full)) in tier:
            found.append((0, tier.index(country), full))
        if found:
            found.sort()
            if (
                found[0][0] == 0
            ):  # a mobile phone where most speakers are: landlines elsewhere are far from it
                found = [one for one in found if one[0] < one[1] + LANDLINE_BEHIND]
            return list(dict.fromkeys(number for _, _, number in found))
    return []


def _fits(digits: str, country: str) -> bool:
    """Tell whether the country has numbers of that length: soon said, and it rules most countries out."""
    lengths, prefix = _lengths(country)
    return len(digits) in lengths or (
        prefix != "" and digits.startswith(prefix) and len(digits) - len(prefix) in lengths
    )


@cache
def _lengths(country: str) -> tuple[frozenset[int], str]:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    assert metadata is not None
    assert metadata.general_desc is not None
    return frozenset(metadata.general_desc.possible_length), metadata.national_prefix or ""


def _matches(span: str, country: str) -> list[PhoneNumber]:
    """Return the span as a number of the country; strictly, as nothing tells that it is one."""
    if (
        _valid(span, country) is None
    ):  # most are none, and a matcher takes ten times as long to say so
        return []
    matcher = PhoneNumberMatcher(span, country, leniency=Leniency.VALID, max_tries=1)
    return [found.number for found in matcher if found.raw_string == span]


def _with_code(span: str) -> str | None:
    """Return the number that begins with its country's code."""
    number = _valid(span, None)
    if number is None and (moved := re.match(r"\+\D*52\D*1(?=(?:\D*\d){10}$)", span)):
        # Mexico's mobile phones had a 1 after the code until 2019, and have it in WhatsApp still.
        number = _valid(f"+52{span[moved.end() :]}", None)
    return None if number is None else _e164(number)


def _valid(span: str, country: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(span, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _shown(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def _country(number: str) -> str:
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def _flag(number: str) -> str:
    country = _country(number)
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country if letter.isalpha())
