"""What one process counts of its own work: every way that a send ends, and the batches."""

from datetime import timedelta
from pathlib import Path

from engine.core.errors import AnswerLost, ContentRejected, LineRejected, ProviderUnreachable
from tests.loops.world import LINE, engine_world, until

BOTS = Path(__file__).parents[1] / "faults" / "bot"


async def test_each_way_that_a_send_ends_is_counted_on_its_line(tmp_path: Path) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        for phone, error in (
            ("5215550001", ContentRejected("no", provider_code="131009")),
            ("5215550002", AnswerLost("no answer")),
            ("5215550003", ProviderUnreachable("down", retry_after=timedelta(hours=1))),
        ):
            world.adapter.refuse(error)
            before = sum(world.engine.figures().sends.values())
            await world.says("hi", phone=phone)
            await until(lambda: sum(world.engine.figures().sends.values()) > before)  # noqa: B023
        await world.says("hi", phone="5215550004")
        await world.sees(1, "5215550004")
        await until(lambda: world.engine.figures().sends[LINE, "sent"] >= 1)
        figures = world.engine.figures()

    assert figures.sends[LINE, "failed"] == 1
    assert figures.sends[LINE, "uncertain"] == 1
    assert figures.sends[LINE, "put_back"] == 1
    assert figures.batches >= 4
    assert figures.batched >= 4


async def test_a_line_that_its_provider_refuses_is_told_as_paused(tmp_path: Path) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        assert world.engine.figures().paused == {LINE: False}

        world.adapter.refuse(LineRejected("who are you", retry_after=timedelta(hours=1)))
        await world.says("hi")
        await until(lambda: world.engine.figures().paused[LINE])
