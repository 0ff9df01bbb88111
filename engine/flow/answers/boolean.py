"""`bool`: yes or no, as two options with the words people use for them in each language (`heard/lexicon`)."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from engine.core.content import Inbound, Text
from engine.core.script import Answer
from engine.flow.answers.heard.lexicon import phrases, read, spelt
from engine.flow.answers.heard.meant import is_question
from engine.flow.answers.heard.numbers import Said, hear
from engine.flow.answers.heard.spoken import Phrases, fold, undoubled
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.steps import Option

# The words are not in the offers: those are stored with every question.
_OPTIONS = (Option(True, "Yes"), Option(False, "No"))

Sense = Literal["yes", "no", "unsure", "filler", "not", "but", "deed"]
"""What a phrase does to the answer; a deed is a no where it is denied, else nothing: "I did not ask for that"."""

_SIGNS: dict[str, Sense] = {
    **dict.fromkeys("👍✅✔☑👌🆗🙆💯🫡", "yes"),
    **dict.fromkeys("👎❌✖🚫🙅⛔", "no"),
    **dict.fromkeys("🤷🤔❓❔", "unsure"),
}

_MOST_WORDS = 25
"""A message of more words tells something else."""

_STRANGE_WORDS = 2
"""Words beside "I think ... yes" that nobody listed; with more of them the yes is about something else."""


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of yes and no, else None."""
    return Reader(Expected("yes_no"), _read, _OPTIONS) if hint.type is bool else None


def _read(content: Inbound, here: Here) -> Answer | None:
    if not isinstance(content, Text):
        return None
    meant = _meant(hear(content.body, here.language, here.country))
    return None if meant is None else Answer(meant, _OPTIONS[0 if meant else 1].title)


def agrees(text: str, here: Here) -> bool | None:
    """Return what a text comes to that says yes or no and nothing else: "ok", "👍", "claro que sí", not "ok, large"."""
    said = hear(text, here.language, here.country)
    if any(one.sense is None for one in _heard(said.words, said.language)):
        return None
    return _meant(said)


def _meant(said: Said) -> bool | None:
    """Return yes, no, or None: the first part that answers counts, and no other may take it back."""
    if not said.words or len(said.words) > _MOST_WORDS:
        return None
    parts = [_Part(said, place) for place in _parts(said)]
    refused = False
    for part in parts:
        if part.unsure and not (refused and part.later):
            return None
        refused = refused or (part.firm and part.answer is False)
    told = [part for part in parts if part.answer is not None]
    plain = {part.answer for part in told if part.plain}
    firm = plain or {part.answer for part in told if part.firm}
    answers = firm or {part.answer for part in told}
    if len(answers) != 1:
        return None
    # A bare "ok" before a question or a story only opens it.
    return (
        answers.pop()
        if firm or all(part.answer is not None or part.empty for part in parts)
        else None
    )


def _parts(said: Said) -> list[range]:
    """Return the parts of a message: up to a comma, a full stop, a "but"."""
    but = phrases(said.language, "speech", "but")
    found, start = [], 0
    for place, word in enumerate(said.words):
        if word in _ENDS:
            found.append(range(start, place + 1))
            start = place + 1
        elif place > start and but.at(said.words, place) is not None:
            found.append(range(start, place))
            start = place
    return [place for place in (*found, range(start, len(said.words))) if len(place)]


_REPEATED = re.compile(r"^(.{2,}?)\1+$")
"""A word said twice without a space: "sisi"."""

_ENDS = frozenset(".!?,;\n:")


class _Heard(NamedTuple):
    """A phrase and what it does."""

    sense: Sense | None
    """None: nobody listed the word."""
    firm: bool = False
    """Whether it answers in any company."""
    rhetorical: bool = False
    """Whether its question mark asks nothing: "why not?"."""
    plain: bool = False
    """Whether it is the very word yes or no, which beats what is said after it: "no, it's fine"."""
    open: bool = False
    """Whether it is a no that denies what follows: "I don't"."""


class _Part:
    """What one part of a message, up to its comma or full stop, says."""

    def __init__(self, said: Said, place: range) -> None:
        words = said.words[place.start : place.stop]
        heard = _denied(_heard(words, said.language))
        told = [one for one in heard if one.sense in ("yes", "no")]
        strange = sum(one.sense is None for one in heard)
        self.empty = not told and not strange
        self.answer: bool | None = None
        self.firm = any(one.firm for one in told) or (
            not strange and any(one.sense == "no" for one in told)
        )
        self.plain = any(one.plain for one in told)
        self.unsure = _is_unsure(words, said.language)
        self.later = phrases(said.language, "yes_no", "later").anywhere(words)
        marked = words[-1] == "?" and not (told and told[-1].rhetorical)
        if marked and told:
            # "yes?" and "yes or no?"; in a longer question a yes is by chance.
            self.unsure = self.unsure or not strange or len({one.sense for one in told}) > 1
        elif (
            told
            and not self.unsure
            and not (
                (strange or _REFUSAL in heard or _opens_a_question(words, heard, said.language))
                and is_question(said, place.start)
            )
        ):
            self.answer = _sum(heard, strange, self.firm)
            self.unsure = self.answer is None and len({one.sense for one in told if one.firm}) > 1


_REFUSAL = _Heard("no", firm=True)


def _denied(heard: list[_Heard]) -> list[_Heard]:
    """Return the phrases with a denied deed as the no it is, a deed that nobody denies as filler: "ok, book it"."""
    plain_yes = any(one.plain and one.sense == "yes" for one in heard)
    deeds = [one for one in heard if one.sense == "deed"]
    denials = [one for one in heard if one.sense == "not" or (one.sense == "no" and not one.firm)]
    others = sum(one.sense is None for one in heard)
    said = [one for one in heard if one.sense not in ("filler", "deed", None)]
    if deeds and denials and not plain_yes and others < _STRANGE_WORDS:
        return [_REFUSAL]
    if not deeds and not others and said and all(one.sense == "not" for one in said):
        return [_REFUSAL]  # "unfortunately not"
    return [_Heard("filler") if one.sense == "deed" else one for one in heard]


def _sum(heard: list[_Heard], strange: int, firm: bool) -> bool | None:
    """Return what the phrases of a part come to."""
    told: list[tuple[bool, _Heard]] = []
    denied = False
    before: _Heard | None = None
    for one in heard:
        match one.sense:
            case "not":
                denied = True
            case "but":
                told, denied = [], False
            case "yes" if before is not None and before.open:
                pass  # "I don't" + "want it"
            case "no" if one.open and told and told[-1][0] and not told[-1][1].plain:
                told[-1] = (False, told[-1][1])  # "ganz sicher nicht"
            case "yes" | "no":
                told.append(((one.sense == "yes") != denied, one))
                denied = False
            case _:
                pass
        before = one
    if denied and told and not told[-1][1].plain:
        told[-1] = (not told[-1][0], told[-1][1])  # "I do not", "das passt so nicht"
    senses = (
        {meant for meant, one in told if one.plain}
        or {meant for meant, one in told if one.firm}
        or {meant for meant, _ in told}
    )
    opens = next((one.sense for one in heard if one.sense != "filler"), None) in ("yes", "no")
    if len(senses) != 1 or (strange and not (firm and (opens or strange <= _STRANGE_WORDS))):
        return None
    return senses.pop()


def _opens_a_question(words: tuple[str, ...], heard: list[_Heard], language: str) -> bool:
    """Tell whether words that ask open it and no yes or no begins with them, as "o que é isso" does."""
    step = phrases(language, "speech", "ask_first").at(words, 0)
    return step is not None and step[1] > 1 and heard[0].sense not in ("yes", "no")


def _is_unsure(words: tuple[str, ...], language: str) -> bool:
    """Tell whether it says "not sure" anywhere, also across another phrase: "I'm not" + "sure"."""
    known = _lexicon(language)
    loose = tuple(undoubled(word) for word in words)
    end = 0
    for place, word in enumerate(words):
        step = known.at(loose, place)
        if _SIGNS.get(word) == "unsure":
            return True
        if step is None:
            continue
        if step[0].sense == "unsure" and (place >= end or place + step[1] > end):
            return True
        if place >= end:
            end = place + step[1]
    return False


def _heard(words: tuple[str, ...], language: str) -> list[_Heard]:
    known = _lexicon(language)
    loose = tuple(undoubled(word) for word in words)
    found: list[_Heard] = []
    place = 0
    while place < len(words):
        step = known.at(loose, place)
        if step is not None:
            found.append(step[0])
        elif (again := known.at((_REPEATED.sub(r"\1", loose[place]),), 0)) is not None and again[
            0
        ].plain:
            found.append(again[0])
        elif words[place] in _SIGNS:
            found.append(_Heard(_SIGNS[words[place]], firm=True))
        elif any(map(str.isalnum, words[place])):
            found.append(_Heard("deed" if _is_deed(words[place], language) else None))
        place += step[1] if step is not None else 1
    return found


def _is_deed(word: str, language: str) -> bool:
    """Tell whether it is some form of a verb that is a deed; Arabic's have letters before the stem too."""
    stems = _stems(language)
    return any(map(word.__contains__, stems)) if language == "ar" else word.startswith(stems)


@cache
def _stems(language: str) -> tuple[str, ...]:
    return tuple(fold(stem, language) for stem in read(language)["yes_no"]["deed_stems"])


@cache
def _lexicon(language: str) -> Phrases[_Heard]:
    """Return the phrases of a language, then the English ones, which people mix in everywhere."""
    return Phrases(
        (tuple(map(undoubled, words)), heard)
        for code in dict.fromkeys((language, "en"))
        for words, heard in _listed(code, own=code == language)
    )


def _listed(language: str, *, own: bool) -> Iterator[tuple[tuple[str, ...], _Heard]]:
    data = read(language)
    lists, speech = data["yes_no"], data["speech"]
    weak, rhetorical, plain = (
        set(spelt(lists[name], language)) for name in ("weak_yes", "rhetorical", "particles")
    )
    refusals = plain & set(spelt(lists["no"], language))
    deny = set(spelt(speech["not"], language))
    told: tuple[tuple[list[str], Sense], ...] = (
        (lists["unsure"] + speech["unsure"], "unsure"),
        (lists["yes"], "yes"),
        (lists["no"], "no"),
        (speech["correct"] if own else [], "but"),
        (lists["filler"], "filler"),
        (speech["not"] if own else [], "not"),
        (lists["deed"] if own else [], "deed"),
    )
    for said, sense in told:
        for words in spelt(said, language):
            if sense == "but" and any((word,) in plain for word in words):
                continue  # "ach nein" is a no here
            is_open = sense == "no" and words not in plain and words[-1:] in deny
            is_plain = words in plain or (
                sense == "no" and words not in weak and words[:1] in refusals
            )
            yield (
                words,
                _Heard(sense, words not in weak, words in rhetorical, is_plain, is_open),
            )
