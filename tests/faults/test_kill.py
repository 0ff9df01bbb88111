"""The process is killed under load, again and again; nothing accepted is lost, nothing is done twice."""

import asyncio
import random
from pathlib import Path

import pytest

from adapters.sandbox.cloud import CloudSettings
from tests.faults.harness import Bench, eventually, running

ROUNDS = 15
"""Of each kind; a round counts only if something was in flight at the kill."""

CONTACTS = 12
TEXTS = 6
SEED = 20261121


async def one_contact(bench: Bench, address: str, accepted: list[str]) -> None:
    """Write one text after the other, each once the one before was accepted; note each that was."""
    contact = bench.sandbox.contact(address)
    for number in range(TEXTS + 1):
        delivery = await contact.says(f"{address}-{number}")
        await eventually(
            lambda: delivery.accepted,  # noqa: B023
            timeout_s=30,
            what=f"{address} accepted",
        )
        accepted.append(address)


@pytest.mark.parametrize("statuses", [True, False], ids=["with statuses", "without statuses"])
async def test_kill_at_random_moments_under_load(tmp_path: Path, statuses: bool) -> None:
    """With statuses an uncertain send is resolved by them; without, it is repeated and marked."""
    dice = random.Random(SEED + statuses)
    counted = played = 0
    settings = CloudSettings() if statuses else CloudSettings(statuses=())
    async with running(tmp_path, settings=settings) as bench:
        while counted < ROUNDS:
            played += 1
            assert played <= 2 * ROUNDS, "too few rounds had anything in flight"
            seed = dice.randrange(2**32)
            counted += await one_round(bench, played, seed)
        await eventually(
            lambda: not bench.ledger.unanswered(),
            timeout_s=60,
            what=f"replies to {bench.ledger.unanswered()[:5]}; {bench.server.log()}",
        )
        await bench.sandbox.courier.settled()
        bench.ledger.check(bench.server.database)
        texts = sum(map(len, bench.ledger.accepted.values()))
        repeats = len(bench.ledger.repeats())
        print(f"{counted} of {played} rounds, {texts} webhooks, {repeats} repeats, all marked")


async def one_round(bench: Bench, number: int, seed: int) -> bool:
    """Load, kill, start again, let the load end; whether anything was in flight at the kill."""
    dice = random.Random(seed)
    addresses = [f"52155{number:03d}{contact:04d}" for contact in range(CONTACTS)]
    accepted: list[str] = []
    load = asyncio.gather(*(one_contact(bench, address, accepted) for address in addresses))
    moment = dice.randrange(CONTACTS * TEXTS)  # of the load, however fast the machine is
    while len(accepted) < moment:
        await asyncio.sleep(0.001)
    await asyncio.sleep(dice.uniform(0, 0.01))
    unaccepted, unanswered = len(bench.ledger.unaccepted()), len(bench.ledger.unanswered())
    bench.server.kill()
    await bench.server.start()
    await load
    in_flight = bool(unaccepted or unanswered)
    print(f"round {number} seed {seed}: {unaccepted} webhooks, {unanswered} replies in flight")
    return in_flight


async def test_each_webhook_three_times_at_once_counts_once(tmp_path: Path) -> None:
    async with running(tmp_path, settings=CloudSettings(webhook_copies=3)) as bench:
        addresses = [f"5215590{contact:05d}" for contact in range(CONTACTS)]
        await asyncio.gather(*(one_contact(bench, address, []) for address in addresses))
        await eventually(lambda: not bench.ledger.unanswered(), timeout_s=30, what="replies")
        await bench.sandbox.courier.settled()
        bench.ledger.check(bench.server.database)
        assert not bench.ledger.repeats()
        assert all(len(d.attempts) >= 3 for d in bench.sandbox.courier.book)


async def test_two_messages_of_one_contact_at_once_are_both_answered(tmp_path: Path) -> None:
    async with running(tmp_path) as bench:
        contact = bench.sandbox.contact("5215580000001")
        await contact.says("hello")
        await contact.receives()
        await asyncio.gather(*(contact.says(f"t{number}") for number in range(10)))
        await eventually(lambda: not bench.ledger.unanswered(), timeout_s=30, what="replies")
        replies = bench.ledger.replies()[contact.address]
        assert sorted(count for _, count, _ in replies) == list(range(1, 11))
        assert {text for _, _, text in replies} == {f"t{number}" for number in range(10)}
