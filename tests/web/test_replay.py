"""Every provider's documented webhooks, replayed over HTTP where they are present: each is stored as what it is, once.

A provider is added in `tests/web/replays`.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from engine.core.signals import DeliveryReported
from engine.core.value import Json
from storage.outbox import RANKS
from tests.adapters.cloud.provider import Provider
from tests.loops.world import until
from tests.web.replays import REPLAYS
from tests.web.replays.base import Payload, Replay, rounds, told
from tests.web.support import Bot, running

STORED = """
SELECT line_id, kind, key, content FROM signal WHERE id > ? ORDER BY line_id, id
"""

EVERYTHING = (
    "SELECT line_id, id, kind, key, content, handled_at FROM signal ORDER BY 1, 2",
    "SELECT line_id, id, direction, content, status FROM message ORDER BY 1, 2",
    "SELECT line_id, id, version, state FROM conversation ORDER BY 1, 2",
    "SELECT line_id, id, phone, user_id, name FROM contact ORDER BY 1, 2",
)

each_provider = pytest.mark.parametrize("replay", REPLAYS, ids=lambda replay: replay.provider)


class Replayed:
    """A bot with the lines of some payloads, and the provider that its sends go to."""

    def __init__(self, replay: Replay, bot: Bot, provider: Provider) -> None:
        self.replay = replay
        self.bot = bot
        self.provider = provider

    async def post(self, body: bytes) -> int:
        """Post a body as the provider would; an answer of 2xx must be empty."""
        headers = self.replay.headers(body)
        status, answer = await self.bot.post(body, line=self.replay.line, headers=headers)
        assert status // 100 != 2 or answer == b""
        return status


@asynccontextmanager
async def replayed(
    replay: Replay, members: Sequence[Payload], folder: Path
) -> AsyncIterator[Replayed]:
    """Serve the lines that some payloads are for."""
    folder.mkdir(exist_ok=True)
    provider = Provider()
    await provider.server.start_server()
    base_url = str(provider.server.make_url("/")).rstrip("/")
    try:
        # The provider's answers are for sends alone.
        more = "[templates]\nsync_hours = 0\n" + replay.tables(members, base_url)
        async with running(folder, more=more) as bot:
            yield Replayed(replay, bot, provider)
    finally:
        await provider.server.close()


def meets(payload: Payload, signals: list[dict[str, Json]], bot: Bot) -> bool:
    """Whether what the index asserts of a payload is true of what was stored."""
    contents = [content for signal in signals if isinstance(content := signal.get("content"), dict)]
    for name, value in payload.expected.items():
        match name:
            case "text":
                met = any(value in _words(content) for content in contents)
            case "filename":
                met = any(content.get("filename") == value for content in contents)
            case "flow_name":
                met = any(content.get("name") == value for content in contents)
            case "not_dropped":
                met = bool(contents)
            case "messages_created":
                # What cannot be read is kept, and shown as that; others make no message of it, and one of each card.
                met = sum(map(_messages_in, contents)) == value
            case "status":
                met = any(signal.get("status") == value for signal in signals)
            case "error":
                met = value in _errors(signals)
            case "attachments":
                met = sum("sha256" in content for content in contents) == value
            case "location":
                met = any([c.get("latitude"), c.get("longitude")] == value for c in contents)
            case "title":
                met = any(f"{c.get('name')}, {c.get('address')}" == value for c in contents)
            case "contact_name":
                met = bool(bot.rows("SELECT 1 FROM contact WHERE name = ?", str(value)))
            case "outgoing_echo":
                met = bool(bot.rows("SELECT 1 FROM message WHERE direction = 'out'"))
            case "reply_to":
                contexts = [signal.get("context") for signal in signals]
                met = any(isinstance(c, dict) and c.get("reply_to") == value for c in contexts)
            case "raises":
                met = True  # the webhook was answered 2xx
            case _:
                raise AssertionError(f"the index asserts {name!r}, which no check here knows")
        if not met:
            return False
    return True


def _words(content: dict[str, Json]) -> list[Json]:
    cards = content.get("cards")
    names = (
        [card.get("name") for card in cards if isinstance(card, dict)]
        if isinstance(cards, list)
        else []
    )
    return [content.get("body"), content.get("caption"), content.get("title"), *names]


def _messages_in(content: dict[str, Json]) -> int:
    cards = content.get("cards")
    return len(cards) if isinstance(cards, list) else int(content.get("kind") != "unsupported")


def _errors(signals: list[dict[str, Json]]) -> list[str]:
    """Return what each error of the signals says, as the index writes it."""
    found: list[str] = []
    for signal in signals:
        errors = signal.get("errors")
        known = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
        found += [f"{error.get('code')}: {error.get('title')}" for error in known]
    return found


@each_provider
async def test_each_documented_webhook_is_stored_as_what_the_index_says(
    replay: Replay, tmp_path: Path
) -> None:
    wrong: list[str] = []
    for count, members in enumerate(rounds(replay.payloads())):
        async with replayed(replay, members, tmp_path / str(count)) as at:
            for payload in members:
                ((last,),) = at.bot.rows("SELECT coalesce(max(id), 0) FROM signal")
                assert isinstance(last, int)
                status = await at.post(payload.body)
                stored = at.bot.rows(STORED, last)
                signals = [json.loads(str(content)) for _, _, _, content in stored]
                found = [
                    told(str(kind), signal)
                    for (_, kind, _, _), signal in zip(stored, signals, strict=True)
                ]
                wanted = replay.wanted(payload)
                named = wanted is None or wanted in found
                if status // 100 != 2 or not named or not meets(payload, signals, at.bot):
                    wrong.append(f"{payload.file}: {status}, wanted {wanted}, stored {found}")

    assert wrong == []


@each_provider
async def test_a_second_replay_of_everything_changes_nothing(
    replay: Replay, tmp_path: Path
) -> None:
    everything = replay.payloads()
    async with replayed(replay, everything, tmp_path) as at:
        first = [await at.post(payload.body) for payload in everything]
        before = [at.bot.rows(statement) for statement in EVERYTHING]
        second = [await at.post(payload.body) for payload in everything]
        after = [at.bot.rows(statement) for statement in EVERYTHING]

    assert set(first + second) <= {200}
    assert after == before


@each_provider
async def test_each_webhook_goes_to_its_own_line(replay: Replay, tmp_path: Path) -> None:
    everything = replay.payloads()
    async with replayed(replay, everything, tmp_path) as at:
        for payload in everything:
            await at.post(payload.body)
        strangers = at.bot.rows("SELECT content FROM signal WHERE content LIKE '%unknown_account%'")

    assert strangers == []


# --- statuses ----------------------------------------------------------------------------------------


def reports_of(replay: Replay, payload: Payload) -> list[DeliveryReported]:
    """Return the statuses in a body that change a message's own."""
    return [
        arrival.signal
        for parcel in replay.parse(payload.body)
        for arrival in parcel.arrivals
        if isinstance(arrival.signal, DeliveryReported) and arrival.signal.status in RANKS
    ]


@each_provider
async def test_each_documented_status_reaches_the_message_that_was_sent(
    replay: Replay, tmp_path: Path
) -> None:
    statuses = [payload for payload in replay.payloads() if reports_of(replay, payload)]
    wrong: list[str] = []
    phones = iter(range(525550100001, 525550200000))
    for count, members in enumerate(rounds(statuses)):
        async with replayed(replay, members, tmp_path / str(count)) as at:
            for payload in members:
                (report, *_) = reports_of(replay, payload)
                at.provider.answers(202, replay.accepted(report.external_id))
                assert await at.post(replay.text(payload, str(next(phones)))) == 200
                await until(partial(_is_known, at.bot, report))
                await at.post(payload.body)
                if _status(at.bot, report) != [(_comes_to(report),)]:
                    wrong.append(f"{payload.file}: {_status(at.bot, report)}")

    assert wrong == []


def _comes_to(report: DeliveryReported) -> str:
    """Return where a message stands after a report; one that met a closed window goes back and is held."""
    return "held" if any(error.window_closed for error in report.errors) else report.status


def _is_known(bot: Bot, report: DeliveryReported) -> bool:
    return bool(_status(bot, report))


def _status(bot: Bot, report: DeliveryReported) -> list[tuple[object, ...]]:
    asked = "SELECT status FROM message WHERE direction = 'out' AND external_id = ?"
    return bot.rows(asked, report.external_id)
