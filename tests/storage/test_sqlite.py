"""The store on SQLite, and what only SQLite has: a file, its lock, its disk, its planner."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.core.content import Text
from engine.core.errors import DefinitionError, StoreUnavailable
from engine.core.ids import ExternalId, MessageId
from engine.ports import MessageRow
from storage import (
    Database,
    SqlStore,
    TimeIds,
    handoffs,
    inbox_chat,
    inbox_figures,
    inbox_lists,
    inbox_notes,
    inbox_own,
    inbox_rows,
    outbox_statements,
    search,
    search_index,
    statements,
)
from storage.asked import Question
from storage.assigning import SqlAssigning
from storage.sqlite import SqliteLink
from storage.statement import Statement
from storage.vitals import stored_vitals
from tests.builders import NOW
from tests.loops.agents import add_agent
from tests.storage.contract import StoreContract
from tests.storage.world import ANA, SHOP, World, arrival


class TestSqlite(StoreContract):
    @pytest.fixture
    def world(self, sqlite_world: World) -> World:
        return sqlite_world


# --- one process serves -----------------------------------------------------------------------------


def test_a_second_serving_process_is_refused_with_the_holders_pid(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/parley.db"
    program = (
        "import os, sys; from storage import Database;"
        f" database = Database({url!r}); database.lock(); print(os.getpid(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        pid = holder.stdout.readline().strip()
        for _ in range(2):  # a refused attempt must not wipe the holder's pid
            with pytest.raises(DefinitionError, match=f"by process {pid} "):
                Database(url).lock()
        holder.kill()
    database = Database(url)
    database.lock()


async def test_closing_gives_the_lock_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/parley.db"
    first = Database(url)
    first.lock()
    first.lock()
    await first.close()
    second = Database(url)
    second.lock()
    await second.close()


# --- durability -------------------------------------------------------------------------------------


async def test_the_writer_syncs_every_commit_to_the_disk(sqlite_world: World) -> None:
    full = 2
    assert await sqlite_world.database.pragma_synchronous() == full
    await sqlite_world.conversation(ANA)
    assert sqlite_world.database.path is not None
    assert sqlite_world.database.path.with_name("parley.db-wal").stat().st_size > 0


async def test_a_commit_survives_the_process(sqlite_world: World) -> None:
    program = f"""
import asyncio, os
from tests.storage.world import World, arrival
async def main():
    world = World({sqlite_world.url!r})
    await world.enter(arrival(key="kept"))
    async with world.store.write() as batch:
        await batch.add_signals([(arrival(key="lost", sender=None), None)], now=arrival().received_at)
        os._exit(9)
asyncio.run(main())
"""
    root = Path(__file__).parents[2]
    died = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert died.returncode == 9
    kept, lost = await sqlite_world.enter(arrival(key="kept"), arrival(key="lost"))
    assert kept.signal is None
    assert lost.signal is not None


# --- trouble ----------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(sqlite_world: World) -> Iterator[None]:
    """Let the file grow no further than a few pages from where it is."""
    link = sqlite_world.database.link
    opened = link._open  # type: ignore[attr-defined]

    def small() -> sqlite3.Connection:
        connection: sqlite3.Connection = opened()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        return connection

    link._open = small  # type: ignore[attr-defined]
    yield
    link._open = opened  # type: ignore[attr-defined]


@pytest.mark.usefixtures("small_disk")
async def test_a_full_disk_is_unavailable_and_loses_nothing_accepted(sqlite_world: World) -> None:
    ana = await sqlite_world.conversation(ANA)
    kept = 0
    with suppress(StoreUnavailable):
        for _ in range(1000):
            await sqlite_world.say(ana, "x" * 5000)
            kept += 1
    assert 0 < kept < 1000
    assert await sqlite_world.count("message") == kept
    assert (await sqlite_world.conversation(ANA)).id == ana.id


async def test_a_database_locked_by_another_process_is_unavailable_until_it_is_free(
    sqlite_world: World,
) -> None:
    assert sqlite_world.database.path is not None
    await sqlite_world.conversation(ANA)
    impatient = Database(sqlite_world.url, busy_timeout_s=0.05)
    store = SqlStore(impatient, ids=TimeIds(99))
    signals = [(arrival(sender=None, key="k"), None)]
    with closing(sqlite3.connect(sqlite_world.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            async with store.write() as batch:
                await batch.add_signals(signals, now=NOW)
        assert await sqlite_world.count("signal") == 0  # reading goes on
        other.execute("ROLLBACK")
    async with store.write() as batch:
        assert await batch.add_signals(signals, now=NOW) != [None]
    await impatient.close()


async def test_a_new_file_that_another_process_opens_too_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "parley.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE one (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")  # what changing the journal mode takes, too
        link = SqliteLink(path)
        mode = asyncio.ensure_future(link.pragma("synchronous"))
        await asyncio.sleep(0.05)
        assert not mode.done()
        other.execute("ROLLBACK")
        assert await mode == 2
        await link.close()
        other.execute("BEGIN IMMEDIATE")
        again = SqliteLink(path)
        assert await again.pragma("synchronous") == 2, "a file in WAL is opened whoever writes"
        await again.close()


async def test_a_new_file_held_for_too_long_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "parley.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE one (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        link = SqliteLink(path, busy_timeout_s=0.05)
        with pytest.raises(StoreUnavailable, match="locked"):
            await link.pragma("synchronous")
        await link.close()


async def test_a_database_that_is_none_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "parley.db").write_bytes(b"this is no database at all" * 100)
    async with World(f"sqlite:///{tmp_path}/parley.db") as world:
        with pytest.raises(StoreUnavailable):
            await world.enter(arrival())
        with pytest.raises(StoreUnavailable):
            await world.store.oldest_waiting([SHOP], now=NOW)


async def test_a_folder_that_is_missing_is_unavailable(tmp_path: Path) -> None:
    async with World(f"sqlite:///{tmp_path}/nowhere/parley.db") as world:
        with pytest.raises(StoreUnavailable):
            await world.enter(arrival())
        with pytest.raises(StoreUnavailable):
            await world.store.busy_conversations()


async def test_a_reader_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    async with World(f"sqlite:///{tmp_path}/nowhere/parley.db") as world:
        for _ in range(50):
            with pytest.raises(StoreUnavailable):
                await world.store.busy_conversations()
            left = {one.name for one in set(threading.enumerate()) - before if one.is_alive()}
            assert not {name for name in left if "_connection_worker_thread" in name}


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://root@localhost/parley", id="another database"),
        pytest.param("sqlite://", id="memory"),
        pytest.param("sqlite:///:memory:", id="memory by name"),
        pytest.param("parley.db", id="no URL"),
    ],
)
def test_a_url_parley_does_not_know_is_refused_with_the_allowed_forms(url: str) -> None:
    with pytest.raises(DefinitionError, match="sqlite:///"):
        Database(url)


# --- memory and speed -------------------------------------------------------------------------------


async def test_a_conversation_that_fell_out_of_memory_is_read_again(sqlite_world: World) -> None:
    store = SqlStore(sqlite_world.database, ids=sqlite_world.ids, cached=2)
    senders = [ANA.model_copy(update={"phone": f"49170{n}"}) for n in range(5)]
    async with store.write() as batch:
        first = await batch.find_conversations([(SHOP, sender) for sender in senders])
    async with store.write() as batch:
        again = await batch.find_conversations([(SHOP, sender) for sender in senders])
        held = await batch.claim([(SHOP, key) for key in first])
    assert first == again
    assert [held[key].contact.phone for key in first] == [sender.phone for sender in senders]


async def test_a_usual_batch_takes_three_trips(sqlite_world: World) -> None:
    ana = await sqlite_world.conversation(ANA)
    trips = []
    link = sqlite_world.database.link
    run = link.run

    async def counted(calls: object) -> object:
        trips.append(calls)
        return await run(calls)  # type: ignore[arg-type]  # passed on as it came

    link.run = counted  # type: ignore[method-assign, assignment]
    async with sqlite_world.store.write() as batch:
        await batch.find_conversations([(SHOP, ANA)])
        await batch.add_signals([(arrival(), ana.id)], now=NOW)
        await batch.claim([(SHOP, ana.id)])
        await batch.blocked([(SHOP, ana.id)])
        await batch.save([(ana.model_copy(update={"version": 1}), 0)])
        await batch.unfinished([(SHOP, ana.id)])
        row = MessageRow(
            MessageId(1), SHOP, ana.id, "out", Text(body="hi"), "sending", NOW, origin="flow"
        )
        await batch.add_messages([row])
    assert len(trips) == 3


# --- the planner ------------------------------------------------------------------------------------

SMALL = ("SCAN json_each", "SCAN b ", "SCAN l", "SCAN r", "SCAN CONSTANT ROW")
"""What a statement itself brought along."""

WORK_LEFT = (
    *("signal_waiting", "signal_awaits", "message_unfinished", "message_failed", "message_held"),
    *("media_wanted", "conversation_busy", "handoff_open"),
)
"""Partial indexes that hold no more than what is still to be done."""

BY_WORDS = ("VIRTUAL TABLE INDEX 0:=", "VIRTUAL TABLE INDEX 192:", ":M")
"""An FTS5 table by a row id, or by words."""

HANDFUL = (
    *("SEARCH line ", "SEARCH label ", "SEARCH canned_reply ", "SEARCH b ", "SEARCH r "),
    "SEARCH agent ",
    *("SEARCH search_progress ", "SEARCH p "),
)
"""Tables that people fill by hand, or with a row for a line."""

BY_LINE = (
    *("SEARCH s USING PRIMARY KEY (line_id=?)", "SEARCH conversation USING INDEX sqlite"),
    "SEARCH newest ",
)
"""The oldest signals of a line, its newest conversations, its newest message: all stop at their limit."""


def _too_much(plan: list[str]) -> list[str]:
    """Return the lines of a plan that read a table; what a subquery reads has lines of its own."""
    made = {line.split()[1] for line in plan if line.startswith(("CO-ROUTINE ", "MATERIALIZE "))}
    return [one for one in plan if _reads_too_much(one) and one.removeprefix("SCAN ") not in made]


def _reads_too_much(line: str) -> bool:
    """Tell whether a line of a query's plan reads a table, or all of a line's rows in it."""
    if any(index in line for index in (*WORK_LEFT, *BY_WORDS)):
        return False
    if line.startswith("SCAN "):
        return not line.startswith(SMALL)
    return line.endswith("(line_id=?)") and not line.startswith((*HANDFUL, *BY_LINE))


STATEMENTS: dict[str, Statement] = {
    name: one.statement if isinstance(one, Question) else one
    for module in (
        *(statements, outbox_statements, handoffs, search, search_index),
        *(inbox_chat, inbox_figures, inbox_lists, inbox_notes, inbox_own, inbox_rows),
    )
    for name, one in vars(module).items()
    if isinstance(one, (Statement, Question))
}


@pytest.mark.parametrize(
    "name",
    [name for name, one in STATEMENTS.items() if one.sqlite],
)
async def test_no_statement_reads_a_whole_table(sqlite_world: World, name: str) -> None:
    statement = STATEMENTS[name]
    assert sqlite_world.database.path is not None
    with closing(sqlite3.connect(sqlite_world.database.path)) as connection:
        asked = "EXPLAIN QUERY PLAN " + statement.sqlite
        plan = [row[3] for row in connection.execute(asked, ["[]"] * statement.marks)]
    assert not _too_much(plan), plan


async def test_no_question_reads_a_whole_table(sqlite_world: World) -> None:
    ana = await sqlite_world.conversation(ANA)
    store, queries = sqlite_world.store, sqlite_world.queries
    asked: dict[str, Any] = {}
    stop = _listen(sqlite_world.database, asked)
    await store.waiting_signals([SHOP], limit=9)
    await store.oldest_waiting([SHOP], now=NOW)
    await store.busy_conversations()
    await SqlStore(sqlite_world.database, ids=sqlite_world.ids).conversations([(SHOP, ana.id)])
    await store.due_timers([(SHOP, NOW)], limit=9)
    await store.find_call(SHOP, ana.id, "k")
    await store.wanted_media(now=NOW, limit=9)
    await queries.conversations_of("5215550001111")
    await queries.contacts_on(SHOP)
    await queries.story(SHOP, ana.id)
    await queries.messages(SHOP, ana.id)
    await queries.latest_messages(SHOP, ana.id)
    await queries.last_turn(SHOP, ana.id)
    await queries.message_with(SHOP, ExternalId("x"))
    await queries.exchanges(SHOP, MessageId(1))
    await queries.outbox()
    await queries.outbox(failed=True)
    await queries.retry(MessageId(1), now=NOW)
    await queries.clock_offset(SHOP)
    await add_agent(sqlite_world.database, "ada", seen_at=NOW)
    assigning = SqlAssigning(sqlite_world.database)
    await assigning.is_any_open([SHOP])
    await assigning.on_duty([SHOP], now=NOW, seen_since=NOW)
    await assigning.unclaimed([(SHOP, "kitchen")], limit=9)
    await assigning.still_unclaimed([(SHOP, ana.id, 1)])
    await assigning.unanswered([SHOP], seen_before=NOW, limit=9)
    await stored_vitals(sqlite_world.database, [SHOP])
    stop()
    assert len(asked) > 20
    assert sqlite_world.database.path is not None
    with closing(sqlite3.connect(sqlite_world.database.path)) as connection:
        for text, parameters in asked.items():
            plan = [r[3] for r in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters)]
            assert not _too_much(plan), (text, plan)


def _listen(database: Database, asked: dict[str, Any]) -> Callable[[], None]:
    """Note every statement of the reading connections, until told to stop."""
    engine = database.engine.sync_engine

    def note(*arguments: Any) -> None:
        _, _, text, parameters, *_ = arguments
        if text.startswith(("SELECT", "WITH")):
            asked[text] = parameters

    event.listen(engine, "before_cursor_execute", note)
    return lambda: event.remove(engine, "before_cursor_execute", note)
