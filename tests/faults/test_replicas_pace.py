"""Three replicas together keep within the rate of a line, also while one dies and the others take over its share."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.sandbox.cloud import CloudSettings, Contact
from tests.faults.harness import eventually
from tests.faults.replicas.postgres import Postgres
from tests.faults.replicas.shop import Shop, shop

FLOWS = Path(__file__).parent / "bot_first"
RATE = 80
WAITING = 640
"""Contacts who write at once: the replies to them take nine seconds."""

TICK_S = 0.01


@asynccontextmanager
async def lag() -> AsyncIterator[list[float]]:
    """Note how late this process comes to what it has to do: what arrives meanwhile is seen in one heap."""
    late: list[float] = [0.0]

    async def tick() -> None:
        before = time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            late.append(max(0.0, now - before - TICK_S))
            before = now

    ticking = asyncio.create_task(tick())
    try:
        yield late
    finally:
        ticking.cancel()


def arrivals(it: Shop) -> list[float]:
    """Return when each message arrived at the provider, in seconds."""
    return [one.at.timestamp() for one in it.sandbox.requests if one.to is not None]


def most_in_a_second(times: Sequence[float], *, second: float) -> int:
    """Return how many came within one second at the most, wherever it began."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - second:
            first += 1
        most = max(most, last - first + 1)
    return most


async def test_three_replicas_keep_within_the_rate_and_two_send_what_the_third_one_leaves(
    tmp_path: Path, postgres: Postgres
) -> None:
    settings = CloudSettings(messages_per_second=RATE, statuses=())
    async with (
        shop(tmp_path, postgres, flows=FLOWS, settings=settings, rate=RATE) as it,
        lag() as late,
    ):
        people = [it.sandbox.contact(f"52155800{number:05d}") for number in range(WAITING)]
        at_once = asyncio.Semaphore(16)

        async def writes(one: Contact) -> None:
            async with at_once:
                await one.says("hello")

        came = asyncio.gather(*map(writes, people))
        await eventually(lambda: len(arrivals(it)) >= WAITING // 2, timeout_s=90, what="the half")
        it.cluster.machines[0].kill()
        killed_at = it.sandbox.now().timestamp()
        await came
        await eventually(
            lambda: all(one.shown for one in people), timeout_s=90, what=it.cluster.log()
        )
        times = arrivals(it)
        after = [at for at in times if at > killed_at]
        print(
            f"{most_in_a_second(times, second=1.0)} in a second at the most, lag {max(late):.3f} s;"
            f" {_rate([at for at in times if at <= killed_at]):.0f} a second with three,"
            f" {_rate(after):.0f} after one was killed; {len(times)} sends"
        )
        assert most_in_a_second(times, second=1.0) <= RATE * (1 + max(late))


def _rate(times: Sequence[float]) -> float:
    return (len(times) - 1) / (times[-1] - times[0])
