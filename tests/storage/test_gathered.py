"""Conversations asked for one by one are read together, and as they are committed when they are asked for."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from engine.core.errors import StoreUnavailable
from engine.core.ids import ConversationId
from storage import outbox_statements, statements
from storage.gathered import GatheredReads
from storage.link import Link
from storage.statement import Call, Cell, Rows, Statement
from tests.storage.world import ANA, BEN, SHOP, World


class Counting:
    """The link of a world, which counts the questions."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.errors = link.errors
        self.asked: list[int] = []
        """How many keys each question had."""

    async def run(self, calls: Sequence[Call]) -> list[Rows]:
        (call,) = calls
        self.asked.append(len(call.rows))
        return await self._link.run(calls)

    async def rollback(self) -> None:
        await self._link.rollback()

    async def close(self) -> None:
        await self._link.close()


async def test_who_asks_at_one_moment_shares_one_question(postgres_world: World) -> None:
    ana, ben = await postgres_world.conversation(ANA), await postgres_world.conversation(BEN)
    nobody = ConversationId(1)
    assert postgres_world.database.reads is not None
    link = Counting(postgres_world.database.reads)
    reads = GatheredReads(link, lambda key: None)

    answers = await asyncio.gather(
        *(reads.read([(SHOP, key)]) for key in (ana.id, ben.id, ana.id, nobody))
    )

    assert answers == [{ana.id: ana}, {ben.id: ben}, {ana.id: ana}, {}]
    assert link.asked == [3]


async def test_an_answer_knows_what_another_replica_committed_before(
    postgres_world: World,
) -> None:
    ana = await postgres_world.conversation()
    other = await postgres_world.another()
    before = await postgres_world.store.conversations([(SHOP, ana.id)])
    changed = await other.change(ana, mode="agent")

    after = await postgres_world.store.conversations([(SHOP, ana.id)])

    assert (before[ana.id], after[ana.id]) == (ana, changed)


async def test_a_change_of_the_contact_alone_is_read_too(postgres_world: World) -> None:
    ana = await postgres_world.conversation()
    await postgres_world.change(ana)
    link = await asyncpg.connect(postgres_world.url)
    await link.execute("UPDATE contact SET name = 'Anita'")
    await link.close()

    found = await postgres_world.store.conversations([(SHOP, ana.id)])

    assert found[ana.id].contact.name == "Anita"


async def test_one_who_goes_away_takes_no_answer_from_the_others(postgres_world: World) -> None:
    ana = await postgres_world.conversation()
    gone = asyncio.create_task(postgres_world.store.conversations([(SHOP, ana.id)]))
    stays = asyncio.create_task(postgres_world.store.conversations([(SHOP, ana.id)]))
    await asyncio.sleep(0)
    gone.cancel()

    assert await stays == {ana.id: ana}


async def test_a_cut_connection_is_told_once_and_replaced(postgres_world: World) -> None:
    ana = await postgres_world.conversation()
    keys = [(SHOP, ana.id)]
    await postgres_world.store.conversations(keys)
    other = await asyncpg.connect(postgres_world.url)
    await other.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    await other.close()

    with pytest.raises(StoreUnavailable):
        await asyncio.gather(*(postgres_world.store.conversations(keys) for _ in range(3)))

    assert await postgres_world.store.conversations(keys) == {ana.id: ana}


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        (statements.FIND_ADDRESSES, (0, SHOP, "phone", ANA.phone)),
        (statements.LOAD_CONVERSATIONS, (SHOP, 1)),
        (statements.CLAIM_CONVERSATIONS, (SHOP, 1)),
        (statements.BLOCKED, (SHOP, 1)),
        (statements.UNFINISHED, (SHOP, 1)),
        (statements.BEHIND, (SHOP, 1)),
    ],
    ids=["find", "load", "claim", "blocked", "unfinished", "behind"],
)
async def test_tables_that_nobody_has_counted_are_read_by_their_indexes(
    postgres_world: World, statement: Statement, row: tuple[Cell, ...]
) -> None:
    explained = replace(statement, postgres=f"EXPLAIN {statement.postgres}")
    scalars = (1,) if statement is statements.BLOCKED else ()

    (lines,) = await postgres_world.database.link.run([Call(explained, [row], scalars)])

    plan = "\n".join(line for (line,) in lines)
    assert "Seq Scan" not in plan
    assert "Index" in plan


async def test_a_mark_finds_its_one_message_in_a_table_that_nobody_has_counted(
    postgres_world: World,
) -> None:
    mark = outbox_statements.MARK_SENDS
    explained = replace(mark, postgres=f"EXPLAIN {mark.postgres}")
    row = (SHOP, 1, 2, "sent", "2026-11-22T05:00:00+00:00", "x", 1, None, None, None, False)

    (lines,) = await postgres_world.database.link.run([Call(explained, [row], (1,))])

    (condition,) = (line for (line,) in lines if "Index Cond" in line)
    assert "(id = " in condition
    assert "(conversation_id = " in condition or "message_pkey" in str(lines)
