"""A served inbox: agents who are signed in without the price of a password, and chats that they may see."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from engine.core.content import Text
from engine.core.ids import ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, ChatAssigned, MessageReceived, Sender
from storage.agents import Agent, Role, add_agent
from storage.audit import NO_LINE, Act
from storage.columns import stamp
from storage.sessions import begin_session
from tests.web.support import Bot, line_table, running
from web.inbox.people.signing import PLAIN_COOKIE, csrf_token
from web.keys import DATABASE, ENGINE, IDS

NO_PASSWORD = "!"
"""A hash that no password has."""

STAY = '\n[handoffs]\nabsent_after = "never"\n'
"""Agents whom nobody has seen keep their chats."""

_numbers = count(5215550003000)


@dataclass(frozen=True)
class Answered:
    """What the inbox answered."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Browser:
    """A browser that an agent is signed in with; or nobody, without a secret."""

    inbox: "Inbox"
    agent: Agent | None = None
    secret: str = ""

    @property
    def csrf(self) -> str:
        return csrf_token(self.secret)

    async def get(self, path: str = "", **headers: str) -> Answered:
        """Open a page below `/inbox`, as when an address is typed."""
        return await self.ask("GET", path, headers=_named(headers))

    async def post(
        self, path: str, form: Mapping[str, str | Sequence[str]] | None = None, **headers: str
    ) -> Answered:
        """Send a form as a page of ours does."""
        sent = {"Origin": self.inbox.origin, "Sec-Fetch-Site": "same-origin"}
        sent["X-CSRF-Token"] = self.csrf
        return await self.ask("POST", path, headers=sent | _named(headers), form=form or {})

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        form: Mapping[str, str | Sequence[str]] | None = None,
        streams: bool = False,
    ) -> Answered:
        """Ask with these headers alone, and the cookie; redirects are not followed, a stream is left at once."""
        given = dict(headers)
        if self.secret:
            given["Cookie"] = f"{PLAIN_COOKIE}={self.secret}"
        data: list[tuple[str, str]] | None = None
        if form is not None:
            data = [
                (name, value)
                for name, values in form.items()
                for value in ([values] if isinstance(values, str) else values)
            ]
        client = self.inbox.bot.client
        client.session.cookie_jar.clear()  # each browser shows its own alone
        async with client.request(
            method, f"/inbox{path}", headers=given, data=data, allow_redirects=False
        ) as answer:
            text = "" if streams and answer.status == 200 else await answer.text()
            return Answered(answer.status, text, answer.headers.copy())


@dataclass(frozen=True)
class Inbox:
    """The served inbox."""

    bot: Bot

    @property
    def origin(self) -> str:
        return str(self.bot.client.make_url("/").origin())

    @property
    def nobody(self) -> Browser:
        return Browser(self)

    async def add(
        self,
        login: str,
        role: Role = "agent",
        *,
        lines: Sequence[str] = (),
        teams: Sequence[str] = (),
        password_hash: str = NO_PASSWORD,
        available: bool = False,
    ) -> Agent:
        """Add an agent who has no password, and who was here a moment ago: a chat stays with them."""
        agent = Agent(
            login, login.title(), role, frozenset(teams), frozenset(lines), available=available
        )
        now = datetime.now(UTC)
        act = Act(self.bot.app[IDS](), NO_LINE, now, "command", "agent_added", login)
        await add_agent(
            self.bot.app[DATABASE], agent, password_hash=password_hash, now=now, note=act
        )
        await self.bot.writes("UPDATE agent SET seen_at = ? WHERE login = ?", stamp(now), login)
        return agent

    async def sign_in(self, login: str, role: Role = "agent", **more: Any) -> Browser:
        """Add an agent and sign them in."""
        return await self.browser(await self.add(login, role, **more))

    async def browser(self, agent: Agent, *, client: str = "Firefox on a desk") -> Browser:
        """Sign an agent in with one more browser."""
        now = datetime.now(UTC)
        secret = await begin_session(
            self.bot.app[DATABASE],
            agent.login,
            client=client,
            expires_at=now + timedelta(hours=12),
            now=now,
            note=Act(self.bot.app[IDS](), NO_LINE, now, agent.actor, "signed_in", agent.login),
        )
        return Browser(self, agent, secret)

    async def chat(
        self,
        *,
        line: str = "shop",
        team: str | None = None,
        holder: str | None = None,
        name: str = "Noor",
    ) -> str:
        """Let a contact write on a line and put the chat into a queue; returns its path below `/inbox`."""
        phone, now = str(next(_numbers)), datetime.now(UTC)
        said = MessageReceived(
            external_id=ExternalId(f"wamid.{phone}"), content=Text(body="hello"), sent_at=now
        )
        sender = Sender(phone=phone, name=name)
        engine = self.bot.app[ENGINE]
        await engine.accept(
            [
                Arrival(
                    line=LineId(line),
                    key=f"in:{phone}",
                    signal=said,
                    received_at=now,
                    sender=sender,
                )
            ]
        )
        given = ChatAssigned(by="rule", agent=holder, team=team)
        await engine.accept(
            [
                Arrival(
                    line=LineId(line),
                    key=f"to:{phone}",
                    signal=given,
                    received_at=now,
                    sender=sender,
                )
            ]
        )
        ((id_,),) = self.bot.rows(
            "SELECT c.id FROM conversation c JOIN contact p ON p.id = c.contact_id AND p.line_id = c.line_id"
            " WHERE p.phone = ? AND p.line_id = ?",
            phone,
            line,
        )
        return f"/chats/{line}/{ConversationId(int(str(id_)))}"


def csrf_in(page: str) -> str:
    """Return the token that a page carries."""
    (found,) = re.findall(r'<meta name="csrf" content="([0-9a-f]{64})">', page)
    return str(found)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    """Write `hx_request` as a header is named."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


@asynccontextmanager
async def serving_inbox(folder: Path, *, more: str = "") -> AsyncIterator[Inbox]:
    """Serve the lines `shop` and `kiosk`. No chat goes back into its queue by itself: these agents are seldom there."""
    more += STAY
    kiosk = line_table("kiosk", "106540352242999", base_url="{base_url}")
    async with running(folder, more=kiosk + more) as bot:
        yield Inbox(bot)
