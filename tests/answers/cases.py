"""Reads the case files `tests/answers/TYPE/LANG.txt` and says what the readers make of each case.

A line of a file is one of these; blank lines do not count:

    # a comment
    @ now=2026-03-10T10:00 tz=Europe/Madrid country=ES     where it is said, for the lines below
    make it two, please => 2                               a value, as `parley parse` prints it
    how much is it? => null                                no answer
    three fifty => ? "3.5" | "350"                         the bot asks which is meant; the likeliest first

An `@` line begins from the defaults (now=2026-03-10T10:00, a Tuesday; tz=UTC; no country), so a bare `@` brings them
back. The last ` => ` of a line counts. In what is said `\\n` is a line break.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.core.value import Json
from engine.flow.answers.named import parse
from engine.flow.answers.reader import Here

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es", "pt", "fr", "hi", "ar", "de")
DEFAULTS = {"now": "2026-03-10T10:00", "tz": "UTC", "country": ""}

Outcome = Literal["value", "refusal", "choices"]


class CaseInvalid(Exception):
    """A line of a case file cannot be read; the message begins with file:line."""


@dataclass(frozen=True)
class Case:
    """One thing people say, and what it means."""

    kind: str
    place: str
    """file:line."""
    said: str
    here: Here
    expected: dict[str, Json]
    """As `parley parse` prints it."""

    @property
    def outcome(self) -> Outcome:
        """What is expected, in one word."""
        if "choices" in self.expected:
            return "choices"
        return "refusal" if self.expected["value"] is None else "value"

    @cached_property
    def got(self) -> dict[str, Json]:
        """What the readers make of it."""
        return parse(self.kind, self.said, self.here)

    @property
    def holds(self) -> bool:
        """Whether the readers understand what is expected; true is not 1."""
        return json.dumps(self.got, sort_keys=True) == json.dumps(self.expected, sort_keys=True)

    @property
    def likeness(self) -> str:
        """What two different cases must not share: case and digits do not count, nor do the words of a name.

        Accents do: people leave them out, and that is a case of its own.
        """
        said = _plain(self.said)
        for word in self._names():
            said = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "@", said)
        return re.sub(r"\d+", "0", said)

    def _names(self) -> set[str]:
        """Return the words that are the answer itself: a name, the parts of an address."""
        value = self.expected.get("value")
        return (
            {one for one in re.split(r"[\W\d_]+", _plain(value)) if one}
            if isinstance(value, str)
            else set()
        )

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "FAIL"
        return (
            f"{mark} {self.place}: {self.said!r}\n"
            f"       expected {_shown(self.expected)}\n"
            f"            got {_shown(self.got)}"
        )


def files() -> list[Path]:
    """Return every case file."""
    return sorted(FOLDER.glob("*/*.txt"))


def case_file(kind: str, language: str) -> Path:
    """Return where the cases of a type in a language stand."""
    return FOLDER / kind / f"{language}.txt"


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file, in order. Raises CaseInvalid."""
    name = f"tests/answers/{path.parent.name}/{path.name}"
    lines = enumerate(path.read_text("utf-8").split("\n"), start=1)
    return list(_cases(path.parent.name, path.stem, ((f"{name}:{at}", line) for at, line in lines)))


def _cases(kind: str, language: str, lines: Iterator[tuple[str, str]]) -> Iterator[Case]:
    here = _here(language, "")
    for place, line in lines:
        try:
            if f"{line} ".startswith("@ "):
                here = _here(language, line.removeprefix("@"))
            elif line.strip() and not line.startswith("#"):
                said, arrow, meant = line.rpartition(" => ")
                if not arrow:
                    raise ValueError("no ` => `")
                said = said.strip().replace("\\n", "\n")
                yield Case(kind, place, said, here, _expected(meant.strip()))
        except (ValueError, ZoneInfoNotFoundError) as wrong:
            raise CaseInvalid(f"{place}: {wrong}: {line}") from wrong


def _here(language: str, settings: str) -> Here:
    given = {name: value for name, _, value in (one.partition("=") for one in settings.split())}
    if unknown := given.keys() - DEFAULTS.keys():
        raise ValueError(
            f"no setting {', '.join(sorted(unknown))}; there are {', '.join(DEFAULTS)}"
        )
    known = DEFAULTS | given
    zone = ZoneInfo(known["tz"])
    now = datetime.fromisoformat(known["now"])
    now = now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)
    return Here(now, language, known["country"] or None)


def _expected(meant: str) -> dict[str, Json]:
    if not meant.startswith("?"):
        return {"value": json.loads(meant)}
    choices = [json.loads(one) for one in re.split(r"\s\|\s", meant.removeprefix("?"))]
    if len(choices) < 2:
        raise ValueError("an ambiguous case names two meanings or more")
    return {"choices": choices}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .,;:!?…؟。")


def _shown(told: dict[str, Json]) -> str:
    if "choices" in told:
        choices = told["choices"]
        assert isinstance(choices, list)
        return "? " + " | ".join(json.dumps(one, ensure_ascii=False) for one in choices)
    return json.dumps(told["value"], ensure_ascii=False)
