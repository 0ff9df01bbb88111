"""What the words around a number do to it: ask, deny, bound, correct it, or make it something else than an answer."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from engine.flow.answers.heard.calendar import is_date
from engine.flow.answers.heard.lexicon import phrases, read
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.numbers import Said
from engine.flow.answers.heard.questions import ENDS, PAUSES, Questions
from engine.flow.answers.heard.sums import Mention
from engine.flow.answers.heard.units import PIECE, units

_REFERENCE_DIGITS = 3
"""Longer numbers after "order" or "code" name one; shorter ones may be how many to order."""

_MANY = 100
"""From here on number words are figures of speech too."""

_LIMITS = ("most", "most_after", "more", "more_after")

Knows = Callable[[str], bool]
"""Tells of a word whether a reader knows it."""


class Glue(NamedTuple):
    """What may be written together with digits."""

    is_suffix: Knows
    is_prefix: Knows


class Speech(Questions):
    """What the words around numbers do to them."""

    def __init__(self, said: Said, *, most: bool = False) -> None:
        """Say which message, and whether a limit is an answer."""
        super().__init__(said)
        self.most = most and any(self._list(name).anywhere(self.words) for name in _LIMITS)

    def unsure(self) -> bool:
        """Tell whether the message says that it does not know."""
        return self._list("unsure").anywhere(self.words) or self._list("vague").anywhere(self.words)

    def counts(self, mention: Mention, glue: Glue) -> bool:
        """Tell whether a number may be the answer by what stands around it."""
        return not (
            self._is_part_of_a_word(mention, glue)
            or self._is_time(mention, glue)
            or self._is_delay(mention)
            or self._is_of_the_past(mention)
            or self._is_about_something_else(mention, glue)
            or self._is_rest_of_a_measure(mention)
            or self._is_denied(mention)
            or self.asks(mention.first)
        )

    def bounded(self, mention: Mention) -> bool:
        """Tell whether it is a bound: "more than 2", "2 or more"."""
        if self._is_the_most(mention):
            return False
        bound = self._list("bound")
        if any(
            bound.ends_at(self.words, end)
            for end in (mention.first, mention.first - 1)
            if end > 0 and self._near(end, mention)
        ):
            return True
        if self._is_delay(mention):
            return False  # "10 min de retard" is no minimum
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
            self.said.tokens[end].kind == "sign" and self.words[end] not in ENDS | PAUSES
        )

    def _is_part_of_a_word(self, mention: Mention, glue: Glue) -> bool:
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

    def _is_price(self, mention: Mention, glue: Glue) -> bool:
        """Tell whether a currency stands beside it, where the reader knows any: "at $50" is no time."""
        places = (mention.first - 1, mention.end)
        words = [self.words[place] for place in places if 0 <= place < len(self.words)]
        # The "p" of "5 p.m." is no penny.
        return any(glue.is_prefix(word) and (len(word) > 1 or not word.isalpha()) for word in words)

    def _is_time(self, mention: Mention, glue: Glue) -> bool:
        after = mention.end < len(self.words) and self._list("clock_after").at(
            self.words, mention.end
        )
        if after and not mention.fraction:  # a quarter of an hour is no time of day
            return True
        if self._is_price(mention, glue):
            return False
        if is_date(self.words, mention.first, mention.end, self.said.language):
            return True
        return (
            self._list("clock_before").ends_at(self.words, mention.first)
            and not self._ends_range(mention)
            and not self._is_the_most(mention)
        )

    def _is_delay(self, mention: Mention) -> bool:
        """Tell whether it says how late or how far: "2 min away", "3 weeks late"."""
        of = phrases(self.said.language, "numbers", "of").at(self.words, mention.end)
        place = mention.end + (of[1] if of else 0)
        step = units(self.said.language).at(self.words, place)
        return step is not None and bool(self._list("delay").at(self.words, place + step[1]))

    def _is_of_the_past(self, mention: Mention) -> bool:
        """Tell whether its clause says how it was before: "3 last time"."""
        clause = self._clause(mention.first)
        return self._list("past").anywhere(self.words[clause.start : clause.stop])

    def _ends_range(self, mention: Mention) -> bool:
        """Tell whether it is the 4 of "2 à 4"."""
        joints = self._list("or")
        return any(
            0 < mention.first - other.end <= 2
            and all((word,) in joints for word in self.words[other.end : mention.first])
            for other in self.said.mentions
        )

    def _is_about_something_else(self, mention: Mention, glue: Glue) -> bool:
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
        if token.kind == "word" and mention.value >= _MANY and self._is_figure(mention.end):
            return True
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

    def _is_figure(self, place: int) -> bool:
        """Tell whether what is counted there is only said to be much: "mil gracias", "hundred times"."""
        of = phrases(self.said.language, "numbers", "of").at(self.words, place)
        return self._list("figure").at(self.words, place + (of[1] if of else 0)) is not None

    def _is_rest_of_a_measure(self, mention: Mention) -> bool:
        """Tell whether it is the seventy of "metro setenta", which is 1.70."""
        said, before = self.said, mention.first - 1
        if (
            said.language not in ("es", "pt", "fr")
            or before < 0
            or said.tokens[mention.first].kind != "word"
            or (self.words[before],) in self._list("hesitate")  # "mmm, setenta"
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
        if any(self._denies(place) for place in range(clause.start, mention.first)):
            return True
        step = denials.at(self.words, mention.end) if mention.end < len(self.words) else None
        if step is not None and mention.end + step[1] == clause.stop:
            return True  # "3 no, 4"
        after = self._list("not_after")
        return bool(after) and any(
            after.at(self.words, place)
            for place in range(mention.end, self._next_deed(mention.end, clause.stop))
        )

    def _denies(self, place: int) -> bool:
        """Tell whether a denial stands at the place, and no correction that begins as one: "no wait"."""
        step = self._list("not").at(self.words, place)
        correction = self._list("correct").at(self.words, place)
        return step is not None and not (correction and correction[1] > step[1])

    def _next_deed(self, start: int, stop: int) -> int:
        """Return where "and" begins something without a number, which has a denial of its own: "1, aur bhulna mat"."""
        joints = names(self.said.language)
        numbers = {mention.first for mention in self.said.mentions}
        for place in range(start, stop):
            joint = joints.part(self.words[place])
            if joint is not None and joint.kind == "and" and not numbers & set(range(place, stop)):
                return place
        return stop

    def corrects(self, start: int, end: int) -> bool:
        """Tell whether what stands there takes back what is before it: "no wait"."""
        corrections = self._list("correct")
        sums = self._list("sum_up")  # "me and my brother, so 2"
        return any(
            corrections.at(self.words, place) or sums.at(self.words, place)
            for place in range(start, end)
        ) or self._takes_back(start, end)

    def _takes_back(self, start: int, end: int) -> bool:
        """Tell whether nothing but "uh" stands there, or a "no" of its own before the end: "5, no, 6".

        A "no" that is a "not" too ("5 no 6") may as well deny what follows: pauses must part them.
        """
        rest = self._but_hesitation(start, end)
        if not rest:
            return any(self._list("hesitate").at(self.words, place) for place in range(start, end))
        no, pauses = rest[-1], ENDS | PAUSES
        if self.words[no] not in self._noes():
            return False
        return (self.words[no],) not in self._list("not") or (
            self.words[no + 1] in pauses and (len(rest) == 1 or self.words[no - 1] in pauses)
        )

    def _noes(self) -> Collection[str]:
        """Return the words that say no by themselves."""
        language = self.said.language
        no = phrases(language, "yes_no", "no")
        particles = phrases(language, "yes_no", "particles").items()
        return {words[0] for words, _ in particles if words in no}


_TIMES = frozenset({"x", "times", "ish"})
