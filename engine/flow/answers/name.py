"""`Name`: what a person is called, out of a sentence ("hi, I'm ana lópez here") and in its usual capitals.

Titles are left out. nameparser knows them, the particles ("van der", "de la", "bin") and the capitals ("McDonald").
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from engine.core.content import Inbound, Text
from engine.core.script import Answer
from engine.flow.answers.kind import Kind
from engine.flow.answers.names.capitals import INITIALS, cased
from engine.flow.answers.names.speech import PARTICLES, Speech, speech_of
from engine.flow.answers.names.taken import ALONE, bare_word, polite_words, take
from engine.flow.answers.plain import plain
from engine.flow.answers.reader import Expected, Here, Hint, Reader

NAME = Kind("name", str.strip)

Name = Annotated[str, NAME]

LONGEST = 400
"""A longer message is read up to here."""
MOST_LEADS = 4
"""A clause that tells more names is no answer."""
MOST_BARE = 4
"""The same, where nothing says that it is a name."""
FEWEST_SENTENCE = 4
"""So many words without a capital are no name but a sentence."""

SHORT_QUESTION = 3
"""Words of a question that only repeats what was asked: "my name? ..."."""

_ORIGINS = frozenset({"de", "da", "do", "del", "du", "des", "d", "di"})
"""Behind "I'm" they tell where one is from."""
_ARTICLES = frozenset({"le", "la", "les"})
"""Particles that in small letters make a noun, not a name, of what follows: "je suis la voisine"."""
_ENDING = frozenset(["hai", "है", "h"])
_SPEAKING = frozenset(["bol", "bat", "baat", "बोल", "बात"])
_DOING = frozenset(["raha", "rahi", "rahe", "रहा", "रही", "रहे"])
"""Hindi says them behind what one is doing: "main aa raha hoon"."""
_BEHIND_ORIGINS = frozenset(
    ["pe", "par", "पे", "पर", "se", "से", "ka", "का", "ke", "के", "ki", "की", "ko", "को", "mein", "में"]
)
_CLAUSE = re.compile(r"[,;!?¿¡؟،؛।…\n()|/\"“”„«»*]+|\.+(?=\s|$)|\.{2,}")
_FACE = re.compile(
    r"(?<!\w)(?:[:;=8][-o']?[)(\]\[dpo3*/\\|]+|<3+|[xX][dD]+|\^_?\^)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    asks: bool


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of names, else None."""
    return Reader(Expected("name"), _read) if NAME in hint.metadata else None


def _read(content: Inbound, here: Here) -> Answer | None:
    if not isinstance(content, Text):
        return None
    text = _letters(plain(content.body[:LONGEST]))
    speech = speech_of(here.language)
    clauses = [_shorn(clause, speech) for clause in _clauses(text, speech)]
    words = _told(clauses, speech) or _bare(clauses, speech)
    return Answer(cased(words, here.language)) if words else None


def _letters(text: str) -> str:
    """Return the text without emoji and the strokes that only stretch an Arabic word; one kind of apostrophe."""
    text = _FACE.sub(" ", text)
    kept = "".join(
        " " if unicodedata.category(sign) in ("So", "Sk", "Sm") else sign for sign in text
    )
    return kept.replace("\u0640", "").replace("’", "'").replace("`", "'").replace("\u200d", "")


def _clauses(text: str, speech: Speech) -> Iterator[_Clause]:
    start = 0
    for end in _CLAUSE.finditer(text):
        part = text[start : end.start()].strip()
        last = part.casefold().split()[-1:]
        if (
            end.group() == "."
            and last
            and (last[0] in speech.abbreviated or INITIALS.fullmatch(f"{last[0]}."))
        ):
            continue
        if part:
            yield _Clause(part, "?" in end.group() or "؟" in end.group())
        start = end.end()
    if part := text[start:].strip():
        yield _Clause(part, False)


def _shorn(clause: _Clause, speech: Speech) -> _Clause:
    """Return the clause without how the name is spelt, and without the same question asked back."""
    text = speech.back.sub("", clause.text)
    return _Clause(speech.aside.sub("", text), clause.asks and text == clause.text)


# --- where a name is told -------------------------------------------------------------------------------


def _told(clauses: list[_Clause], speech: Speech) -> list[str]:
    """Return the name that the words around it announce; the surest announcement counts."""
    for names in (
        _in_parts(clauses, speech),
        _framed(clauses, speech),
        _led(clauses, speech, speech.leads[0]),
        _led(clauses, speech, speech.leads[1]),
        _tailed(clauses, speech),
        _led(clauses, speech, speech.leads[2]),
        _led(clauses, speech, speech.leads[3]),
    ):
        for name in names:
            return _longer(name, clauses, speech)
    return []


def _in_parts(clauses: list[_Clause], speech: Speech) -> Iterator[list[str]]:
    """Yield what is told as a first name and a last one."""
    given = next(_led(clauses, speech, speech.given, until=speech.family), [])
    family = next(_led(clauses, speech, speech.family, until=speech.given), [])
    if given and family:
        yield [*given, *family]


def _framed(clauses: list[_Clause], speech: Speech) -> Iterator[list[str]]:
    if speech.frames is None:
        return
    for clause in clauses:
        for found in speech.frames.finditer(clause.text):
            inner = next(group for group in found.groups() if group)
            words, rest = take(inner.split(), speech)
            if words and not rest:
                yield words


def _led(
    clauses: list[_Clause],
    speech: Speech,
    lead: re.Pattern[str],
    until: re.Pattern[str] | None = None,
) -> Iterator[list[str]]:
    for at, clause in enumerate(clauses):
        for found in islice(lead.finditer(clause.text), MOST_LEADS):
            before = clause.text[: found.start()].casefold().split()
            if before and before[-1] in speech.negations:
                continue
            if lead in speech.leads[2:] and not speech.common.issuperset(before):
                continue  # "Annegret von der Leyen"
            if lead is speech.leads[3] and not {one.strip(".") for one in before[-1:]}.isdisjoint(
                speech.titles | speech.seeks
            ):
                continue  # "Frau von der Leyen", "looking for Laura"
            told = clause.text[found.end() :]
            behind = _introduced((until.split(told)[0] if until else told).split(), speech)
            if not behind and not clause.asks and at + 1 < len(clauses):
                behind = _introduced(clauses[at + 1].text.split(), speech)  # 'call me "Al"'
            words, rest = take(behind, speech)
            if lead in speech.leads[2:] and (
                _is_origin(words, rest) or _is_noun(told.split(), words, speech)
            ):
                continue
            if rest and rest[0].casefold() in speech.negations and _ENDING.issuperset(rest[1:]):
                continue  # "mera naam zaroori nahi hai"
            if rest[:1] and rest[0].casefold() in _DOING:
                words = words[:-1]
            if lead is speech.leads[3] and words and words[0].islower():
                continue  # "for delivery": only capitals tell
            if words and (rest or not clause.asks):
                yield words


def _is_origin(words: list[str], rest: list[str]) -> bool:
    """Tell whether it is where one is from: "soy de Madrid", "main Delhi se hoon"."""
    return bool(words) and (
        words[0].casefold() in _ORIGINS or (rest != [] and rest[0].casefold() in _BEHIND_ORIGINS)
    )


def _is_noun(told: list[str], words: list[str], speech: Speech) -> bool:
    """Tell whether it is what one is: "je suis la voisine", "soy el plomero"."""
    if not words or (words[0] != words[0].casefold() and speech.capitals_tell):
        return False
    behind = " ".join(told[: told.index(words[0]) + len(words)] if words[0] in told else words)
    return words[0] in _ARTICLES or bool(speech.trade.fullmatch(behind.casefold()))


def _tailed(clauses: list[_Clause], speech: Speech) -> Iterator[list[str]]:
    for clause in clauses:
        for found in speech.tail.finditer(clause.text):
            behind = clause.text[found.end() :].casefold().split()
            before = _inner(clause.text[: found.start()].split(), speech)
            if clause.asks or not speech.common.issuperset(behind):
                continue
            words, rest = take(before, speech)
            if words and not (
                rest
                and (
                    rest[0].casefold() in _BEHIND_ORIGINS
                    or (rest[-1].casefold() in _DOING and rest[0].casefold() not in _SPEAKING)
                )
            ):
                yield words


def _longer(name: list[str], clauses: list[_Clause], speech: Speech) -> list[str]:
    """Return the whole name where it is said once more: "Bond, James Bond"."""
    small = [word.casefold() for word in name]
    for clause in clauses[1:]:
        if any(sign.search(clause.text) for sign in (*speech.leads, speech.tail)):
            continue
        words, rest = take(_introduced(clause.text.split(), speech), speech)
        whole = [word.casefold() for word in words]
        if (
            not rest
            and len(whole) > len(small)
            and small in (whole[-len(small) :], whole[: len(small)])
        ):
            return words
    return name


# --- where a name stands alone --------------------------------------------------------------------------


def _bare(clauses: list[_Clause], speech: Speech) -> list[str]:
    """Return the name that the message is, politeness aside."""
    names: list[list[str]] = []
    for clause in clauses:
        inner = _inner(clause.text.split(), speech)
        if not inner or (clause.asks and len(inner) <= SHORT_QUESTION):
            continue
        words, rest = take(inner, speech)
        if words and _is_contrast(rest, speech):
            rest = []
        if words and not rest and not clause.asks and _could_stand_alone(words):
            names.append(words)
        elif not names:
            return []
    return names[0] if len(names) == 1 else []


def _is_contrast(rest: list[str], speech: Speech) -> bool:
    """Tell whether it says only which name it is not: "Steven not Stephen"."""
    return len(rest) == 2 and rest[0].casefold() in speech.negations and rest[1].istitle()


def _could_stand_alone(words: list[str]) -> bool:
    content = [word for word in words if word.casefold() not in PARTICLES - ALONE]
    if not 0 < len(content) <= MOST_BARE:
        return False
    return not (len(content) >= FEWEST_SENTENCE and all(word.islower() for word in words))


def _inner(words: list[str], speech: Speech) -> list[str]:
    """Return the words without the politeness around them."""
    small = [bare_word(word) for word in words]
    start, end = 0, len(words)
    while start < end and (length := polite_words(small[start:end], speech)):
        start += length
    while end > start and (length := polite_words(small[start:end], speech, behind=True)):
        end -= length
    return words[start:end]


def _introduced(words: list[str], speech: Speech) -> list[str]:
    """Return the words without those that lead on to a name: "I'm *the* ...", "ich bin *der* ..."."""
    start = 0
    while start < len(words) and (
        bare_word(words[start]) in speech.after or words[start] in (":", "-", "=")
    ):
        start += 1
    return words[start:]
