"""The words of a language by what they mean: Babel/CLDR and dateparser know months, days and units, num2words numbers.

What no library knows stands in `words/LANG.toml`: how people say it in a chat.
"""

import importlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import chain

from babel import Locale
from num2words import num2words
from rapidfuzz.distance import OSA

from engine.flow.answers.heard.lexicon import read
from engine.flow.answers.when.text import Clock, Token, fold, tokens, value_means

LANGUAGES = ("en", "es", "pt", "fr", "hi", "ar", "de")

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALSO = {
    "ar": ("ar_SY", "ar_IQ", "ar_DZ", "ar_TN", "ar_MA"),
    "de": ("de_AT",),
    "es": ("es_PE",),
    "pt": ("pt_PT",),
}
"""Countries that name months in their own way."""
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_UNITS = ("minute", "hour", "day", "week", "month", "year")
_NUMBER_KINDS = frozenset(
    {"number", "day", "hour", "minute", "minutes", "ordinal", "th", "clock_hour"}
)
_TYPO_LENGTH = 5
"""Shorter words are too near to others."""
_PART_LENGTH = 7
"""Shorter parts of the day are too near to others."""
_SWAPPED_LENGTH = 8
"""From here on two letters may be wrong."""

_SPOKEN = "spoken in"
"""Notes with a phrase which language it came from, while the words of two are put together."""
_NO_ARTICLE = (
    *("weak", "rel", "dual", "fill", "block", "in", "later", "no", "link", "clock_hour"),
    *("correct", "but", "excludes"),
)
"""What is never said with the Arabic article."""

Phrase = tuple[str, ...]
Means = dict[str, object]


class Lexicon:
    """What words and phrases of one language mean."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.settings: Mapping[str, object] = {}
        self._phrases: dict[str, list[tuple[Phrase, Means]]] = {}
        self._words: set[str] = set()
        self._long: dict[str, Means] = {}
        self._added: dict[Phrase, Means] = {}
        for part in ("en", language) if language in ("hi", "ar") else (language,):
            self._add_language(part)
        self._index()

    def find(self, found: list[Token], at: int) -> tuple[int, Means] | None:
        """Return how many tokens from here make the longest phrase known, and what it means."""
        for phrase, means in self._phrases.get(found[at].text, ()):
            end = at + len(phrase)
            if len(phrase) == 1 or tuple(token.text for token in found[at:end]) == phrase:
                return len(phrase), means
        return None

    def knows(self, word: str) -> bool:
        """Tell whether a word begins a phrase or is part of one."""
        return word in self._words

    def mistyped(self, word: str) -> Means | None:
        """Return the day or month that a word is a slip of; None where two are as near."""
        if len(word) < _TYPO_LENGTH:
            return None
        allowed = 2 if len(word) >= _SWAPPED_LENGTH else 1
        best: list[str] = []
        for known in self._long:
            if known[0] != word[0]:
                continue
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance < allowed:
                allowed, best = distance, [known]
            elif distance == allowed:
                best.append(known)
        meanings = {tuple(sorted(self._long[one].items(), key=str)) for one in best}
        return {**self._long[best[0]], "slip": True} if len(meanings) == 1 else None

    def guess(self, word: str) -> Means:
        """Return what an unknown word says by its ending: the past is told, not asked for."""
        told = len(word) > _TYPO_LENGTH and word.endswith(self._told)
        return {"block": "told"} if told else {"unknown": word}

    def names(self) -> Iterator[tuple[str, Means]]:
        """Yield the words that slips of the pen are measured against."""
        yield from self._long.items()

    # --- filling ------------------------------------------------------------------------------------------

    def _add_language(self, language: str) -> None:
        with (resources.files("engine.flow.answers.when") / "words" / f"{language}.toml").open(
            "rb"
        ) as file:
            data = tomllib.load(file)
        self._own = language
        settings = data.pop("settings", {})  # the language's own come last
        self.settings, self._told = settings, tuple(settings.get("told_endings", ()))
        for phrase, means in chain(_calendar(language), _dateparser(language), _counted(language)):
            self._add(phrase, means)
        for number, phrases in _said_numbers(language):
            for phrase in phrases:
                self._add(phrase, value_means(number, 0, word=True))
        for role, entries in data.items():
            self._add_role(role, entries)
        self._add_corrections(data["no"], data.get("correct", []))

    def _add_corrections(self, no: list[str], more: list[str]) -> None:
        """Add what takes back what was said, as the number types have it; "no no" is a no and nothing more."""
        denials = {fold(word) for word in no}
        for phrase in (*read(self._own)["speech"]["correct"], *more):
            first, *_, last = (fold(word) for word in (*phrase.split(), *phrase.split()))
            if last not in denials:
                self._add(phrase, {"correct": "correct"}, article=False)
                if first in denials:
                    self._add(phrase, {"no": "no"}, article=False)

    def _add_role(self, role: str, entries: object) -> None:
        match entries:
            case list():
                for phrase in entries:
                    self._add(phrase, {role: role}, article=role not in _NO_ARTICLE)
            case dict():
                for value, phrases in entries.items():
                    for phrase in phrases:
                        self._add(phrase, _means(role, value), article=role not in _NO_ARTICLE)

    def _add(self, text: str, means: Means, *, article: bool = True) -> None:
        for spelling in _spellings(text, self._own, article=article):
            phrase = tuple(token.text for token in tokens(spelling) if "sign" not in token.means)
            if not phrase:
                continue
            known = self._added.setdefault(phrase, {})
            # A language's own words come before the English ones that are read beside them; what says nothing by
            # itself takes nothing away.
            if known.get(_SPOKEN, self._own) != self._own:
                if not means.keys() <= {"fill", "block"}:
                    known.clear()
                elif "fill" in means:
                    known.pop("block", None)
            known.update({**means, _SPOKEN: self._own})

    def _index(self) -> None:
        if self.language == "de":
            self._join_parts_of_days()
        for phrase, means in self._added.items():
            means.pop(_SPOKEN, None)
            if "excludes" in means and "no" not in means:
                means["block"] = "denied"
            if "weekday" in means:  # الثلاثاء is heard as "three" as well, never meant so
                for kind in _NUMBER_KINDS & means.keys():
                    del means[kind]
            self._words.update(phrase)
            self._phrases.setdefault(phrase[0], []).append((phrase, means))
            if (
                len(phrase) == 1
                and len(phrase[0]) >= _TYPO_LENGTH
                and (
                    {"weekday", "month", "typo"} & means.keys()
                    or ("part" in means and len(phrase[0]) >= _PART_LENGTH)
                )
            ):
                self._long[phrase[0]] = {
                    kind: value
                    for kind, value in means.items()
                    if kind in ("weekday", "month", "rel", "part")
                }
        for phrases in self._phrases.values():
            phrases.sort(key=lambda entry: -len(entry[0]))

    def _join_parts_of_days(self) -> None:
        """Add "Freitagabend": any day of the week and any part of the day in one word."""
        days = [
            (p[0], m["weekday"]) for p, m in self._added.items() if len(p) == 1 and "weekday" in m
        ]
        parts = [
            (p[0], m["part"])
            for p, m in self._added.items()
            if len(p) == 1 and "part" in m and "joins" in m
        ]
        for (day, weekday), (word, part) in ((day, part) for day in days for part in parts):
            self._add(day + word, {"weekday": weekday, "with_part": part})


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language; English where it is none of ours."""
    return Lexicon(language if language in LANGUAGES else "en")


def _means(role: str, value: str) -> Means:
    """Return what a table's key means: a number where it is one."""
    match role:
        case "unit":
            return unit_means(value)
        case "numbers":
            number = int(value)
            return value_means(number, 0, word=True)
        case "ordinals":
            return value_means(int(value), 0, ordinal=True, word=True)
        case "clock_hour":
            return {"clock_hour": Clock(int(value), 0, open=True)}
        case _:
            return {role: int(value) if value.lstrip("-").isdecimal() else value}


def unit_means(unit: str) -> Means:
    """Return what a unit of time means; each is a kind of its own as well."""
    return {"unit": unit, f"{unit}_unit": unit}


def _spellings(text: str, language: str, *, article: bool) -> Iterator[str]:
    yield fold(text)
    if language == "de" and any(sign in "äöü" for sign in text.lower()):
        yield fold(text.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))
    if language == "ar" and article and " " not in text and not text.startswith("ال"):
        yield fold("ال" + text)


def _calendar(language: str) -> Iterator[tuple[str, Means]]:
    """Yield months and days of the week as CLDR spells them."""
    for locale in map(Locale.parse, (language, *_ALSO.get(language, ()))):
        for kind, names in (("weekday", locale.days), ("month", locale.months)):
            for context in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    for number, name in names[context].get(width, {}).items():
                        yield name, {kind: int(number)}


def _dateparser(language: str) -> Iterator[tuple[str, Means]]:
    """Yield months, days of the week and units as dateparser knows them: more spellings than CLDR has."""
    info = importlib.import_module(f"dateparser.data.date_translation_data.{language}").info
    for kind, names, first in (("weekday", _WEEKDAYS, 0), ("month", _MONTHS, 1)):
        for number, key in enumerate(names, start=first):
            for name in info.get(key, ()):
                if len(name) > (
                    3 if kind == "weekday" else 2
                ):  # "die" and "mit" are other words as well
                    yield name, {kind: number}
    for unit in _UNITS:
        for name in info.get(unit, ()):
            if len(name) > 2:
                yield name, {"unit": unit}


def _counted(language: str) -> Iterator[tuple[str, Means]]:
    """Yield the numbers in words, as far as days, clocks and years need them; Hindi's are in its file."""
    if language == "hi":
        return
    for spoken in ("pt", "pt_BR") if language == "pt" else (language,):
        for number in range(100):
            yield num2words(number, lang=spoken), value_means(number, 0, word=True)
        for year in range(1930, 2041):
            yield num2words(year, lang=spoken), {"year": year}
            if language == "en":
                yield num2words(year, lang=spoken, to="year"), {"year": year}
        if language == "ar":
            yield from _arabic_tens()
        for number in range(1, 32):
            yield from _ordinals(num2words(number, lang=spoken, to="ordinal"), number, language)


def _said_numbers(language: str) -> Iterator[tuple[int, list[str]]]:
    """Yield Hindi's numbers, which num2words lacks; the number types have collected them."""
    if language != "hi":
        return
    for number, phrases in read(language)["numbers"]["words"].items():
        if number.isdecimal() and int(number) < 100:
            yield int(number), phrases


_AR_TENS = {
    20: ("عشرين", "عشرون"),
    30: ("ثلاثين", "تلاتين", "ثلاثون"),
    40: ("أربعين",),
    50: ("خمسين",),
}
_AR_UNITS = ("واحد", "اثنين", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة")
_AR_UNITS_SHORT = ("واحدة", "اتنين", "تلاتة", "اربع", "خمس", "ست", "سبع", "تمانية", "تسع")
_AR_ORDINALS = (
    "الحادي",
    "الثاني",
    "الثالث",
    "الرابع",
    "الخامس",
    "السادس",
    "السابع",
    "الثامن",
    "التاسع",
)


def _arabic_tens() -> Iterator[tuple[str, Means]]:
    """Yield "خمسة وعشرين" and "الخامس والعشرين" as they are said; num2words has the nominative alone."""
    for ten, spoken in _AR_TENS.items():
        for unit in range(1, 10):
            for word in spoken:
                for first in (_AR_UNITS[unit - 1], _AR_UNITS_SHORT[unit - 1]):
                    yield f"{first} و {word}", value_means(ten + unit, 0, word=True)
                if ten + unit <= 31:
                    ordinal = value_means(ten + unit, 0, ordinal=True, word=True)
                    yield f"{_AR_ORDINALS[unit - 1]} و ال{word}", ordinal


def _ordinals(word: str, number: int, language: str) -> Iterator[tuple[str, Means]]:
    for ending in ("", "n", "r", "s") if language == "de" else ("",):
        if language == "ar":
            yield "ال" + word, value_means(number, 0, ordinal=True, word=True)
        yield word + ending, value_means(number, 0, ordinal=True, word=True)
