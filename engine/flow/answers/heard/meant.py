"""Which of the numbers in a message are meant: not those asked, denied, bounded, corrected or about something else."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from engine.flow.answers.heard.agreed import agreed
from engine.flow.answers.heard.lexicon import phrases, read
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.numbers import Said
from engine.flow.answers.heard.spoken import Phrases
from engine.flow.answers.heard.sums import Mention
from engine.flow.answers.heard.units import PIECE, units

_MOST_WORDS = 40
"""A message of more words tells something else."""

_REFERENCE_DIGITS = 3
"""Longer numbers after "order" or "code" name one; shorter ones may be how many to order."""

_ENDS = frozenset(".!?\n;")
_PAUSES = frozenset(",:()")


_LIMITS = ("most", "most_after", "more", "more_after")

Knows = Callable[[str], bool]
"""Tells of a word whether a reader knows it."""


def meant(
    said: Said,
    *,
    is_suffix: Knows | None = None,
    is_prefix: Knows | None = None,
    most: bool = False,
) -> list[Mention]:
    """Return the numbers that may be the answer, in order.

    Args:
        said: The message.
        is_suffix: Whether a word may be written right after digits, as the "kg" of "2kg"; measures may by themselves.
        is_prefix: Whether a word may be written right before digits, as the "rs" of "rs500".
        most: Whether "up to 300" is 300, as it is where somebody says what they would pay.
    """
    measures = units(said.language)
    glue = _Glue(is_suffix or (lambda word: (word,) in measures), is_prefix or (lambda word: False))
    speech = _Speech(said, most=most)
    if not said.mentions or len(said.words) > _MOST_WORDS or speech.unsure():
        return []
    if any(speech.bounded(mention) for mention in said.mentions):
        return []
    if any(speech.opposed(*pair) for pair in pairwise(said.mentions)):
        return []
    return _corrected([one for one in said.mentions if speech.counts(one, glue)], speech)


class _Glue(NamedTuple):
    """What may be written together with digits."""

    is_suffix: Knows
    is_prefix: Knows


_NO_GLUE = _Glue(lambda word: True, lambda word: True)


def is_given(said: Said, first: int, end: int, *, most: bool = False) -> bool:
    """Tell whether what stands there without a number of its own may be the answer: not asked, denied or doubted."""
    speech, mention = _Speech(said, most=most), Mention(first, end, (Decimal(1),))
    return not (speech.unsure() or speech.bounded(mention)) and speech.counts(mention, _NO_GLUE)


def number_in(said: Said) -> tuple[Decimal, ...]:
    """Return what the one number meant in a message may be; "2 kilos and a half" is two and a half."""
    return agreed([_with_half(said, mention) for mention in meant(said)])


def _with_half(said: Said, mention: Mention) -> Mention:
    """Return the number with the half that is said after its thing."""
    place = mention.end + 1
    thing = said.tokens[mention.end] if mention.end < len(said.tokens) else None
    if thing is None or thing.kind != "word":
        return mention
    more = names(said.language).parts.at(said.words, place)
    if more is None or more[0].kind != "plus":
        return mention
    return replace(mention, values=tuple(value + more[0].value for value in mention.values))


def is_question(said: Said, place: int = 0) -> bool:
    """Tell whether the sentence at the place asks something else than to be given what it names."""
    return bool(said.words) and _Speech(said).asks(place)


def _corrected(mentions: list[Mention], speech: "_Speech") -> list[Mention]:
    """Return what stands after the last "no wait"; nothing is corrected before the first number."""
    for before, after in reversed(list(pairwise(mentions))):
        if speech.corrects(before.end, after.first):
            at = mentions.index(after)
            return mentions[at:]
    return mentions


class _Speech:
    """What the words around numbers do to them."""

    def __init__(self, said: Said, *, most: bool = False) -> None:
        self.said, self.words = said, said.words
        self.most = most and any(self._list(name).anywhere(self.words) for name in _LIMITS)

    def _list(self, name: str) -> Phrases[bool]:
        return phrases(self.said.language, "speech", name)

    def unsure(self) -> bool:
        return self._list("unsure").anywhere(self.words) or self._list("vague").anywhere(self.words)

    def counts(self, mention: Mention, glue: _Glue) -> bool:
        return not (
            self._is_part_of_a_word(mention, glue)
            or self._is_time(mention, glue)
            or self._is_about_something_else(mention, glue)
            or self._is_rest_of_a_measure(mention)
            or self._is_denied(mention)
            or self.asks(mention.first)
        )

    def bounded(self, mention: Mention) -> bool:
        if self._is_the_most(mention):
            return False
        bound = self._list("bound")
        if any(
            bound.ends_at(self.words, end)
            for end in (mention.first, mention.first - 1)
            if end > 0 and self._near(end, mention)
        ):
            return True
        after = self._list("bound_after")
        ends = range(mention.end, min(mention.end + 3, len(self.words)))
        return any(after.at(self.words, place) for place in ends)

    def _is_the_most(self, mention: Mention) -> bool:
        """Tell whether it is where somebody's limit lies, and limits count: "300 max", "I can't pay more than 300"."""
        if not self.most:  # no limit is named, or none counts
            return False
        most, after = self._list("most"), self._list("most_after")
        ends = range(mention.end, min(mention.end + 3, len(self.words)))
        if any(after.at(self.words, place) for place in ends) or any(
            most.ends_at(self.words, end) and self._near(end, mention)
            for end in (mention.first, mention.first - 1)
            if end > 0
        ):
            return True
        clause = self._clause(mention.first)
        more = self._list("more").ends_at(self.words, mention.first) or any(
            self._list("more_after").at(self.words, place) for place in ends
        )
        return more and any(
            self._list(name).at(self.words, place)
            for place in clause
            for name in ("not", "not_after")
        )

    def _near(self, end: int, mention: Mention) -> bool:
        """Tell whether nothing but a sign or a currency stands between a bound and its number."""
        return end == mention.first or (
            self.said.tokens[end].kind == "sign" and self.words[end] not in _ENDS | _PAUSES
        )

    def _is_part_of_a_word(self, mention: Mention, glue: _Glue) -> bool:
        said = self.said
        if said.tokens[mention.first].kind == "number" and said.glued(mention.first):
            before = said.tokens[mention.first - 1]
            label = phrases(said.language, "numbers", "label")
            if before.kind == "word" and not (
                (before.text,) in label or glue.is_prefix(before.text)
            ):
                return True
            if before.text in ("/", ":", "@", "_"):
                return True
        last = mention.end - 1
        if (
            mention.end >= len(said.tokens)
            or said.tokens[last].kind != "number"
            or not said.glued(mention.end)
        ):
            return False
        after = said.tokens[mention.end]
        if after.kind == "word":
            return not (after.text in _TIMES or glue.is_suffix(after.text))
        return after.text in ("%", ":", "@", "_", "٪") or (
            after.text == "/" and not self._is_rate(mention.end)
        )

    def _is_rate(self, place: int) -> bool:
        """Tell whether the slash is that of "500/-" or of "1000/month", not of "12/b"."""
        following = self.words[place + 1] if place + 1 < len(self.words) else ""
        return following == "-" or (following.isalpha() and len(following) > 1)

    def _is_price(self, mention: Mention, glue: _Glue) -> bool:
        """Tell whether a currency stands beside it, where the reader knows any: "at $50" is no time."""
        places = (mention.first - 1, mention.end)
        words = [self.words[place] for place in places if 0 <= place < len(self.words)]
        # The "p" of "5 p.m." is no penny.
        return any(glue.is_prefix(word) and (len(word) > 1 or not word.isalpha()) for word in words)

    def _is_time(self, mention: Mention, glue: _Glue) -> bool:
        after = mention.end < len(self.words) and self._list("clock_after").at(
            self.words, mention.end
        )
        # A quarter of an hour is no time of day.
        return (bool(after) and not mention.fraction) or (
            self._list("clock_before").ends_at(self.words, mention.first)
            and not self._ends_range(mention)
            and not self._is_the_most(mention)
            and not self._is_price(mention, glue)
        )

    def _ends_range(self, mention: Mention) -> bool:
        """Tell whether it is the 4 of "2 à 4"."""
        joints = self._list("or")
        return any(
            0 < mention.first - other.end <= 2
            and all((word,) in joints for word in self.words[other.end : mention.first])
            for other in self.said.mentions
        )

    def _is_about_something_else(self, mention: Mention, glue: _Glue) -> bool:
        ends = range(max(1, mention.first - 2), mention.first + 1)
        if any(self._list("topic").ends_at(self.words, end) for end in ends):
            return True
        endings = tuple(read(self.said.language)["speech"].get("topic_endings", ()))
        if mention.first and endings and self.words[mention.first - 1].endswith(endings):
            return True
        after = range(mention.end, min(mention.end + 2, len(self.words)))
        if any(self._list("topic_after").at(self.words, place) for place in after):
            return True
        token = self.said.tokens[mention.first]
        if self._is_code(mention.first):
            return True
        named = token.kind == "number" and sum(map(str.isdigit, token.text)) >= _REFERENCE_DIGITS
        return (
            named
            and not self._is_price(mention, glue)
            and any(self._list("reference").ends_at(self.words, end) for end in ends)
        )

    def _is_code(self, place: int) -> bool:
        """Tell whether it begins with a zero, as telephone numbers and postal codes do: "01310-100"."""
        text = self.words[place]
        if text.isdecimal() and text.startswith("0") and len(text) > _REFERENCE_DIGITS:
            return True
        hyphened = place > 1 and self.words[place - 1] == "-" and self.said.glued(place)
        return hyphened and self.said.glued(place - 1) and self._is_code(place - 2)

    def _is_rest_of_a_measure(self, mention: Mention) -> bool:
        """Tell whether it is the seventy of "metro setenta", which is 1.70."""
        said, before = self.said, mention.first - 1
        if (
            said.language not in ("es", "pt", "fr")
            or before < 0
            or said.tokens[mention.first].kind != "word"
        ):
            return False
        step = units(said.language).at(said.words, before)
        measured = step is not None and step[0].symbol != PIECE and step[1] == 1
        return measured and not any(other.end == before for other in said.mentions)

    def opposed(self, before: Mention, after: Mention) -> bool:
        """Tell whether a bare no stands between two numbers: "2.5 no 3.5" denies the one or the other."""
        between = self.words[before.end : after.first]
        particles = phrases(self.said.language, "yes_no", "particles")
        return len(between) == 1 and between in particles and between in self._list("not")

    def _is_denied(self, mention: Mention) -> bool:
        if self._is_the_most(mention) or self._list("only").ends_at(self.words, mention.first):
            return False
        clause = self._clause(mention.first)
        denials = self._list("not")
        if any(
            denials.at(self.words, place) and not self._takes_back(place)
            for place in range(clause.start, mention.first)
        ):
            return True
        step = denials.at(self.words, mention.end) if mention.end < len(self.words) else None
        if step is not None and mention.end + step[1] == clause.stop:
            return True  # "3 no, 4"
        after = self._list("not_after")
        return bool(after) and any(
            after.at(self.words, place) for place in range(mention.end, clause.stop)
        )

    def _takes_back(self, place: int) -> bool:
        """Tell whether a "no" denies what was said before it: "20 لا قصدي 30"."""
        step = self._list("correct").at(self.words, place)
        return (
            step is not None
            and step[1] > 1
            and any(mention.end <= place for mention in self.said.mentions)
        )

    def corrects(self, start: int, end: int) -> bool:
        corrections = self._list("correct")
        sums = self._list("sum_up")  # "me and my brother, so 2"
        return any(
            corrections.at(self.words, place)
            or sums.at(self.words, place)
            or self._is_bare_no(place)
            for place in range(start, end)
        )

    def _is_bare_no(self, place: int) -> bool:
        """Tell whether a no stands there between commas: "five, no, six"."""
        particle = self._part("particles").at(self.words, place)
        return (
            particle is not None
            and self._part("no").at(self.words, place) is not None
            and self.words[place - 1] in _PAUSES
            and self.words[place + 1] in _PAUSES
        )

    def _part(self, name: str) -> Phrases[bool]:
        return phrases(self.said.language, "yes_no", name)

    def asks(self, place: int) -> bool:
        sentence = self._sentence(place)
        words = self.words[sentence.start : sentence.stop]
        # After digits Arabic's "how many" is "km".
        asking = self._list("ask")
        if any(
            asking.at(words, at)
            for at in range(len(words))
            if at == 0 or not words[at - 1].isdecimal()
        ):
            return True
        ended = (
            sentence.stop < len(self.words)
            and self.words[sentence.stop] == "?"
            and not (len(words) > 1 and self._list("tag").ends_at(self.words, sentence.stop))
        )
        opened = any(self._list("ask_first").at(words, at) for at in self._openings(words))
        return (ended or opened) and not self._requests(words)

    def _requests(self, words: Sequence[str]) -> bool:
        """Tell whether it asks to be given something: by a phrase, or as "could you ... send" does."""
        modal, verb = self._list("request_modal"), self._list("request_verb")
        return self._list("request").anywhere(words) or any(
            (step := modal.at(words, at)) is not None and verb.anywhere(words[at + step[1] :])
            for at in range(len(words))
        )

    def _openings(self, words: Sequence[str]) -> Collection[int]:
        """Return where a sentence may begin: at its first word, after a greeting, after a comma."""
        openings = []
        greetings = self._list("greeting")
        at = 0
        while at < len(words):
            openings.append(at)
            step = greetings.at(words, at)
            if step is None and words[at] not in _PAUSES:
                break
            at += step[1] if step else 1
        return [at for at in openings if at < len(words)]

    def _sentence(self, place: int) -> range:
        return self._around(place, lambda at: self.words[at] in _ENDS)

    def _clause(self, place: int) -> range:
        but = self._list("but")
        return self._around(
            place,
            lambda at: self.words[at] in _ENDS | _PAUSES or but.at(self.words, at) is not None,
        )

    def _around(self, place: int, parts: Callable[[int], bool]) -> range:
        start, stop = place, place
        while start > 0 and not parts(start - 1):
            start -= 1
        while stop < len(self.words) and not parts(stop):
            stop += 1
        return range(start, stop)


_TIMES = frozenset({"x", "times", "ish"})
