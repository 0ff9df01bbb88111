"""`parley missed`: what contacts wrote that no question took, in their words."""

from pathlib import Path

from tests.cli.support import run


def test_what_was_missed_is_listed_with_the_contacts_words(talked: Path) -> None:
    ended = run(talked, "missed", "--days", "1")

    assert ended.stdout == "drinks.drink: 1\n  > a beer please\n"
    assert run(talked, "missed", "--line", "other").stdout == "nothing was missed\n"
