"""The process is killed over the time that a reminder is due: it is said once, and so is what was scheduled."""

import asyncio
from collections import defaultdict
from pathlib import Path

from tests.faults.harness import Bench, eventually, running

CONTACTS = [f"52155700{number:05d}" for number in range(12)]
SAID = {"Which size?", "Still there?", "As promised."}


def said(bench: Bench) -> dict[str, dict[str, set[str]]]:
    """Return our ids of what each contact was sent, by its words."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for request in bench.ledger.sends:
        match request.body:
            case {"text": {"body": str(words)}}:
                found[str(request.to)][words].add(str(request.callback_data))
            case _:
                pass
    return found


async def test_a_kill_amid_due_timers_loses_none_and_repeats_none(tmp_path: Path) -> None:
    async with running(tmp_path, flows=Path(__file__).parent / "bot_timed") as bench:
        await asyncio.gather(*(bench.sandbox.contact(one).says("hello") for one in CONTACTS))
        await eventually(
            lambda: any("Still there?" in words for words in said(bench).values()),
            timeout_s=30,
            what="a reminder",
        )
        bench.server.kill()
        await bench.server.start()
        await eventually(
            lambda: (
                len(said(bench)) == len(CONTACTS)
                and all(set(words) == SAID for words in said(bench).values())
            ),
            timeout_s=30,
            what=f"all that is due: {bench.server.log()}",
        )
        await bench.sandbox.contact(CONTACTS[0]).says("Large")
        await eventually(
            lambda: "Thank you." in said(bench)[CONTACTS[0]],
            timeout_s=30,
            what="the answer's reply",
        )
        ids = [ids for words in said(bench).values() for ids in words.values()]
        assert all(len(one) == 1 for one in ids)
