"""A served inbox whose bot sells tea: several answers, code that works with them, and a person who is asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.sandbox.contact import Contact
from engine.core.conversation import Conversation
from engine.core.ids import LineId
from tests.web.inbox.support import STAY, Inbox
from tests.web.support import line_table, running
from web.keys import QUERIES

TEA = '''"""Sells tea."""

from datetime import date, datetime
from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Chat, Flow, To, ask, choose, handoff, say, step, to


class Tea(Flow, starts_on=["tea"]):
    leaf: Literal["Green", "Black"] = ask("Which tea?")
    cups: Annotated[int, Interval(ge=1, le=9)] = ask("How many cups?", options=[1, 2], retry="1 to 9.")
    day: date = ask("Which day?")
    at: datetime = ask("At what time?")
    note: str | None = ask("Anything else?", skip="No")
    total: int | None = None

    @step
    async def reckon(self, chat: Chat) -> To:
        """Work out the price."""
        self.total = self.cups * 3
        return to.confirm

    confirm = choose("{cups} cups, {total} euros. Right?", {"Yes": to.done, "Person": to.person})
    done = say("Done.", then=END)
    person = handoff("One moment.", team="kitchen", then=to.confirm)
'''


@dataclass
class Shop:
    """A server that sells tea, and one who buys."""

    inbox: Inbox
    buyer: Contact
    phone: str

    async def chat(self) -> Conversation:
        (found,) = await self.inbox.bot.app[QUERIES].conversations_of(
            self.phone, line=LineId("shop")
        )
        return found

    async def path(self) -> str:
        return f"/chats/shop/{(await self.chat()).id}"


@asynccontextmanager
async def serving_tea(folder: Path) -> AsyncIterator[Inbox]:
    """Serve the lines `shop` and `kiosk`."""
    kiosk = line_table("kiosk", "106540352242999", base_url="{base_url}")
    async with running(folder, flow=TEA, more=kiosk + STAY) as bot:
        yield Inbox(bot)


async def at_the_counter(inbox: Inbox, phone: str) -> Shop:
    """Let somebody order until a person is asked for."""
    buyer = inbox.bot.sandbox.contact(phone, name="Lia <b>Rossi</b>")
    for text in ("tea", "Black", "2", "5 August 2030", "5 August 2030 17:30", "No", "Person"):
        await buyer.says(text)
        await buyer.receives()
    return Shop(inbox, buyer, phone)
