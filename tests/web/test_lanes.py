"""Webhooks of a provider that sends each once: whatever the database does, each is stepped, once and in order."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.fake import FakeAdapter, message_payload
from adapters.sandbox.providers import SANDBOXES
from engine.core.content import Text
from engine.core.errors import StoreUnavailable, ValueRefused
from engine.core.ids import LineId
from engine.core.signals import Arrival
from engine.ports import WebhookRequest
from tests.loops.world import World, engine_world, until
from web import lanes as lanes_module
from web.clock import LineClock
from web.doors import Door, Doors
from web.keys import CLOCK, DOORS, ENGINE, LANES
from web.lanes import Lanes
from web.spool import SpoolFile, SpoolFull
from web.webhooks import Webhooks

BOT = Path(__file__).parents[1] / "faults" / "bot"
SHOP = LineId("shop")
DESK = LineId("desk")

Client = TestClient[web.Request, web.Application]


def says(text: str, *, sender: str = "5215550001") -> bytes:
    return message_payload(Text(body=text), id=f"id.{text}", sender=sender)


# --- over HTTP, on a real database ------------------------------------------------------------------


@asynccontextmanager
async def served(world: World, folder: Path, max_bytes: int = 1_000_000) -> AsyncIterator[Client]:
    """Serve the webhook of a line that gets everything once."""
    doors = Doors([Door(SHOP, world.adapter, "fake")])
    lanes = Lanes(
        [SHOP],
        doors=doors,
        accept=world.engine.accept,
        path=folder / "spool",
        max_bytes=max_bytes,
    )
    app = web.Application()
    app[DOORS], app[CLOCK], app[ENGINE], app[LANES] = doors, LineClock(), world.engine, lanes
    app.add_routes(Webhooks(app).routes([SHOP]))
    await lanes.start()
    try:
        async with TestClient(TestServer(app)) as client:
            yield client
    finally:
        await lanes.stop()


async def post(client: Client, *texts: str) -> list[int]:
    """Post one body after the other and return what was answered."""
    statuses = []
    for text in texts:
        async with client.post("/webhooks/shop", data=says(text)) as answer:
            statuses.append(answer.status)
    return statuses


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let another program hold the database."""
    with closing(sqlite3.connect(folder / "parley.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def heard(*texts: str) -> list[str]:
    return [f"{number}: heard {text}\n\nReady." for number, text in enumerate(texts, start=1)]


async def test_bodies_of_a_locked_database_are_answered_200_and_stepped_in_order_later(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, BOT) as world, served(world, tmp_path) as client:
        await post(client, "hello")
        await world.sees(1)

        with locked(tmp_path):
            during = await post(client, "a", "b", "b", "c")
            waiting = client.app[LANES].spooled
        after = await post(client, "d", "e")

        assert during == [200] * 4
        assert waiting == 4
        assert after == [200, 200]
        assert (await world.sees(6))[1:] == heard("a", "b", "c", "d", "e")
        # What is on disk goes some time after it was committed.
        await until(lambda: client.app[LANES].spooled == 0)


async def test_what_waits_enters_at_the_next_start_before_anything_new(tmp_path: Path) -> None:
    async with engine_world(tmp_path, BOT) as world:
        async with served(world, tmp_path) as client:
            await post(client, "hello")
            await world.sees(1)
            await world.engine.stop()
            assert await post(client, "a", "b") == [200, 200]
        await world.database.close()
        await world.start()
        async with served(world, tmp_path) as client:
            assert client.app[LANES].spooled == 0
            await post(client, "c")

            assert (await world.sees(4))[1:] == heard("a", "b", "c")


def test_a_body_is_on_disk_before_the_most_hurried_provider_gives_up() -> None:
    patience_s = min(kind.settings_type().webhook_timeout_s for kind in SANDBOXES.values())

    assert patience_s - 1 >= lanes_module.COMMIT_WITHIN_S


async def test_503_only_where_the_disk_takes_nothing_either(tmp_path: Path) -> None:
    async with (
        engine_world(tmp_path, BOT) as world,
        served(world, tmp_path, max_bytes=400) as client,
    ):
        await post(client, "hello")
        await world.sees(1)

        with locked(tmp_path):
            during = await post(client, "a", "b", "c")
        await until(lambda: not client.app[LANES].spooled)

        assert during[0] == 200
        assert during[-1] == 503
        kept = during.count(200)
        assert (await world.sees(1 + kept))[1:] == heard(*"abc"[:kept])


# --- with an engine of our own making ---------------------------------------------------------------


class Gate:
    """Takes arrivals as an engine would, or does not."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.error: Exception | None = None
        self.bad: set[str] = set()
        self.open = asyncio.Event()
        self.open.set()

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        await self.open.wait()
        if self.error is not None:
            raise self.error
        if self.bad & {arrival.key for arrival in arrivals}:
            raise ValueRefused
        self.keys += [arrival.key for arrival in arrivals]


@pytest.fixture
def gate() -> Gate:
    return Gate()


DOORS_OF_TWO = Doors(Door(line, FakeAdapter(line), "fake") for line in (SHOP, DESK))


@pytest.fixture
async def lanes(gate: Gate, tmp_path: Path) -> AsyncIterator[Lanes]:
    lanes = Lanes(
        [SHOP, DESK],
        doors=DOORS_OF_TWO,
        accept=gate.accept,
        path=tmp_path / "spool",
        max_bytes=1_000_000,
    )
    await lanes.start()
    yield lanes
    await lanes.stop()


async def take(lanes: Lanes, text: str, line: LineId = SHOP) -> None:
    now = LineClock().now()
    webhook = WebhookRequest(says(text), {"authorization": "secret word"})
    arrivals = DOORS_OF_TWO.arrivals(DOORS_OF_TWO.known(line), webhook, received_at=now)
    await lanes.take(line, webhook, arrivals, received_at=now)


async def test_a_slow_commit_is_not_waited_for_and_nothing_overtakes_it(
    lanes: Lanes, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes_module, "COMMIT_WITHIN_S", 0.05)
    gate.open.clear()

    await asyncio.gather(take(lanes, "a"), take(lanes, "b"))
    await take(lanes, "c")
    assert lanes.spooled == 3
    gate.open.set()
    await until(lambda: not lanes.spooled)
    await take(lanes, "d")

    assert gate.keys == ["id.a", "id.b", "id.c", "id.d"]


async def test_a_line_waits_for_its_own_bodies_alone(lanes: Lanes, gate: Gate) -> None:
    gate.error = StoreUnavailable()
    await take(lanes, "a")
    waiting = lanes.spooled
    gate.error = None
    await take(lanes, "other", DESK)
    await take(lanes, "b")
    await until(lambda: not lanes.spooled)

    assert waiting == 1
    assert sorted(gate.keys) == ["id.a", "id.b", "id.other"]
    assert gate.keys.index("id.a") < gate.keys.index("id.b")


async def test_a_fault_of_ours_loses_no_body_either(
    lanes: Lanes, gate: Gate, tmp_path: Path
) -> None:
    gate.error = RuntimeError("a fault of ours")
    await take(lanes, "a")
    await until(lambda: not lanes.spooled)

    assert left(tmp_path / "spool.refused") == [says("a")]


async def test_what_the_database_never_takes_is_set_aside_and_the_others_go_on(
    lanes: Lanes, gate: Gate, tmp_path: Path
) -> None:
    gate.bad = {"id.b"}
    gate.error = StoreUnavailable()
    for text in "abc":
        await take(lanes, text)
    gate.error = None
    await until(lambda: not lanes.spooled)

    assert gate.keys == ["id.a", "id.c"]
    assert left(tmp_path / "spool.refused") == [says("b")]


async def test_no_header_is_written_to_the_disk(lanes: Lanes, gate: Gate, tmp_path: Path) -> None:
    gate.error = StoreUnavailable()
    await take(lanes, "a")

    assert b"secret word" not in (tmp_path / "spool").read_bytes()


async def test_a_stop_leaves_on_disk_what_could_not_enter(gate: Gate, tmp_path: Path) -> None:
    gate.error = StoreUnavailable()
    lanes = Lanes(
        [SHOP], doors=DOORS_OF_TWO, accept=gate.accept, path=tmp_path / "spool", max_bytes=1000
    )
    await lanes.start()
    await take(lanes, "a")
    await lanes.stop()

    assert left(tmp_path / "spool") == [says("a")]


async def test_a_disk_that_fails_is_told_as_503(gate: Gate, tmp_path: Path) -> None:
    gate.error = StoreUnavailable()
    lanes = Lanes(
        [SHOP], doors=DOORS_OF_TWO, accept=gate.accept, path=tmp_path / "spool", max_bytes=10
    )
    await lanes.start()
    with pytest.raises(SpoolFull) as told:
        await take(lanes, "a")
    await lanes.stop()

    assert told.value.status == 503


def left(path: Path) -> list[bytes]:
    with SpoolFile(path, max_bytes=1_000_000) as file:
        return [body.body for body in file.peek(100)[0]]
