"""What a round is played in: the machines, the provider, the contacts and the ledger, from start to end."""

import random
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Set
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.faults.ledger import Ledger
from tests.faults.machine import Machine
from tests.faults.provider import Front, Provider
from tests.faults.talkers import Talk, Talkers

FLOWS = Path(__file__).parent / "bot_rounds"


@dataclass(kw_only=True)
class World(ABC):
    """Everything of one round; a kind of round may have more."""

    folder: Path
    machines: list[Machine]
    provider: Provider
    talkers: Talkers
    ledger: Ledger
    dice: random.Random
    """For what a trouble decides when it strikes."""

    @abstractmethod
    async def marked(self) -> Set[str]:
        """Return the ids of the messages that are marked as perhaps sent twice: all that is asked of the tables."""

    async def heal(self) -> None:
        """Make all well again, whatever was left broken: every machine runs."""
        for machine in self.machines:
            machine.resume()
            machine.limit_files(None)
            await machine.revive()


@dataclass(frozen=True, slots=True)
class Outside:
    """What is there before the machines are."""

    ledger: Ledger
    provider: Provider
    address: str
    """Where the provider and the service listen."""
    session: aiohttp.ClientSession

    def config(self, database: str, flows: Path = FLOWS, more: str = "") -> str:
        """Return what a machine's `parley.toml` holds."""
        line = "\n".join(
            f'{key} = "{value}"' for key, value in self.provider.line(self.address).items()
        )
        return f"""
[database]
url = "{database}"
[flows]
paths = ["{flows}"]
[lines.shop]
{line}
rate_per_second = 0
{more}
"""

    @property
    def environment(self) -> dict[str, str]:
        """What the flows of a machine read."""
        return {"SERVICE_URL": f"{self.address}/service"}

    def talkers(self, machines: list[Machine], talk: Talk, dice: random.Random) -> Talkers:
        """Return the contacts, whose webhooks, as the provider's, go to any of these machines."""
        front = Front(self.session, [one.webhook for one in machines], dice)
        self.provider.front = front
        return Talkers(self.ledger, front, talk, dice)


@asynccontextmanager
async def outside(
    dice: random.Random, now: Callable[[], float] = time.monotonic
) -> AsyncIterator[Outside]:
    """Put a provider and the service on the air; they end with the block."""
    ledger = Ledger(now)
    provider = Provider(ledger, dice)
    app = web.Application()
    app.add_routes(provider.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        stack.push_async_callback(provider.close)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield Outside(ledger, provider, address, session)
