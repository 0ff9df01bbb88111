"""A correction in words: "change the size to large", "make it two instead"; which earlier answer is meant, and what to.

Only what can be told for certain is taken: a way of correcting that the language names, a value that one answered
question alone can take, and where a question is named, that one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from engine.core.choosing import match_words
from engine.core.content import Text
from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.language import folded_words
from engine.core.matching import Match, match_exact, match_fuzzy
from engine.core.script import Answer, Script
from engine.core.slips import is_slip
from engine.core.turn import Turn
from engine.core.words import fold, fold_known


class Correction(NamedTuple):
    """An earlier answer and what it shall be instead."""

    runs: int
    """How many runs stay on the stack; the last of them asked it."""
    offer: Offer
    option: OfferedOption | None
    answer: Answer
    named: bool
    """Whether the contact named the question, and not the new answer alone."""


class _Wish(NamedTuple):
    """What a message says by one way of correcting."""

    field: str | None
    value: str
    parted: bool = False
    """Nothing but our guess parts the two: then every word of the first must belong to the question."""


_PAUSES = re.compile(r"[,;:!?…،؛؟]|\.(?!\d)|\s[-–—]\s")
"""What only parts a sentence; a decimal point stays."""

_WORD = re.compile(r"\S+")

TELLING = 4
"""Letters of a word that can name a question; shorter ones ("the", "que", "el") stand everywhere."""

LONGEST = 120
"""Characters of a message that can still be a correction; longer ones tell a story."""


def find_correction(turn: Turn, body: str) -> Correction | None:
    """Return the correction that a message is, None where it is none or could mean several."""
    said = " ".join(_PAUSES.sub(" ", fold(body)).split())
    if len(said) > LONGEST or not turn.runs:
        return None
    opening = fold(_PAUSES.split(body, maxsplit=1)[0])
    for wish in _wishes(turn, said, opening):
        for depth in range(len(turn.runs), 0, -1):
            found = _in_run(turn, depth, wish, _as_written(wish.value, said, body))
            if found:
                # Two questions that could both take it: whoever means one of them will name it.
                return found[0] if len(found) == 1 else None
    return None


def _as_written(value: str, said: str, body: str) -> str:
    """Return a folded value as the contact wrote it: an address keeps its capitals, its accents and its commas."""
    words, wanted = said.split(), value.split()
    places = [found.span() for found in _WORD.finditer(_PAUSES.sub(_blank, body))]
    firsts = range(len(words) - len(wanted), -1, -1)
    first = next((n for n in firsts if words[n : n + len(wanted)] == wanted), None)
    if first is None or len(places) != len(words):
        return value  # folding took a word away, or the value is a part of one: its place cannot be told
    return body[places[first][0] : places[first + len(wanted) - 1][1]]


def _blank(pause: re.Match[str]) -> str:
    return " " * len(pause[0])


def _in_run(turn: Turn, depth: int, wish: _Wish, written: str) -> list[Correction]:
    run = turn.runs[depth - 1]
    script = turn.book.scripts.get(run.flow)
    if script is None or any(above.answers for above in turn.runs[depth:]):
        return []
    called = script.called(run, turn.scene)
    found = []
    for step, offer in run.offers.items():
        is_open = depth == len(turn.runs) and step == run.asked
        if wish.field is None:
            if is_open or step not in run.answers:
                continue
        elif not (is_open or step in run.answers) or not _is_called(
            turn, wish, called.get(step, ())
        ):
            continue
        value = _value(turn, script, run, offer, wish, written)
        if value is not None and (is_open or value[1].value != run.answers[step]):
            found.append(Correction(depth, offer, *value, named=wish.field is not None))
    return found


def _value(
    turn: Turn, script: Script, run: Run, offer: Offer, wish: _Wish, written: str
) -> tuple[OfferedOption | None, Answer] | None:
    """Return the answer that the wish gives to an earlier question: an option, or what its type reads.

    What its type reads is taken only where the question was named: a number could be the answer to many.
    """
    match = (
        match_exact(offer, wish.value)
        or match_fuzzy(offer, wish.value)
        or match_words(offer, wish.value, turn.book.languages.wording)
    )
    if isinstance(match, Match):
        shown = match.option.title if match.option.title != match.option.value else None
        return match.option, Answer(match.option.value, shown)
    if wish.field is None:
        return None
    reading = script.read(
        run.model_copy(update={"asked": offer.step}), Text(body=written), turn.scene
    )
    return (None, reading) if isinstance(reading, Answer) else None


def names_question(turn: Turn, said: str, names: tuple[str, ...]) -> bool:
    """Tell whether folded words are a question's name: every one of them that tells something is in it."""
    return _is_called(turn, _Wish(said, "", parted=True), names)


def _is_called(turn: Turn, wish: _Wish, names: tuple[str, ...]) -> bool:
    """Tell whether the words name a question: a word that tells something is in one of its names, or nearly so.

    That the word could stand in two questions' names does no harm: then the new answer must fit one of them alone.
    """
    said = wish.field or ""
    known = {word for name in names for word in fold_known(name).split()}
    telling = [word for word in said.split() if len(word) >= TELLING]
    if not telling:
        return any(fold_known(name) == said for name in names)
    named = (_is_one_of(turn, word, known) for word in telling)
    return all(named) if wish.parted else any(named)


def _is_one_of(turn: Turn, word: str, known: set[str]) -> bool:
    """Tell whether a word is one of a question's names, whatever hangs before it, as the Arabic article does."""
    if word in known or any(is_slip(word, one) for one in known):
        return True
    return any(
        word.startswith(prefix) and word.removeprefix(prefix) in known
        for language in turn.book.languages.all
        for prefix in folded_words(language.prefixes)
    )


def _wishes(turn: Turn, said: str, opening: str) -> Iterator[_Wish]:
    """Yield what the message says by each way of correcting: the own language first, named questions first.

    A "no" corrects only where a pause follows it: "no, cheese" wants some, "no cheese" does not.
    """
    own = turn.language
    for language in (own, *(one for one in turn.book.languages.all if one is not own)):
        nots = _nots(language.choosing.nots)
        for begin, pattern in _patterns(language.change):
            found = pattern.fullmatch(said)
            if found is None:
                continue
            names = "field" in pattern.groupindex  # the Arabic word for "change" is a "not" as well
            if not names and begin in nots and begin != opening:
                continue
            yield from _read(found.groupdict())


def _read(groups: dict[str, str]) -> Iterator[_Wish]:
    if "both" not in groups:
        yield _Wish(groups.get("field"), groups["value"])
        return
    words = groups["both"].split()
    for place in range(1, len(words)):
        yield _Wish(" ".join(words[:place]), " ".join(words[place:]), parted=True)


@lru_cache(maxsize=64)
def _nots(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(word) for text in words for word in text.split())


@lru_cache(maxsize=64)
def _patterns(ways: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the ways of correcting as patterns over folded text, each with its first words.

    Those that name the question come first.
    """
    return tuple(
        (
            fold_known(way.partition("{")[0]),
            re.compile(
                re.escape(fold_known(way))
                .replace(r"\{field\}\ \{value\}", r"(?P<both>\S.{0,119}?)")
                .replace(r"\{field\}", r"(?P<field>\S.{0,39}?)")
                .replace(r"\{value\}", r"(?P<value>\S.{0,79}?)")
            ),
        )
        for way in sorted(ways, key=lambda way: "{field}" not in way)
    )
