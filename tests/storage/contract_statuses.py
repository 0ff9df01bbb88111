"""The contract on statuses: what a provider reports, in whatever order, with the time of each."""

from datetime import timedelta
from itertools import permutations

import pytest

from engine.core.content import ProviderError
from engine.core.signals import Status
from storage.outbox import RANKS
from tests.builders import NOW
from tests.storage.world import ANA, World, report

SECOND = timedelta(seconds=1)
EVERY: tuple[Status, ...] = ("sent", "failed", "delivered", "read", "played")


class StatusContract:
    """Nothing that is known of a send is taken back, and no time is lost."""

    @pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
    async def test_any_two_statuses_in_either_order_end_at_the_one_that_tells_more(
        self, world: World, together: bool
    ) -> None:
        ana = await world.conversation(ANA)
        for place, (first, second) in enumerate(permutations(EVERY, 2)):
            name = f"out.{place}"
            message = await world.say(ana, status="sending")
            await world.mark(message, "sent", external_id=name)
            reports = [
                report(first, external_id=name, at=NOW + SECOND),
                report(second, external_id=name, at=NOW + 2 * SECOND),
            ]
            for batch in [reports] if together else [[one] for one in reports]:
                await world.report(*batch)
            shown = await world.shown(message)
            assert shown.status == max(first, second, key=RANKS.__getitem__), (first, second)
            times = {first: NOW + SECOND, second: NOW + 2 * SECOND}
            assert shown.times == {"sent": NOW} | {
                status: at for status, at in times.items() if status != "sent"
            }

    async def test_read_without_delivered_keeps_what_was_told(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        await world.report(report("read", at=NOW + SECOND))
        assert (await world.shown(message)).times == {"sent": NOW, "read": NOW + SECOND}

    async def test_a_failure_after_the_delivery_leaves_its_time_alone(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        await world.report(report("delivered", at=NOW + SECOND))
        error = ProviderError(code="131026", title="Undeliverable")
        await world.report(report("failed", at=NOW + 2 * SECOND, errors=(error,)))
        shown = await world.shown(message)
        assert (shown.status, shown.error_code) == ("delivered", None)
        assert shown.times["failed"] == NOW + 2 * SECOND

    async def test_a_delivery_after_our_own_mark_of_failure_keeps_both_times(
        self, world: World
    ) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "failed", error_code="answer_lost")
        await world.report(report("delivered", message=message, at=NOW + SECOND))
        shown = await world.shown(message)
        assert (shown.status, shown.error_code) == ("delivered", None)
        assert shown.times == {"failed": NOW, "delivered": NOW + SECOND}

    async def test_the_time_of_sending_is_kept_though_the_reports_were_faster(
        self, world: World
    ) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.report(report("read", message=message, at=NOW + SECOND))
        await world.mark(message, "sent", external_id="out.1", at=NOW + 2 * SECOND)
        shown = await world.shown(message)
        assert shown.times == {"read": NOW + SECOND, "sent": NOW + 2 * SECOND}
