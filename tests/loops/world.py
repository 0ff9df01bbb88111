"""A whole engine on a real SQLite database, with a provider in memory and a clock that the test moves."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from adapters.cloud.capabilities import CAPABILITIES
from adapters.fake import FakeAdapter
from engine.core.book import Book
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed
from engine.core.content import Inbound, Outbound, Text
from engine.core.ids import ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, MessageReceived, Sender, Signal
from engine.flow.code import FlowSteps
from engine.flow.load import load_flows
from engine.loops.assigner import NO_TEAMS, TeamRules
from engine.loops.engine import Engine
from engine.loops.templates import Templates
from engine.ports.news import NO_HOOKS, Hooks
from engine.ports.services import NO_SERVICES, Services
from storage import Database, MediaFolder, SqlStore, TimeIds, prepare
from storage.assigning import SqlAssigning
from storage.broadcasts import StoredBroadcasts
from storage.templates import SqlTemplates
from tests.ready import ready

LINE = LineId("shop")
COUNT = Path(__file__).parents[1] / "faults" / "bot"
"""The folder of a flow that counts messages by a code step, and says each again with its number."""
_keys = count(1)


class MovedClock:
    """The real time, moved ahead at will."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.line_ahead = timedelta()
        """How far the line's own time is ahead of that, as the simulator moves it."""
        self.stands_at: datetime | None = None
        """Where it moves by `ahead` alone; for what hangs on a few seconds, which a busy machine may take."""
        self.passed_s = 0.0
        """Seconds that count as having passed besides those that have, whatever the clock says."""

    def now(self, line: LineId | None = None) -> datetime:
        real = (self.stands_at or datetime.now(UTC)) + self.ahead
        return real if line is None else real + self.line_ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.passed_s


class World:
    """One engine and what surrounds it; `restart` is what a new process on the same database would be."""

    def __init__(
        self,
        folder: Path,
        flows: Path,
        capabilities: Capabilities = CAPABILITIES,
        services: Services = NO_SERVICES,
        *,
        closed: Closed = "hold",
        hooks: Hooks = NO_HOOKS,
        teams: TeamRules = NO_TEAMS,
        url: str | None = None,
        owner: int = 1,
    ) -> None:
        self.hooks = hooks
        self._teams = teams
        self._url = url or f"sqlite:///{ready(folder / 'parley.db')}"
        self._closed = closed
        self.adapter = FakeAdapter(LINE, capabilities=capabilities, services=services)
        self.clock = MovedClock()
        self.changed: list[object] = []
        self._folder = folder
        self.flows = load_flows([str(flows)], folder)
        self._owners = count(owner)
        self.engine: Engine
        self.store: SqlStore
        self.database: Database

    async def start(self) -> None:
        self.database = Database(self._url, busy_timeout_s=0.2)
        await prepare(self.database)
        owner = next(self._owners)
        assert await self.database.claim_owner(owner)
        ids = TimeIds(owner)
        self.store = SqlStore(self.database, ids=ids)
        self.templates = Templates(
            adapters={LINE: self.adapter},
            store=SqlTemplates(self.database),
            clock=self.clock,
            language="en",
            every=timedelta(hours=6),
        )
        start = next(name for name, flow in self.flows.items() if flow.start)
        self.engine = Engine(
            store=self.store,
            adapters={LINE: self.adapter},
            books={LINE: Book(self.flows, self.adapter.capabilities, start, closed=self._closed)},
            code_steps=FlowSteps(self.flows),
            clock=self.clock,
            ids=ids,
            media_store=MediaFolder(self._folder / "media"),
            owner=owner,
            listener=lambda line, conversation: self.changed.append(conversation),
            hooks=self.hooks,
            broadcasts=StoredBroadcasts(self.database),
            templates=self.templates,
            assigning=SqlAssigning(self.database),
            teams=self._teams,
        )
        await self.engine.start()

    async def stop(self) -> None:
        await self.engine.stop()
        await self.database.close()

    def arrival(
        self,
        content: Inbound | str,
        *,
        phone: str = "5215550001",
        key: str | None = None,
        age: timedelta = timedelta(),
    ) -> Arrival:
        key = key or f"wamid.{next(_keys)}"
        body = Text(body=content) if isinstance(content, str) else content
        now = self.clock.now()
        signal = MessageReceived(external_id=ExternalId(key), content=body, sent_at=now - age)
        return Arrival(
            line=LINE, key=key, signal=signal, received_at=now, sender=Sender(phone=phone)
        )

    async def says(self, *texts: str, phone: str = "5215550001") -> None:
        await self.engine.accept([self.arrival(text, phone=phone) for text in texts])

    def shown(self, phone: str = "5215550001") -> list[str]:
        return [_words(o.content) for o in self.adapter.sent if o.contact.phone == phone]

    async def sees(self, count: int, phone: str = "5215550001") -> list[str]:
        """Wait until the contact got so many messages and return their words."""
        await until(lambda: len(self.shown(phone)) >= count)
        return self.shown(phone)

    async def rows(self, question: str) -> list[tuple[object, ...]]:
        """Ask the database directly, for what no port tells."""
        async with self.database.read() as reader:
            return [tuple(row) for row in await reader.exec_driver_sql(question)]


def _words(content: Outbound) -> str:
    return getattr(content, "body", content.kind)


async def until(happened: Callable[[], bool], *, timeout_s: float = 10) -> None:
    async with asyncio.timeout(timeout_s):
        while not happened():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def engine_world(
    folder: Path,
    flows: Path,
    *,
    capabilities: Capabilities = CAPABILITIES,
    services: Services = NO_SERVICES,
    closed: Closed = "hold",
    hooks: Hooks = NO_HOOKS,
    teams: TeamRules = NO_TEAMS,
    url: str | None = None,
    owner: int = 1,
) -> AsyncIterator[World]:
    world = World(
        folder,
        flows,
        capabilities,
        services,
        closed=closed,
        hooks=hooks,
        teams=teams,
        url=url,
        owner=owner,
    )
    await world.start()
    try:
        yield world
    finally:
        await world.stop()


async def eventually(happened: Callable[[], Awaitable[bool]], *, timeout_s: float = 30) -> None:
    """Wait for what takes a question to the database to know."""
    async with asyncio.timeout(timeout_s):
        while not await happened():
            await asyncio.sleep(0.01)


async def statuses(world: World, status: str, count: int) -> None:
    """Wait until so many outbound messages have this status."""
    async with asyncio.timeout(10):
        while True:
            found = await world.rows("SELECT status FROM message WHERE direction = 'out'")
            if [one for (one,) in found].count(status) == count:
                return
            await asyncio.sleep(0.01)


async def act(world: World, signal: Signal) -> None:
    """Let this happen to the only conversation there is."""
    ((conversation,),) = await world.rows("SELECT id FROM conversation")
    arrival = Arrival(
        line=LINE,
        key=f"click:{signal.kind}",
        signal=signal,
        received_at=world.clock.now(),
        conversation=ConversationId(int(str(conversation))),
    )
    await world.engine.accept([arrival])
