"""Rule 12: what `chat.once` stores, returns and repeats; and what else a step may do."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.core.content import Location, Media, Template, Text
from engine.core.errors import FlowError
from engine.core.ids import VisitId
from engine.flow.chat import Chat, Unsure
from engine.flow.fields import load
from engine.flow.templates import TemplateUse
from engine.ports import CallRow
from parley import Flow, ask
from tests.builders import NOW
from tests.flow.desk import Desk
from tests.flow.walking import ANA

VISIT = VisitId(7)


def _never(used: TemplateUse) -> Template:
    raise AssertionError(f"{used.name} is not said here")


class Declined(Exception):
    pass


class Expired(Declined):
    def __init__(self, card: str, year: int) -> None:
        super().__init__(card, year)


@dataclass
class Receipt:
    number: str
    price: Decimal
    at: datetime


class Shop:
    """A service that counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    async def pay(self, *args: object) -> Receipt:
        self.asked.append(args)
        return Receipt(f"R{len(self.asked)}", Decimal("8.50"), datetime(2026, 1, 1, tzinfo=UTC))

    async def refuse(self, card: str) -> str:
        self.asked.append((card,))
        raise Expired(card, 2020)


def visit(desk: Desk) -> Chat:
    """Return the chat of one attempt; a second one is the same step run again."""
    return Chat(desk, VISIT, ANA, fill=_never)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def test_a_repeat_returns_the_stored_result_as_its_type(desk: Desk, shop: Shop) -> None:
    first = await visit(desk).once(shop.pay, "card")
    again = await visit(desk).once(shop.pay, "card")
    assert first == again == Receipt("R1", Decimal("8.50"), datetime(2026, 1, 1, tzinfo=UTC))
    assert shop.asked == [("card",)]


async def test_a_call_is_stored_as_started_before_it_is_made(desk: Desk) -> None:
    seen: list[str] = []

    async def look() -> None:
        seen.extend(row.state for row in desk.calls.values())

    await visit(desk).once(look)
    assert seen == ["started"]
    assert [row.state for row in desk.calls.values()] == ["returned"]


async def test_keys_name_the_visit_the_function_and_its_ordinal(desk: Desk, shop: Shop) -> None:
    chat = visit(desk)
    await chat.once(shop.pay, 1)
    await chat.once(shop.pay, 2)
    assert list(desk.calls) == ["7:Shop.pay:1", "7:Shop.pay:2"]


async def test_a_started_call_without_a_result_is_made_again_with_the_same_key(
    desk: Desk, shop: Shop
) -> None:
    async def die(card: str, key: str) -> None:
        shop.asked.append((card, key))
        raise asyncio.CancelledError

    chat = visit(desk)
    with pytest.raises(asyncio.CancelledError):
        await chat.once(die, "card", chat.key)
    chat = visit(desk)
    with pytest.raises(asyncio.CancelledError):
        await chat.once(die, "card", chat.key)
    assert shop.asked == [("card", desk.key), ("card", desk.key)]


async def test_every_call_of_a_visit_has_its_own_key(desk: Desk, shop: Shop) -> None:
    chat = visit(desk)
    await chat.once(shop.pay, chat.key)
    await chat.once(shop.pay, chat.key)
    assert shop.asked == [(desk.key,), (f"{desk.key}:1",)]


async def test_an_unsure_call_can_be_left_to_a_person(desk: Desk, shop: Shop) -> None:
    async def fail() -> None:
        shop.asked.append(())
        raise OSError("cut off")

    with pytest.raises(OSError, match="cut off"):
        await visit(desk).once(fail, unsure="handoff")
    with pytest.raises(Unsure):
        await visit(desk).once(fail, unsure="handoff")
    assert shop.asked == [()]


async def test_a_listed_exception_is_a_result(desk: Desk, shop: Shop) -> None:
    for _ in range(2):
        with pytest.raises(Expired) as raised:
            await visit(desk).once(shop.refuse, "visa", raises=[Declined])
        assert raised.value.args == ("visa", 2020)
    assert shop.asked == [("visa",)]


async def test_an_exception_that_is_not_listed_is_called_again(desk: Desk, shop: Shop) -> None:
    for _ in range(2):
        with pytest.raises(Expired):
            await visit(desk).once(shop.refuse, "visa")
    assert len(shop.asked) == 2


async def test_a_stored_exception_that_is_listed_no_more_is_told(desk: Desk, shop: Shop) -> None:
    with pytest.raises(Expired):
        await visit(desk).once(shop.refuse, "visa", raises=(Expired,))
    with pytest.raises(FlowError, match="raised Expired, which raises= does not list any more"):
        await visit(desk).once(shop.refuse, "visa")


async def test_other_arguments_on_a_repeat_are_refused(desk: Desk, shop: Shop) -> None:
    await visit(desk).once(shop.pay, 1)
    with pytest.raises(FlowError, match=r"Shop\.pay was called with other arguments"):
        await visit(desk).once(shop.pay, 2)
    assert shop.asked == [(1,)]


async def test_a_flow_is_the_same_argument_when_its_answers_are(desk: Desk, shop: Shop) -> None:
    class Order(Flow):
        pizza: str = ask("Which?")
        size: str = ask("Size?")

    await visit(desk).once(shop.pay, load(Order, {"pizza": "a"}), object())
    await visit(desk).once(shop.pay, load(Order, {"pizza": "a"}), object())
    with pytest.raises(FlowError):
        await visit(desk).once(shop.pay, load(Order, {"pizza": "b"}), object())
    assert len(shop.asked) == 1


async def test_a_plain_function_runs_in_a_thread(desk: Desk) -> None:
    def where() -> str:
        return threading.current_thread().name

    assert await visit(desk).once(where) != threading.current_thread().name


async def test_a_plain_function_may_return_what_is_awaited(desk: Desk, shop: Shop) -> None:
    receipt = await visit(desk).once(lambda: shop.pay(1))
    assert isinstance(receipt, dict)  # without an annotation it comes back as JSON
    assert receipt["number"] == "R1"


async def test_a_result_that_json_cannot_carry_is_refused(desk: Desk) -> None:
    def strange() -> Any:
        return object()

    with pytest.raises(FlowError, match="returned what JSON cannot carry"):
        await visit(desk).once(strange)


async def test_a_result_that_is_not_what_the_annotation_says_is_refused(desk: Desk) -> None:
    def wrong() -> int:
        return "many"  # type: ignore[return-value]

    with pytest.raises(FlowError, match="did not return what its annotation says"):
        await visit(desk).once(wrong)


async def test_an_annotation_that_cannot_be_read_is_no_annotation(desk: Desk) -> None:
    def unknown() -> "Nowhere":  # type: ignore[name-defined]  # noqa: F821
        return 3

    assert await visit(desk).once(unknown) == 3


async def test_words_wait_for_the_step_unless_said_now(desk: Desk) -> None:
    chat = visit(desk)
    await chat.say("Later {pizza}")
    await chat.say("At once", now=True)
    await chat.say(Location(latitude=1, longitude=2), now=True)
    assert chat.said == [Text(body="Later {pizza}")]
    assert desk.said_now == [
        (1, Text(body="At once")),
        (2, Location(latitude=1, longitude=2)),
    ]


async def test_a_step_knows_the_contact_the_time_and_the_files(desk: Desk) -> None:
    desk.files["f1"] = b"bytes"
    chat = visit(desk)
    assert chat.contact == ANA
    assert chat.now() == NOW
    assert await chat.bytes(Media(kind="image", external_id="f1")) == b"bytes"


async def test_a_stored_row_of_an_earlier_process_is_enough(desk: Desk, shop: Shop) -> None:
    await visit(desk).once(shop.pay, 1)
    (key, row), *_ = desk.calls.items()
    other = Desk()
    other.calls[key] = CallRow("returned", row.result, row.arguments_hash)
    assert (await visit(other).once(shop.pay, 1)).number == "R1"
    assert len(shop.asked) == 1
