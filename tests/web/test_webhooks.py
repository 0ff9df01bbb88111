"""From a provider's webhook to its answer, over real HTTP on a real database."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.core.value import Json
from tests.web.support import (
    Bot,
    body_with,
    line_table,
    running,
    signature,
    text_body,
)
from web.keys import ENGINE

COUNT = "SELECT count(*) FROM signal"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(tmp_path) as bot:
        yield bot


async def test_a_message_is_answered_and_a_tap_leads_on(bot: Bot) -> None:
    maria = bot.sandbox.contact("5215550001", name="Maria")

    await maria.says("hi")
    (question,) = await maria.receives()
    await maria.taps("Coffee")
    (answer,) = await maria.receives()

    assert question.text == "Tea or coffee?"
    assert answer.text == "Here is your coffee."


async def test_the_answer_to_a_webhook_is_200_and_empty(bot: Bot) -> None:
    assert await bot.post(text_body("hi")) == (200, b"")


async def test_a_second_webhook_with_the_same_id_changes_nothing(bot: Bot) -> None:
    await bot.post(text_body("hi"))
    before = bot.rows(COUNT)

    status, _ = await bot.post(text_body("hi"))

    assert status == 200
    assert bot.rows(COUNT) == before
    assert len(bot.rows("SELECT 1 FROM message WHERE direction = 'out'")) == 1


async def test_the_same_webhook_three_times_at_once_counts_once(bot: Bot) -> None:
    answers = await asyncio.gather(*(bot.post(text_body("hi")) for _ in range(3)))

    assert [status for status, _ in answers] == [200, 200, 200]
    assert bot.rows(COUNT) == [(1,)]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"{not json", 400, "payload_invalid", id="no-json"),
        pytest.param(b"", 400, "payload_invalid", id="empty"),
        pytest.param(b"[1, 2]", 400, "payload_invalid", id="no-object"),
        pytest.param(b"\xff\xfe\x00", 400, "payload_invalid", id="no-text"),
    ],
)
async def test_what_is_no_webhook_is_refused(bot: Bot, body: bytes, status: int, code: str) -> None:
    answered, told = await bot.post(body)

    assert answered == status
    assert json.loads(told)["code"] == code


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="missing"),
        pytest.param({"X-Hub-Signature-256": "sha256=00"}, id="wrong"),
        pytest.param({"X-Hub-Signature-256": "sha1=00"}, id="other-form"),
        pytest.param({"X-Hub-Signature-256": "sha256=ÿ"}, id="not-ascii"),
    ],
)
async def test_a_wrong_signature_is_refused_and_nothing_stored(
    bot: Bot, headers: dict[str, str]
) -> None:
    status, told = await bot.post(text_body("hi"), headers=headers)

    assert (status, json.loads(told)["code"]) == (401, "signature_invalid")
    assert bot.rows(COUNT) == [(0,)]


async def test_a_body_of_4_mb_is_refused(bot: Bot) -> None:
    status, told = await bot.post(b"x" * (4 * 1024 * 1024))

    assert (status, json.loads(told)["code"]) == (413, "payload_too_large")


async def test_an_unknown_line_is_404(bot: Bot) -> None:
    status, told = await bot.post(text_body("hi"), line="shpo")

    assert (status, json.loads(told)["code"]) == (404, "line_unknown")


async def test_a_secret_on_a_line_without_one_is_refused(bot: Bot) -> None:
    status, told = await bot.post(text_body("hi"), line="shop/guess")

    assert (status, json.loads(told)["code"]) == (401, "signature_invalid")


ODD: list[object] = [
    pytest.param({"type": "hologram", "hologram": {"x": 1}}, id="unknown-type"),
    pytest.param({"type": "text"}, id="text-without-text"),
    pytest.param({}, id="nothing"),
    pytest.param({"type": ["text"], "text": 7}, id="wrong-types"),
    pytest.param(
        {"type": "text", "text": {"body": "\u0000\u202e\ud800 \U0010ffff" * 50}}, id="signs"
    ),
    pytest.param({"type": "text", "text": {"body": "a\u0301" * 20_000}}, id="long"),
    pytest.param(
        {"type": "location", "location": {"latitude": 4000, "longitude": "x"}}, id="place"
    ),
]


@pytest.mark.parametrize("odd", ODD)
async def test_something_new_from_a_provider_is_taken_and_the_talk_goes_on(
    bot: Bot, odd: dict[str, Json]
) -> None:
    message: Json = {"from": "5215550001", "id": "wamid.odd", "timestamp": "1900000000", **odd}
    status, _ = await bot.post(body_with({"messages": [message]}))

    maria = bot.sandbox.contact("5215550001")
    await maria.says("hi")
    answers = await maria.receives()

    assert status == 200
    assert answers[-1].text


async def test_deep_nesting_is_never_our_error(bot: Bot) -> None:
    deep = b'{"entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    status, _ = await bot.post(deep)
    within = json.dumps(body_with({"messages": []})).replace(
        '"messages": []', '"odd": ' + "[" * 500 + "]" * 500
    )
    second, _ = await bot.post(within.encode())

    assert status in (200, 400)
    assert second == 200


async def test_metas_check_of_the_address_is_answered(bot: Bot) -> None:
    assert await bot.sandbox.verify_webhook()


async def test_a_check_with_a_wrong_token_is_refused(bot: Bot) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "7", "hub.verify_token": "guess"}
    async with bot.client.get("/webhooks/shop", params=query) as answer:
        told = await answer.json()

    assert (answer.status, told["code"]) == (401, "signature_invalid")


async def test_an_address_opened_in_a_browser_is_explained(bot: Bot) -> None:
    async with bot.client.get("/webhooks/shop") as answer:
        assert answer.status == 400


async def test_a_stopping_server_asks_for_redelivery(bot: Bot) -> None:
    await bot.app[ENGINE].stop()

    status, told = await bot.post(text_body("hi"))

    assert (status, json.loads(told)["code"]) == (503, "store_unavailable")
    assert bot.rows(COUNT) == [(0,)]


# --- several numbers, one address -----------------------------------------------------------------


@pytest.fixture
async def two_lines(tmp_path: Path) -> AsyncIterator[Bot]:
    second = line_table("second", "2002", base_url="{base_url}")
    stranger = line_table("stranger", "3003", base_url="{base_url}", secret="another-app")
    async with running(tmp_path, more=second + stranger) as bot:
        yield bot


async def test_a_body_goes_to_the_line_whose_number_it_names(two_lines: Bot) -> None:
    status, _ = await two_lines.post(text_body("hi", number="2002"))

    assert status == 200
    assert two_lines.rows("SELECT line_id, kind FROM signal") == [("second", "message_received")]
    assert two_lines.rows("SELECT line_id FROM message WHERE direction = 'out'") == [("second",)]


async def test_a_body_with_two_numbers_is_shared_out(two_lines: Bot) -> None:
    first, second = text_body("hi"), text_body("hi", number="2002")
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert isinstance(first["entry"], list)
    assert isinstance(second["entry"], list)

    status, _ = await two_lines.post({**first, "entry": [*first["entry"], *second["entry"]]})

    assert status == 200
    lines = two_lines.rows("SELECT line_id FROM signal ORDER BY line_id")
    assert lines == [("second",), ("shop",)]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("9999", id="unknown-number"),
        pytest.param("3003", id="number-of-another-app"),
    ],
)
async def test_a_number_that_is_not_ours_is_kept_and_never_stepped(
    two_lines: Bot, number: str
) -> None:
    status, _ = await two_lines.post(text_body("hi there", number=number))
    again, _ = await two_lines.post(text_body("hi there", number=number))

    assert (status, again) == (200, 200)
    ((line, kind, content),) = two_lines.rows("SELECT line_id, kind, content FROM signal")
    assert (line, kind) == ("shop", "line_reported")
    assert "hi there" in str(content)
    assert two_lines.rows("SELECT count(*) FROM message") == [(0,)]


async def test_each_line_checks_with_its_own_secret(two_lines: Bot) -> None:
    body = text_body("hi", number="3003")

    ours, _ = await two_lines.post(body, line="stranger")
    theirs, _ = await two_lines.post(body, line="stranger", secret="another-app")

    assert (ours, theirs) == (401, 200)


async def test_a_secret_address_is_the_only_one_of_its_line(tmp_path: Path) -> None:
    hidden = line_table("hidden", "4004", base_url="{base_url}") + 'webhook_secret = "s3cret"\n'
    async with running(tmp_path, more=hidden) as bot:
        body = text_body("hi", number="4004")
        statuses = {
            path: (await bot.post(body, line=path))[0]
            for path in ("hidden", "hidden/wrong", "hidden/s%FFcret", "hidden/s3cret")
        }
        through_another, _ = await bot.post(text_body("hi", id="wamid.2", number="4004"))
        kinds = bot.rows("SELECT line_id, kind FROM signal ORDER BY id")

    assert statuses == {
        "hidden": 401,
        "hidden/wrong": 401,
        "hidden/s%FFcret": 401,
        "hidden/s3cret": 200,
    }
    assert through_another == 200
    assert kinds == [("hidden", "message_received"), ("shop", "line_reported")]


async def test_a_header_may_carry_the_secret_of_an_address(tmp_path: Path) -> None:
    hidden = line_table("hidden", "4004", base_url="{base_url}") + 'webhook_secret = "s3cret"\n'
    body = json.dumps(text_body("hi", number="4004")).encode()
    async with running(tmp_path, more=hidden) as bot:
        statuses = []
        for secret in ("s3cre", "sécret", "s3cret"):
            headers = signature(body) | {"X-Webhook-Secret": secret}
            statuses.append((await bot.post(body, line="hidden", headers=headers))[0])

    assert statuses == [401, 401, 200]


async def test_a_signed_body_that_was_tampered_with_is_refused(bot: Bot) -> None:
    body = json.dumps(text_body("pay 10")).encode()

    status, _ = await bot.post(body.replace(b"10", b"99"), headers=signature(body))

    assert status == 401
