"""A few seeded rounds of trouble; `make faults` plays hundreds, and CONTRIBUTING.md tells how to read them."""

from pathlib import Path

import pytest

from tests.faults.round import play
from tests.faults.sqlite_rounds import SQLITE

SEEDS = range(6)
"""`python -m tests.faults sqlite --seed N --rounds 1` plays one of them again."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_round_of_trouble_on_sqlite_loses_repeats_and_shuffles_nothing(
    tmp_path: Path, seed: int
) -> None:
    played = await play(SQLITE, tmp_path, seed)
    print(*played.troubles, played.figures, sep="\n")
    assert played.figures.accepted
    assert not played.wrong, played.wrong
