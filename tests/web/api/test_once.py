"""A request that comes again is done once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from engine.core.content import Template
from engine.core.ids import LineId, MessageId
from engine.core.signals import Arrival, MessageRequested, Sender
from storage.audit import NO_LINE
from storage.requested import Reserved, reserve
from tests.web.api.support import TEMPLATE, TEXT, Api, new_phone
from web.api.once import ANSWERS_KEPT
from web.keys import DATABASE, ENGINE, IDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ID_OF = "SELECT id FROM token WHERE name = ?"


async def test_a_repeat_gets_the_first_answer(api: Api) -> None:
    phone = new_phone()
    first = await api.send(phone, key=f"k-{phone}")
    again = await api.send(phone, key=f"k-{phone}")

    assert first.status == again.status == 202
    assert first.text == again.text
    assert len(api.messages(phone)) == 1


async def test_a_repeat_of_a_refusal_is_refused_again(api: Api) -> None:
    phone = new_phone()
    first = await api.send(phone, TEXT, key=f"k-{phone}")
    await api.hears(phone, "hello")

    assert (await api.send(phone, TEXT, key=f"k-{phone}")).text == first.text
    assert (await api.send(phone, TEXT, key=f"new-{phone}")).status == 202


async def test_what_was_wrong_may_be_mended_under_its_key(api: Api) -> None:
    phone = new_phone()

    assert (await api.send(phone, {"kind": "poem"}, key=f"k-{phone}")).status == 422
    assert (await api.send(phone, key=f"k-{phone}")).status == 202


async def test_another_request_under_the_same_key_is_refused(api: Api) -> None:
    phone = new_phone()
    await api.send(phone, key=f"k-{phone}")
    reused = (422, "idempotency_key_reused")

    assert (await api.send(phone, TEXT, key=f"k-{phone}")).refusal == reused
    assert (await api.send(phone, line="kiosk", key=f"k-{phone}")).refusal == reused
    assert (await api.start(phone, key=f"k-{phone}")).refusal == reused
    assert len(api.messages(phone)) == 1


async def test_a_key_is_its_tokens_own(api: Api) -> None:
    phone = new_phone()
    other = await api.make_token()

    first = await api.send(phone, key="shared")
    second = await api.send(phone, key="shared", token=other)

    assert first.said["id"] != second.said["id"]


async def test_without_a_key_each_request_counts(api: Api) -> None:
    phone = new_phone()

    assert (await api.send(phone)).said["id"] != (await api.send(phone)).said["id"]


async def test_repeats_at_the_same_time_are_one(api: Api) -> None:
    phone = new_phone()

    answers = await asyncio.gather(*(api.send(phone, key=f"k-{phone}") for _ in range(8)))

    assert {answered.status for answered in answers} == {202}
    assert len({answered.text for answered in answers}) == 1
    assert len(api.messages(phone)) == 1


@pytest.mark.parametrize("key", ["", "a b", "ñ", "k" * 129], ids=["empty", "space", "ñ", "long"])
async def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    assert (await api.send(new_phone(), key=key)).refusal == (400, "idempotency_key_invalid")


# --- a process that died in the middle ----------------------------------------------------------------------


async def begun(api: Api, phone: str, name: str) -> tuple[str, Reserved]:
    """Leave a request as a process leaves it that dies before it has answered; its token and what was reserved."""
    token = await api.make_token(name=name)
    await api.send(phone, key="k", token=token)
    ((token_id,),) = api.bot.rows(ID_OF, name)
    ((request_hash,),) = api.bot.rows(
        "SELECT request_hash FROM api_answer WHERE token_id = ?", str(token_id)
    )
    reserved = await reserve(
        api.bot.app[DATABASE],
        token=str(token_id),
        key="died",
        request_hash=str(request_hash),
        message=MessageId(api.bot.app[IDS]()),
        now=datetime.now(UTC),
        forget_before=datetime.now(UTC) - ANSWERS_KEPT,
    )
    return token, reserved


async def test_a_request_that_was_noted_and_not_done_is_done_under_its_id(api: Api) -> None:
    phone = new_phone()
    token, reserved = await begun(api, phone, "noted")

    answered = await api.send(phone, key="died", token=token)

    assert answered.said == {"ok": True, "id": str(reserved.message)}
    assert len(api.messages(phone)) == 2


async def test_a_request_that_was_done_and_not_answered_is_answered(api: Api) -> None:
    phone = new_phone()
    token, reserved = await begun(api, phone, "done")
    ((token_id,),) = api.bot.rows(ID_OF, "done")
    arrival = Arrival(
        line=LineId("shop"),
        key=f"api:{token_id}:died",
        signal=MessageRequested(
            message=reserved.message, content=Template.model_validate(TEMPLATE), origin="api"
        ),
        sender=Sender(phone=phone),
        received_at=datetime.now(UTC),
    )
    await api.bot.app[ENGINE].accept([arrival])
    assert len(api.messages(phone)) == 2
    assert (await api.call("GET", f"/messages/{reserved.message}")).status == 200

    answered = await api.send(phone, key="died", token=token)

    assert answered.said == {"ok": True, "id": str(reserved.message)}
    assert len(api.messages(phone)) == 2


async def test_answers_are_forgotten_after_their_signals(api: Api) -> None:
    phone = new_phone()
    await begun(api, phone, "old")
    ((token_id,),) = api.bot.rows(ID_OF, "old")
    kept = "SELECT count(*) FROM api_answer WHERE token_id = ? AND line_id = ?"
    assert api.bot.rows(kept, str(token_id), NO_LINE) == [(2,)]

    later = datetime.now(UTC) + timedelta(seconds=1)
    await reserve(
        api.bot.app[DATABASE],
        token=str(token_id),
        key="new",
        request_hash="",
        message=MessageId(1),
        now=later,
        forget_before=datetime.now(UTC),
    )

    assert api.bot.rows(kept, str(token_id), NO_LINE) == [(1,)]
