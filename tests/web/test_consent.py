"""Whoever wants nothing gets nothing: a running bot, a pretended Meta, and contacts who change their minds."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from adapters.sandbox.contact import Contact
from engine.core.content import Outbound, Template, Text
from engine.core.ids import LineId, MessageId
from engine.core.languages import ENGLISH
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    Arrival,
    ConsentChange,
    ConsentChanged,
    MessageRequested,
    Sender,
    Signal,
)
from tests.loops.world import until
from tests.web.support import SANDBOX, Bot, running
from web.keys import ENGINE, IDS

OUT = ENGLISH.texts["opted_out"]
IN = ENGLISH.texts["opted_in"]
SHOP = LineId("shop")
SALE = Template(name="summer_sale", language="en", category="marketing")
READY = Template(name="order_ready", language="en", category="utility")
FAST = SANDBOX.model_copy(update={"messages_per_second": 0, "pair_interval_s": 0})

_OPEN = "m.status IN ('queued', 'sending', 'uncertain')"
_UNSETTLED = (
    "SELECT count(*) FROM message m JOIN conversation c ON c.id = m.conversation_id"
    f" JOIN contact t ON t.id = c.contact_id WHERE t.phone = ? AND {_OPEN}"
)
_STATUSES = (
    "SELECT m.status, m.error_code FROM message m JOIN conversation c ON c.id = m.conversation_id"
    " JOIN contact t ON t.id = c.contact_id WHERE t.phone = ? AND m.direction = 'out' ORDER BY m.id"
)
_keys = count(1)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(tmp_path, sandbox=FAST) as bot:
        yield bot


async def accept(bot: Bot, phone: str, signal: Signal) -> None:
    arrival = Arrival(
        line=SHOP,
        key=f"test:{next(_keys)}",
        signal=signal,
        received_at=datetime.now(UTC),
        sender=Sender(phone=phone),
    )
    await bot.app[ENGINE].accept([arrival])


async def agent_says(bot: Bot, phone: str, words: str) -> None:
    """Let an agent take the chat over, say something and give it back."""
    await accept(bot, phone, AgentTookOver(agent="kim"))
    await accept(bot, phone, AgentReplied(agent="kim", content=Text(body=words)))
    await accept(bot, phone, AgentReleased(agent="kim"))


def wanted(
    bot: Bot, content: Outbound, origin: Literal["api", "broadcast"] = "api"
) -> MessageRequested:
    return MessageRequested(message=MessageId(bot.app[IDS]()), content=content, origin=origin)


def told(change: ConsentChange) -> ConsentChanged:
    return ConsentChanged(change=change, by="agent", source="kim", at=datetime.now(UTC))


async def settled(bot: Bot, phone: str) -> None:
    """Wait until nothing is on its way to the contact."""
    await until(lambda: bot.rows(_UNSETTLED, phone) == [(0,)], timeout_s=30)


async def test_who_writes_stop_gets_one_confirmation_and_nothing_more_until_start(bot: Bot) -> None:
    ana = bot.sandbox.contact("525550000001", name="Ana")
    await ana.says("hi")
    await ana.receives()
    await ana.says("STOP")
    (confirmation,) = await ana.receives()
    assert confirmation.text == OUT
    await ana.says("hello?")
    await agent_says(bot, ana.address, "Please answer")
    await accept(bot, ana.address, wanted(bot, SALE, "broadcast"))
    await accept(bot, ana.address, wanted(bot, READY))
    await settled(bot, ana.address)
    assert ana.answers() == []
    cancelled = ("cancelled", "opted_out")
    assert bot.rows(_STATUSES, ana.address)[2:] == [cancelled] * 3

    await ana.says("start")
    (again,) = await ana.receives()
    assert again.text == f"{IN}\n\nTea or coffee?"
    assert bot.rows("SELECT change, told_by FROM consent ORDER BY id") == [
        ("opted_out", "contact"),
        ("opted_in", "contact"),
    ]


async def test_metas_marketing_stop_stops_marketing_alone(bot: Bot) -> None:
    ana = bot.sandbox.contact("525550000001")
    await ana.says("hi")
    await ana.receives()
    await bot.sandbox.prefers(ana, "stop")
    await accept(bot, ana.address, wanted(bot, SALE))
    await accept(bot, ana.address, wanted(bot, READY, "broadcast"))
    await accept(bot, ana.address, wanted(bot, READY))
    await settled(bot, ana.address)
    await ana.taps("Tea")
    assert [one.text for one in await ana.receives()] == ["Here is your tea."]
    await settled(bot, ana.address)
    stopped = ("cancelled", "marketing_stopped")
    assert bot.rows(_STATUSES, ana.address)[1:3] == [stopped] * 2
    assert [b.type for b in ana.bubbles if b.by == "business"].count("template") == 1
    await bot.sandbox.prefers(ana, "resume")
    await accept(bot, ana.address, wanted(bot, SALE))
    await bot.sandbox.until(
        lambda: [b.type for b in ana.bubbles].count("template") == 2, timeout_s=30
    )


@pytest.mark.parametrize("late", [False, True], ids=["at once", "by a status"])
async def test_metas_refusal_of_marketing_is_remembered(tmp_path: Path, late: bool) -> None:
    sandbox = FAST.model_copy(update={"late_refusals": late})
    async with running(tmp_path, sandbox=sandbox) as bot:
        ana = bot.sandbox.contact("525550000001")
        ana.refuses = 131050
        await accept(bot, ana.address, wanted(bot, SALE))
        consent = "SELECT change, told_by, source FROM consent"
        known = [("marketing_stopped", "provider", "131050")]
        await until(lambda: bot.rows(consent) == known, timeout_s=30)
        await accept(bot, ana.address, wanted(bot, SALE))
        await settled(bot, ana.address)
        assert [status for status, _ in bot.rows(_STATUSES, ana.address)] == ["failed", "cancelled"]


# --- any order of things -----------------------------------------------------------------------------

Deed = Callable[[], Awaitable[object]]


class Mind:
    """One contact who changes it, and what may have come meanwhile."""

    def __init__(self, bot: Bot, contact: Contact, seed: int) -> None:
        self.bot, self.contact = bot, contact
        self.random = random.Random(seed)
        self.is_out = False
        self.wants_no_marketing = False

    async def lives(self, deeds: int) -> None:
        for _ in range(deeds):
            seen = len(self.contact.shown)
            confirmation = await self._changes() if self.random.random() < 0.4 else None
            others = [self._disturbs() for _ in range(self.random.randint(0, 3))]
            await asyncio.gather(*others)
            await settled(self.bot, self.contact.address)
            new = [b for b in self.contact.bubbles if b.by == "business"][seen:]
            if self.is_out:
                assert [bubble.text for bubble in new] == ([confirmation] if confirmation else [])
            if self.wants_no_marketing:
                assert "summer_sale" not in "".join(str(bubble.content) for bubble in new)

    async def _changes(self) -> str | None:
        """Change what is wanted, with nothing on its way; return the confirmation that shall come."""
        phone = self.contact.address
        match self.random.choice(("stop", "start", "agent out", "agent in", "no ads", "ads")):
            case "stop":
                was, self.is_out = self.is_out, True
                await self.contact.says(self.random.choice(("stop", "Unsubscribe", "opt out")))
                return None if was else OUT
            case "start":
                await self.contact.says("start")
                self.is_out = False
            case "agent out":
                await accept(self.bot, phone, told("opted_out"))
                self.is_out = True
            case "agent in":
                await accept(self.bot, phone, told("opted_in"))
                self.is_out = False
            case "no ads":
                await accept(self.bot, phone, told("marketing_stopped"))
                self.wants_no_marketing = True
            case _:
                await accept(self.bot, phone, told("marketing_resumed"))
                self.wants_no_marketing = False
        return None

    async def _disturbs(self) -> None:
        phone = self.contact.address
        match self.random.choice(("words", "words", "agent", "sale", "ready", "broadcast")):
            case "words":
                await self.contact.says(self.random.choice(("hi", "tea", "help", "cancel")))
            case "agent":
                await agent_says(self.bot, phone, "Hm?")
            case "sale":
                await accept(self.bot, phone, wanted(self.bot, SALE))
            case "ready":
                await accept(self.bot, phone, wanted(self.bot, READY))
            case _:
                await accept(self.bot, phone, wanted(self.bot, SALE, "broadcast"))


async def test_after_an_opt_out_nothing_reaches_the_contact_until_an_opt_in(bot: Bot) -> None:
    minds = [Mind(bot, bot.sandbox.contact(f"5255500000{seed:02}"), seed) for seed in range(8)]
    await asyncio.gather(*(mind.lives(12) for mind in minds))
    ends = bot.rows("SELECT DISTINCT status FROM message WHERE direction = 'out'")
    final = {"sent", "delivered", "read", "cancelled", "stale", "held"}
    assert {status for (status,) in ends} <= final
    assert ("cancelled",) in ends
