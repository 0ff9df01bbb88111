"""Answers to questions that people ask in their own words: a TOML file a language, found by likeness of words.

`faq.toml` beside a flow file is in the author's own language, `faq.es.toml` in Spanish. An entry:

    [[question]]
    name = "hours"                              # the same in every language
    title = "Opening hours"                     # on buttons, 20 at most
    asks = ["When are you open?", "opening times", "what time do you close"]
    answer = "Every day from 11:00 to 23:00."
    image = "https://example.com/door.jpg"      # or video, document; sent before the answer
    buttons = ["delivery"]                      # other entries, offered below the answer
    flow = "order"                              # a flow, offered below the answer
    flow_title = "Order a pizza"

A question is looked for word by word (rapidfuzz forgives typing errors); a word weighs the more, the fewer entries it
stands in, so that "do you have" says little. tests/flow/test_faq.py measures the thresholds on questions of its own.
"""

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from rapidfuzz import fuzz

from engine.core.content import Media, MediaKind, Outbound, Text
from engine.core.errors import DefinitionError
from engine.core.lengths import utf16_length
from engine.core.limits import BUTTON_TITLE
from engine.core.script import Finding, FollowUp, Known
from engine.core.words import fold

NAME = "faq"
"""How the files are called."""

SURE = 0.62
"""From this likeness (0-1) on an entry is the answer."""

NEAR = 0.45
"""From this likeness on an entry is offered as a button."""

LEAD = 0.12
"""How far the best must lead the next; nearer ones are offered beside it."""

OFFERED = 2
"""Entries offered at the most: "None of these" is the third button."""

LONGEST = 300
"""Characters of a message that is looked at; longer ones are stories, not questions."""

_TYPO = 80
"""How alike (0-100) two words of five letters or more must be to be the same word, typed wrongly."""

_WORD = re.compile(r"\w+")
_Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Entry(BaseModel):
    """One question with its answer, as the file says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Line
    title: _Line
    asks: Annotated[tuple[_Line, ...], Field(min_length=1)]
    answer: _Line
    image: str | None = None
    video: str | None = None
    document: str | None = None
    buttons: tuple[str, ...] = ()
    flow: str | None = None
    flow_title: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for title in (self.title, self.flow_title or ""):
            if utf16_length(title) > BUTTON_TITLE:
                raise ValueError(f"{title!r} stands on a button: {BUTTON_TITLE} characters at most")
        if (self.flow is None) != (self.flow_title is None):
            raise ValueError("flow and flow_title belong together")
        return self

    @property
    def says(self) -> tuple[Outbound, ...]:
        """The file, where there is one, then the words."""
        files: tuple[tuple[MediaKind, str | None], ...] = (
            ("image", self.image),
            ("video", self.video),
            ("document", self.document),
        )
        media = [Media(kind=kind, url=url) for kind, url in files if url is not None]
        return (*media, Text(body=self.answer))


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    question: tuple[Entry, ...] = ()


@dataclass(frozen=True, eq=False)
class Answers:
    """The entries of one language, ready to be searched."""

    entries: Mapping[str, Entry]
    _asked: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """Each wording's words, with its entry."""
    _weight: dict[str, float] = field(default_factory=dict)
    """How much a word tells: the fewer entries it stands in, the more."""

    @classmethod
    def of(cls, entries: Mapping[str, Entry]) -> "Answers":
        """Prepare entries for the search."""
        asked: list[tuple[str, frozenset[str]]] = []
        owners: dict[str, set[str]] = defaultdict(set)
        for name, entry in entries.items():
            for wording in (entry.title, *entry.asks):
                words = frozenset(_words(wording))
                if words:
                    asked.append((name, words))
                for word in words:
                    owners[word].add(name)
        count = len(entries)
        weight = {
            word: math.log(1 + count / len(names)) ** 2 if len(names) * 3 <= count else 0.25
            for word, names in owners.items()
        }
        return cls(entries, asked, weight)

    def scores(self, text: str) -> list[tuple[float, str]]:
        """Return how near entries are to a text, 0-1, the nearest first; those without a word of it are left out."""
        said = _words(text[:LONGEST])
        known = {word: self._known(word) for word in said}
        found = {mine: theirs for mine, theirs in known.items() if theirs is not None}
        if not found:
            return []
        # A word that stands in no entry tells that something else is asked, as much as a middling word of ours.
        strange = sum(_UNKNOWN for word in known if word not in found and len(word) > 2)
        meant = frozenset(found.values())
        total = sum(self._weight[word] for word in meant) + strange
        best: dict[str, float] = {}
        for name, words in self._asked:
            shared = sum(self._weight[word] for word in meant & words)
            if not shared:
                continue
            whole = sum(self._weight[word] for word in words)
            # Of what was said, and of what the wording says: the harmonic mean asks for both.
            mine, theirs = shared / total, shared / whole
            best[name] = max(best.get(name, 0.0), 2 * mine * theirs / (mine + theirs))
        return sorted(((score, name) for name, score in best.items()), reverse=True)

    @lru_cache(maxsize=4096)  # noqa: B019 - one object a language, as long-lived as the program
    def _known(self, word: str) -> str | None:
        """Return the word of ours that this is, typing errors forgiven."""
        if word in self._weight:
            return word
        if len(word) < 5:
            return None
        near = [
            (score, ours)
            for ours in self._weight
            if ours[0] == word[0] and len(ours) > 3 and (score := fuzz.ratio(word, ours)) >= _TYPO
        ]
        return max(near)[1] if near else None


_UNKNOWN = 0.8
"""What a word weighs that stands in no entry."""


class Faq:
    """The engine's `Understand` over entries in several languages; the first one is the author's own."""

    def __init__(self, answers: Mapping[str, Answers]) -> None:
        self._answers = answers
        self._own = next(iter(answers.values()))

    def find(self, text: str, language: str) -> Finding | None:
        """Return the entry that a text asks for, the nearest ones where that is not clear; None where none is near."""
        answers = self._answers.get(language, self._own)
        near = [(score, name) for score, name in answers.scores(text) if score >= NEAR]
        if not near:
            return None
        leads = len(near) == 1 or near[0][0] - near[1][0] >= LEAD
        return Finding(
            tuple(_known(answers, name) for _, name in near[:OFFERED]),
            is_sure=leads and near[0][0] >= SURE,
        )

    def get(self, name: str, language: str) -> Known | None:
        """Return an entry by its name, None if it is gone."""
        answers = self._answers.get(language, self._own)
        return _known(answers, name) if name in answers.entries else None


def _known(answers: Answers, name: str) -> Known:
    entry = answers.entries[name]
    others = [answers.entries[button] for button in entry.buttons if button in answers.entries]
    follow_ups = [FollowUp("faq", other.name, other.title) for other in others]
    if entry.flow is not None and entry.flow_title is not None:
        follow_ups.append(FollowUp("flow", entry.flow, entry.flow_title))
    return Known(name, entry.title, entry.says, tuple(follow_ups))


def _words(text: str) -> list[str]:
    """Return a text's words as they are compared; a plural's s is not compared."""
    return [
        word[:-1] if len(word) > 3 and word.isascii() and word.endswith("s") else word
        for word in _WORD.findall(fold(text))
    ]


# --- files -------------------------------------------------------------------------------------------


def read_faq(folder: Path, own: str = "en") -> Faq | None:
    """Return what the FAQ files of a folder say; None where there is none.

    Args:
        folder: With `faq.toml` and `faq.LANG.toml`.
        own: The language of `faq.toml`, ISO 639-1.

    Raises:
        DefinitionError: A file or an entry is wrong; a line each.
    """
    files = {own: folder / f"{NAME}.toml"}
    for file in sorted(folder.glob(f"{NAME}.*.toml")):
        files[file.name.split(".")[1]] = file
    wrong: list[str] = []
    answers: dict[str, Answers] = {}
    for code, file in files.items():
        if not file.is_file():
            continue
        try:
            data = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except tomllib.TOMLDecodeError as error:
            wrong.append(f"{file}:1: it cannot be read: {error}")
            continue
        except ValidationError as error:
            wrong += [f"{file}:1: {_told(detail)}" for detail in error.errors()]
            continue
        entries = {entry.name: entry for entry in data.question}
        wrong += [f"{file}:1: {what}" for what in _mistakes(data.question, entries)]
        answers[code] = Answers.of(entries)
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return Faq(answers) if answers else None


def _told(detail: object) -> str:
    assert isinstance(detail, dict)
    place = ".".join(str(part) for part in detail["loc"])
    return f"{place}: {detail['msg']}"


def _mistakes(listed: tuple[Entry, ...], entries: Mapping[str, Entry]) -> Iterator[str]:
    if len(listed) > len(entries):
        yield "two questions have one name; rename one"
    for entry in listed:
        for button in entry.buttons:
            if button not in entries:
                yield f"{entry.name}.buttons: {button!r} is no question; there are {', '.join(entries)}"
        if len(entry.buttons) + (entry.flow is not None) > 3:
            yield f"{entry.name}: more than 3 buttons; take some away"
