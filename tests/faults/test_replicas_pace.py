"""Three replicas together keep within the rate of a line, also while one stands still and while one dies."""

import asyncio
from itertools import count
from pathlib import Path

from adapters.sandbox.cloud import CloudSettings
from tests.faults.harness import eventually
from tests.faults.replicas.gate import Gate, most_in_a_second
from tests.faults.replicas.postgres import Postgres
from tests.faults.replicas.shop import Shop, shop

FLOWS = Path(__file__).parent / "bot_first"
RATE = 80

WELL_USED = 60
"""So many in a second are more than two replicas may send while a third one counts: 2 x 26."""

AT_ONCE = 32
"""Contacts who write at the same time."""

AHEAD = 3 * RATE
"""Replies that wait at the most: enough to use the rate, and soon sent at the end."""

LONG_S = 120.0


class Crowd:
    """Contacts who write, one after the other, each once."""

    def __init__(self, it: Shop) -> None:
        self._it = it
        self._numbers = count()
        self.is_enough = False

    async def writes(self) -> None:
        """Write until it is enough; what was begun is posted to its end."""
        await asyncio.gather(*(self._one_by_one() for _ in range(AT_ONCE)))

    async def _one_by_one(self) -> None:
        sandbox = self._it.sandbox
        while not self.is_enough:
            if len(sandbox.contacts) - len(sandbox.messages) >= AHEAD:
                await asyncio.sleep(0.02)
            else:
                await sandbox.contact(f"52155800{next(self._numbers):05d}").says("hello")

    def are_answered(self) -> bool:
        """Tell whether each of them got a reply."""
        return all(contact.shown for contact in self._it.sandbox.contacts.values())


async def test_three_replicas_never_exceed_the_rate_and_two_send_what_the_third_one_leaves(
    tmp_path: Path, postgres: Postgres
) -> None:
    # The gate is stricter than the sandbox: that one, as Meta perhaps, forgives 80 too many after a quiet second.
    settings = CloudSettings(messages_per_second=0, statuses=())
    gate = Gate()
    async with shop(tmp_path, postgres, flows=FLOWS, settings=settings, rate=RATE, gate=gate) as it:
        first, second, _ = it.cluster.machines
        crowd = Crowd(it)
        writing = asyncio.create_task(crowd.writes())

        async def uses_it(since: int) -> None:
            await eventually(
                lambda: most_in_a_second(gate.messages[since:]) >= WELL_USED,
                timeout_s=LONG_S,
                what=f"{most_in_a_second(gate.messages[since:])} a second",
            )

        await uses_it(0)
        first.kill()
        killed = len(gate.messages)
        await uses_it(killed)  # two share what was for three
        second.pause()
        back = len(gate.messages)
        await first.start()  # three share it again, one of which has slept since they were two
        second.resume()
        resumed = len(gate.messages)
        await eventually(
            lambda: len(gate.messages) >= resumed + RATE, timeout_s=LONG_S, what=it.cluster.log()
        )
        crowd.is_enough = True
        await writing
        await eventually(crowd.are_answered, timeout_s=LONG_S, what=it.cluster.log())
    parts = (gate.messages[:killed], gate.messages[killed:back], gate.messages[back:])
    with_three, with_two, again = map(most_in_a_second, parts)
    spent = max(gate.messages) - min(gate.messages)
    print(
        f"{with_three} in a second at the most with three, {with_two} with two, {again} when one slept and one came;"
        f" {len(gate.messages)} sends in {spent:.1f} s"
    )
    assert most_in_a_second(gate.messages) <= RATE
    assert len(gate.messages) >= len(it.sandbox.messages)
