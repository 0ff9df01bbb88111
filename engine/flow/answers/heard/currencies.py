"""Which currency a word or sign means. Babel (CLDR) knows names, symbols and which country pays with what."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies

from engine.flow.answers.heard.lexicon import LANGUAGES, read, spelt
from engine.flow.answers.heard.spoken import Phrases, words_of
from engine.flow.answers.when.countries import locale_of

_ALSO_WORDS = frozenset(
    {"all", "top", "try", "cup", "mop", "pen", "sos", "ves", "ron", "gel", "bam", "ern", "lak"}
)
"""Codes that are words somewhere; only capitals make them currencies."""


_SIGNS = dict(
    zip(
        "₡₲₴₦₱₫₩₺₽฿₸₪₾₼₵₭₮৳",
        [
            "CRC",
            "PYG",
            "UAH",
            "NGN",
            "PHP",
            "VND",
            "KRW",
            "TRY",
            "RUB",
            "THB",
            "KZT",
            "ILS",
            "GEL",
            "AZN",
            "GHS",
            "LAK",
            "MNT",
            "BDT",
        ],
        strict=True,
    )
)
"""Signs that one country alone writes; CLDR has them in that country's languages only."""


@dataclass(frozen=True, slots=True)
class Coin:
    """What a word for money means."""

    currencies: tuple[str, ...]
    """ISO 4217, the likeliest first."""
    times: Decimal = Decimal(1)
    """What one of it is worth: a cent, a "luca" of a thousand pesos."""
    small: bool = False
    """Whether it is a cent or the like."""
    amount: Decimal | None = None
    """How much it is by itself: a "tenner"."""


@cache
def currency_of(country: str) -> str | None:
    """Return what a country pays with."""
    return next(iter(get_territory_currencies(country)), None)


@cache
def in_use() -> frozenset[str]:
    """Return the currencies that some country pays with today."""
    return frozenset(
        code
        for currencies in get_global("territory_currencies").values()
        for code, _, end, tender in currencies
        if end is None and tender
    )


@lru_cache(maxsize=512)
def coins(language: str, country: str | None, home: str | None) -> Phrases[Coin]:
    """Return the words for money of a language, as somebody means them whose own currency is `home`."""
    code = language if language in LANGUAGES else "en"
    return Phrases((*_said(code, home), *_named(code), *_written(code, country, home)))


def likely(language: str) -> tuple[str, ...]:
    """Return the currencies that speakers of the language mean where nobody names one."""
    return tuple(read(language)["money"]["likely"]["currencies"])


@cache
def scales(language: str) -> dict[str, Decimal]:
    """Return the letters that multiply an amount: the "M" of "$1.2M"."""
    said = read(language)["money"].get("scales", {})
    return {letter: Decimal(value) for value, letters in said.items() for letter in letters}


def is_code(word: str, text: str) -> bool:
    """Tell whether a word that looks like a currency's code is one in this text."""
    return word not in _ALSO_WORDS or word.upper() in text


def _said(language: str, home: str | None) -> Iterator[tuple[tuple[str, ...], Coin]]:
    """Yield what the lexicon knows; words of the contact's own currency come first."""
    money = read(language)["money"]
    slang = [(*name.split(), said) for name, said in money.get("slang", {}).items()]
    for times, code, said in sorted(slang, key=lambda item: item[1] != home):
        if home in (None, code):
            for words in spelt(said, language):
                yield words, Coin((code,), Decimal(times))
    for note, said in money.get("notes", {}).items():
        amount, code = note.split()
        for words in spelt(said, language):
            yield words, Coin((home or code,), amount=Decimal(amount))
    yield from _kinds(language, home)
    for code, said in money["currencies"].items():
        for words in spelt(said, language):
            yield words, Coin((code,))
    yield from _cents(language, home)


def _kinds(language: str, home: str | None) -> Iterator[tuple[tuple[str, ...], Coin]]:
    """Yield the words that several countries share: the contact's own, else the likely ones."""
    for kind in read(language)["money"].get("kinds", {}).values():
        words = tuple(spelt(kind["words"], language))
        if home is None:
            meant = tuple(kind["likely"])
        elif home in (*kind["likely"], *kind.get("also", ())) or any(
            _calls(home, language, one) for one in words
        ):
            meant = (home,)
        else:
            meant = tuple(kind["likely"][:1])
        for one in words:
            yield one, Coin(meant)


def _calls(currency: str, language: str, words: tuple[str, ...]) -> bool:
    """Tell whether the currency is called so: its name has the word, or its sign is this one."""
    if words == ("$",):
        return "$" in _symbols(currency)
    return len(words) == 1 and any(words[0] in name for name in _names(currency, language))


@cache
def _symbols(currency: str) -> str:
    """Return the signs of a currency where it is used, put together."""
    places = (
        country
        for country, currencies in get_global("territory_currencies").items()
        if any(code == currency and end is None for code, _, end, _ in currencies)
    )
    likely = get_global("likely_subtags")
    locales = [str(likely.get(f"und_{place}", "")).split("_")[0] + f"_{place}" for place in places]
    return "".join(
        locale_of(*name.split("_")).currency_symbols.get(currency, "") for name in locales[:8]
    )


def _cents(language: str, home: str | None) -> Iterator[tuple[tuple[str, ...], Coin]]:
    small = read(language)["money"]["cents"]
    for code, said in small.items():
        if code != "words":
            for words in spelt(said, language):
                # "centimes" are the country's own, "centimes d'euro" are not.
                meant = home if home is not None and len(words) == 1 else code
                yield words, Coin((meant,), Decimal("0.01"), small=True)
    for words in spelt(small["words"], language):
        yield (
            words,
            Coin((home,) if home is not None else likely(language), Decimal("0.01"), small=True),
        )


@cache
def _names(currency: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return a currency's names in CLDR, for one and for many."""
    locale = Locale(language)
    names = dict.fromkeys(
        get_currency_name(currency, count, locale) for count in (None, 1, 2, 3, 11, 100)
    )
    return tuple(words_of(name, language) for name in names if name)


@cache
def _named(language: str) -> tuple[tuple[tuple[str, ...], Coin], ...]:
    return tuple(
        (words, Coin((code,))) for code in sorted(in_use()) for words in _names(code, language)
    )


def _written(
    language: str, country: str | None, home: str | None
) -> Iterator[tuple[tuple[str, ...], Coin]]:
    """Yield signs and codes: the country's own, then the language's."""
    own = locale_of(language, country).currency_symbols
    for signs in (
        own,
        locale_of(language, None).currency_symbols,
        locale_of("en", None).currency_symbols,
    ):
        for code, sign in signs.items():
            if code in in_use() and (home is None or signs is not own or code == home):
                yield words_of(sign, language), Coin((code,))
    for sign, code in _SIGNS.items():
        yield words_of(sign, language), Coin((code,))
    for code in sorted(in_use()):
        yield (code.lower(),), Coin((code,))
