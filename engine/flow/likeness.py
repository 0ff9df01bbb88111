"""How like a question is to the wordings that an author gave it: word by word, in any order, typing errors forgiven.

Words that tell nothing ("how", "are", "want") do not count, and of the others each weighs the more, the fewer entries
it stands in. Forms of a word ("deliver", "delivering"; the Arabic article) are one word, by what its language says.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from engine.core.language import Language, folded_words
from engine.core.slips import is_slip, likeness
from engine.core.words import fold

LONGEST = 300
"""Characters of a message that are looked at; longer ones are stories, not questions."""

STRANGE = 0.7
"""What a word weighs that stands in no entry: something else is asked. One of a single entry weighs 1."""

UNASKED = 0.75
"""What is left of the likeness of a message that is no question by its words or its mark: most talk is none."""

FORM = 0.9
"""How surely a word is another form of one of ours, or one typed wrongly."""

ROOT = 0.7
"""How surely a word is one of ours that has the same root."""

SAME = 92
"""From this likeness (0-100) on a message is a wording itself; "where are you?" has no word that tells anything."""

_THEIRS = 0.2
"""How much the wording's words count beside those that were said."""
_STEM = 3
"""Letters that are left of a word at least."""
_FORM = 4
"""Letters that two words must begin with to be forms of one; at most three may follow."""
_WORD = re.compile(r"[\w\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963]+")  # Hindi's marks
_QUESTION_MARKS = "?؟"


@dataclass(frozen=True, slots=True)
class _Wording:
    entry: str
    said: str
    """All of it, folded."""
    words: frozenset[str]
    """What tells something, without endings."""


class Wordings:
    """The wordings of all entries in one language, ready to be compared with what people ask."""

    def __init__(self, asked: Mapping[str, Iterable[str]], language: Language) -> None:
        """Prepare them.

        Args:
            asked: The wordings by entry.
            language: The one they are in.
        """
        self._small = language.small_words
        self._asking = language.asking_words
        self._prefixes = _longest_first(language.prefixes)
        self._suffixes = _longest_first(language.suffixes)
        self._before = frozenset(folded_words(language.before))
        self._weak = frozenset(folded_words(language.weak))
        self._wordings = [
            _Wording(entry, fold(wording), frozenset(self._stems(fold(wording))))
            for entry, wordings in asked.items()
            for wording in wordings
        ]
        self._of_entry: dict[str, set[str]] = defaultdict(set)
        for wording in self._wordings:
            self._of_entry[wording.entry] |= wording.words
        self._weight = self._weights()
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._by_root: dict[str, str] = {}
        for word in self._weight:
            self._by_letter[word[0]].append(word)
            self._by_root.setdefault(self._root(word), word)
        self._known = lru_cache(maxsize=4096)(self._find_known)

    def scores(self, text: str) -> list[tuple[float, str]]:
        """Return how like entries are to a text, 0-1, the likest first; those without a word of it are left out."""
        said = fold(text[:LONGEST])
        total = 0.0
        meant: dict[str, float] = {}
        for stem in self._stems(said):
            ours, surely = self._known(stem)
            total += self._weight.get(ours, STRANGE)
            if surely:
                meant[ours] = surely * self._weight[ours]
        factor = 1.0 if self._asks(text, said) else UNASKED
        best: dict[str, float] = {}
        for wording in self._wordings:
            score = factor * self._score(wording, meant, total)
            if fuzz.ratio(said, wording.said, score_cutoff=SAME):
                score = 1.0
            if score > best.get(wording.entry, 0.0):
                best[wording.entry] = score
        # Equal ones stay in the file's order.
        found = ((score, entry) for entry, score in best.items())
        return sorted(found, key=lambda one: one[0], reverse=True)

    def _asks(self, text: str, said: str) -> bool:
        marked = any(mark in text for mark in _QUESTION_MARKS)
        return marked or not self._asking.isdisjoint(_WORD.findall(said))

    def _score(self, wording: _Wording, meant: Mapping[str, float], total: float) -> float:
        shared = sum(meant.get(word, 0.0) for word in wording.words)
        if not shared:
            return 0.0
        # Of what was said the entry should explain much, and of the wording some should have been said: the weighted
        # harmonic mean (F measure) asks for both.
        words = self._of_entry[wording.entry]
        mine = sum(weight for word, weight in meant.items() if word in words) / total
        theirs = shared / sum(self._weight[word] for word in wording.words)
        return (1 + _THEIRS) * mine * theirs / (_THEIRS * mine + theirs)

    def _weights(self) -> dict[str, float]:
        """Return what each word tells: 1 where one entry alone has it, little where many do."""
        count = len(self._of_entry)
        owners = Counter(word for words in self._of_entry.values() for word in words)
        return {
            word: math.log(1 + count / having) / math.log(1 + count)
            for word, having in owners.items()
        }

    def _stems(self, said: str) -> set[str]:
        words = (word for word in _WORD.findall(said) if len(word) > 1)
        return {self._stem(word) for word in words if word not in self._small}

    def _stem(self, word: str) -> str:
        """Return a word without what its language hangs before and behind it."""
        for prefix in self._prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= _STEM:
                word = word[len(prefix) :]
                break
        for suffix in self._suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= max(_STEM, len(suffix)):
                return word[: -len(suffix)]
        return word

    def _root(self, stem: str) -> str:
        """Return what forms of a word have in common that differ in their first letter and inside."""
        if stem[0] in self._before and len(stem) > _STEM:
            stem = stem[1:]
        inside = "".join(letter for letter in stem[1:-1] if letter not in self._weak)
        return stem[0] + inside + stem[-1] if len(inside) + 2 >= _STEM else stem

    def _find_known(self, stem: str) -> tuple[str, float]:
        """Return the word of ours that this is, and how surely: itself, another form of it, or typed wrongly."""
        if stem in self._weight:
            return stem, 1.0
        alike = self._by_letter.get(stem[0], ())
        near = [ours for ours in alike if is_form(stem, ours) or is_slip(stem, ours)]
        if near:
            return max(near, key=lambda ours: likeness(stem, ours)), FORM
        rooted = self._by_root.get(self._root(stem)) if self._weak else None
        return (stem, 0.0) if rooted is None else (rooted, ROOT)


def is_form(one: str, other: str) -> bool:
    """Tell whether one word is the other with a short ending."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _FORM and longer.startswith(shorter) and len(longer) - len(shorter) <= 3


def _longest_first(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(folded_words(texts)), key=len, reverse=True))
