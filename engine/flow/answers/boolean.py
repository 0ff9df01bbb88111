"""`bool`: yes or no, as two options with the words people use for them in each language (`heard/lexicon`)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

from engine.core.content import Inbound, Text
from engine.core.script import Answer
from engine.flow.answers.heard.lexicon import phrases, read, spelt
from engine.flow.answers.heard.meant import is_question
from engine.flow.answers.heard.numbers import Said, hear
from engine.flow.answers.heard.spoken import Phrases, fold, undoubled, words_of
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.steps import Option

# The words are not in the offers: those are stored with every question.
_OPTIONS = (Option(True, "Yes"), Option(False, "No"))

Sense = Literal["yes", "no", "unsure", "filler", "not", "but", "sorry", "deed", "day"]
"""What a phrase does to the answer.

A deed is a no where it is denied, else nothing: "I did not ask for that". What stands before a "but" no longer counts,
nor what stands before a "sorry" that more follows: "no sorry" is a no, "yes sorry no" too. A day is filler beside a
firm answer only: "not on Monday" is a no, "fine on Monday" may be the answer to something else.
"""

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
    said = hear(content.body, here.language, here.country)
    meant = None if _is_condition(content.body, said) else _meant(said)
    return None if meant is None else Answer(meant, _OPTIONS[0 if meant else 1].title)


def _is_condition(body: str, said: Said) -> bool:
    """Tell whether a yes without its accent is an if: "si llueve voy en coche"; "si tengo coche" answers."""
    opening = body.casefold().split(maxsplit=1)[:1]
    conditions = [one.split() for one in read(said.language)["yes_no"].get("if", [])]
    if opening not in [one[:1] for one in conditions] or "," in said.words:
        return False
    heard = _heard(said.words, said.language)
    follows = any(one[1:] and said.words[: len(one)] == tuple(one) for one in conditions)
    return (follows or [one.sense for one in heard[1:2]] == [None]) and sum(
        one.sense is None for one in heard
    ) > _STRANGE_WORDS


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
        return _corrected(parts)
    # A bare "ok" before a question or a story only opens it.
    return (
        answers.pop()
        if firm or all(part.answer is not None or part.empty for part in parts)
        else None
    )


def _corrected(parts: list["_Part"]) -> bool | None:
    """Return the last of several answers where they say that it corrects the others: "yes... actually no"."""
    plain = [at for at, part in enumerate(parts) if part.answer is not None and part.plain]
    if not plain or not any(part.corrects for part in parts[plain[0] :]):
        return None
    if any(part.strange and not part.corrects for part in parts[plain[-1] :]):
        return None
    return parts[plain[-1]].answer


def _parts(said: Said) -> list[range]:
    """Return the parts of a message: up to a comma, a full stop, a "but"."""
    but = phrases(said.language, "speech", "but")
    correct = phrases(said.language, "speech", "correct")
    found, start, kept = [], 0, 0
    for place, word in enumerate(said.words):
        if word in _ENDS:
            found.append(range(start, place + 1))
            start = place + 1
        elif (step := correct.at(said.words, place)) is not None and step[1] > 1:
            kept = place + step[1]  # the "but" within "lo pensé mejor" parts nothing
        elif place > start and place >= kept and but.at(said.words, place) is not None:
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
    denies: bool = False
    """Whether it is a no that holds a word that denies, other than "wrong" and "cancel"."""
    anew: bool = False
    """Whether it takes back what was said before: "ach nein"."""


class _Part:
    """What one part of a message, up to its comma or full stop, says."""

    def __init__(self, said: Said, place: range) -> None:
        words = tuple(_in_full(said.words[place.start : place.stop], said.language))
        heard = _denied(_settled(_heard(words, said.language)))
        told = [one for one in heard if one.sense in ("yes", "no")]
        strange = sum(one.sense is None for one in heard)
        self.strange = strange > 0
        dated = any(one.sense == "day" for one in heard)
        self.empty = not told and not strange and not dated
        self.corrects = phrases(said.language, "speech", "correct").anywhere(words)
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
            if self.answer and dated and not self.firm:
                self.answer = None
            self.unsure = self.answer is None and len({one.sense for one in told if one.firm}) > 1


_REFUSAL = _Heard("no", firm=True)
_NUMBERED = _Heard(None), 1


def _denied(heard: list[_Heard]) -> list[_Heard]:
    """Return the phrases with a denied deed as the no it is, a deed that nobody denies as filler: "ok, book it"."""
    plain_yes = any(one.plain and one.sense == "yes" for one in heard)
    deeds = [one for one in heard if one.sense == "deed"]
    denials = [one for one in heard if one.sense == "not" or (one.denies and not one.firm)]
    others = sum(one.sense is None for one in heard)
    said = [one for one in heard if one.sense not in ("filler", "day", "deed", None)]
    if deeds and denials and not plain_yes and others < _STRANGE_WORDS:
        return [_REFUSAL]
    if not deeds and not others and said and all(one.sense == "not" for one in said):
        return [_REFUSAL]  # "unfortunately not"
    return [_Heard("filler") if one.sense == "deed" else one for one in heard]


def _settled(heard: list[_Heard]) -> list[_Heard]:
    """Return the phrases with an apology as a "but" where an answer follows it, else as filler."""
    last = max((at for at, one in enumerate(heard) if one.sense in ("yes", "no", "not")), default=0)
    settled: list[_Heard] = []
    for at, one in enumerate(heard):
        if one.sense == "sorry":
            settled.append(_Heard("but" if at < last else "filler"))
        else:
            sorry = [after.sense for after in heard[at + 1 : at + 2]] == ["sorry"]
            settled.append(one._replace(firm=True) if one.plain and sorry else one)
    return settled


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
                told = [] if one.anew else told
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
    opens = next((one.sense for one in heard if one.sense not in ("filler", "day")), None) in (
        "yes",
        "no",
    )
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
    labels = phrases(language, "numbers", "label")
    loose = tuple(undoubled(word) for word in words)
    found: list[_Heard] = []
    place = 0
    while place < len(words):
        step = known.at(loose, place)
        numbered = words[place + 1 : place + 2]
        if (words[place],) in labels and numbered and numbered[0].isdecimal():
            step = _NUMBERED  # "no 12"
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
    return _ended(found, words, language)


def _ended(heard: list[_Heard], words: tuple[str, ...], language: str) -> list[_Heard]:
    """Return the phrases, a particle that elsewhere only denies as firm where it ends them: "los jueves no"."""
    spoken = [word for word in words if any(map(str.isalnum, word))]
    if sum(one.sense is None for one in heard) != 1 or len(spoken) < 2:
        return heard
    last, offers = heard[-1], phrases(language, "speech", "or")
    if not last.plain or last.firm or last.sense != "no" or (spoken[-2],) in offers:
        return heard
    return [*heard[:-1], last._replace(firm=True)]


def _in_full(words: Iterable[str], language: str) -> Iterator[str]:
    """Yield the words, those that people shorten as they are in full: "x" is "por"."""
    short = _short(language)
    for word in words:
        yield from short.get(word, (word,))


@cache
def _short(language: str) -> Mapping[str, tuple[str, ...]]:
    listed = read(language)["yes_no"].get("short", {})
    return {
        fold(short, language): tuple(full for full in words_of(long, language))
        for long, shorts in listed.items()
        for short in shorts
    }


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
        (tuple(map(undoubled, _in_full(words, code))), heard)
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
    polite = set(spelt(lists["filler"], language))
    deny = set(spelt(speech["not"], language))
    denials = deny | refusals | set(spelt(lists.get("denials", ()), language))
    told: tuple[tuple[list[str], Sense], ...] = (
        (lists["unsure"] + speech["unsure"], "unsure"),
        (lists["yes"], "yes"),
        (lists["no"], "no"),
        (speech["correct"] if own else [], "sorry"),
        (lists["filler"], "filler"),
        (lists["day"], "day"),
        (speech["not"] if own else [], "not"),
        (lists["deed"] if own else [], "deed"),
    )
    for words in spelt(speech["correct"] if own else [], language):
        if words[-1:] in refusals and words[:1] not in plain:
            yield words, _Heard("no", firm=True, plain=True, anew=True)
    for said, sense in told:
        for words in spelt(said, language):
            if sense == "sorry" and any((word,) in plain for word in words):
                continue  # "ach nein" is a no here
            if sense == "sorry" and words not in polite:
                yield words, _Heard("but")  # "no wait" is not yet an answer
                continue
            is_open = sense == "no" and words not in plain and words[-1:] in deny
            is_plain = words in plain or (
                sense == "no" and words not in weak and words[:1] in refusals
            )
            yield (
                words,
                _Heard(
                    sense,
                    firm=words not in weak,
                    rhetorical=words in rhetorical,
                    plain=is_plain,
                    open=is_open,
                    denies=sense == "no" and any((word,) in denials for word in words),
                ),
            )
