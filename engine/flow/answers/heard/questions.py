"""Sentences and clauses of a message, and which of them ask something else than to be given what they name."""

from collections.abc import Callable, Collection, Sequence

from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.numbers import Said
from engine.flow.answers.heard.spoken import Phrases
from engine.flow.answers.heard.units import units

ENDS = frozenset(".!?\n;")
PAUSES = frozenset(",:()")


class Questions:
    """What a message asks."""

    def __init__(self, said: Said) -> None:
        """Say which message."""
        self.said, self.words = said, said.words

    def _list(self, name: str) -> Phrases[bool]:
        return phrases(self.said.language, "speech", name)

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
        ended = ended and not self._seeks_approval(sentence) and not self._wonders(sentence)
        opened = any(self._list("ask_first").at(words, at) for at in self._openings(words))
        return (ended or opened) and not self._requests(words)

    def _turns_to_ask(self, sentence: range) -> int | None:
        """Return where a question begins after something else: "2 please, oh and is there ...?"."""
        if self.words[sentence.stop : sentence.stop + 1] != ("?",):
            return None
        for pause in sentence:
            if pause > sentence.start and self.words[pause] in PAUSES:
                rest = self.words[pause + 1 : sentence.stop]
                openings = [at for at in self._openings(rest) if rest[at] not in PAUSES]
                lists = (self._list("ask"), self._list("ask_first"), self._list("ask_next"))
                if any(known.at(rest, at) for known in lists for at in openings):
                    return pause
        return None

    def _seeks_approval(self, sentence: range) -> bool:
        """Tell whether its question mark asks nothing: "50, ok?"; "are 50 ok?" asks."""
        words = self.words[sentence.start : sentence.stop]
        asking = any(self._list("ask_next").at(words, at) for at in self._openings(words))
        return len(words) > 1 and not asking and self._list("tag").ends_at(words, len(words))

    def _wonders(self, sentence: range) -> bool:
        """Tell whether nothing but an "uh" stands beside the number: "hmm, seven?" is how people offer one."""
        numbers = {place for one in self.said.mentions for place in range(one.first, one.end)}
        rest = set(self._but_hesitation(sentence.start, sentence.stop))
        said = {place for place in sentence if self.words[place] not in PAUSES}
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
            if step is None and words[at] not in PAUSES:
                break
            at += step[1] if step else 1
        return [at for at in openings if at < len(words)]

    def _sentence(self, place: int) -> range:
        return self._around(place, lambda at: self.words[at] in ENDS)

    def _clause(self, place: int) -> range:
        but, denials = self._list("but"), self._list("not")  # "instead of" denies, "instead" parts
        return self._around(
            place,
            lambda at: (
                self.words[at] in ENDS | PAUSES
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

    def _but_hesitation(self, start: int, end: int) -> list[int]:
        """Return the places of what is no "uh", no pause and no greeting."""
        rest = []
        place = start
        while place < end:
            step = self._list("hesitate").at(self.words, place)
            if step is None and self.words[place] not in ENDS | PAUSES:
                rest.append(place)
            place += step[1] if step else 1
        return rest
