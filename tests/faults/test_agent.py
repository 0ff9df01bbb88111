"""The process is killed between an agent's claim and the reply, and while the reply is on its way."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from adapters.sandbox.cloud import CloudSettings, Fault
from storage import Database
from storage.agents import Agent, add_agent
from storage.audit import NO_LINE, Act
from storage.sessions import begin_session
from tests.faults.harness import Bench, eventually, running
from web.inbox.people.signing import PLAIN_COOKIE, csrf_token
from web.inbox.texts import ENGLISH

REPLY = "On my way"


@dataclass
class Phone:
    """An agent's browser, whose session outlives the server."""

    bench: Bench
    http: aiohttp.ClientSession
    secret: str

    async def get(self, path: str) -> str:
        async with self.http.get(self._url(path), headers=self._cookie) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()

    async def post(self, path: str, form: dict[str, str]) -> None:
        origin = f"http://127.0.0.1:{self.bench.server.port}"
        sent = {"Origin": origin, "X-CSRF-Token": csrf_token(self.secret), "HX-Request": "true"}
        async with self.http.post(
            self._url(path), headers=self._cookie | sent, data=form
        ) as answer:
            assert answer.status == 200, await answer.text()

    @property
    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"{PLAIN_COOKIE}={self.secret}"}

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.bench.server.port}/inbox{path}"


async def sign_in(database: Database) -> str:
    """Add an agent and return what the browser's cookie holds."""
    now = datetime.now(UTC)
    act = Act(1, NO_LINE, now, "command", "agent_added", "ana")
    await add_agent(database, Agent("ana", "Ana", "agent"), password_hash="!", now=now, note=act)
    in_ = Act(2, NO_LINE, now, "agent:ana", "signed_in", "ana")
    return await begin_session(
        database, "ana", client="a phone", expires_at=now + timedelta(hours=1), now=now, note=in_
    )


def states(bench: Bench) -> dict[str, str]:
    """Return the state of each message of the agent's, by its words."""
    with closing(sqlite3.connect(f"file:{bench.server.database}?mode=ro", uri=True)) as reader:
        told = reader.execute("SELECT content, status FROM message WHERE origin = 'agent'")
        return {REPLY if REPLY in content else content: status for content, status in told}


def sends(bench: Bench) -> int:
    """Return how often the provider took the reply."""
    return sum(REPLY in str(request.body) for request in bench.ledger.sends)


async def test_a_claim_holds_and_a_reply_goes_once_and_is_shown_as_unsure(tmp_path: Path) -> None:
    settings = CloudSettings(statuses=())
    async with running(tmp_path, settings=settings) as bench, aiohttp.ClientSession() as http:
        contact = bench.sandbox.contact("5215570000001")
        await contact.says("hello")
        await contact.receives()
        database = Database(f"sqlite:///{bench.server.database}")
        phone = Phone(bench, http, await sign_in(database))
        await database.close()
        with closing(sqlite3.connect(bench.server.database)) as reader:
            ((line, id_),) = reader.execute("SELECT line_id, id FROM conversation")
        chat = f"/chats/{line}/{id_}"

        await phone.post(f"{chat}/claim", {"act": "claim"})
        bench.server.kill()
        await bench.server.start()
        assert ENGLISH["held_by_you"] in await phone.get(f"{chat}/side")

        slow = Fault(kind="slow", times=None, hold_s=600)
        bench.sandbox.faults.arm(slow, bench.sandbox.monotonic())
        said = {"client": "client-01", "message": f'{{"kind": "text", "text": "{REPLY}"}}'}
        await phone.post(f"{chat}/send", said)
        await eventually(lambda: sends(bench) == 1, timeout_s=20, what="the reply on its way")
        bench.server.kill()
        bench.sandbox.faults.clear()
        await bench.server.start()
        await phone.post(f"{chat}/send", said)  # the phone has had no answer
        delivery = await contact.says("still there?")
        await eventually(
            lambda: states(bench) == {REPLY: "uncertain"} and delivery.accepted,
            timeout_s=20,
            what=f"the reply's end: {states(bench)}",
        )

        assert ENGLISH["status_uncertain"] in await phone.get(chat)
        assert sends(bench) == 1
        assert [one for one in contact.shown if "heard" in one] == []  # the bot is silent
