"""The names of months and of days of the week, beside which a number is a date: "12 March", "lundi 12".

CLDR has them, and the lexicon of dates what people write instead.
"""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from babel import Locale

from engine.flow.answers.heard.lexicon import LANGUAGES, phrases
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.spoken import Phrases, words_of
from engine.flow.answers.heard.units import units

_ALSO = {"ar": ("ar_SY", "ar_DZ", "ar_TN", "ar_MA"), "de": ("de_AT",), "es": ("es_PE",)}
"""Countries that name months in their own way."""
_WITH_ENGLISH = frozenset({"hi", "ar"})
"""Languages in which people name months in English."""
_LEAST = 4
"""Shorter words that people write for days and months are other words as often: "so", "mar", "mai"."""


def is_date(words: Sequence[str], first: int, end: int, language: str) -> bool:
    """Tell whether a month stands beside the number at the place, or a day of the week before it and no thing after."""
    months, of = _names(language, "month"), phrases(language, "numbers", "of")
    if months.ends_at(words, first):
        return True
    step = of.at(words, end)
    after = end + (step[1] if step else words[end : end + 1] == (".",))
    if months.at(words, after) and not phrases(language, "speech", "not_months").at(words, after):
        return True
    counted = units(language).at(words, end) or phrases(language, "speech", "counted").at(
        words, end
    )
    return counted is None and _names(language, "weekday").ends_at(words, first)


@cache
def _names(language: str, kind: str) -> Phrases[bool]:
    known = names(language)
    return Phrases(
        (words, True)
        for words in _spelt(language, kind)
        # Portuguese "dez" is ten, Hindi "sat" is seven.
        if len(words) != 1 or known.part(words[0]) is None
    )


def _spelt(language: str, kind: str) -> Iterator[tuple[str, ...]]:
    for locale in (language, *_ALSO.get(language, ())):
        yield from _of_locale(locale, kind, language)
    yield from _of_lexicon(language if language in LANGUAGES else "en", kind, language)
    if language in _WITH_ENGLISH:
        yield from _of_locale("en", kind, language)
        yield from _of_lexicon("en", kind, language)


def _of_lexicon(code: str, kind: str, language: str) -> Iterator[tuple[str, ...]]:
    file = resources.files("engine.flow.answers.when") / "words" / f"{code}.toml"
    for spellings in tomllib.loads(file.read_text("utf-8"))[kind].values():
        yield from (words_of(one, language) for one in spellings if len(one) >= _LEAST)


def _of_locale(locale: str, kind: str, language: str) -> Iterator[tuple[str, ...]]:
    found = Locale.parse(locale)
    # Short days are other words too ("sat", "sun"); the day of "quinta-feira" is its first word.
    spelt = (
        [*found.months["format"]["wide"].values(), *found.months["format"]["abbreviated"].values()]
        if kind == "month"
        else [*found.days["format"]["wide"].values()]
    )
    for name in spelt:
        words = words_of(name.rstrip("."), language)
        yield words
        yield words[:1]
