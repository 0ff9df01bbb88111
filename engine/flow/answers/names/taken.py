"""The words of a name: where it begins among others, where it ends, and what is none."""

import re
import unicodedata

from engine.flow.answers.names.capitals import CONJUNCTIONS, INITIALS
from engine.flow.answers.names.speech import PARTICLES, SHORTENED, SUFFIXES, Speech

MOST_WORDS = 6
"""The longest name, particles not counted."""
MOST_POLITE = 4
"""Words of the longest politeness."""
ALONE = frozenset({"al", "ben", "san", "mac", "van", "bat"})
"""Particles that are names as well."""

_NO_NAMES = re.compile(r"(?:[jnstmc]|qu)['’]\w+|\w+(?:n't|'(?:ll|ve|re))")
"""Words that an apostrophe joins, other than "D'Angelo"."""
_LAUGH = re.compile(r"(?:h[aeiou]|j[aei]){2,}[hj]?|k{3,}|(?:rs){2,}|(.)\1{2,}")
_KEYS = re.compile("qwer|wert|erty|asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|cvbn|vbnm")
_VOWEL = re.compile("[aeiouyæœø]")


def take(words: list[str], speech: Speech) -> tuple[list[str], list[str]]:
    """Return the name that the words begin with, and the words behind it."""
    while len(words) > 1 and bare_word(words[0]) in speech.titles:
        words = words[1:]
    if (
        len(words) > 2
        and bare_word(words[0]) in speech.after
        and bare_word(words[1]) in speech.titles
    ):
        return take(words[1:], speech)  # "la señora Gómez"
    taken: list[str] = []
    for at, typed in enumerate(words):
        word = _word(typed)
        behind = words[at + 1 : at + 2]
        if word is None:
            break
        if (_is_stop(word, speech) or (not taken and _is_form(word, speech))) and not (
            _is_bound(word, taken, speech)
            or _joins(word, taken, behind, speech)
            or _is_surname(word, taken, behind, speech)
        ):
            break
        taken.append(word)
        if typed.endswith(":") or len(taken) > MOST_WORDS * 2:
            break
    rest = words[len(taken) :]
    while polite := polite_words([bare_word(word) for word in taken[1:]], speech, behind=True):
        taken = taken[:-polite]
    while taken and taken[-1].casefold() in PARTICLES and len(taken) > 1:
        rest.insert(0, taken.pop())
    while len(taken) > 1 and bare_word(taken[-1]) in speech.titles - SUFFIXES:
        taken.pop()
    content = [word for word in taken if word.casefold() not in PARTICLES]
    if not taken or len(content) > MOST_WORDS or not _sounds_like_a_name(taken):
        return [], words
    return taken, rest


def _word(typed: str) -> str | None:
    """Return a word of a name without what stands around it; None where no name holds such a word."""
    word = typed.strip("-'\u200c").rstrip(":.") if not INITIALS.fullmatch(typed) else typed
    if typed.endswith(".") and word.casefold() in SHORTENED:
        word += "."
    if not word or not all(
        unicodedata.category(sign)[0] in "LM" or sign in "'-.·\u200c" for sign in word
    ):
        return None
    return word


def _is_bound(word: str, taken: list[str], speech: Speech) -> bool:
    """Tell whether a name does without no such word: "عبد الله"."""
    before = taken[-1].casefold() if taken else ""
    return not speech.binders.isdisjoint((before, f"{before}_{word.casefold()}"))


def _is_stop(word: str, speech: Speech) -> bool:
    small = word.casefold()
    return (
        (small in speech.stops and small not in speech.binders)
        or bool(_NO_NAMES.fullmatch(small))
        or (small[0] in "وف" and len(small) > 3 and small[1:] in speech.stops)
    )


def _is_form(word: str, speech: Speech) -> bool:
    """Tell whether it is several of a word that is no name, "cafés", or it with its article, "الفاتورة"."""
    small = word.casefold()
    if small.startswith("ال"):
        return small[2:] in speech.stops
    return len(small) > 4 and small == word and small.endswith("s") and small[:-1] in speech.stops


def _joins(word: str, taken: list[str], behind: list[str], speech: Speech) -> bool:
    """Tell whether a word that often is no name is a part of this one: "de", "la", "von"."""
    small = word.casefold()
    if small not in PARTICLES or not behind or (not taken and small in CONJUNCTIONS):
        return False
    following = _word(behind[0])
    return following is not None and (
        following.casefold() in PARTICLES
        or not (_is_stop(following, speech) or (not taken and _is_form(following, speech)))
    )


def _is_surname(word: str, taken: list[str], behind: list[str], speech: Speech) -> bool:
    """Tell whether capitals say that a common word is a name here: "John Price"."""
    return (
        bool(taken)
        and not behind
        and speech.capitals_tell
        and (word.casefold(),) not in speech.around
        and word.istitle()
        and taken[-1].istitle()
    )


def _sounds_like_a_name(words: list[str]) -> bool:
    """Tell whether it is none of: one letter, laughter, keys hit at random, particles alone."""
    letters = [re.sub(r"['.\-]", "", word.casefold()) for word in words]
    if max(map(len, letters)) < 2 or all(word.casefold() in PARTICLES - ALONE for word in words):
        return False
    return not any(
        _LAUGH.fullmatch(word)
        or _KEYS.search(word)
        or (word.isascii() and len(word) > 3 and _VOWEL.search(word) is None)
        for word in letters
    )


def polite_words(words: list[str], speech: Speech, *, behind: bool = False) -> int:
    """Return how many words of politeness the words begin with, or end in."""
    lengths = range(min(MOST_POLITE, len(words)), 0, -1)
    return next(
        (
            length
            for length in lengths
            if tuple(words[-length:] if behind else words[:length]) in speech.around
        ),
        0,
    )


def bare_word(word: str) -> str:
    """Return the word in small letters without the signs around it."""
    """Return the word in small letters without the signs around it."""
    """Return the word in small letters without the signs around it."""
    """Return the word in small letters without the signs around it."""
    return word.casefold().strip(".:-'")
