"""A message as tokens: one spelling for each word and digit, and dates and clocks written in digits found as such."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

LONGEST = 400
"""A longer message is a letter, not a day or a time."""

MOST_TOKENS = 60


class NumericDate(NamedTuple):
    """Numbers with a sign between them; which is the day, the country decides."""

    first: int
    second: int
    year: int | None
    sign: str


class Clock(NamedTuple):
    """A time of day; hour 24 is the end of it."""

    hour: int
    minute: int
    open: bool
    """Whether it may as well be twelve hours later."""
    written: Literal["", "figures", "h"] = ""
    """Whether it stands in figures with its minutes, "8:30", or as the clock's hour, "9h"."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign."""

    text: str
    means: dict[str, object]
    """What it means by its form alone; nothing for words."""
    glued: bool = False
    """Whether it follows the one before without a space."""


_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ`´′"), "'")
_SIGNS = {
    ord("،"): ",",
    ord("؟"): "?",
    ord("؛"): ";",
    ord("٫"): ".",
    ord("。"): ".",
    ord("："): ":",
}
# One letter for those that people write alike: alef maksura, Persian yeh and kaf, teh marbuta; Devanagari's n signs.
_LETTERS = {
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ک"): "ك",
    ord("ة"): "ه",
    ord("ـ"): None,
    ord("ँ"): "ं",
    ord("ı"): "i",
}
_TABLE = {**_DASHES, **_QUOTES, **_SIGNS, **_LETTERS}
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u093c\u20e3\ufe0e\ufe0f]")
_NASAL = re.compile("[ङञणनम]्(?=[क-म])")
_ISH = re.compile(r"(?<=\d)\s?-?ish\b")
_WOULD_BE = re.compile("w(?:ä|a\u0308)r(?=e?\\b)", re.IGNORECASE)
"""German "wär" without its dots is "war", which was."""
_MERIDIEM = re.compile(r"(?<![^\W\d_])([ap])(?:\s?\.\s?m(?:\b\.?)|(?<=\d.)m(?![^\W\d_])\.?)")


def fold(text: str, language: str = "") -> str:
    """Return the text in one spelling: case, accents, digits of other scripts, invisible signs."""
    if not text.isascii():
        text = _WOULD_BE.sub("waer", text)
        if language == "de":
            text = unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
        parts = unicodedata.normalize("NFKD", text).casefold().translate(_TABLE)
        text = "".join(map(_plain, _MARKS.sub("", parts)))
        text = _NASAL.sub("ं", unicodedata.normalize("NFC", text))
    text = _ISH.sub(" ish", text.lower().replace("\n", " , "))
    return _MERIDIEM.sub(r" \1meridiem ", text)


def _plain(sign: str) -> str:
    if sign.isascii() or sign.isalpha():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    kind = unicodedata.category(sign)
    if kind == "Cf" or kind == "Cs":
        return ""
    if kind == "Sc":
        return "$"
    return sign if kind[0] in "MP" else " "


_LETTER = r"[^\W\d_\u0300-\u036f]|[\u0900-\u0963\u0970-\u097f]"
_ORDINAL = "st|nd|rd|th|er|ere|ero|era|eme|ro|ra|do|da|to|ta|o|a|te|ten|ter|ste|sten|ster|वीं|वें|वां"
_TOKEN = re.compile(
    rf"""
    (?P<moment>\d{{4}}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?(?![\w:]))
  | (?P<ymd>(?<!\d)(?:19|20)\d\d\s?(?P<s1>[-/.])\s?\d{{1,2}}\s?(?P=s1)\s?\d{{1,2}}(?!\d))
  | (?P<dmy>(?<!\d)\d{{1,2}}\s?(?P<s2>[-/.])\s?\d{{1,2}}\s?(?P=s2)\s?(?:\d{{4}}|'?\d\d)(?![\d:]|\.\d|\s?(?:uhr|h)\b))
  | (?P<dot>(?<!\d)\d{{1,2}}\.\s?\d{{1,2}}\.(?!\d))
  | (?P<clock>(?<!\d)\d{{1,2}}:\d\d(?::\d\d)?(?!\d))
  | (?P<hm>(?<!\d)\d{{1,2}}\s?h\s?\d\d(?!\d)(?:\s?(?:m|mn|min)\b)?)
  | (?P<dm>(?<![\d.])(?<!-)\d{{1,2}}(?P<s3>[-/.]|\s/\s|\s-\s)\d{{1,2}}(?![\d/-]|[.:]\d))
  | (?P<decimal>\d+[.,]\d+|(?<![\w.])\.\d+)
  | (?P<number>\d+)(?P<ordinal>(?:{_ORDINAL})(?!{_LETTER}))?
  | (?P<word>(?:{_LETTER})+)
  | (?P<sign>[^\w\s])
""",
    re.VERBOSE,
)


def tokens(folded: str) -> list[Token]:
    """Return the tokens of a folded text; empty where there are too many."""
    found = list(_tokens(folded))
    return found if len(found) <= MOST_TOKENS else []


def _tokens(folded: str) -> Iterator[Token]:
    end = -1
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup or ""
        if kind == "ordinal":
            kind = "number"
        if kind in ("s1", "s2", "s3"):
            kind = {"s1": "ymd", "s2": "dmy", "s3": "dm"}[kind]
        text, glued = match.group(kind if kind == "number" else 0), match.start() == end
        end = match.end()
        if kind == "word":
            yield Token(text, {}, glued)
        elif kind == "number":
            means = number_means(text, ordinal=match["ordinal"] is not None)
            if match["ordinal"] == "a":
                means["feminine"] = means["number"]  # "5ª" is Thursday in Portuguese
            yield Token(text, means, glued)
        elif kind == "sign":
            yield Token(text, {"sign": text}, glued)
        else:
            yield Token(text, dict(_FORMS[kind](text)), glued)


def number_means(text: str, *, ordinal: bool = False) -> dict[str, object]:
    """Return what a whole number may be: a day, an hour, minutes, a year."""
    if len(text) > 8:
        return {"number": -1}
    return value_means(int(text), len(text), ordinal=ordinal)


def value_means(
    number: int, length: int, *, ordinal: bool = False, word: bool = False
) -> dict[str, object]:
    """Return what a number may be; `length` is how many digits it was written with, in words 0."""
    means: dict[str, object] = {"number": number}
    if 1 <= number <= 31 and length <= 2:
        means["day"] = number
    if number <= 24 and length <= 2 and not ordinal:
        means["hour"] = Clock(number, 0, open=1 <= number <= 12 and length < 2 + (number > 9))
        if number == 12:
            means["hour"] = Clock(12, 0, open=True)
    if number < 60 and length <= 2 and not ordinal:
        means["minute"] = number
        if length == 2 or (word and number > 9):
            means["minutes"] = number  # as they stand after an hour: "five thirty", "5 30"
    if length == 4 or (word and number > 1900):
        if 1900 <= number <= 2100:
            means["year"] = number
        if number // 100 <= 24 and number % 100 < 60 and length == 4:
            means["digits"] = Clock(number // 100, number % 100, open=False)
    if length == 3 and number >= 100 and number % 100 < 60:
        means["digits3"] = Clock(number // 100, number % 100, open=True)
    if length == 2 and number >= 25:
        means["year2"] = number
    if length == 8:
        return dict(_eight(number))
    if ordinal:
        means["ordinal" if word else "th"] = number
    if not word:
        means["figure"] = number
        if "hour" in means:
            means["figure_hour"] = means["hour"]
    return means


def _eight(number: int) -> Iterator[tuple[str, object]]:
    first, second, year = number // 1_000_000, number // 10_000 % 100, number % 10_000
    if 1900 <= year <= 2100:
        yield "numeric", NumericDate(first, second, year, "")
    elif 1900 <= number // 10_000 <= 2100:
        yield from _dated(number // 10_000, number // 100 % 100, number % 100)
    else:
        yield "number", number


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)]


def _moment(text: str) -> Iterator[tuple[str, object]]:
    try:
        yield "moment", datetime.fromisoformat(text.upper())
    except ValueError:
        return


def _ymd(text: str) -> Iterator[tuple[str, object]]:
    return _dated(*_numbers(text))


def _dated(year: int, month: int, day: int) -> Iterator[tuple[str, object]]:
    try:
        yield "date", (date(year, month, day),)
    except ValueError:
        yield "number", -1


def _dmy(text: str) -> Iterator[tuple[str, object]]:
    first, second, year = _numbers(text)
    sign = re.search(r"[-/.]", text)
    yield "numeric", NumericDate(first, second, year, sign.group() if sign else "")


def _dm(text: str) -> Iterator[tuple[str, object]]:
    first, second = _numbers(text)
    sign = "." if "." in text else "/" if "/" in text else "-"
    written = re.split(r"\D+", text)
    # 2-3 is from two to three sooner than a date; 2.5 is two and a half but where dates are written so.
    lengths = len(written[0]) + len(written[1])
    if sign == "/" or lengths == 4 or (sign == "-" and lengths == 3):
        yield "numeric", NumericDate(first, second, None, sign)
    elif sign == ".":
        yield "short", NumericDate(first, second, None, sign)
    if sign == "." and first <= 24 and second < 60 and len(written[1]) == 2:
        yield "clock", clock(first, second, len(written[0]))
    if sign == "-":
        yield "pair", (first, second)
    if sign != "/":
        yield "decimal", float(f"{first}.{written[1]}")


def _dot(text: str) -> Iterator[tuple[str, object]]:
    first, second = _numbers(text)
    yield "numeric", NumericDate(first, second, None, "..")


def _clock(text: str) -> Iterator[tuple[str, object]]:
    hour, minute, *_ = _numbers(text)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        yield "number", -1
    else:
        yield "clock", clock(hour, minute, text.index(":"))


def _hm(text: str) -> Iterator[tuple[str, object]]:
    hour, minute = _numbers(text)[:2]
    if hour > 24 or minute > 59:
        yield "number", -1
    else:
        yield (
            "clock",
            clock(hour, minute, len(text.partition("h")[0].strip()))._replace(written="h"),
        )
        yield "long", 60 * hour + minute


def clock(hour: int, minute: int, length: int) -> Clock:
    """Return a clock in digits: with a leading zero, past twelve or half past twelve it is clear."""
    return Clock(hour, minute, open=1 <= hour <= 11 and length == 1 + (hour > 9), written="figures")


def _decimal(text: str) -> Iterator[tuple[str, object]]:
    number = float(text.replace(",", "."))
    yield "decimal", number
    yield "number", -1


_FORMS: dict[str, Callable[[str], Iterator[tuple[str, object]]]] = {
    "moment": _moment,
    "ymd": _ymd,
    "dmy": _dmy,
    "dot": _dot,
    "clock": _clock,
    "hm": _hm,
    "dm": _dm,
    "decimal": _decimal,
}
