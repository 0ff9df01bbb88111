"""What a monitoring system reads of a running server, where it reads it, and that nobody else can."""

import asyncio
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from engine.core.errors import DefinitionError
from storage.columns import stamp
from tests.ports import free_port
from tests.web.support import Bot, running, text_body
from tests.web.test_postgres import database  # noqa: F401 - a fixture
from web.app import build_app
from web.keys import ENGINE
from web.settings import DatabaseSettings, SettingsInvalid, load_settings
from web.vitals import LAG_STEP_S, LoopLag

TOKEN = '\n[metrics]\ntoken = "s3same"\n'
SHOWN = {"Authorization": "Bearer s3same"}

HANDS_OFF = '''"""Hands off at once."""

from parley import Flow, handoff


class Talk(Flow, start=True):
    person = handoff("One moment.", team="kitchen")
'''

Labels = Mapping[str, str]
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def figures(bot: Bot) -> Figures:
    """Return every sample of the server's own port, as Prometheus's own parser reads it."""
    async with bot.client.get("/metrics", headers=SHOWN) as answer:
        assert answer.status == 200
        return parsed(await answer.text())


def parsed(text: str) -> Figures:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(figures: Figures, name: str, **labels: str) -> float:
    return figures[name, frozenset(labels.items())]


async def test_a_talk_shows_in_the_figures(tmp_path: Path) -> None:
    before = datetime.now(UTC).timestamp()
    async with running(tmp_path, more=TOKEN) as bot:
        maria = bot.sandbox.contact("5215550001", name="Maria")
        await maria.says("hi")
        await maria.receives()
        told = await figures(bot)

    assert of(told, "parley_sends_total", line="shop", result="sent") == 1
    assert of(told, "parley_webhooks_total", answer="200") >= 1
    assert of(told, "parley_batch_signals_sum") >= 1
    assert of(told, "parley_batch_signals_count") >= 1
    assert of(told, "parley_last_webhook_timestamp_seconds", line="shop") >= before
    assert of(told, "parley_database_up") == 1
    assert of(told, "parley_replicas") == 1
    assert of(told, "parley_oldest_unstepped_signal_seconds") == 0
    assert of(told, "parley_line_paused", line="shop") == 0
    assert of(told, "parley_loop_up", loop="sender") == 1
    assert of(told, "parley_inbox_pages") == 0
    assert 0 <= of(told, "parley_loop_lag_seconds") < 60
    assert of(told, "process_open_fds") > 3
    assert of(told, "process_resident_memory_bytes") > 1e7
    assert of(told, "process_cpu_seconds_total") > 0
    (build,) = (dict(labels) for name, labels in told if name == "parley_build_info")
    assert build.keys() == {"version", "python", "schema", "worker"}


async def test_nothing_of_a_contact_stands_in_them(tmp_path: Path) -> None:
    async with running(tmp_path, more=TOKEN) as bot:
        maria = bot.sandbox.contact("5215550001", name="Maria")
        await maria.says("a secret wish")
        await maria.receives()
        async with bot.client.get("/metrics", headers=SHOWN) as answer:
            text = await answer.text()

    assert not re.search("Maria|5215550001|wish|Tea", text)


async def test_what_waits_is_told_with_how_long(tmp_path: Path) -> None:
    async with running(tmp_path, more=TOKEN) as bot:
        await bot.post(text_body("hi"))
        await bot.app[ENGINE].stop()
        long_ago = stamp(datetime.now(UTC) - timedelta(seconds=90))
        await bot.writes("UPDATE signal SET handled_at = NULL, received_at = ?", long_ago)
        await bot.writes(
            "UPDATE message SET status = 'queued', at = ? WHERE direction = 'out'", long_ago
        )
        told = await figures(bot)
        async with bot.client.get("/readyz") as answer:
            ready = await answer.json()

    assert 90 <= of(told, "parley_oldest_unstepped_signal_seconds") < 120
    assert 90 <= of(told, "parley_oldest_unsent_message_seconds", line="shop") < 120
    assert of(told, "parley_outbox_messages", line="shop", status="queued") == 1
    assert of(told, "parley_loop_up", loop="writer") == 0
    assert 90 <= ready["oldest_unsent_s"] < 120
    assert 90 <= ready["oldest_waiting_s"] < 120


async def test_a_chat_that_waits_is_told_by_team(tmp_path: Path) -> None:
    async with running(tmp_path, flow=HANDS_OFF, more=TOKEN) as bot:
        await bot.post(text_body("hi"))
        told = await figures(bot)

    assert of(told, "parley_chats_waiting", line="shop", team="kitchen") == 1
    assert 0 <= of(told, "parley_chats_longest_wait_seconds", line="shop", team="kitchen") < 60


async def test_refused_webhooks_are_counted_by_line_and_strangers_names_are_not(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, more=TOKEN) as bot:
        await bot.post(text_body("hi"), secret="wrong")
        await bot.post(text_body("hi"), line="anything")
        await bot.post(text_body("hi"), line="else")
        told = await figures(bot)

    assert of(told, "parley_webhooks_refused_total", line="shop", answer="401") == 1
    assert of(told, "parley_webhooks_refused_total", line="", answer="404") == 2
    assert of(told, "parley_webhooks_total", answer="404") == 2


async def test_a_broken_database_is_told_and_what_it_would_tell_left_out(tmp_path: Path) -> None:
    async with running(tmp_path, more=TOKEN) as bot:
        await bot.writes("ALTER TABLE signal RENAME TO gone")
        await bot.post(text_body("hi"))
        told = await figures(bot)

    assert of(told, "parley_database_up") == 0
    assert of(told, "parley_database_errors_total", code="store_unavailable") >= 1
    assert of(told, "parley_webhooks_refused_total", line="shop", answer="503") == 1
    assert "parley_replicas" not in {name for name, _ in told}


async def test_without_the_token_nothing_is_told(tmp_path: Path) -> None:
    async with running(tmp_path, more=TOKEN) as bot:
        for headers in ({}, {"Authorization": "Bearer s3sam"}, {"Authorization": "s3same"}):
            async with bot.client.get("/metrics", headers=headers) as answer:
                assert (answer.status, "parley_" in await answer.text()) == (401, False)


async def test_where_nothing_is_configured_there_is_no_such_page(tmp_path: Path) -> None:
    async with running(tmp_path) as bot, bot.client.get("/metrics", headers=SHOWN) as answer:
        assert answer.status == 404


async def test_a_port_of_its_own_tells_them_and_the_servers_own_does_not(tmp_path: Path) -> None:
    port = free_port()
    more = f'\n[metrics]\nlisten = "127.0.0.1:{port}"\n'
    async with running(tmp_path, more=more) as bot, aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
            told = parsed(await answer.text())
        async with session.get(f"http://127.0.0.1:{port}/webhooks/shop") as answer:
            other = answer.status
        async with bot.client.get("/metrics") as answer:
            public = answer.status

    assert of(told, "parley_database_up") == 1
    assert (other, public) == (404, 404)


async def test_a_port_of_its_own_asks_for_the_token_too(tmp_path: Path) -> None:
    port = free_port()
    more = f'{TOKEN}listen = "127.0.0.1:{port}"\n'
    async with running(tmp_path, more=more) as bot, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}/metrics"
        async with session.get(url) as bare, session.get(url, headers=SHOWN) as shown:
            assert (bare.status, shown.status) == (401, 200)
        async with bot.client.get("/metrics", headers=SHOWN) as public:
            assert public.status == 404


async def test_a_port_that_is_taken_is_named_at_start(tmp_path: Path) -> None:
    port = free_port()
    more = f'\n[metrics]\nlisten = "127.0.0.1:{port}"\n'
    async with running(tmp_path, more=more) as bot:
        beside = DatabaseSettings(url=f"sqlite:///{tmp_path / 'beside.db'}")
        app = build_app(bot.settings.model_copy(update={"database": beside}))
        runner = web.AppRunner(app)
        with pytest.raises(
            DefinitionError, match=rf"metrics.listen: 127.0.0.1:{port}: in use by another"
        ):
            await runner.setup()
        await runner.cleanup()


@pytest.mark.parametrize("place", ["9400", "127.0.0.1", "127.0.0.1:0", "host:99999", "a b:1"])
def test_a_place_to_listen_that_is_none_is_refused(tmp_path: Path, place: str) -> None:
    file = tmp_path / "parley.toml"
    file.write_text(f'[metrics]\nlisten = "{place}"\n')

    with pytest.raises(SettingsInvalid, match=r"metrics\.listen"):
        load_settings(file)


async def test_two_replicas_each_tell_that_they_are_two(tmp_path: Path, database: str) -> None:  # noqa: F811
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    async with running(folders[0], more=database + TOKEN) as first:
        alone = await figures(first)
        async with running(folders[1], more=database + TOKEN) as second:
            maria = second.sandbox.contact("5215550001", name="Maria")
            await maria.says("hi")
            await maria.receives()
            of_first, of_second = await figures(first), await figures(second)

    assert of(alone, "parley_replicas") == 1
    assert of(of_first, "parley_replicas") == of(of_second, "parley_replicas") == 2
    # What the database tells both tell; what a process did it tells alone.
    assert of(of_first, "parley_last_webhook_timestamp_seconds", line="shop") > 0
    assert of(of_first, "parley_webhooks_total", answer="200") == 0
    assert of(of_second, "parley_webhooks_total", answer="200") >= 1


async def test_a_blocked_event_loop_is_told_as_its_lag() -> None:
    lag = LoopLag()
    lag.start()
    time.sleep(LAG_STEP_S + 0.2)  # what a flow does that must not: nothing else runs meanwhile
    async with asyncio.timeout(30):
        while lag.seconds == 0:
            await asyncio.sleep(0.01)
    lag.stop()

    assert lag.seconds >= 0.2
