"""Every rule of docs/rules.md has its transcripts, and every transcript its rule."""

import re
from pathlib import Path

RULES = Path(__file__).parents[2] / "docs" / "rules.md"
FOLDER = Path(__file__).parent / "rules"
FLOWS = Path(__file__).parents[2] / "flows"
HIGHEST = 30
POINTS = 14

_ROW = re.compile(r"\| (\d+)\. [^|]+\|(?:\\\||[^|])+\| ([^|]+) \|")


def _table() -> dict[int, list[str]]:
    rows = [_ROW.fullmatch(line) for line in RULES.read_text().splitlines()]
    return {int(row[1]): row[2].split(", ") for row in rows if row}


def test_every_rule_is_in_the_table_with_a_transcript() -> None:
    table = _table()
    assert list(table) == list(range(1, HIGHEST + 1))
    assert all(names and all(names) for names in table.values())


def test_every_transcript_of_the_table_exists_and_is_numbered_as_its_rule() -> None:
    for rule, names in _table().items():
        for name in names:
            assert name.startswith(f"{rule:02}-"), name
            assert (FOLDER / f"{name}.txt").is_file(), name


def test_every_transcript_is_in_the_table() -> None:
    named = {name for names in _table().values() for name in names}
    assert {path.stem for path in FOLDER.glob("*.txt")} == named


def test_every_thing_that_people_do_has_transcripts_and_every_flow_of_ours_shows_some() -> None:
    _, _, table = RULES.read_text().partition("## Where to see it")
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    named = [name for _, names in rows[1:] for name in names.split(", ")]
    ours = {path.stem for path in FLOWS.glob("*.txt")}
    known = {path.stem for path in FOLDER.glob("*.txt")} | ours
    assert len(rows) == 1 + POINTS
    assert set(named) <= known
    assert ours <= set(named)
