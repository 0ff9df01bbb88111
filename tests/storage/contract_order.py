"""The contract on who leaves first, and on what is never sent again."""

from datetime import timedelta

import pytest

from engine.core import limits
from engine.core.content import Outbound, Template, Text
from engine.core.effects import Origin
from engine.core.outbox import rank_of
from engine.core.signals import Sender
from tests.builders import NOW
from tests.storage.world import ANA, World, report

SECOND = timedelta(seconds=1)
TEMPLATE = Template(name="receipt", language="en", body=("7",))


class OrderContract:
    """Who speaks decides who is taken first; what costs is sent once."""

    @pytest.mark.parametrize(
        ("origin", "content"),
        [
            pytest.param("agent", Text(body="hi"), id="an agent's"),
            pytest.param("api", Text(body="hi"), id="the API's"),
            pytest.param("broadcast", TEMPLATE, id="a broadcast's"),
            pytest.param("flow", TEMPLATE, id="a flow's template"),
        ],
    )
    async def test_what_costs_is_never_sent_again_and_holds_up_what_follows_for_a_while(
        self, world: World, origin: Origin, content: Outbound
    ) -> None:
        ana = await world.conversation(ANA)
        first = await world.say(ana, content, status="sending", origin=origin)
        second = await world.say(ana)
        await world.mark(first, "uncertain")
        assert await world.take(now=NOW + limits.STATUS_WAITS - SECOND) == []
        assert await world.taken(now=NOW + limits.STATUS_WAITS) == [second]
        assert await world.take(now=NOW + timedelta(days=1)) == []
        assert await world.status(first) == "uncertain"
        await world.report(report("delivered", message=first))
        assert await world.status(first) == "delivered"

    async def test_a_status_lets_go_what_waits_behind_an_uncertain_send(self, world: World) -> None:
        ana = await world.conversation(ANA)
        first = await world.say(ana, TEMPLATE, status="sending", origin="broadcast")
        second = await world.say(ana)
        await world.mark(first, "uncertain")
        await world.report(report("delivered", message=first))
        assert await world.taken() == [second]

    async def test_who_speaks_decides_who_is_taken_first(self, world: World) -> None:
        origins: tuple[Origin, ...] = ("broadcast", "api", "timer", "flow", "engine", "agent")
        said = {
            origin: await world.say(
                await world.conversation(Sender(phone=f"52155500{place:02d}")), origin=origin
            )
            for place, origin in enumerate(origins)
        }
        taken = [(await world.taken(limit=1))[0] for _ in origins]
        first: tuple[Origin, ...] = ("agent", "flow", "engine", "api", "timer", "broadcast")
        assert taken == [said[origin] for origin in first]
        assert [rank_of(origin) for origin in first] == [0, 1, 1, 2, 2, 3]
