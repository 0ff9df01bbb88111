"""Two lines of one Interakt account: each channel's webhooks reach its own line, whichever address they come to."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from adapters.interakt.settings import CHANNELS, InteraktLine, account_of
from engine.core.value import Json
from tests.web.support import Bot, running

SECRET = "our-webhook-word"

WHATSAPP = """
[lines.chat]
provider = "interakt"
api_key = "dGVzdC1rZXk6"
signing_secret = "our-webhook-word"
base_url = "http://127.0.0.1:1"
"""
RCS = WHATSAPP.replace("lines.chat", "lines.rich") + 'channel = "rcs"\n'

ON_WHATSAPP: Json = {
    "version": "1.0",
    "type": "message_received",
    "data": {
        "customer": {"channel_phone_number": "915550000001"},
        "message": {"id": "in-1", "message_content_type": "Text", "message": "hi"},
    },
}
BY_RCS: Json = {
    "userPhoneNumber": "+915550000002",
    "botId": "assistant",
    "entityType": "USER_MESSAGE",
    "entity": {"messageId": "in-2", "text": "hi", "sendTime": "2026-08-01T10:00:00Z"},
}
A_REPORT: Json = {"version": "1.0", "type": "account_alerts", "data": {"alert": "quality"}}


async def post(bot: Bot, line: str, body: Json) -> None:
    data = json.dumps(body).encode()
    digest = hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
    status, _ = await bot.post(data, line=line, headers={"Interakt-Signature": f"sha256={digest}"})
    assert status == 200


async def stored(bot: Bot, count: int) -> list[tuple[object, ...]]:
    """Return line and kind of each stored signal, once there are so many."""
    async with asyncio.timeout(10):
        while len(found := bot.rows("SELECT line_id, kind FROM signal ORDER BY key")) < count:
            await asyncio.sleep(0.01)
    return found


@pytest.mark.parametrize("address", ["chat", "rich"])
async def test_each_channel_reaches_its_line_at_either_address(
    tmp_path: Path, address: str
) -> None:
    async with running(tmp_path, more=WHATSAPP + RCS) as bot:
        await post(bot, address, ON_WHATSAPP)
        await post(bot, address, BY_RCS)
        assert await stored(bot, 2) == [("chat", "message_received"), ("rich", "message_received")]


async def test_what_comes_to_both_addresses_counts_once(tmp_path: Path) -> None:
    async with running(tmp_path, more=WHATSAPP + RCS) as bot:
        for address in ("chat", "rich"):
            await post(bot, address, BY_RCS)
        await post(bot, "chat", ON_WHATSAPP)
        assert await stored(bot, 2) == [("chat", "message_received"), ("rich", "message_received")]


async def test_a_report_of_the_account_stays_with_the_address_it_came_by(tmp_path: Path) -> None:
    async with running(tmp_path, more=WHATSAPP + RCS) as bot:
        await post(bot, "rich", A_REPORT)
        assert await stored(bot, 1) == [("rich", "line_reported")]


@pytest.mark.parametrize(
    ("table", "line", "body"),
    [(WHATSAPP, "chat", BY_RCS), (RCS, "rich", ON_WHATSAPP)],
    ids=["no rcs line", "no whatsapp line"],
)
async def test_without_a_line_of_the_other_channel_its_bodies_stay(
    tmp_path: Path, table: str, line: str, body: Json
) -> None:
    async with running(tmp_path, more=table) as bot:
        await post(bot, line, body)
        assert await stored(bot, 1) == [(line, "message_received")]


async def test_another_accounts_line_gets_nothing(tmp_path: Path) -> None:
    other = RCS.replace("dGVzdC1rZXk6", "b3RoZXIta2V5Og==")
    async with running(tmp_path, more=WHATSAPP + other) as bot:
        await post(bot, "chat", BY_RCS)
        assert await stored(bot, 1) == [("chat", "message_received")]


async def test_a_line_of_another_secret_takes_nothing_from_this_address(tmp_path: Path) -> None:
    other = RCS.replace(SECRET, "another-word")
    async with running(tmp_path, more=WHATSAPP + other) as bot:
        await post(bot, "chat", BY_RCS)
        assert await stored(bot, 1) == [("chat", "message_received")]


def test_one_channel_of_an_account_is_one_line() -> None:
    table = {"provider": "interakt", "api_key": "dGVzdC1rZXk6", "signing_secret": SECRET}
    line = InteraktLine.model_validate(table)
    same = InteraktLine.model_validate(table | {"signing_secret": "another"})
    other = InteraktLine.model_validate(table | {"api_key": "b3RoZXIta2V5Og=="})

    assert account_of(line, "whatsapp") == account_of(same, "whatsapp")
    assert len({account_of(one, name) for one in (line, other) for name in CHANNELS}) == 4
    assert "dGVzdC1rZXk6" not in account_of(line, "rcs")
