"""Whether one text is another with a typing error: letter by letter, and never a word that means something else.

A likeness in per cent cannot tell: "Tuesday" is as like "Thursday" as "margarita" is like "Margherita". So slips are
counted (a letter missing, one too many, another one, two swapped), and how many may be forgiven hangs on the length.
"""

import re
import unicodedata

from rapidfuzz.distance import OSA

from engine.core import limits

_WORDS = re.compile(r"[^\s/&+,.;:()\"'-]+")
_REPEATED = re.compile(r"([^\W\d_])\1+")


def likeness(said: str, name: str) -> float:
    """Return how alike two folded texts are, 0-100; a slip costs its share of the longer one."""
    return 100 * OSA.normalized_similarity(said, name)


def is_slip(said: str, name: str) -> bool:
    """Tell whether `said` can only be `name` with a typing error; both are folded."""
    if not _spelt_with_letters(name):
        return False
    said_words, name_words = _WORDS.findall(said), _WORDS.findall(name)
    if len(said_words) == len(name_words):
        pairs = zip(said_words, name_words, strict=True)
        return all(mine == theirs or _is_near(mine, theirs) for mine, theirs in pairs)
    # Other spaces, or a small word left out: then nothing else may be wrong.
    joined, whole = "".join(said_words), "".join(name_words)
    return joined == whole or (_is_missing_one(joined, whole) and _can_be_near(joined, whole))


def _spelt_with_letters(name: str) -> bool:
    """Tell whether single signs mean little; where one is a word or a syllable, another sign is another meaning."""
    return not any(unicodedata.east_asian_width(sign) in "WF" for sign in name)


def _is_near(said: str, name: str) -> bool:
    if _without_doubles(said) == _without_doubles(name) and len(name) >= limits.FUZZY_LETTERS:
        return True
    if not _can_be_near(said, name):
        return False
    shorter = min(len(said), len(name))
    gap = abs(len(said) - len(name))
    match OSA.distance(said, name, score_cutoff=2), gap:
        case 1, 1:
            return True
        case 1, _:
            return _is_swapped(said, name) or shorter >= limits.FUZZY_OTHER_LETTER
        case 2, 1 if shorter >= limits.FUZZY_TWO_SLIPS:
            return True
        case _:
            return _is_missing_one_but_for_doubles(said, name)


def _can_be_near(said: str, name: str) -> bool:
    """Tell whether two words are long enough to be forgiven, and begin alike: few people miss a word's first letter.

    "price" is not "Rice", "unavailable" is not "Available", "amanhã" is not "Manhã".
    """
    long_enough = min(len(said), len(name)) >= limits.FUZZY_LETTERS
    is_swapped = len(said) == len(name) and said[:2] == name[1::-1]
    return long_enough and (said[0] == name[0] or is_swapped)


def _is_swapped(said: str, name: str) -> bool:
    """Tell whether words of one length, one slip apart, have two neighbours in the wrong order."""
    return sum(mine != theirs for mine, theirs in zip(said, name, strict=True)) == 2


def _is_missing_one(said: str, name: str) -> bool:
    return abs(len(said) - len(name)) == 1 and OSA.distance(said, name, score_cutoff=1) == 1


def _is_missing_one_but_for_doubles(said: str, name: str) -> bool:
    """Tell whether a letter is missing or too many beside doubled ones, as in "magheritta"."""
    mine, theirs = _without_doubles(said), _without_doubles(name)
    long_enough = min(len(mine), len(theirs)) >= limits.FUZZY_OTHER_LETTER
    return long_enough and _is_missing_one(mine, theirs)


def _without_doubles(word: str) -> str:
    """Return the word with doubled letters written once: what is forgotten most, and never another word's beginning."""
    return _REPEATED.sub(r"\1", word)
