"""Some replicas on one PostgreSQL, each a real process with a road of its own to the database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.machine import Machine
from tests.faults.replicas.postgres import Postgres
from tests.faults.replicas.proxy import Proxy
from tests.ports import free_port

REPLICAS = 3

Config = Callable[[str, Path], str]
"""Returns what a replica's `parley.toml` holds, from its way to the database and its own folder."""


@dataclass
class Cluster:
    """The replicas, the roads, the database."""

    machines: list[Machine]
    proxies: list[Proxy]
    """Each machine's road, in their order."""
    postgres: Postgres
    database: str

    async def heal(self) -> None:
        """Make all well again, whatever was left broken: every road is open, every machine runs and is ready."""
        await asyncio.to_thread(self.postgres.start)
        for proxy in self.proxies:
            proxy.heal()
        for machine in self.machines:
            machine.resume()
        await asyncio.gather(*(machine.revive() for machine in self.machines))

    async def marked(self) -> set[str]:
        """Return our ids of the messages that are marked as perhaps sent twice."""
        rows = await self.postgres.run(self.database, "SELECT id FROM message WHERE maybe_twice")
        return {str(id_) for (id_,) in rows}

    def log(self) -> str:
        """Return the end of each machine's log."""
        return "\n".join(f"--- {one.folder.name}\n{one.log()}" for one in self.machines)


@asynccontextmanager
async def running(
    folder: Path,
    postgres: Postgres,
    config: Config,
    *,
    ports: tuple[int, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Cluster]:
    """Start the replicas on a new database; everything ends with the block.

    Args:
        folder: Where each gets a folder of its own.
        postgres: The database's server.
        config: What each is told.
        ports: Where they listen, where that was decided before.
        environment: Of each.
    """
    async with AsyncExitStack() as stack:
        cluster = Cluster([], [], postgres, await stack.enter_async_context(postgres.database()))
        for number, port in enumerate(ports or [free_port() for _ in range(REPLICAS)]):
            proxy = Proxy(postgres.socket)
            road = await stack.enter_async_context(proxy.listening())
            own = folder / f"replica{number}"
            own.mkdir()
            told = config(postgres.url_by(road, cluster.database), own)
            machine = Machine(own, port=port, config=told, environment=environment)
            stack.callback(machine.close)
            cluster.proxies.append(proxy)
            cluster.machines.append(machine)
        for machine in cluster.machines:
            machine.launch()
        await asyncio.gather(*(machine.ready(within_s=60) for machine in cluster.machines))
        yield cluster
