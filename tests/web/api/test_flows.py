"""Flows that business systems begin."""

import pytest

from tests.web.api.support import Api, new_phone

pytestmark = pytest.mark.asyncio(loop_scope="session")


def asked(api: Api, phone: str) -> str:
    """Return the last thing said to a phone."""
    return api.messages(phone)[-1][0]


async def test_a_flow_begins_with_what_is_known(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "hello")

    answered = await api.start(phone, answers={"size": "Large"})

    assert answered.status == 202
    assert answered.said["status"] == "started"
    assert "How many?" in asked(api, phone)
    await api.hears(phone, "3")
    assert "Here you are." in asked(api, phone)


async def test_a_flow_begins_with_somebody_who_never_wrote(api: Api) -> None:
    phone = new_phone()

    assert (await api.start(phone)).said["status"] == "started"
    ((_, status),) = api.messages(phone)
    assert status == "held"


async def test_a_repeat_begins_it_once(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "hello")
    before = len(api.messages(phone))

    first = await api.start(phone, key=f"k-{phone}", if_busy="replace")
    again = await api.start(phone, key=f"k-{phone}", if_busy="replace")

    assert first.text == again.text
    assert len(api.messages(phone)) == before + 1


async def test_a_flow_waits_for_the_end_of_the_talk(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "tea")

    answered = await api.start(phone, answers={"size": "Small", "cups": 2})

    assert answered.said["status"] == "queued"
    assert "Which size?" in asked(api, phone)
    await api.hears(phone, "Large")
    await api.hears(phone, "4")
    assert api.messages(phone)[-1][0].count("Here you are.") == 2


async def test_a_flow_takes_the_place_of_the_talk(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "tea")

    answered = await api.start(phone, answers={"size": "Small"}, if_busy="replace")

    assert answered.said["status"] == "started"
    assert "How many?" in asked(api, phone)


async def test_a_flow_may_be_refused_while_a_talk_goes_on(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "tea")

    refused = await api.start(phone, if_busy="refuse", key=f"k-{phone}")

    assert refused.refusal == (409, "conversation_busy")
    assert "Which size?" in asked(api, phone)
    again = await api.start(phone, if_busy="refuse", key=f"k-{phone}")
    assert again.text == refused.text


async def test_an_unknown_flow_is_named_and_so_is_the_nearest(api: Api) -> None:
    refused = await api.start(new_phone(), "tee")

    assert refused.refusal == (404, "flow_unknown")
    assert "did you mean 'tea'?" in refused.said["error"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param({"cup": 1}, "answers.cup: the flow 'tea' has no such field", id="unknown"),
        pytest.param({"cups": 10}, "answers.cups: the flow 'tea' does not take", id="too many"),
        pytest.param({"size": "Huge"}, "answers.size: the flow 'tea' does not take", id="no size"),
        pytest.param({"done": "x"}, "answers.done: the flow 'tea' has no such field", id="a step"),
    ],
)
async def test_answers_are_checked_before_anything_begins(
    api: Api, answers: dict[str, object], said: str
) -> None:
    phone = new_phone()

    refused = await api.start(phone, answers=answers)

    assert refused.refusal == (422, "body_invalid")
    assert refused.said["error"].startswith(said)
    assert api.messages(phone) == []
