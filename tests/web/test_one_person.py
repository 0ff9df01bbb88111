"""One person is one conversation, however each webhook and each question spells the number."""

import asyncio
from pathlib import Path

import pytest

from engine.core.value import Json
from tests.web.support import SANDBOX, Bot, body_with, running, text_body

SPELLINGS = [
    pytest.param("5215550001111", "525550001111", id="Mexico"),
    pytest.param("551188880001", "5511988880001", id="Brazil"),
    pytest.param("5491123456789", "541123456789", id="Argentina"),
]

QUIET = SANDBOX.model_copy(update={"window": False, "statuses": ()})
"""Meta knows nothing of what these tests post, and tells nothing by itself."""


async def until_there_are(bot: Bot, count: int, statement: str) -> list[tuple[object, ...]]:
    async with asyncio.timeout(10):
        while len(found := bot.rows(statement)) < count:
            await asyncio.sleep(0.01)
    return found


def delivered(external_id: object, recipient: str) -> Json:
    status: Json = {
        "id": str(external_id),
        "status": "delivered",
        "timestamp": "1900000001",
        "recipient_id": recipient,
    }
    return body_with({"statuses": [status]})


SENT = "SELECT external_id FROM message WHERE direction = 'out' AND status = 'sent'"
DELIVERED = "SELECT id FROM message WHERE direction = 'out' AND status IN ('delivered', 'read')"


@pytest.mark.parametrize(("first", "second"), SPELLINGS)
@pytest.mark.parametrize("turned", [False, True], ids=["", "the other first"])
async def test_two_spellings_of_a_number_are_one_conversation(
    tmp_path: Path, first: str, second: str, turned: bool
) -> None:
    one, other = (second, first) if turned else (first, second)
    async with running(tmp_path, sandbox=QUIET) as bot:
        await bot.post(text_body("hi", id="in-1", sender=one))
        ((question,),) = await until_there_are(bot, 1, SENT)
        await bot.post(text_body("Coffee", id="in-2", sender=other))
        await until_there_are(bot, 2, SENT)
        await bot.post(delivered(question, other))
        await until_there_are(bot, 1, DELIVERED)

        assert bot.rows("SELECT count(*) FROM contact") == [(1,)]
        assert bot.rows("SELECT DISTINCT conversation_id FROM message WHERE id > 0") == bot.rows(
            "SELECT id FROM conversation"
        )
        assert bot.rows("SELECT count(*) FROM message WHERE direction = 'in'") == [(2,)]
