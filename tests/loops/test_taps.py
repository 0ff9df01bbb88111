"""Taps that come back without their option id, on a real database: the message they were made on tells."""

from json import loads
from pathlib import Path

from engine.core.content import ButtonReply, Context
from engine.core.ids import ExternalId
from engine.core.signals import Arrival, MessageReceived
from tests.loops.world import World, engine_world

OPTIONS = Path(__file__).parents[1] / "transcripts" / "flows" / "options"


def tap(world: World, title: str, quoted: str) -> Arrival:
    arrival = world.arrival(ButtonReply(id=None, title=title))
    assert isinstance(arrival.signal, MessageReceived)
    context = Context(reply_to=ExternalId(quoted))
    signal = arrival.signal.model_copy(update={"context": context})
    return arrival.model_copy(update={"signal": signal})


async def message_that_says(world: World, body: str) -> str:
    """Return the provider's id of our latest message with this text, once it is stored as sent."""
    rows = await world.rows(
        "SELECT external_id, content FROM message WHERE direction = 'out' AND external_id IS NOT NULL"
    )
    return next(str(id_) for id_, content in reversed(rows) if body in str(content))


async def test_a_tap_without_its_id_means_what_its_message_shows(tmp_path: Path) -> None:
    async with engine_world(tmp_path, OPTIONS) as world:
        for count, said in enumerate(("hi", "Shoes", "Small", "Black"), start=1):
            await world.says(said)
            await world.sees(count)
        sizes = await message_that_says(world, "Which size?")
        await world.engine.accept([tap(world, "Large", sizes)])
        assert (await world.sees(5))[-1] == "Large and Black?"
        await world.engine.accept([tap(world, "Large", "somebody-elses")])
        assert (await world.sees(6))[-1].startswith("That button no longer works.")


async def test_a_tap_without_its_title_is_stored_with_its_options(tmp_path: Path) -> None:
    async with engine_world(tmp_path, OPTIONS) as world:
        for count, said in enumerate(("hi", "Shoes"), start=1):
            await world.says(said)
            await world.sees(count)
        ((asked,),) = await world.rows(
            "SELECT content FROM message WHERE direction = 'out' ORDER BY id DESC LIMIT 1"
        )
        large = next(one for one in loads(str(asked))["buttons"] if one["title"] == "Large")
        await world.engine.accept([world.arrival(ButtonReply(id=large["id"], title=""))])
        await world.sees(3)
        ((told,),) = await world.rows(
            "SELECT content FROM message WHERE direction = 'in' ORDER BY id DESC LIMIT 1"
        )
        assert loads(str(told))["title"] == "Large"
