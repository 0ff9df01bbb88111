"""A chat that an agent holds, with the contact's phone at its other end: what the tests of the chat begin with."""

import asyncio
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.sandbox.cloud import Contact
from engine.core.conversation import Conversation
from engine.core.ids import ConversationId, LineId
from engine.core.signals import AgentTookOver, Arrival, Signal
from tests.loops.world import until
from tests.web.inbox.support import Browser, Inbox
from web.keys import ENGINE, QUERIES

BOTS = frozenset({"Tea or coffee?"})
"""What the bot may have said before the agent came."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Talk:
    """A chat, the agent who holds it, and the contact's phone."""

    inbox: Inbox
    agent: Browser
    path: str
    phone: Contact

    @property
    def name(self) -> str:
        """What the agent is called: by the login until the inbox has learned the name."""
        assert self.agent.agent is not None
        return self.agent.agent.login

    @property
    def key(self) -> tuple[LineId, ConversationId]:
        """What names the chat."""
        _, _, line, conversation = self.path.split("/")
        return LineId(line), ConversationId(int(conversation))

    @property
    def said(self) -> list[str]:
        """What the contact's phone shows of the agents'."""
        return [words for words in self.phone.shown if words not in BOTS]

    async def chat(self) -> Conversation:
        """Return the conversation as it is stored."""
        found = await self.inbox.bot.app[QUERIES].conversation(*self.key)
        assert found is not None
        return found

    async def signal(self, signal: Signal) -> None:
        """Let something happen to the chat."""
        line, conversation = self.key
        arrival = Arrival(
            line=line,
            key=f"talk:{next(_numbers)}",
            signal=signal,
            received_at=datetime.now(UTC),
            conversation=conversation,
        )
        await self.inbox.bot.app[ENGINE].accept([arrival])

    async def send(
        self, said: dict[str, Any], *, client: str = "", by: Browser | None = None, **more: str
    ) -> dict[str, Any]:
        """Send something as the page does, and return the answer with its status."""
        form = {"client": client or new_client(), "message": json.dumps(said), **more}
        return await self.post("send", form, by=by)

    async def text(self, text: str, **more: Any) -> dict[str, Any]:
        """Send a text."""
        return await self.send({"kind": "text", "text": text}, **more)

    async def post(
        self, where: str, form: dict[str, str], *, by: Browser | None = None
    ) -> dict[str, Any]:
        """Post a form as a script of ours does."""
        answer = await (by or self.agent).post(
            f"{self.path}/{where}", form, accept="application/json"
        )
        told: dict[str, Any] = json.loads(answer.text) if answer.text else {}
        return {**told, "status": answer.status}

    async def page(self, by: Browser | None = None) -> str:
        """Return the chat's page."""
        answer = await (by or self.agent).get(self.path)
        assert answer.status == 200, answer.text
        return answer.text

    async def hears(self, count: int = 1) -> list[str]:
        """Wait until the contact's phone shows so many messages of the business, and return their words."""
        await until(lambda: len(self.said) >= count, timeout_s=30)
        return self.said

    async def shows(self, words: str) -> str:
        """Ask for the chat's page until it has these words, and return it."""
        async with asyncio.timeout(30):
            while words not in (page := await self.page()):
                await asyncio.sleep(0.02)
        return page


def new_client() -> str:
    """Return a client id as a browser makes one."""
    return f"client-{next(_numbers):08}"


async def begin_talk(inbox: Inbox, *, team: str | None = None, **more: Any) -> Talk:
    """Let a contact write, and an agent take the chat."""
    agent = await inbox.sign_in(f"holder{next(_numbers)}", **more)
    assert agent.agent is not None
    path = await inbox.chat(team=team)
    line, conversation = path.split("/")[-2:]
    ((number,),) = inbox.bot.rows(
        "SELECT p.phone FROM contact p JOIN conversation c ON c.contact_id = p.id AND c.line_id = p.line_id"
        " WHERE c.line_id = ? AND c.id = ?",
        line,
        int(conversation),
    )
    phone = inbox.bot.sandbox.contact(str(number), name="Noor")
    talk = Talk(inbox, agent, path, phone)
    await talk.signal(AgentTookOver(agent=agent.agent.login))
    await phone.says("hello again")  # to the sandbox the window is open from here on
    return talk
