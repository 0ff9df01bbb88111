"""Broadcasts through a whole engine: everyone once, behind everybody else, stopped and taken up again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from adapters.cloud.capabilities import CAPABILITIES
from engine.core.content import Template
from storage.broadcasts import Recipient, StoredBroadcast, StoredBroadcasts
from tests.loops.world import LINE, World, engine_world, eventually, until

COUNT = Path(__file__).parents[1] / "faults" / "bot"
NEWS = Template(name="news", language="en")
AT_TWO_A_SECOND = CAPABILITIES.model_copy(update={"messages_per_second": 2.0})
UNLIMITED = CAPABILITIES.model_copy(update={"messages_per_second": 0.0})


def people(count: int) -> list[Recipient]:
    return [
        Recipient(number, f"52155500{number:05d}", NEWS.model_copy(update={"body": (str(number),)}))
        for number in range(2, count + 2)
    ]


async def begin(world: World, to: Sequence[Recipient]) -> StoredBroadcast:
    broadcasts = StoredBroadcasts(world.database)
    id = await broadcasts.begin(
        LINE, to, template="news", language="en", source="news.csv", now=datetime.now(UTC)
    )
    world.engine.wake()
    return await broadcasts.find(id)


async def ended(world: World, broadcast: StoredBroadcast) -> dict[str, int]:
    """Wait until it is done, and return what became of its contacts."""
    broadcasts = StoredBroadcasts(world.database)

    async def is_done() -> bool:
        return (await broadcasts.find(broadcast.id)).state == "done"

    await eventually(is_done)

    async def is_told() -> bool:
        return "sending" not in await broadcasts.counts(broadcast)

    await eventually(is_told)
    return await broadcasts.counts(broadcast)


def numbers(world: World) -> list[str]:
    """Return who got the news, in order."""
    return [one.contact.phone or "" for one in world.adapter.sent if one.content.kind == "template"]


async def test_everyone_gets_it_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT, capabilities=UNLIMITED) as world:
        to = people(150)
        to[3] = to[3]._replace(content=None, problem="no number")
        broadcast = await begin(world, to)
        assert await ended(world, broadcast) == {"sent": 149, "invalid": 1}
        assert sorted(numbers(world)) == [one.phone for one in to if one.content]
        (row,) = await world.rows(
            "SELECT origin, turn > 0, owner > 0 FROM message WHERE direction = 'out' LIMIT 1"
        )
        assert row == ("broadcast", 1, 1), "each leaves with the commit that asks for it"
        told = [one async for one in StoredBroadcasts(world.database).results(broadcast)]
        assert [(one.number, one.phone) for one in told] == [(o.number, o.phone) for o in to]
        assert told[3].problem == "no number"
        assert told[4].external_id


async def test_a_running_broadcast_delays_a_reply_by_one_send_at_most(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT, capabilities=AT_TWO_A_SECOND) as world:
        await begin(world, people(50))
        await until(lambda: bool(world.adapter.tried))
        for phone in ("5215559990001", "5215559990002"):
            await world.says("hello", phone=phone)
            begun = len(world.adapter.tried)
            await world.sees(1, phone)
            between = [one.content.kind for one in world.adapter.tried[begun:]]
            assert between.index("text") <= 1


async def test_a_stopped_broadcast_goes_on_where_it_was(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT, capabilities=UNLIMITED) as world:
        broadcasts = StoredBroadcasts(world.database)
        world.adapter.hold()
        broadcast = await begin(world, people(200))
        await until(lambda: len(world.adapter.tried) == 64)
        assert await broadcasts.stop(broadcast)
        world.adapter.release()

        async def has_left() -> bool:
            return (await broadcasts.counts(broadcast)).get("sent", 0) >= 64

        await eventually(has_left)
        assert (await broadcasts.find(broadcast.id)).state == "stopped"
        assert await broadcasts.counts(broadcast) == {"sent": 64, "waiting": 136}
        assert await broadcasts.resume(broadcast)
        world.engine.wake()
        assert await ended(world, broadcast) == {"sent": 200}
        assert len(set(numbers(world))) == len(numbers(world)) == 200
        assert not await broadcasts.resume(broadcast), "it is done"


async def test_what_a_dead_process_had_handed_out_is_not_handed_out_again(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT, capabilities=UNLIMITED) as world:
        world.adapter.hold()
        broadcast = await begin(world, people(100))
        await until(lambda: len(world.adapter.tried) == 64)
        # What a crash between the two commits leaves: ids given, or asked for and not noted.
        await world.engine.stop(0.1)
        await world.database.close()
        world.adapter.release()
        await world.start()
        counts = await ended(world, broadcast)
        assert sum(counts.values()) == 100
        assert counts["uncertain"] == 64
        assert len(numbers(world)) == len(set(numbers(world)))
        tried = [one.contact.phone for one in world.adapter.tried]
        assert len(tried) == len(set(tried)) == 100
