"""What the words around a number do to it: ask, deny, bound, correct it, or make it something else than an answer."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from engine.flow.answers.heard.calendar import is_date
from engine.flow.answers.heard.lexicon import phrases, read
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.numbers import Said
from engine.flow.answers.heard.spoken import Phrases
from engine.flow.answers.heard.sums import Mention
from engine.flow.answers.heard.units import PIECE, units

_REFERENCE_DIGITS = 3
"""Longer numbers after "order" or "code" name one; shorter ones may be how many to order."""

_MANY = 100
"""From here on number words are figures of speech too."""

_CODE_DIGITS = 6
"""So many digits that begin with a zero are a telephone number or a code."""

_ENDS = frozenset(".!?\n;")
_PAUSES = frozenset(",:()")

Knows = Callable[[str], bool]
"""Tells of a word whether a reader knows it."""


class Glue(NamedTuple):
    """What may be written together with digits."""

    is_suffix: Knows
    is_prefix: Knows


class Speech:
    """What the words around numbers do to them."""

    def __init__(self, said: Said) -> None:
        """Say which message."""
        self.said, self.words = said, said.words

    def _list(self, name: str) -> Phrases[bool]:
        return phrases(self.said.language, "speech", name)

    def unsure(self) -> bool:
        """Tell whether the message says that it does not know."""
        return self._list("unsure").anywhere(self.words) or self._list("vague").anywhere(self.words)

    def counts(self, mention: Mention, glue: Glue) -> bool:
        """Tell whether a number may be the answer by what stands around it."""
        return not (
            self._is_part_of_a_word(mention, glue)
            or self._is_time(mention)
            or self._is_delay(mention)
            or self._is_of_the_past(mention)
            or self._is_about_something_else(mention)
            or self._is_rest_of_a_measure(mention)
            or self._is_denied(mention)
            or self.asks(mention.first)
        )

    def bounded(self, mention: Mention) -> bool:
        """Tell whether it is a bound: "more than 2", "2 or more"."""
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

    def _near(self, end: int, mention: Mention) -> bool:
        """Tell whether nothing but a sign or a currency stands between a bound and its number."""
        return end == mention.first or (
            self.said.tokens[end].kind == "sign" and self.words[end] not in _ENDS | _PAUSES
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
            after.text == "/" and not self._is_rupee_dash(mention.end)
        )

    def _is_rupee_dash(self, place: int) -> bool:
        return self.words[place : place + 2] == ("/", "-")

    def _is_time(self, mention: Mention) -> bool:
        after = mention.end < len(self.words) and self._list("clock_after").at(
            self.words, mention.end
        )
        if after or is_date(self.words, mention.first, mention.end, self.said.language):
            return True
        return self._list("clock_before").ends_at(
            self.words, mention.first
        ) and not self._ends_range(mention)

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

    def _is_about_something_else(self, mention: Mention) -> bool:
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
        if len(token.text) >= _CODE_DIGITS and token.text.isdecimal() and token.text[0] == "0":
            return True
        named = token.kind == "number" and sum(map(str.isdigit, token.text)) >= _REFERENCE_DIGITS
        return named and any(self._list("reference").ends_at(self.words, end) for end in ends)

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
        """Tell whether nothing but "uh", or a "no" of its own, stands there: "5, no, 6".

        A "no" that is a "not" too ("5 no 6") may as well deny what follows: a pause must part them.
        """
        rest = self._but_hesitation(start, end)
        if not rest:
            return any(self._list("hesitate").at(self.words, place) for place in range(start, end))
        word = self.words[rest[0]]
        if len(rest) > 1 or word not in self._noes():
            return False
        return (word,) not in self._list("not") or self.words[rest[0] + 1] in _PAUSES | _ENDS

    def _noes(self) -> Collection[str]:
        """Return the words that say no by themselves."""
        language = self.said.language
        no = phrases(language, "yes_no", "no")
        particles = phrases(language, "yes_no", "particles").items()
        return {words[0] for words, _ in particles if words in no}

    def _but_hesitation(self, start: int, end: int) -> list[int]:
        """Return the places of what is no "uh", no pause and no greeting."""
        rest = []
        place = start
        while place < end:
            step = self._list("hesitate").at(self.words, place)
            if step is None and self.words[place] not in _PAUSES | _ENDS:
                rest.append(place)
            place += step[1] if step else 1
        return rest

    def asks(self, place: int) -> bool:
        """Tell whether the sentence at the place asks something else than to be given what it names."""
        sentence = self._sentence(place)
        turn = self._turns_to_ask(sentence)
        if turn is not None and place > turn:
            return not self._requests(self.words[turn : sentence.stop])
        if turn is not None:
            sentence = range(sentence.start, turn)
        words = self.words[sentence.start : sentence.stop]
        # After digits Arabic's "how many" is "km".
        asking, measures = self._list("ask"), units(self.said.language)
        if any(
            asking.at(words, at)
            for at in range(len(words))
            if not (at and words[at - 1].isdecimal() and measures.at(words, at))
            and not self._asks_for(words, at)
        ):
            return True
        ended = sentence.stop < len(self.words) and self.words[sentence.stop] == "?"
        ended = ended and not self._wonders(sentence)
        opened = any(self._list("ask_first").at(words, at) for at in self._openings(words))
        return (ended or opened) and not self._requests(words)

    def _turns_to_ask(self, sentence: range) -> int | None:
        """Return where a question begins after something else: "2 please, oh and is there ...?"."""
        if self.words[sentence.stop : sentence.stop + 1] != ("?",):
            return None
        for pause in sentence:
            if pause > sentence.start and self.words[pause] in _PAUSES:
                rest = self.words[pause + 1 : sentence.stop]
                openings = [at for at in self._openings(rest) if rest[at] not in _PAUSES]
                lists = (self._list("ask"), self._list("ask_first"), self._list("ask_next"))
                if any(known.at(rest, at) for known in lists for at in openings):
                    return pause
        return None

    def _wonders(self, sentence: range) -> bool:
        """Tell whether nothing but an "uh" stands beside the number: "hmm, seven?" is how people offer one."""
        numbers = {
            place for one in self.said.mentions for place in range(one.first, one.end)
        } & set(sentence)
        rest = set(self._but_hesitation(sentence.start, sentence.stop))
        said = {place for place in sentence if self.words[place] not in _PAUSES}
        return bool(numbers) and rest <= numbers and said > numbers

    def _requests(self, words: Sequence[str]) -> bool:
        """Tell whether it asks to be given something: by a phrase, or as "could you ... send" does."""
        return self._list("request").anywhere(words) or any(
            self._asks_for(words, at) for at in range(len(words))
        )

    def _asks_for(self, words: Sequence[str], at: int) -> bool:
        """Tell whether "could you" stands at the place and what may be asked for after it: "send"."""
        step = self._list("request_modal").at(words, at)
        return step is not None and self._list("request_verb").anywhere(words[at + step[1] :])

    def _openings(self, words: Sequence[str]) -> Collection[int]:
        """Return where a sentence may begin: at its first word, after a greeting, after a comma."""
        openings = []
        greetings, hesitations = self._list("greeting"), self._list("hesitate")
        at = 0
        while at < len(words):
            openings.append(at)
            step = greetings.at(words, at) or hesitations.at(words, at)
            if step is None and words[at] not in _PAUSES:
                break
            at += step[1] if step else 1
        return [at for at in openings if at < len(words)]

    def _sentence(self, place: int) -> range:
        return self._around(place, lambda at: self.words[at] in _ENDS)

    def _clause(self, place: int) -> range:
        but, denials = self._list("but"), self._list("not")  # "instead of" denies, "instead" parts
        return self._around(
            place,
            lambda at: (
                self.words[at] in _ENDS | _PAUSES
                or (but.at(self.words, at) is not None and denials.at(self.words, at) is None)
            ),
        )

    def _around(self, place: int, parts: Callable[[int], bool]) -> range:
        start, stop = place, place
        while start > 0 and not parts(start - 1):
            start -= 1
        while stop < len(self.words) and not parts(stop):
            stop += 1
        return range(start, stop)


_TIMES = frozenset({"x", "times", "ish"})
