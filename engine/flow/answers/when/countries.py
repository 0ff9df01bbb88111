"""What a country decides: whether the month comes first in numbers, and which day begins a week (Babel/CLDR)."""

from functools import cache

from babel import Locale, UnknownLocaleError

WEEK_BEGINS = {"ar": 6}
"""Where no country is known: most Arab countries count from Sunday. Elsewhere Monday."""

UNDECIDED = frozenset({"CA"})
"""Here people write both orders, whatever CLDR prefers."""


@cache
def locale_of(language: str, country: str | None) -> Locale:
    """Return CLDR's locale: the language as spoken there, else the language, else English."""
    for name in (f"{language}_{country}", language):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@cache
def _of_country(country: str) -> Locale | None:
    """Return the country's own locale, whatever the contact speaks."""
    for name in (f"und_{country}", f"en_{country}"):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return None


@cache
def reads_month_first(language: str, country: str | None) -> bool | None:
    """Tell whether 3/4 is the fourth of March; None where nothing tells."""
    locale = _of_country(country) if country else None
    if locale is None or country in UNDECIDED:
        return None
    pattern = str(locale.datetime_skeletons["Md"].pattern)
    return pattern.index("M") < pattern.index("d")


@cache
def first_weekday(language: str, country: str | None) -> int:
    """Return the day that begins a week; Monday is 0."""
    locale = _of_country(country) if country else None
    return locale.first_week_day if locale is not None else WEEK_BEGINS.get(language, 0)
