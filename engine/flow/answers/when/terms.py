"""A message as terms: words and numbers with what each may mean, and the rules that join them into days and clocks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from engine.flow.answers.reader import Here
from engine.flow.answers.when.lexicon import Lexicon
from engine.flow.answers.when.text import Clock, NumericDate, Token

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that belong together, and all they may mean: kind -> value."""

    means: Mapping[str, object]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; months and days by the calendar."""

    months: int = 0
    days: int = 0
    minutes: int = 0
    also_days: int | None = None
    """Other days it may mean: "in acht Tagen" is a week."""

    def __add__(self, other: "Duration") -> "Duration":
        return Duration(
            self.months + other.months, self.days + other.days, self.minutes + other.minutes
        )


@dataclass(frozen=True)
class Place:
    """Where and in which words it was said."""

    here: Here
    words: Lexicon

    @cached_property
    def today(self) -> date:
        """Return the contact's own date."""
        return self.here.now.date()


class Found:
    """What a rule found: its named terms, by the kind the rule asked for."""

    def __init__(self, values: Mapping[str, tuple[str, object]], place: Place) -> None:
        self._values = values
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _get(self, name: str, kind: type[T]) -> T:
        value = self._values[name][1]
        assert isinstance(value, kind)
        return value

    def number(self, name: str) -> int:
        """Return a term's number."""
        return self._get(name, int)

    def amount(self, name: str) -> float:
        """Return a term's number, which may have a fraction; an article is one."""
        kind, value = self._values[name]
        if kind == "one":
            return 1.0
        assert isinstance(value, int | float)
        return float(value)

    def word(self, name: str) -> str:
        """Return a term's word."""
        return self._get(name, str)

    def kind(self, name: str) -> str:
        """Return which of the kinds asked for it is."""
        return self._values[name][0]

    def value(self, name: str) -> tuple[str, object]:
        """Return a term's kind and what it is."""
        return self._values[name]

    def clock(self, name: str) -> Clock:
        """Return a term's time of day."""
        return self._get(name, Clock)

    def days(self, name: str) -> tuple[date, ...]:
        """Return the days that a term may mean."""
        value = self._values[name][1]
        assert isinstance(value, tuple)
        return value

    def duration(self, name: str) -> Duration:
        """Return a term's length of time."""
        return self._get(name, Duration)

    def pair(self, name: str) -> tuple[int, int]:
        """Return a term's two numbers."""
        first, second = self._get(name, tuple)
        assert isinstance(first, int)
        assert isinstance(second, int)
        return first, second

    def numeric(self, name: str) -> NumericDate:
        """Return a term's numbers."""
        return self._get(name, NumericDate)

    def moment(self, name: str) -> datetime:
        """Return a term's moment."""
        return self._get(name, datetime)


Means = Mapping[str, object]
Make = Callable[[Found], Means | None]


@dataclass(frozen=True)
class Rule:
    """Kinds of terms in a row, and what they mean together; `make` returns None where they mean nothing.

    A pattern is a regular expression over kinds: `d:day link* m:month (?!year)`; `name:kind` can be asked for by name,
    `a|b` is a term that is either. `!counts` first: not after "in" or "ago", which count from now.
    """

    pattern: str
    make: Make
    names: Mapping[str, str] = field(init=False, default_factory=dict)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Return the pattern over encoded terms."""
        pattern = _WORD.sub(_one, self.pattern.removeprefix("!counts "))
        guard = "(?<!;counts;>)" if self.pattern.startswith("!counts ") else ""
        return re.compile(guard + pattern.replace(" ", ""))

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Return kinds that must all be there, so that most rules need no search."""
        pattern = self.pattern.removeprefix("!counts ")
        outside = re.sub(r"\([^()]*\)", " ", re.sub(r"\([^()]*\)[*?]?", " ", pattern))
        words = [word for word in outside.split() if word[-1] not in "*?" and "|" not in word]
        return tuple(f";{word.rpartition(':')[2].rstrip('+')};" for word in words)


# A term is encoded as `<;kind;;kind;>`.
_WORD = re.compile(r"(?:(?P<name>\w+):)?(?P<kinds>[a-z_\d]+(?:\|[a-z_\d]+)*)")


def _one(match: re.Match[str]) -> str:
    name, kinds = match["name"], match["kinds"]
    any_of = "|".join(f";{kind};" for kind in kinds.split("|"))
    kind = f"(?:{any_of})"
    if name:
        return rf"(?P<{name}><(?:[^>]*?)(?P<{name}__>{any_of})[^>]*>)"
    return f"(?:<[^>]*?{kind}[^>]*>)"


def join(terms: list[Term], rules: tuple[Rule, ...], place: Place) -> list[Term]:
    """Return the terms with all that the rules find joined, rule after rule, from the left."""
    codes = [_code(term) for term in terms]
    encoded = "".join(codes)
    for rule in rules:
        if not all(need in encoded for need in rule.needs):
            continue
        at = 0
        while match := rule.compiled.search(encoded, at):
            first, end = encoded.count("<", 0, match.start()), encoded.count("<", 0, match.end())
            means = rule.make(_found(match, encoded, terms, place)) if end > first else None
            if means is None:
                at = match.start() + 1
                continue
            joined = terms[first:end]
            parts = [one.means["with_part"] for one in joined if "with_part" in one.means]
            kept: dict[str, object] = {"with_part": parts[0]} if parts else {}
            if any(
                "slip" in one.means or (len(joined) == 1 and "weak" in one.means) for one in joined
            ):
                kept["weak"] = "weak"  # a doubtful word is less so beside others that fit
            term = Term({**kept, **means}, " ".join(one.text for one in joined))
            if end - first == 1 and means == terms[first].means:
                at = match.end()
                continue
            terms = [*terms[:first], term, *terms[end:]]
            code = _code(term)
            encoded = encoded[: match.start()] + code + encoded[match.end() :]
            at = match.start() + len(code) if end - first == 1 else match.start()
    return terms


_COUNTS = frozenset({"in", "ago_before", "lasts"})
"""What makes the number behind it a length: in, ago, for."""


def _code(term: Term) -> str:
    # What counts from now comes last, so that a pattern can look back at it: only fixed widths can be looked back at.
    counts = ";counts;" if _COUNTS & term.means.keys() else ""
    return "<" + "".join(f";{kind};" for kind in term.means) + counts + ">"


def _found(match: re.Match[str], encoded: str, terms: list[Term], place: Place) -> Found:
    values: dict[str, tuple[str, object]] = {}
    for name, group in match.groupdict().items():
        if group is None or name.endswith("__"):
            continue
        term = terms[encoded.count("<", 0, match.start(name))]
        kind = match[f"{name}__"].strip(";")
        values[name] = (kind, term.means[kind])
    return Found(values, place)


def read_terms(found: list[Token], words: Lexicon) -> list[Term]:
    """Return the tokens as terms: the longest phrases known, numbers, signs, and words that nobody knows."""
    terms = list(_terms(found, words))
    return [
        term
        for at, term in enumerate(terms)
        if "dash" not in term.means or not _within_words(terms, at)
    ]


def _within_words(terms: list[Term], at: int) -> bool:
    """Tell whether a dash joins two words, as in "five-thirty"; between figures or days it means "to"."""
    ahead = terms[at - 1].means if at else {}
    behind = terms[at + 1].means if at + 1 < len(terms) else {}
    if "oclock" in ahead and "number" in behind:  # "14h-16h"
        return False
    return any(
        ("number" in means and "figure" not in means) or "oclock" in means
        for means in (ahead, behind)
    )


def _terms(found: list[Token], words: Lexicon) -> Iterator[Term]:
    if words.language == "ar":
        found = [part for token in found for part in _peeled(token, words)]
    spoken: list[Token] = []
    signs: dict[int, list[Mapping[str, object]]] = {}
    for (
        token
    ) in found:  # phrases know no signs: a sign within one goes, one between two terms stays
        sign = token.means.get("sign")
        if sign is None:
            spoken.append(_shortened(token, words))
        elif sign in _SIGNS:
            signs.setdefault(len(spoken), []).append(_SIGNS[str(sign)])
    at = 0
    while at < len(spoken):
        yield from (Term(means) for means in signs.get(at, ()))
        length, term = _term(spoken, at, words)
        yield term
        at += length
    yield from (Term(means) for means in signs.get(at, ()))


def _term(spoken: list[Token], at: int, words: Lexicon) -> tuple[int, Term]:
    token = spoken[at]
    known = words.find(spoken, at)
    if known is not None:
        length, means = known
        text = " ".join(one.text for one in spoken[at : at + length])
        return length, Term({**means, **token.means} if length == 1 else means, text)
    return 1, Term(token.means or words.mistyped(token.text) or words.guess(token.text), token.text)


_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_])\1+")


def _shortened(token: Token, words: Lexicon) -> Token:
    """Return a word that is drawn out as it is written: "tomorrowww", "umm"; of "weed" nobody makes a Wednesday."""
    if token.means or words.knows(token.text) or not _DOUBLED.search(token.text):
        return token
    for pattern, kept in ((_DRAWN_OUT, r"\1\1"), (_DRAWN_OUT, r"\1"), (_DOUBLED, r"\1")):
        short = Token(pattern.sub(kept, token.text), {}, token.glued)
        known = words.find([short], 0) if pattern is _DOUBLED else None
        if words.knows(short.text) and (pattern is _DRAWN_OUT or (known and "fill" in known[1])):
            return short
    return token


_SIGNS: Mapping[str, Mapping[str, object]] = {
    ",": {"comma": ",", "link": ","},
    "-": {"dash": "-"},
    "/": {"slash": "/"},
    "?": {"asked": "?"},
    "¿": {"asked": "?"},
    "@": {"at": "@"},
    "&": {"and": "&"},
    "+": {"and": "+"},
    "$": {"block": "money"},
    "%": {"block": "percent"},
}

_JOINED = ("وال", "بال", "عال", "فال", "هال", "لل", "و", "ف", "ب", "ل", "ع", "ه")
"""What Arabic writes before a word without a space: and, in, on, this, for."""


def _peeled(token: Token, words: Lexicon) -> list[Token]:
    if token.means or words.knows(token.text):
        return [token]
    for prefix in _JOINED:
        rest = token.text.removeprefix(prefix)
        if rest == token.text or len(rest) < 2:
            continue
        whole = "ال" + rest if prefix in ("لل", "وال", "بال", "عال", "فال", "هال") else rest
        if words.knows(whole):
            return [
                Token(prefix.removesuffix("ال").removesuffix("لل") or "ل", {}),
                Token(whole, {}),
            ]
        if words.knows(rest):
            return [Token(prefix.removesuffix("ال"), {}), Token(rest, {})]
    return [token]
