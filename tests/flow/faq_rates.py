"""How the FAQ does on questions as people write them: counted from tests/flow/faq_questions, published in the docs."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from engine.flow.faq import Faq, read_faq
from tests.conftest import FLOWS
from tests.meta.pages import REFERENCE

FOLDER = Path(__file__).parent / "faq_questions"
PAGE = REFERENCE / "faq.md"
SPOKEN = ("en", "es", "ar")
NONE = "-"
"""What stands for the entry where none is meant."""

Outcome = Literal["right", "offered", "missed", "wrong", "quiet", "asked", "answered"]
"""Of a question: its answer, its entry as a button, neither, another answer; of other talk: nothing or not."""

_TABLE = re.compile(r"(?<=<!-- made by the tests -->\n\n).*?(?=\n\n<!-- -->)", re.DOTALL)


class Case(NamedTuple):
    """A line of a file."""

    said: str
    entry: str | None
    """None where no entry is meant."""


@cache
def faq() -> Faq:
    """Return the FAQ that we ship."""
    found = read_faq(FLOWS, Languages(tuple(one for one in LANGUAGES if one.code in SPOKEN)))
    assert found is not None
    return found


def read_cases(code: str) -> list[Case]:
    """Return the questions in a language."""
    lines = (FOLDER / f"{code}.txt").read_text("utf-8").splitlines()
    parts = (line.rpartition(" => ") for line in lines if line and not line.startswith("#"))
    return [Case(said, None if entry == NONE else entry) for said, _, entry in parts]


def outcome(case: Case, code: str) -> Outcome:
    """Return what becomes of a message."""
    found = faq().find(case.said, code)
    names = [known.name for known in found.entries] if found else []
    if case.entry is None:
        return "quiet" if found is None else "answered" if found.is_sure else "asked"
    if found is not None and found.is_sure:
        return "right" if names[0] == case.entry else "wrong"
    return "offered" if case.entry in names else "missed"


def rates(code: str) -> dict[Outcome, float]:
    """Return each outcome's share: of the questions, or of the other talk."""
    cases = read_cases(code)
    questions = sum(case.entry is not None for case in cases)
    counts = Counter(outcome(case, code) for case in cases)
    talk: tuple[Outcome, ...] = ("quiet", "asked", "answered")
    return {
        name: count / (len(cases) - questions if name in talk else questions)
        for name, count in counts.items()
    }


def render() -> str:
    """Return the table of the docs: a row a language."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    asked = "questions | answered | offered | missed | answered wrongly"
    yield f"| | {asked} | other talk | left alone | asked back | answered |"
    yield "|---" * 10 + "|"
    for code in SPOKEN:
        cases = read_cases(code)
        counts = Counter(outcome(case, code) for case in cases)
        questions = sum(case.entry is not None for case in cases)
        questioned: tuple[Outcome, ...] = ("right", "offered", "missed", "wrong")
        talked: tuple[Outcome, ...] = ("quiet", "asked", "answered")
        cells = [
            code,
            str(questions),
            *(f"{100 * counts[name] / questions:.1f} %" for name in questioned),
            str(len(cases) - questions),
            *(f"{100 * counts[name] / (len(cases) - questions):.1f} %" for name in talked),
        ]
        yield f"| {' | '.join(cells)} |"


def published() -> str:
    """Return the table that the page holds."""
    found = _TABLE.search(PAGE.read_text("utf-8"))
    assert found is not None, "the marks around the table are gone"
    return found.group()


def rewrite() -> None:
    """Put what the FAQ does now into the page."""
    PAGE.write_text(_TABLE.sub(render(), PAGE.read_text("utf-8")), "utf-8")
