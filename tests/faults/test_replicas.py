"""Some seeded rounds of trouble on three replicas; `make faults` plays two hundred."""

from pathlib import Path

from tests.faults.ledger import Figures
from tests.faults.replicas.postgres import Postgres
from tests.faults.replicas.rounds import rounds, standing
from tests.faults.round import play

SEEDS = (2, 5, 8)
"""With these a replica is killed, paused and cut off, the database restarted, and the provider in a bad mood."""


async def test_rounds_of_trouble_on_three_replicas_lose_and_repeat_nothing(
    tmp_path: Path, postgres: Postgres
) -> None:
    figures, wrong = Figures(), []
    async with standing(tmp_path, postgres) as place:
        for seed in SEEDS:
            end = await play(rounds(place), tmp_path, seed)
            figures += end.figures
            wrong += [f"seed {seed}: {end.troubles}\n{end.wrong}"] if end.wrong else []
    print(figures)
    assert figures.is_well, "\n".join(wrong)
