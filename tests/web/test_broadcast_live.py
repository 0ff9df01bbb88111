"""A broadcast through the whole application, to a pretended Meta: replies meanwhile."""

from datetime import UTC, datetime
from pathlib import Path

from engine.core.content import Template
from engine.core.ids import LineId
from storage.broadcasts import Recipient, StoredBroadcasts
from tests.web.support import Bot, running
from web.keys import DATABASE, ENGINE

NEWS = Template(name="news", language="en")


async def begin(bot: Bot, count: int) -> None:
    to = [Recipient(number, f"52155500{number:05d}", NEWS) for number in range(count)]
    broadcasts = StoredBroadcasts(bot.app[DATABASE])
    await broadcasts.begin(
        LineId("shop"), to, template="news", language="en", source="a.csv", now=datetime.now(UTC)
    )
    bot.app[ENGINE].wake()


async def test_a_reply_waits_for_one_send_of_a_broadcast_at_most(tmp_path: Path) -> None:
    async with running(tmp_path, more="rate_per_second = 3\n") as bot:
        await begin(bot, 60)
        news = bot.sandbox.messages
        await bot.sandbox.until(lambda: len(news) >= 2, timeout_s=30)
        for phone in ("5215559990001", "5215559990002", "5215559990003"):
            contact = bot.sandbox.contact(phone)
            await contact.says("hello")
            begun = len(news)
            (reply,) = await contact.receives()
            assert reply.text.startswith("Tea or coffee?")
            assert news.index(reply) - begun <= 1
