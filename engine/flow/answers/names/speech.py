"""How names are told in a language, made from its words and ready to search."""

import re
from dataclasses import dataclass
from functools import cache

from nameparser import Lexicon

from engine.flow.answers.given import NOT
from engine.flow.answers.names import LANGUAGES

MIXED = {"hi": "en", "ar": "en"}
"""Languages whose speakers mix in another one."""

LEXICON = Lexicon.default()
PARTICLES = LEXICON.particles | {"ben", "el", "bet", "y", "e", "i", "und", "of", "the"}
"""Words within a name that begin small."""
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})

_SAINTS = frozenset({"st", "saint", "ste", "san", "santa"})
SHORTENED = SUFFIXES | _SAINTS
"""Words of a name that may keep their dot."""
TITLES = LEXICON.titles - LEXICON.given_name_titles - _SAINTS
"""What is left out of a name in every language; "Sheikh Zayed" stays as he is."""

_EVERYWHERE = "hello hi ok okay yes no stop menu help test pizza whatsapp cancel null none"
"""Words that are no names in any language."""


_LETTERS = r"(?:[^\W\d_][- .]){2,}[^\W\d_]\.?"
"""A name spelt letter by letter, behind it."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How a language tells names, ready to search."""

    leads: tuple[re.Pattern[str], ...]
    """What stands before a name, the surest first."""
    frames: re.Pattern[str] | None
    tail: re.Pattern[str]
    seeks: frozenset[str]
    given: re.Pattern[str]
    family: re.Pattern[str]
    aside: re.Pattern[str]
    back: re.Pattern[str]
    trade: re.Pattern[str]
    after: frozenset[str]
    around: frozenset[tuple[str, ...]]
    """What is said around a name, word by word."""
    titles: frozenset[str]
    abbreviated: frozenset[str]
    """Words whose dot ends no sentence."""
    binders: frozenset[str]
    stops: frozenset[str]
    common: frozenset[str]
    """Words that may stand anywhere around a name."""
    negations: frozenset[str]
    capitals_tell: bool
    """Whether a capital means a name; German writes every noun with one."""


@cache
def speech_of(language: str) -> Speech:
    """Return how names are told in a language, English where it is another one; made once."""
    language = language if language in LANGUAGES else "en"
    own = LANGUAGES[language]
    words = [own, LANGUAGES[MIXED[language]]] if language in MIXED else [own]

    def joined(part: str) -> str:
        return "|".join(text for one in words if (text := getattr(one, part)))

    def gathered(part: str) -> frozenset[str]:
        return frozenset(" ".join(getattr(one, part) for one in words).casefold().split())

    titles = gathered("titles") | TITLES
    stops = gathered("stops") | frozenset(_EVERYWHERE.split())
    return Speech(
        leads=tuple(_pattern(joined(part)) for part in ("call", "name", "am", "weak")),
        frames=_frames(joined("frame")),
        tail=_pattern(joined("tail")),
        seeks=gathered("seeks"),
        given=_pattern(joined("given")),
        family=_pattern(joined("family")),
        aside=re.compile(
            rf"(?:^|\s)(?:{joined('aside')}|{_LETTERS})$".replace(" ", r"\s+"), re.IGNORECASE
        ),
        after=gathered("after"),
        around=frozenset(tuple(one.split("_")) for one in gathered("around")),
        back=re.compile(rf"\s(?:{joined('back')})$".replace(" ", r"\s+"), re.IGNORECASE),
        trade=re.compile(joined("trade")),
        titles=titles,
        abbreviated=titles | SHORTENED,
        binders=gathered("binders"),
        stops=stops,
        common=stops
        | gathered("after")
        | frozenset(word for one in gathered("around") for word in one.split("_")),
        capitals_tell=language != "de",
        # Only in Spanish a "no" denies the words behind it: "no soy Ana", but "no it's Ana".
        negations=NOT[language] - (set() if language == "es" else {"no"}),
    )


def _pattern(alternatives: str) -> re.Pattern[str]:
    # The longest of the alternatives that fit, whatever their order.
    longest = "|".join(sorted(_alternatives(alternatives), key=len, reverse=True))
    return re.compile(rf"(?<![\w'])(?:{longest})(?![\w'])".replace(" ", r"\s+"), re.IGNORECASE)


def _frames(alternatives: str) -> re.Pattern[str] | None:
    if not alternatives:
        return None
    framed = alternatives.replace("{}", "(.{1,60}?)").replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{framed})(?!\w)", re.IGNORECASE)


def _alternatives(pattern: str) -> list[str]:
    """Return the outer alternatives of a pattern."""
    parts, depth = [""], 0
    for sign in pattern:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
