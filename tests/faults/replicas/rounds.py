"""Rounds on three replicas: the servers stay from round to round, contacts and ledger are each round's own."""

import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.faults.ledger import Ledger
from tests.faults.provider import Front, Provider
from tests.faults.replicas.cluster import Cluster, running
from tests.faults.replicas.postgres import Postgres
from tests.faults.replicas.troubles import DRAWS, ReplicaWorld
from tests.faults.round import Rounds
from tests.faults.talkers import Talk, Talkers
from tests.faults.world import Outside

CONTACTS_A_ROUND = 1000

TALK = Talk(contacts=8, texts=6)

CONTACT = re.compile(r"521555(\d{7})")

ANSWER_S = 3.0
"""How long the balancer waits for a replica before it asks another one."""


class Switchboard:
    """One address for the providers of all rounds: what is asked goes to the one whose contact it is about."""

    def __init__(self) -> None:
        self._rounds: list[Provider] = []

    def routes(self) -> list[web.RouteDef]:
        """Return the routes that every provider has."""
        any_of_them = Provider(Ledger(time.monotonic), random.Random())
        return [web.post(route.path, self._asked) for route in any_of_them.routes()]

    def add(self, provider: Provider) -> int:
        """Add the provider of another round; returns its first contact's number."""
        self._rounds.append(provider)
        return (len(self._rounds) - 1) * CONTACTS_A_ROUND

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        words = next(str(body[key]) for key in ("to", "message_id", "text") if key in body)
        found = CONTACT.search(words)
        assert found, words
        provider = self._rounds[int(found[1]) // CONTACTS_A_ROUND]
        handlers = {route.path: route.handler for route in provider.routes()}
        answer: web.StreamResponse = await handlers[request.path](request)
        return answer


@dataclass
class Standing:
    """Replicas that stay while rounds are played on them."""

    cluster: Cluster
    switchboard: Switchboard
    session: aiohttp.ClientSession
    """For webhooks."""

    @asynccontextmanager
    async def world(self, folder: Path, dice: random.Random) -> AsyncIterator[ReplicaWorld]:
        """Open a round's world; what it leaves behind stays where it is."""
        ledger, machines = Ledger(time.monotonic), self.cluster.machines
        provider = Provider(ledger, dice)
        first = self.switchboard.add(provider)
        doors = [machine.webhook for machine in machines]
        for machine in machines:
            machine.falls = 0
        provider.front = Front(self.session, doors, dice, timeout_s=ANSWER_S)
        yield ReplicaWorld(
            folder=folder,
            machines=machines,
            provider=provider,
            talkers=Talkers(ledger, provider.front, TALK, dice, first=first),
            ledger=ledger,
            dice=dice,
            cluster=self.cluster,
        )
        await provider.close()


@asynccontextmanager
async def standing(folder: Path, postgres: Postgres) -> AsyncIterator[Standing]:
    """Start three replicas for as many rounds as are wanted."""
    switchboard = Switchboard()
    app = web.Application()
    app.add_routes(switchboard.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    async with AsyncExitStack() as stack:
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        provider = Provider(Ledger(time.monotonic), random.Random())
        outside = Outside(provider.ledger, provider, address, session)
        cluster = await stack.enter_async_context(
            running(
                folder,
                postgres,
                lambda database, _: outside.config(database),
                environment=outside.environment,
            )
        )
        yield Standing(cluster, switchboard, session)


def rounds(place: Standing) -> Rounds[ReplicaWorld]:
    """Return the rounds that are played on these replicas."""
    return Rounds("replicas", place.world, DRAWS)
