"""The contract on what supervisors see: the queues as they stand, and how handoffs went."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from engine.core.conversation import Handoff
from engine.core.effects import RecordHandoff
from engine.core.ids import LineId
from engine.ports import HandoffRow
from storage import inbox
from storage.inbox import Now, QueueNow, Span, Visible
from tests.builders import NOW
from tests.storage.contract_inbox import DESK, EVERYTHING, HOUR, MINUTE, hand_off, met
from tests.storage.world import SHOP, World

SECOND = timedelta(seconds=1)


async def went(
    world: World,
    number: int,
    *,
    began: timedelta = timedelta(),
    claimed: int | None = None,
    replied: int | None = None,
    ended: int | None = None,
    late: bool = False,
    team: str | None = None,
    agent: str | None = "eva",
    line: LineId = SHOP,
) -> None:
    """Store a handoff; its times are in minutes since it began."""
    chat = await met(world, number, line=line)
    since = NOW + began
    handoff = Handoff(
        turn=1,
        reason="word",
        since=since,
        claimed_at=None if claimed is None else since + claimed * MINUTE,
        replied_at=None if replied is None else since + replied * MINUTE,
        late=late,
    )
    done = "closed" if ended is not None else None
    record = RecordHandoff(handoff, team, agent if claimed is not None else None, done)  # type: ignore[arg-type]  # one of the ends
    async with world.store.write() as batch:
        row = HandoffRow(line, chat.id, record)
        await batch.record_handoffs([row], moments={line: since + (ended or 0) * MINUTE})


class FiguresContract:
    """What the page of supervisors shows."""

    async def test_the_queues_are_known_as_they_stand(self, world: World) -> None:
        for number, team, agent in (
            (1, "kitchen", None),
            (2, "kitchen", None),
            (3, "kitchen", "eva"),
            (4, None, "eva"),
            (5, "office", None),
        ):
            await hand_off(
                world, await met(world, number), team=team, agent=agent, since=NOW - number * HOUR
            )
        assert await inbox.waiting_now(world.database, EVERYTHING) == Now(
            [
                QueueNow(SHOP, "kitchen", 2, 0, NOW - 2 * HOUR, 1),
                QueueNow(SHOP, "office", 1, 0, NOW - 5 * HOUR, 0),
                QueueNow(SHOP, None, 0, 0, None, 1),
            ],
            {"eva": 2},
        )
        cook = Visible((SHOP,), ("kitchen",), "kim")
        seen = await inbox.waiting_now(world.database, cook)
        assert [queue.team for queue in seen.queues] == ["kitchen", None]
        assert await inbox.waiting_now(world.database, Visible((), None, "eva")) == Now([], {})

    async def test_figures_are_medians_and_what_nine_of_ten_had(self, world: World) -> None:
        for number in range(1, 11):
            await went(world, number, claimed=number, replied=2 * number, ended=60 * number)
        await went(world, 11, late=True)
        report = await inbox.figures(world.database, EVERYTHING, NOW, NOW + SECOND)
        total = report.total
        assert (total.handoffs, total.unclaimed, total.late) == (11, 1, 1)
        assert total.unclaimed_share == total.late_share == 1 / 11
        assert total.waited == Span(10, 11 * MINUTE, 18 * MINUTE)
        assert total.first_reply == Span(10, 5.5 * MINUTE, 9 * MINUTE)
        assert total.resolution == Span(10, 330 * MINUTE, 540 * MINUTE)

    async def test_figures_come_by_agent_team_line_and_day(self, world: World) -> None:
        await went(world, 1, claimed=1, replied=2, team="kitchen")
        await went(world, 2, claimed=1, replied=4, agent="kim", line=DESK)
        await went(world, 3, began=12 * HOUR, team="kitchen")
        await went(world, 4, began=-SECOND, claimed=1)
        await went(world, 5, began=24 * HOUR, claimed=1)
        until = NOW + 24 * HOUR
        report = await inbox.figures(world.database, EVERYTHING, NOW, until)
        counts = {name: one.handoffs for name, one in report.agents.items()}
        assert counts == {"eva": 1, "kim": 1}
        assert report.agents["kim"].waited == Span(1, 4 * MINUTE, 4 * MINUTE)
        assert {name: one.handoffs for name, one in report.teams.items()} == {"kitchen": 2, None: 1}
        assert {name: one.handoffs for name, one in report.lines.items()} == {SHOP: 2, DESK: 1}
        assert {day: one.handoffs for day, one in report.days.items()} == {
            date(2026, 8, 1): 2,
            date(2026, 8, 2): 1,
        }
        india = ZoneInfo("Asia/Kolkata")
        there = await inbox.figures(
            world.database, EVERYTHING, NOW - HOUR, NOW + 12 * HOUR, zone=india
        )
        assert list(there.days) == [date(2026, 8, 1)]

    async def test_where_nothing_was_handed_off_no_figure_is_made_up(self, world: World) -> None:
        nothing = await inbox.figures(world.database, EVERYTHING, NOW, NOW + HOUR)
        assert nothing.total.waited == Span(0, None, None)
        assert nothing.total.unclaimed_share == nothing.total.late_share == 0
        assert nothing.agents == nothing.teams == nothing.days == {}
        nobody = Visible((), None, "eva")
        assert (await inbox.figures(world.database, nobody, NOW, NOW + HOUR)).total.handoffs == 0
