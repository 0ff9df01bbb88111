"""Runs the real server against the shipped sandbox, and keeps the ledger that decides.

The ledger is the sandbox's own book: the webhooks it delivered with the answers it got, and the requests it received.
Parley's tables are asked for one thing alone: whether a repeat was marked.
"""

import asyncio
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, Delivery, Request, served
from tests.faults.machine import Machine
from tests.ports import free_port

BOT = Path(__file__).parent / "bot"

HEARD = re.compile(r"(\d+): heard (\S+)")


async def eventually(happened: Callable[[], bool], *, timeout_s: float, what: str) -> None:
    """Wait until something is true; fails with `what` after the time."""
    try:
        async with asyncio.timeout(timeout_s):
            while not happened():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {timeout_s} s: {what}") from None


class Server(Machine):
    """`parley serve` with one line on one SQLite database, to be killed and started again."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        line: Mapping[str, str | float],
        flows: Path,
        more: str = "",
    ) -> None:
        keys = "\n".join(f"{key} = {json.dumps(value)}" for key, value in line.items())
        config = f"""
[flows]
paths = ["{flows}"]
[lines.shop]
{keys}
rate_per_second = 0
{more}
"""
        super().__init__(folder, port=port, config=config)
        self.database = folder / "parley.db"


@dataclass
class Ledger:
    """What the outside saw."""

    sandbox: CloudSandbox

    @property
    def accepted(self) -> dict[str, list[str]]:
        """Each contact's texts whose webhook got a 2xx, in the order written."""
        texts: dict[str, list[str]] = defaultdict(list)
        taken = {d.id for d in self.sandbox.courier.book if d.about == "message" and d.accepted}
        for address, contact in self.sandbox.contacts.items():
            for bubble in contact.bubbles:
                if bubble.by == "contact" and bubble.id in taken:
                    texts[address].append(bubble.text)
        return texts

    @property
    def sends(self) -> list[Request]:
        """Every message request the provider took, repeats included."""
        return [r for r in self.sandbox.requests if r.message_id is not None]

    def replies(self) -> dict[str, list[tuple[str, int, str]]]:
        """Each contact's replies as (our message id, count, text heard), in order of arrival."""
        found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        for request in self.sends:
            words = HEARD.search(_words(request))
            if words and request.to:
                reply = (str(request.callback_data), int(words[1]), words[2])
                found[request.to].append(reply)
        return found

    def unanswered(self) -> list[str]:
        """Accepted texts, but for each contact's first, that no reply has named yet."""
        heard = {text for replies in self.replies().values() for _, _, text in replies}
        return [text for texts in self.accepted.values() for text in texts[1:] if text not in heard]

    def unaccepted(self) -> list[Delivery]:
        return [d for d in self.sandbox.courier.book if d.about == "message" and not d.accepted]

    def repeats(self) -> set[str]:
        """Our message ids that the provider took more than once."""
        ids = [str(r.callback_data) for r in self.sends]
        return {one for one in ids if ids.count(one) > 1}

    def check(self, database: Path) -> None:
        """Assert: stepped exactly once, in order, every reply there, every repeat marked."""
        replies = self.replies()
        for address, texts in self.accepted.items():
            first_seen = {text: message for message, _, text in reversed(replies[address])}
            expected = list(enumerate(texts[1:], start=1))
            once = list(dict.fromkeys((count, text) for _, count, text in replies[address]))
            assert once == expected, f"{address}: replies {once}, accepted {expected}"
            for message, _, text in replies[address]:
                assert message == first_seen[text], f"{address}: {text!r} was stepped twice"
        marked = _marked(database)
        assert self.repeats() <= marked, f"unmarked repeats: {self.repeats() - marked}"


def _words(request: Request) -> str:
    match request.body:
        case {"text": {"body": str(words)}}:
            return words
        case _:
            return ""


def _marked(database: Path) -> set[str]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reader:
        rows = reader.execute("SELECT id FROM message WHERE maybe_twice").fetchall()
    reader.close()
    return {str(row[0]) for row in rows}


@dataclass
class Bench:
    """A server and its provider, set up for faults."""

    server: Server
    sandbox: CloudSandbox
    ledger: Ledger


@asynccontextmanager
async def running(
    folder: Path,
    *,
    settings: CloudSettings | None = None,
    flows: Path | None = None,
    more: str = "",
    **environment: str,
) -> AsyncIterator[Bench]:
    """Start a sandbox and a server that speak with each other; both end with the block.

    Args:
        folder: Where the server keeps its files.
        settings: The sandbox's.
        flows: What the bot says.
        more: What else stands in the configuration.
        environment: Of the server.
    """
    port = free_port()
    base = settings or CloudSettings()
    sandbox = CloudSandbox(
        base.model_copy(
            update={
                "webhook_url": f"http://127.0.0.1:{port}/webhooks/shop",
                "redeliver_first_s": 0.1,
                "redeliver_most_s": 1.0,
                "messages_per_second": 0,
            }
        )
    )
    async with served(sandbox) as address:
        server = Server(
            folder, port=port, line=sandbox.line(address), flows=flows or BOT, more=more
        )
        await server.start(**environment)
        try:
            yield Bench(server, sandbox, Ledger(sandbox))
        finally:
            server.close()
