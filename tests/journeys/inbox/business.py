"""A business whose agents work in the inbox: the flows we ship, and for each test a line at a Meta of its own."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.sandbox.cloud import ApprovedTemplate, CloudSandbox, CloudSettings, Contact, routes
from adapters.sandbox.server import BODY_BYTES
from engine.core.conversation import Conversation
from engine.core.ids import LineId
from storage.agents import Agent, Role, add_agent
from storage.audit import NO_LINE, Act
from tests.journeys.server import ROOT
from tests.ports import free_port
from tests.ready import ready
from tests.web.inbox.support import NO_PASSWORD, Browser, Inbox
from tests.web.support import SANDBOX, Bot, line_table
from web.app import build_app
from web.inbox.names import COLLEAGUES
from web.inbox.people.passwords import Hashing
from web.keys import CLOCK, DATABASE, IDS, QUERIES
from web.settings import load_settings

LINES: Final = 64
"""Each test takes the next: what it does to chats, templates and the clock is seen by no other."""

READY: Final = ApprovedTemplate(
    name="order_ready", language="en", body="Hi {{1}}, your order {{2}} is ready."
)
THANKS: Final = ApprovedTemplate(name="thanks", language="en", body="Thank you for your visit!")

CONFIG: Final = """
[flows]
paths = ["{flows}"]

[teams.kitchen]
[teams.office]
"""


@dataclass(frozen=True)
class Shop:
    """One line of the business: its contacts, and the agents who see this line alone."""

    inbox: Inbox
    line: LineId
    sandbox: CloudSandbox
    number: int
    _phones: Iterator[int] = field(default_factory=count)

    async def agent(
        self,
        name: str,
        role: Role = "agent",
        *,
        teams: Sequence[str] = (),
        password: str = "",
    ) -> Browser:
        """Add an agent, and sign them in where no password is to be typed."""
        app, now = self.inbox.bot.app, datetime.now(UTC)
        login = f"{name.split()[0].lower()}.{self.number}"
        agent = Agent(login, name, role, frozenset(teams), frozenset({self.line}), available=True)
        hashed = await Hashing().hash(password) if password else NO_PASSWORD
        act = Act(app[IDS](), NO_LINE, now, "command", "agent_added", login)
        await add_agent(app[DATABASE], agent, password_hash=hashed, now=now, note=act)
        app[COLLEAGUES].forget()
        return Browser(self.inbox, agent) if password else await self.inbox.browser(agent)

    def contact(self, name: str) -> Contact:
        """Return the phone of somebody new."""
        return self.sandbox.contact(f"49151{self.number:02}{next(self._phones):05}", name=name)

    async def waiting(self, name: str, *said: str) -> Contact:
        """Let somebody write, and ask for a person."""
        contact = self.contact(name)
        for words in (*said, "agent"):
            await contact.says(words)
            await contact.receives()
        return contact

    async def conversation(self, contact: Contact) -> Conversation:
        """Return a contact's conversation as it is stored."""
        (found,) = await self.inbox.bot.app[QUERIES].conversations_of(
            contact.address, line=self.line
        )
        return found

    async def path(self, contact: Contact) -> str:
        """Return where a contact's chat is, below `/inbox`."""
        return f"/chats/{self.line}/{(await self.conversation(contact)).id}"

    def jump(self, ahead: timedelta) -> None:
        """Move the line's time and that of its Meta ahead."""
        self.sandbox.ahead += ahead
        self.inbox.bot.app[CLOCK].move_ahead(self.line, self.sandbox.ahead)


@dataclass(frozen=True)
class Business:
    """The running server, and the lines that no test has taken yet."""

    inbox: Inbox
    sandboxes: Sequence[CloudSandbox]
    _next: Iterator[int] = field(default_factory=count)

    def shop(self) -> Shop:
        """Take a line."""
        number = next(self._next)
        return Shop(self.inbox, LineId(_name(number)), self.sandboxes[number], number)


class LikeServe(TestServer):
    """Lets a request end whose page has gone, as `parley serve` does; aiohttp's own cancels it, at any point."""

    async def _make_runner(self, **options: Any) -> web.BaseRunner:
        return await super()._make_runner(**options | {"handler_cancellation": False})


@asynccontextmanager
async def open_business(folder: Path) -> AsyncIterator[Business]:
    """Serve the inbox, and a Meta for each of its lines, while the block runs."""
    port = free_port()
    sandboxes = [CloudSandbox(_settings(number, port)) for number in range(LINES)]
    async with _metas(sandboxes) as meta:
        file = folder / "parley.toml"
        tables = [_line(number, sandbox, meta) for number, sandbox in enumerate(sandboxes)]
        file.write_text("".join([*tables, CONFIG.format(flows=ROOT / "flows")]), "utf-8")
        ready(folder / "parley.db")
        settings = load_settings(file)
        app = build_app(settings)
        async with TestClient(LikeServe(app, port=port)) as client:
            yield Business(Inbox(Bot(client, sandboxes[0], settings, app)), sandboxes)


def _name(number: int) -> str:
    return f"shop{number}"


def _settings(number: int, port: int) -> CloudSettings:
    return CloudSettings(
        phone_number_id=f"1065403522{number:05}",
        account_id=f"2065403522{number:05}",
        webhook_url=f"http://127.0.0.1:{port}/webhooks/{_name(number)}",
        seed=_name(number),
        templates=(READY, THANKS),
        statuses=("sent",),  # the rest when a test says so
    )


def _line(number: int, sandbox: CloudSandbox, meta: str) -> str:
    table = line_table(
        _name(number),
        sandbox.settings.phone_number_id,
        base_url=f"{meta}/{_name(number)}/v23.0",
        secret=SANDBOX.app_secret,
    )
    return f'{table}business_account_id = "{sandbox.settings.account_id}"\n'


@asynccontextmanager
async def _metas(sandboxes: Sequence[CloudSandbox]) -> AsyncIterator[str]:
    """Serve all of them at one address, each below its line's name."""
    app = web.Application(client_max_size=BODY_BYTES)
    for number, sandbox in enumerate(sandboxes):
        app.add_routes(routes(sandbox, prefix=f"/{_name(number)}"))

    async def close(_: web.Application) -> None:
        for sandbox in sandboxes:
            await sandbox.close()

    app.on_shutdown.append(close)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        for number, sandbox in enumerate(sandboxes):
            own = {"public_url": f"{address}/{_name(number)}"}
            sandbox.settings = sandbox.settings.model_copy(update=own)
        yield address
    finally:
        await runner.cleanup()
