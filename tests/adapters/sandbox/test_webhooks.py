"""Webhooks: statuses in order, signed, again until a 2xx; the signature is checked by the business of each test."""

from adapters.sandbox.cloud import CloudSettings
from tests.adapters.sandbox.business import Bench, text_to

MARIA = "5215550001"

QUICK = CloudSettings(redeliver_first_s=0.001, redeliver_most_s=0.002)


async def test_sent_delivered_and_read_are_told_in_order_with_the_callback_data(
    bench: Bench,
) -> None:
    await bench.sandbox.contact(MARIA).says("hi")
    bench.send(text_to(MARIA, biz_opaque_callback_data="41"))
    await bench.sandbox.courier.settled()

    (message,) = bench.sandbox.messages
    told = bench.business.statuses
    assert [one["status"] for one in told] == ["sent", "delivered", "read"]
    assert {one["id"] for one in told} == {message.id}
    assert {one["biz_opaque_callback_data"] for one in told} == {"41"}
    assert {one["recipient_id"] for one in told} == {MARIA}
    assert message.status == "read"


async def test_what_was_not_taken_is_delivered_again_until_it_is() -> None:
    bench = Bench(QUICK)
    bench.business.answers.extend([503, None, 302])

    delivery = await bench.sandbox.contact(MARIA).says("hi")
    assert not delivery.accepted
    await bench.sandbox.courier.settled()

    assert delivery.accepted
    assert [tried.status for tried in delivery.attempts] == [503, None, 302, 200]
    assert [one["id"] for one in bench.business.messages] == [delivery.id] * 4


async def test_a_later_message_overtakes_one_that_must_be_delivered_again() -> None:
    bench = Bench(QUICK)
    bench.business.answers.append(503)
    maria = bench.sandbox.contact(MARIA)

    first = await maria.says("one")
    second = await maria.says("two")
    await bench.sandbox.courier.settled()

    assert [one["id"] for one in bench.business.messages] == [first.id, second.id, first.id]


async def test_each_webhook_may_come_several_times_at_once() -> None:
    bench = Bench(CloudSettings(webhook_copies=3))

    said = await bench.sandbox.contact(MARIA).says("hi")

    assert [one["id"] for one in bench.business.messages] == [said.id] * 3


async def test_closing_drops_what_is_on_its_way() -> None:
    bench = Bench(CloudSettings(redeliver_first_s=3600))
    bench.business.answers.append(503)

    delivery = await bench.sandbox.contact(MARIA).says("hi")
    await bench.sandbox.close()
    await bench.sandbox.courier.settled()

    assert not delivery.accepted
