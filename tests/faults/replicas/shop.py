"""Three replicas behind a balancer, with a whole provider's sandbox, and flow files of each replica's own."""

import random
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from tests.faults.replicas.cluster import REPLICAS, Cluster, running
from tests.faults.replicas.front import Front
from tests.faults.replicas.gate import Gate
from tests.faults.replicas.postgres import Postgres
from tests.ports import free_port

SEED = 20261122


@dataclass
class Shop:
    """Replicas behind a balancer, and their provider."""

    cluster: Cluster
    front: Front
    sandbox: CloudSandbox


def put(flows: Path, machine_folder: Path) -> Path:
    """Put a copy of flow files where a replica reads its own."""
    own = machine_folder / "flows"
    shutil.rmtree(own, ignore_errors=True)
    return Path(shutil.copytree(flows, own, ignore=shutil.ignore_patterns("__pycache__")))


@asynccontextmanager
async def shop(
    folder: Path,
    postgres: Postgres,
    *,
    flows: Path,
    settings: CloudSettings | None = None,
    rate: float = 0,
    gate: Gate | None = None,
) -> AsyncIterator[Shop]:
    """Start it all; everything ends with the block.

    Args:
        folder: Where each replica gets a folder of its own.
        postgres: The database's server.
        flows: Of which each gets a copy.
        settings: The sandbox's.
        rate: The line's, as the replicas are told; 0 is none.
        gate: Stands before the sandbox, where given.
    """
    ports = tuple(free_port() for _ in range(REPLICAS))
    front, front_port = Front(ports, dice=random.Random(SEED)), free_port()
    base = settings or CloudSettings(messages_per_second=0)
    webhook = f"http://127.0.0.1:{front_port}/webhooks/shop"
    sandbox = CloudSandbox(base.model_copy(update={"webhook_url": webhook}))
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(sandbox))
        if gate is not None:
            address, _, port = address.rpartition(":")
            address += f":{await stack.enter_async_context(gate.before(int(port)))}"
        await stack.enter_async_context(front.listening(front_port))
        line = "\n".join(f'{key} = "{value}"' for key, value in sandbox.line(address).items())

        def config(database: str, own: Path) -> str:
            return f"""
[database]
url = "{database}"
[flows]
paths = ["{put(flows, own)}"]
[lines.shop]
{line}
rate_per_second = {rate}
"""

        cluster = await stack.enter_async_context(running(folder, postgres, config, ports=ports))
        yield Shop(cluster, front, sandbox)
