"""Templates by the public API: listed, handed in, looked at; and refused at once where they would not be sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sandbox.cloud import Fault
from engine.core.ids import LineId
from engine.core.signals import Arrival, ConsentChanged, Sender
from engine.core.value import Json
from engine.ports.services import TemplateInfo
from storage.templates import save_templates
from tests.web.api.support import Answered, Api, new_phone
from web.keys import DATABASE, ENGINE

pytestmark = pytest.mark.asyncio(loop_scope="session")

ORDER: dict[str, Json] = {"kind": "template", "name": "order_is_ready", "language": "en"}


def draft(name: str, **more: Json) -> dict[str, Json]:
    body = "{{1}}, your tea is cold."
    return {"name": name, "language": "en", "category": "utility", "body": body, **more}


async def hand_in(api: Api, template: Json, *, line: str = "kiosk", **more: Any) -> Answered:
    return await api.call("POST", "/templates", {"line": line, "template": template}, **more)


async def preview(api: Api, content: Json) -> Answered:
    return await api.call("POST", "/templates/preview", {"line": "shop", "content": content})


# --- handed in and listed ---------------------------------------------------------------------------


async def test_one_that_is_handed_in_waits_for_approval_and_is_listed(api: Api) -> None:
    known = TemplateInfo(name="warm_tea", language="en", status="approved")
    await save_templates(api.bot.app[DATABASE], LineId("kiosk"), [known], now=datetime.now(UTC))

    made = await hand_in(api, draft("cold_tea", examples=["Ana"]))

    assert made.status == 201
    template = made.said["template"]
    assert (template["name"], template["status"]) == ("cold_tea", "pending")
    assert template["shape"]["body"] == "{{1}}, your tea is cold."

    listed = (await api.call("GET", "/templates/kiosk")).said
    assert template in listed["templates"]
    assert listed["synced_at"] is not None
    content: Json = {"kind": "template", "name": "cold_tea", "language": "en", "body": ["Ana"]}
    refused = await api.send(new_phone(), content, line="kiosk")
    assert refused.refusal == (409, "template_refused")
    assert "it is pending; only approved ones may be sent" in refused.said["error"]


async def test_a_repeat_with_its_key_is_handed_in_once(api: Api) -> None:
    first = await hand_in(api, draft("key_tea"), key="t-1")
    assert first.status == 201
    assert (await hand_in(api, draft("key_tea"), key="t-1")).said == first.said
    other = await hand_in(api, draft("other_tea"), key="t-1")
    assert other.refusal == (422, "idempotency_key_reused")


async def test_what_the_provider_does_not_take_is_told_in_its_words(api: Api) -> None:
    wrong = await hand_in(api, draft("Cold Tea"))
    assert wrong.refusal == (409, "template_refused")
    assert "name has lower-case letters" in wrong.said["error"]
    empty = await hand_in(api, draft("blank_tea", body=" "))
    assert empty.refusal == (409, "template_refused")
    assert (await hand_in(api, draft("x"), line="shop")).refusal == (409, "templates_unavailable")
    unknown = await hand_in(api, draft("x", colour="red"))
    assert unknown.refusal == (422, "body_invalid")


async def test_a_provider_that_does_not_answer_is_asked_again_under_the_same_key(api: Api) -> None:
    meta = api.bot.sandbox
    meta.faults.arm(Fault(kind="error", status=503, times=None), meta.monotonic())
    try:
        failed = await hand_in(api, draft("slow_tea"), key="slow")
    finally:
        meta.faults.clear()
    assert failed.refusal == (503, "provider_unreachable")
    assert (await hand_in(api, draft("slow_tea"), key="slow")).status == 201


async def test_a_line_that_is_not_there_has_none(api: Api) -> None:
    token = await api.make_token(scopes=["templates:read"])
    assert (await api.call("GET", "/templates/nowhere", token=token)).refusal == (
        404,
        "line_unknown",
    )


# --- looked at --------------------------------------------------------------------------------------


async def test_a_preview_shows_what_the_contact_would_see(api: Api) -> None:
    shown = await preview(api, {**ORDER, "body": ["Ana", "7"]})
    assert shown.said == {
        "ok": True,
        "text": "Ana, your order 7 is ready.",
        "language": "en",
        "status": "approved",
        "problem": None,
    }
    half = (await preview(api, {**ORDER, "body": ["Ana"]})).said
    assert half["text"] == "Ana, your order {{2}} is ready."
    assert "2 variables ({{1}}, {{2}}) to fill, 1 given" in half["problem"]
    unknown = await preview(api, {**ORDER, "name": "nobody_knows"})
    assert unknown.refusal == (404, "template_unknown")


# --- refused at once --------------------------------------------------------------------------------


async def test_a_message_that_does_not_fit_is_refused_at_once(api: Api) -> None:
    phone = new_phone()
    refused = await api.send(phone, {**ORDER, "body": ["Ana"]})
    assert refused.refusal == (409, "template_refused")
    assert "2 variables ({{1}}, {{2}}) to fill, 1 given" in refused.said["error"]
    guarded = await api.send(phone, {**ORDER, "body": ["Ana", "7"], "category": "marketing"})
    assert "it is approved as utility, not marketing" in guarded.said["error"]
    text: Json = {"kind": "text", "body": "Ready!"}
    planned = await api.send(phone, text, closed={**ORDER, "body": []})
    assert planned.refusal == (409, "template_refused")
    assert api.messages(phone) == []
    assert (await api.send(phone, {**ORDER, "body": ["Ana", "7"]})).status == 202


async def test_a_repeat_gets_the_first_answer_also_when_the_template_was_paused(api: Api) -> None:
    tea = TemplateInfo(name="paused_tea", language="en", status="approved")
    body: Json = {
        "line": "kiosk",
        "template": {"name": "paused_tea", "language": "en"},
        "contacts": [{"phone": new_phone()}],
    }

    async def synced(*templates: TemplateInfo) -> None:
        database = api.bot.app[DATABASE]
        await save_templates(database, LineId("kiosk"), templates, now=datetime.now(UTC))

    await synced(tea)
    first = await api.call("POST", "/broadcasts", body, key="paused")
    assert first.status == 202
    await synced(tea.model_copy(update={"status": "paused"}))
    assert (await api.call("POST", "/broadcasts", body, key="paused")).said == first.said
    again = await api.call("POST", "/broadcasts", body, key="another")
    assert again.refusal == (409, "template_refused")


async def test_marketing_is_refused_to_who_stopped_it_also_where_only_the_list_says_so(
    api: Api,
) -> None:
    phone = new_phone()
    sale: Json = {"kind": "template", "name": "big_sale", "language": "en"}
    await stopped_marketing(api, phone)
    assert (await api.send(phone, sale)).refusal == (409, "contact_opted_out")
    assert (await api.send(phone, {**ORDER, "body": ["Ana", "7"]})).status == 202


async def test_an_sms_goes_only_where_the_provider_sends_one(api: Api) -> None:
    sms: Json = {"message": "Hi", "sender_id": "A", "entity_id": "1", "template_id": "2"}
    sent = await api.send(new_phone(), {**ORDER, "body": ["Ana", "7"], "sms": sms})
    assert sent.refusal == (409, "sms_unavailable")
    assert "the provider 'cloud' sends no SMS" in sent.said["error"]
    template: Json = {"name": "tea_is_ready", "language": "en", "sms": sms}
    body: Json = {"line": "shop", "template": template, "contacts": [{"phone": new_phone()}]}
    assert (await api.call("POST", "/broadcasts", body)).refusal == (409, "sms_unavailable")


async def stopped_marketing(api: Api, phone: str) -> None:
    """Let a contact be one who wants no marketing."""
    at = datetime.now(UTC)
    signal = ConsentChanged(change="marketing_stopped", by="provider", source="test", at=at)
    arrival = Arrival(
        line=LineId("shop"),
        key=f"stop:{phone}",
        signal=signal,
        received_at=at,
        sender=Sender(phone=phone),
    )
    await api.bot.app[ENGINE].accept([arrival])
