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

likeness.py compares; tests/flow/test_faq.py measures the thresholds on questions of its own.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from engine.core.content import Media, MediaKind, Outbound, Text
from engine.core.errors import DefinitionError
from engine.core.known import Finding, FollowUp, Known
from engine.core.language import Languages
from engine.core.lengths import utf16_length
from engine.core.limits import BUTTON_TITLE
from engine.core.words import fold
from engine.flow.likeness import Wordings
from engine.flow.problem import suggest

if TYPE_CHECKING:
    from engine.flow.compile import CompiledFlow

NAME = "faq"
"""How the files are called."""

SURE = 0.58
"""From this likeness (0-1) on an entry is the answer."""

NEAR = 0.38
"""From this likeness on an entry is offered as a button."""

LEAD = 0.2
"""How far the best must lead the next; nearer ones are offered beside it."""

OFFERED = 2
"""Entries offered at the most: "None of these" is the third button."""

BUTTONS = 3
"""What may stand below an answer."""

_Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class Entry(BaseModel):
    """One question with its answer, as the file says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Line
    title: _Line
    asks: Annotated[tuple[_Line, ...], Field(min_length=1)]
    answer: _Line
    image: _Url | None = None
    video: _Url | None = None
    document: _Url | None = None
    buttons: tuple[str, ...] = ()
    flow: str | None = None
    flow_title: _Line | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for title in (self.title, self.flow_title or ""):
            if utf16_length(title) > BUTTON_TITLE:
                raise ValueError(f"{title!r} stands on a button: {BUTTON_TITLE} characters at most")
        if (self.flow is None) != (self.flow_title is None):
            raise ValueError("flow and flow_title belong together")
        if len(self.buttons) + (self.flow is not None) > BUTTONS:
            raise ValueError(f"more than {BUTTONS} buttons; take some away")
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


@dataclass(frozen=True, eq=False)
class Answers:
    """The entries of one language, ready to be searched."""

    entries: Mapping[str, Entry]
    wordings: Wordings
    file: Path = field(default=Path(f"{NAME}.toml"))
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each entry begins in the file."""

    def known(self, name: str) -> Known:
        """Return an entry as the core says it."""
        entry = self.entries[name]
        others = [self.entries[button] for button in entry.buttons]
        follow_ups = [FollowUp("faq", other.name, other.title) for other in others]
        if entry.flow is not None and entry.flow_title is not None:
            follow_ups.append(FollowUp("flow", entry.flow, entry.flow_title))
        return Known(name, entry.title, entry.says, tuple(follow_ups))


class Faq:
    """The engine's `Understand` over entries in several languages; the first one is the author's own."""

    def __init__(self, answers: Mapping[str, Answers]) -> None:
        self.answers = answers
        """By ISO 639-1."""
        self._own = next(iter(answers.values()))

    def find(self, text: str, language: str) -> Finding | None:
        """Return the entry that a text asks for, the nearest ones where that is not clear; None where none is near.

        What nothing is near to in the language is looked for in the others, and answered where it is sure.
        """
        own = self._in(language)
        found = _nearest(own, text)
        if found is not None:
            return found
        for code, answers in self.answers.items():
            other = None if answers is own else _nearest(answers, text)
            if other is not None and other.is_sure:
                return other._replace(language=code)
        return None

    def get(self, name: str, language: str) -> Known | None:
        """Return an entry by its name, None if it is gone."""
        answers = self._in(language)
        return answers.known(name) if name in answers.entries else None

    def topics(self, language: str) -> tuple[Known, ...]:
        """Return every entry, in the file's order."""
        answers = self._in(language)
        return tuple(map(answers.known, answers.entries))

    def _in(self, language: str) -> Answers:
        return self.answers.get(language, self._own)


def _nearest(answers: Answers, text: str) -> Finding | None:
    near = [(score, name) for score, name in answers.wordings.scores(text) if score >= NEAR]
    if not near:
        return None
    # A wording itself ("where are you?") leads, however like it another is.
    leads = len(near) == 1 or near[0][0] - near[1][0] >= LEAD or near[0][0] >= 1.0 > near[1][0]
    known = tuple(answers.known(name) for _, name in near[:OFFERED])
    return Finding(known, is_sure=leads and near[0][0] >= SURE)


# --- files -------------------------------------------------------------------------------------------


def read_faq(folder: Path, languages: Languages) -> Faq | None:
    """Return what the FAQ files of a folder say; None where there is none.

    Args:
        folder: With `faq.toml`, in the first of the languages, and `faq.LANG.toml`.
        languages: What the lines talk.

    Raises:
        DefinitionError: A file or an entry is wrong; a line each, with file and line.
    """
    files = {languages.first.code: folder / f"{NAME}.toml"}
    for file in sorted(folder.glob(f"{NAME}.*.toml")):
        files[file.name.split(".")[1]] = file
    wrong: list[str] = []
    answers = {
        code: _read(file, code, languages, wrong) for code, file in files.items() if file.is_file()
    }
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return Faq(answers) if answers else None


def faq_beside(flows: "Iterable[CompiledFlow]", languages: Languages) -> Faq | None:
    """Return the FAQ of the first folder of flow files that has one. Raises DefinitionError as `read_faq` does."""
    folders = dict.fromkeys(Path(flow.source.file).parent for flow in flows)
    return next((faq for folder in folders if (faq := read_faq(folder, languages))), None)


_HEAD = re.compile(r"\s*\[\[ *question *\]\]")
_ENTRIES = "[[question]]"


def _read(file: Path, code: str, languages: Languages, wrong: list[str]) -> Answers:
    """Return the entries of a file; `wrong` gets what cannot be used."""
    entries: dict[str, Entry] = {}
    lines: dict[str, int] = {}
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong.append(f"{file}:1: it cannot be read: {error}")
        data, text = {}, ""
    wrong += [
        f"{file}:1: {key} is unknown; there is only {_ENTRIES}" for key in data if key != "question"
    ]
    listed = data.get("question", [])
    places = [at for at, line in enumerate(text.splitlines(), start=1) if _HEAD.match(line)]
    if not isinstance(listed, list) or len(listed) != len(places):
        wrong.append(f"{file}:1: write each question as a table of its own, below {_ENTRIES}")
        listed = []
    for item, line in zip(listed, places, strict=False):
        try:
            entry = Entry.model_validate(item)
        except ValidationError as error:
            name = item.get("name", "question")
            wrong += [f"{file}:{line}: {NAME}.{name}: {_told(detail)}" for detail in error.errors()]
            continue
        if entry.name in entries:
            before = lines[entry.name]
            wrong.append(
                f"{file}:{line}: {NAME}.{entry.name} is already at line {before}; rename one"
            )
        entries[entry.name], lines[entry.name] = entry, line
    wrong += [f"{file}:{lines[name]}: {NAME}.{name}: {what}" for name, what in _mistakes(entries)]
    asked = {name: (entry.title, *entry.asks) for name, entry in entries.items()}
    return Answers(entries, Wordings(asked, languages.of(code)), file, lines)


def _told(detail: ErrorDetails) -> str:
    place = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "string_pattern_mismatch":
            return f"{place} must be a web address, https://..."
        case "extra_forbidden":
            return f"{place} is unknown; {suggest(place, Entry.model_fields, '{}')}"
        case "missing":
            return f"{place} is missing"
        case _:
            what = detail["msg"].removeprefix("Value error, ")
            return f"{place}: {what}" if place else what


def _mistakes(entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the entries of a file among themselves."""
    titles = Counter(fold(entry.title) for entry in entries.values())
    for name, entry in entries.items():
        if titles[fold(entry.title)] > 1:
            yield name, f"another one is called {entry.title!r} too; give each its own title"
        for button in entry.buttons:
            if button not in entries:
                yield name, f"buttons: {button!r} is no question; {suggest(button, entries, '{}')}"
            elif button == name:
                yield name, "buttons: it leads to itself; take it away"
