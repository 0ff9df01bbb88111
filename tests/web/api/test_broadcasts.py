"""Broadcasts by the public API: stored once, sent to each contact, stopped."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.core.ids import LineId
from engine.core.templates import TemplateShape
from engine.core.value import Json
from engine.ports.services import TemplateInfo
from storage.templates import save_templates
from tests.web.api.support import SYNCED, WITHIN_S, Answered, Api, new_phone
from web.keys import DATABASE

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEA: dict[str, Json] = {"name": "tea_is_ready", "language": "en"}


async def send(api: Api, *contacts: Json, template: Json = None, **more: Any) -> Answered:
    body: Json = {
        "line": "shop",
        "template": template or {**TEA, "body": ["you"]},
        "contacts": list(contacts),
    }
    return await api.call("POST", "/broadcasts", body, **more)


async def done(api: Api, id_: str) -> dict[str, Any]:
    """Ask for a broadcast until it is done and every message is told of."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            said: dict[str, Any] = (await api.call("GET", f"/broadcasts/{id_}")).said
            left = {"waiting", "queued", "sending", "sent", "delivered"} & set(said["counts"])
            if said["state"] == "done" and not left:
                return said
            await asyncio.sleep(0.05)


async def test_each_contact_gets_the_template_with_its_own_words(api: Api) -> None:
    ana, ben = new_phone(), new_phone()

    asked = await send(
        api,
        {"phone": f"+{ana}", "body": ["Ana"], "buttons": [{"index": 0, "value": "o/7"}]},
        {"phone": ben},
        {"phone": ana},
    )

    assert asked.status == 202
    assert (asked.said["contacts"], asked.said["duplicates"]) == (2, [2])
    said = await done(api, asked.said["id"])
    assert said["counts"] == {"read": 2}
    assert (said["template"], said["line"]) == ("tea_is_ready", "shop")
    ((content, status),) = api.messages(ana)
    assert '"body":["Ana"]' in content
    assert '"value":"o/7"' in content
    assert status == "read"
    assert '"body":["you"]' in api.messages(ben)[0][0]


async def test_a_repeat_with_its_key_is_sent_once(api: Api) -> None:
    phone = new_phone()

    first = await send(api, {"phone": phone}, key="b-1")
    again = await send(api, {"phone": phone}, key="b-1")
    await done(api, first.said["id"])

    assert again.said == first.said
    assert len(api.messages(phone)) == 1
    other = await send(api, {"phone": new_phone()}, key="b-1")
    assert other.refusal == (422, "idempotency_key_reused")


async def test_one_that_is_done_stays_so(api: Api) -> None:
    id_ = (await send(api, {"phone": new_phone()})).said["id"]
    await done(api, id_)

    for state in ("stopped", "running"):
        answered = await api.call("POST", f"/broadcasts/{id_}", {"state": state})
        assert (answered.status, answered.said["state"]) == (200, "done")


async def test_a_stopped_one_says_so_and_goes_on(api: Api) -> None:
    # Far more than are handed out at a time, in the same process as everything here.
    people: list[Json] = [{"phone": new_phone()} for _ in range(1000)]
    id_ = (await send(api, *people)).said["id"]

    stopped = await api.call("POST", f"/broadcasts/{id_}", {"state": "stopped"})
    assert stopped.said["state"] == "stopped"
    assert 0 < stopped.said["counts"]["waiting"] < 1001
    running = await api.call("POST", f"/broadcasts/{id_}", {"state": "running"})
    assert running.said["state"] == "running"
    assert (await api.call("POST", f"/broadcasts/{id_}", {"state": "stopped"})).status == 200


async def test_what_does_not_fit_the_template_is_told_by_its_place(api: Api) -> None:
    shape = TemplateShape(body="{{1}} and {{2}}")
    known = TemplateInfo(name="receipt", language="en", status="approved", shape=shape)
    paused = known.model_copy(update={"name": "late", "status": "paused"})
    await save_templates(
        api.bot.app[DATABASE], LineId("shop"), [*SYNCED, known, paused], now=datetime.now(UTC)
    )
    to: Json = {"phone": new_phone(), "body": ["1", "2"]}

    async def told(name: str, language: str, *contacts: Json) -> str:
        template: Json = {"name": name, "language": language}
        answered = await send(api, *contacts, template=template)
        assert answered.refusal == (409, "template_refused")
        return str(answered.said["error"])

    wrong = await told("receipt", "en", to, {"phone": new_phone(), "body": ["1"]})
    assert wrong == (
        "contacts.1: template 'receipt' (en): 2 variables ({{1}}, {{2}}) to fill, 1 given"
    )
    assert "there is none in 'fr', only in en" in await told("receipt", "fr", to)
    assert "it is paused; only approved ones may be sent" in await told("late", "en", to)


async def test_a_check_tells_everything_and_sends_nothing(api: Api) -> None:
    shape = TemplateShape(body="{{1}}")
    known = TemplateInfo(name="checked", language="en", status="approved", shape=shape)
    await save_templates(
        api.bot.app[DATABASE], LineId("shop"), [*SYNCED, known], now=datetime.now(UTC)
    )
    ana, ben, eva = new_phone(), new_phone(), new_phone()
    await api.hears(ben, "stop")
    contacts: list[Json] = [
        {"phone": ana, "body": ["Ana"]},
        {"phone": eva},
        {"phone": ben, "body": ["Ben"]},
        {"phone": ana, "body": ["Ana"]},
    ]
    body: Json = {
        "line": "shop",
        "template": {"name": "checked", "language": "en"},
        "contacts": contacts,
    }

    said = (await api.call("POST", "/broadcasts/check", body)).said

    problem = said["problems"][0].pop("problem")
    assert said == {
        "ok": True,
        "contacts": 1,
        "duplicates": [3],
        "opted_out": [2],
        "problems": [{"contact": 1}],
    }
    assert "1 variable ({{1}}) to fill, 0 given" in problem
    assert api.messages(ana) == []


async def test_who_opted_out_is_skipped_and_told(api: Api) -> None:
    ana, ben = new_phone(), new_phone()
    await api.hears(ben, "stop")
    id_ = (await send(api, {"phone": ana}, {"phone": ben}, {"phone": ana})).said["id"]

    assert (await done(api, id_))["counts"] == {"read": 1, "cancelled": 1}

    said = (await api.call("GET", f"/broadcasts/{id_}/contacts/0")).said
    assert said["next"] is None
    sent, kept = said["results"]
    assert (sent["contact"], sent["phone"], sent["status"]) == (0, ana, "read")
    assert sent["external_id"]
    assert (await api.call("GET", f"/messages/{sent['message']}")).said["status"] == "read"
    assert (kept["contact"], kept["status"], kept["error_code"]) == (1, "cancelled", "opted_out")
    rest = (await api.call("GET", f"/broadcasts/{id_}/contacts/1")).said["results"]
    assert rest == [kept]
    assert (await api.call("GET", f"/broadcasts/{id_}/contacts/x")).refusal[0] == 404


@pytest.mark.parametrize("id_", ["0", "999999", "9999999999999999999"])
async def test_one_that_is_not_there_is_unknown(api: Api, id_: str) -> None:
    assert (await api.call("GET", f"/broadcasts/{id_}")).refusal == (404, "broadcast_unknown")
