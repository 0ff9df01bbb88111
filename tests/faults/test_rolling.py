"""Three replicas go from one version of a flow to the next, one by one, while contacts are in the middle of it."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from tests.faults.harness import eventually
from tests.faults.replicas.cluster import REPLICAS, Cluster, running
from tests.faults.replicas.front import Front
from tests.faults.replicas.postgres import Postgres
from tests.faults.rolling_talk import NEXT, Walker
from tests.ports import free_port

HERE = Path(__file__).parent
FIRST, SECOND = HERE / "bot_first", HERE / "bot_second"
SEED = 20261122
WALKERS = 12


@dataclass
class Shop:
    """Replicas behind a balancer, and their provider."""

    cluster: Cluster
    front: Front
    sandbox: CloudSandbox


def put(flows: Path, machine_folder: Path) -> Path:
    """Put a copy of flow files where a replica reads its own."""
    own = machine_folder / "flows"
    shutil.rmtree(own, ignore_errors=True)
    return Path(shutil.copytree(flows, own, ignore=shutil.ignore_patterns("__pycache__")))


@asynccontextmanager
async def shop(
    folder: Path,
    postgres: Postgres,
    *,
    settings: CloudSettings | None = None,
    flows: Path = FIRST,
    rate: float = 0,
) -> AsyncIterator[Shop]:
    """Start it all; everything ends with the block."""
    ports = tuple(free_port() for _ in range(REPLICAS))
    front, front_port = Front(ports, dice=random.Random(SEED)), free_port()
    base = settings or CloudSettings(messages_per_second=0)
    webhook = f"http://127.0.0.1:{front_port}/webhooks/shop"
    sandbox = CloudSandbox(base.model_copy(update={"webhook_url": webhook}))
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(sandbox))
        await stack.enter_async_context(front.listening(front_port))
        line = "\n".join(f'{key} = "{value}"' for key, value in sandbox.line(address).items())

        def config(database: str, own: Path) -> str:
            return f"""
[database]
url = "{database}"
[flows]
paths = ["{put(flows, own)}"]
[lines.shop]
{line}
rate_per_second = {rate}
"""

        cluster = await stack.enter_async_context(running(folder, postgres, config, ports=ports))
        yield Shop(cluster, front, sandbox)


async def test_a_rolling_restart_to_changed_flows_loses_and_repeats_nothing(
    tmp_path: Path, postgres: Postgres
) -> None:
    async with shop(tmp_path, postgres) as it:
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
