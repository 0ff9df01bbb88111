"""Three replicas go from one version of a flow to the next, one by one, while contacts are in the middle of it."""

import asyncio
import random
from collections import Counter
from pathlib import Path

from tests.faults.harness import eventually
from tests.faults.replicas.postgres import Postgres
from tests.faults.replicas.shop import SEED, put, shop
from tests.faults.rolling_talk import NEXT, Walker

HERE = Path(__file__).parent
FIRST, SECOND = HERE / "bot_first", HERE / "bot_second"
WALKERS = 12


async def test_a_rolling_restart_to_changed_flows_loses_and_repeats_nothing(
    tmp_path: Path, postgres: Postgres
) -> None:
    async with shop(tmp_path, postgres, flows=FIRST) as it:
        dice = random.Random(SEED)
        people = [
            Walker(it.sandbox.contact(f"52155600{n:05d}"), dice, it.cluster.log)
            for n in range(WALKERS)
        ]
        # Others stop at each question, and go on when all the replicas are new ones.
        resting = {
            step: Walker(it.sandbox.contact(f"52155700{n:05d}"), dice, it.cluster.log)
            for n, step in enumerate(("name", "city", "food", "summary"))
        }
        for step, one in resting.items():
            while one.asked != step:
                await one.answer()
        going = True

        async def walk(one: Walker) -> None:
            while going or one.version == "first" or one.asked != "name":
                await asyncio.sleep(dice.uniform(0, 0.2))
                await one.answer()

        async with asyncio.TaskGroup() as walking:
            for one in people:
                walking.create_task(walk(one))
            for machine in it.cluster.machines:
                done = sum(one.answers for one in people)
                await eventually(
                    lambda: sum(one.answers for one in people) > done + 2 * WALKERS,  # noqa: B023
                    timeout_s=30,
                    what="load",
                )
                assert await machine.stop() == 0, machine.log()
                put(SECOND, machine.folder)
                await machine.start()
            going = False
        for one in resting.values():
            await one.lap()
        await it.sandbox.courier.settled()

        crossed = Counter(one.crossed_at for one in people)
        slowest = max(one.slowest_s for one in people)
        sends = [r.callback_data for r in it.sandbox.requests if r.message_id is not None]
        answers = sum(one.answers for one in [*people, *resting.values()])
        print(
            f"{answers} answers, crossed at {dict(crossed)}, slowest reply {slowest:.2f} s,"
            f" {it.front.went_on} webhooks went on to another replica, answered {dict(it.front.statuses)}"
        )
        assert set(it.front.statuses) == {200}
        assert len(sends) == len(set(sends)), "a message left twice"
        assert await it.cluster.marked() == set()
        assert {one.crossed_at for one in resting.values()} == set(NEXT["first"].values()) - {
            "done"
        }
        assert "step_given_up" not in it.cluster.log()
