"""A configured line whose provider is in memory: what commands over a provider's services are tried on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from adapters.fake import FakeAdapter
from cli import reach
from engine.core.ids import LineId
from engine.core.signals import Sender
from engine.ports.services import Services
from storage import Database, prepare
from storage.people import meet

SHOP = LineId("shop")
CONFIG = """
[server]
public_url = "https://bot.example.com"
[lines.shop]
provider = "console"
webhook_secret = "s3cret"
"""

RECEIPT = """
name = "receipt"
language = "en"
category = "utility"
body = "Thanks, {{1}}: {{2}} is on its way."
examples = ["Ana", "your pizza"]

[header]
format = "text"
text = "Order {{1}}"
example = "7"

[[buttons]]
kind = "url"
text = "Follow it"
url = "https://shop.example.com/{{1}}"
example = "https://shop.example.com/7"
"""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


def offer(monkeypatch: pytest.MonkeyPatch, services: Services) -> None:
    """Let the line's provider offer these."""

    def build(line: LineId, *_: object, **__: object) -> FakeAdapter:
        return FakeAdapter(line, services=services)

    monkeypatch.setattr(reach, "build_adapter", build)


@asynccontextmanager
async def database_in(folder: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{folder / 'parley.db'}")
    try:
        await prepare(database)
        yield database
    finally:
        await database.close()


def know(folder: Path, *people: Sender) -> None:
    """Make a database in which these are contacts."""

    async def make() -> None:
        async with database_in(folder) as database:
            await meet(database, SHOP, people)

    asyncio.run(make())
