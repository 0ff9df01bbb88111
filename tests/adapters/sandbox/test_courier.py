"""What each provider's policy does about a webhook that the business did not take."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from adapters.sandbox.courier import Courier, Heard, Redelivery
from adapters.sandbox.ledger import Delivery

MARIA = "5215550001"


class Down:
    """A business that answers 503 until it is up, on a clock moved by hand."""

    def __init__(self) -> None:
        self.up = False
        self.posted = 0
        self.at = datetime(2026, 9, 1, tzinfo=UTC)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        assert headers == {"X-Size": str(len(body))}
        self.posted += 1
        return Heard(200 if self.up else 503)


def _sized(body: bytes) -> Mapping[str, str]:
    return {"X-Size": str(len(body))}


def _in_2xx(heard: Heard) -> bool:
    return heard.status == 200


@asynccontextmanager
async def courier_of(business: Down, policy: Redelivery) -> AsyncIterator[Courier]:
    courier = Courier(
        post=business.post,
        headers=_sized,
        takes=_in_2xx,
        now=lambda: business.at,
        policy=policy,
        copies=1,
        kept=100,
    )
    yield courier
    await courier.close()


async def deliver(courier: Courier, count: int = 1) -> list[Delivery]:
    return [
        await courier.deliver("message", str(n), to=MARIA, body=b"{}") for n in range(1, count + 1)
    ]


async def test_a_provider_that_sends_once_never_tries_again() -> None:
    business = Down()
    async with courier_of(business, Redelivery(first_s=0.001, tries=1)) as courier:
        (lost,) = await deliver(courier)
        await courier.settled()

    assert (business.posted, lost.accepted) == (1, False)


async def test_a_provider_with_three_tries_gives_up_after_them() -> None:
    business = Down()
    async with courier_of(business, Redelivery(first_s=0.001, tries=3)) as courier:
        (lost,) = await deliver(courier)
        await courier.settled()

    assert [tried.status for tried in lost.attempts] == [503, 503, 503]


async def test_failures_in_short_time_switch_the_webhook_off_until_someone_switches_it_on() -> None:
    business = Down()
    policy = Redelivery(tries=1, off_after=5, off_within_s=600)
    async with courier_of(business, policy) as courier:
        await deliver(courier, 5)
        off = courier.is_off
        business.up = True
        (dropped,) = await deliver(courier)
        courier.switch_on()
        (taken,) = await deliver(courier)

    assert off
    assert (dropped.attempts, taken.accepted) == ([], True)


async def test_failures_far_apart_switch_nothing_off() -> None:
    business = Down()
    policy = Redelivery(tries=1, off_after=3, off_within_s=600)
    async with courier_of(business, policy) as courier:
        for _ in range(6):
            await deliver(courier)
            business.at += timedelta(seconds=301)

        assert not courier.is_off
