"""The cases are honest, and the table in the docs is what the readers give: a case that fails again fails here."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from engine.flow.answers.named import TYPES
from tests.answers.cases import LANGUAGES, CaseInvalid, case_file, files, read_cases
from tests.answers.table import PAGE, published, render, rewrite
from tests.meta.pages import code_in, headings

WRITE = "PARLEY_WRITE_ANSWERS"
"""Set it to publish what the readers give now; `make answers` does."""

LEAST, LEAST_REFUSALS, LEAST_AMBIGUOUS = 40, 10, 5
DOUBTFUL = {"date", "time", "datetime", "money", "decimal", "quantity", "phone"}
"""Types in which people say what may mean two things."""


def by_name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def test_every_type_has_cases_in_every_language() -> None:
    expected = {case_file(kind, language) for kind in TYPES for language in LANGUAGES}

    assert set(files()) == expected


@pytest.mark.parametrize("path", files(), ids=by_name)
def test_the_cases_are_enough_and_all_different(path: Path) -> None:
    cases = read_cases(path)
    outcomes = Counter(case.outcome for case in cases)
    alike = Counter(case.likeness for case in cases)
    ambiguous = LEAST_AMBIGUOUS if path.parent.name in DOUBTFUL else 0

    assert [case.place + ": " + case.said for case in cases if alike[case.likeness] > 1] == []
    assert len(cases) >= LEAST
    assert outcomes["refusal"] >= LEAST_REFUSALS
    assert outcomes["choices"] >= ambiguous


def test_the_published_table_is_what_the_readers_give() -> None:
    if os.environ.get(WRITE):
        rewrite()
    now = render()

    if published() != now:
        pytest.fail(
            f"the readers give another table than {PAGE.name} publishes; look at the cases with "
            f"`python -m tests.answers`, and publish what is better with `make answers`:\n{now}",
            pytrace=False,
        )


def test_every_type_is_told_with_what_is_out_of_its_scope() -> None:
    told = [name for heading in headings(PAGE) for name in code_in(heading)[:1]]
    parts = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    silent = [
        name
        for part in parts
        for name in TYPES
        if part.startswith(f"`{name}`") and "Out of scope:" not in part
    ]

    assert told == list(TYPES)
    assert silent == []


# --- the files' own form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "make it two",
        "two => tow",
        "@ zone=UTC",
        "@ tz=Nowhere/Town",
        "@ now=noon",
        "@ now",
        "3 => ? 3",
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "int" / "en.txt"
    path.parent.mkdir()
    path.write_text(f"# numbers\n\n{line}\n", "utf-8")

    with pytest.raises(CaseInvalid, match=r"^tests/answers/int/en\.txt:3: "):
        read_cases(path)


def test_an_at_line_says_where_until_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "int" / "es.txt"
    path.parent.mkdir()
    path.write_text(
        "2 => 2\n@ now=2026-05-01T09:00 tz=Europe/Madrid country=ES\ndos => null\n@\n3 o 4 => ? 3 | 4\n",
        "utf-8",
    )

    first, second, third = read_cases(path)

    assert first.here.now.isoformat() == "2026-03-10T10:00:00+00:00"
    assert (second.here.now.isoformat(), second.here.country) == ("2026-05-01T09:00:00+02:00", "ES")
    assert third.here == first.here
    assert [case.outcome for case in (first, second, third)] == ["value", "refusal", "choices"]
    assert {case.here.language for case in (first, second, third)} == {"es"}
