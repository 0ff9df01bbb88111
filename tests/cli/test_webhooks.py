"""`parley webhooks`: what waits for the business's own servers, and why."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from engine.core.ids import LineId, NewsId
from engine.core.signals import Sender
from engine.ports.news import News, Posted
from storage import Database, SqlStore, TimeIds, prepare

SHOP = LineId("shop")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "parley.toml").write_text(
        '[webhooks.crm]\nurl = "https://crm.test/hook"\nsecret = "x"\n'
        '[webhooks.erp]\nurl = "https://erp.test/hook"\nsecret = "x"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="parley")


async def fill(folder: Path, *, refused: int = 0, given_up: int = 0, hook: str = "crm") -> None:
    database = Database(f"sqlite:///{folder}/parley.db")
    await prepare(database)
    ids, now = TimeIds(1), datetime.now(UTC)
    store = SqlStore(database, ids=ids)
    async with store.write() as batch:
        (key,) = await batch.find_conversations([(SHOP, Sender(phone="5215550001"))])
        for place in range(refused + given_up):
            old = now - timedelta(days=2 if place >= refused else 0, minutes=5)
            news = News(NewsId(ids()), hook, SHOP, key, "flow_ended", old, None, {})
            batch.news.add([news], now=old)
            if place < refused:
                batch.news.done([Posted(SHOP, news.id, "it answered 500", now)])
        await batch.news.sweep([], now=now, most=100)
    await database.close()


def test_each_server_is_listed_with_what_waits_and_why(folder: Path) -> None:
    asyncio.run(fill(folder, refused=2, given_up=1))
    crm, erp = parley("webhooks").output.splitlines()
    assert crm.startswith("crm  https://crm.test/hook  2 waiting for 5 min")
    assert crm.endswith(", it answered 500, 1 given up")
    assert erp == "erp  https://erp.test/hook  nothing waits"


def test_what_was_given_up_waits_again(folder: Path) -> None:
    asyncio.run(fill(folder, given_up=1))
    assert parley("webhooks", "--retry", "crm").output == "1 post waits again for crm\n"
    assert "1 waiting for 0 s" in parley("webhooks").output
    wrong = parley("webhooks", "--retry", "cmr")
    assert wrong.exit_code == 1
    assert str(wrong.exception) == "there is no server 'cmr'; there are crm, erp"


def test_a_server_that_is_gone_from_the_configuration_is_still_listed(folder: Path) -> None:
    asyncio.run(fill(folder, refused=1, hook="old"))
    assert "old  not configured any more  1 waiting" in parley("webhooks").output


def test_without_any_it_says_where_to_read(folder: Path) -> None:
    (folder / "parley.toml").write_text("")
    asyncio.run(fill(folder))
    assert "docs/howto/webhooks.md" in parley("webhooks").output
