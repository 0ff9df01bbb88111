"""The documented Cloud webhooks, replayed over HTTP where they are present: each is stored as what it is, once."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from engine.core.value import Json
from tests.web.support import Bot, line_table, running

DOCUMENTS = (
    Path(
        os.environ.get("PARLEY_PROVIDER_DOCS")
        or Path(__file__).parents[3] / "shared" / "provider-docs"
    )
    / "payloads"
)

STORED = """
SELECT line_id, kind, key, content FROM signal WHERE id > ? ORDER BY line_id, id
"""

EVERYTHING = (
    "SELECT line_id, id, kind, key, content, handled_at FROM signal ORDER BY 1, 2",
    "SELECT line_id, id, direction, content, status FROM message ORDER BY 1, 2",
    "SELECT line_id, id, version, state FROM conversation ORDER BY 1, 2",
    "SELECT line_id, id, phone, user_id, name FROM contact ORDER BY 1, 2",
)

CONTENT = {
    "audio": "audio",
    "audio-voice": "voice",
    "button": "template_button",
    "button-bsuid": "template_button",
    "edit": "edited",
    "interactive-button_reply": "button_reply",
    "interactive-call_permission_reply": "interaction",
    "interactive-list_reply": "list_reply",
    "interactive-nfm_reply": "form_reply",
    "interactive-none": "interaction",
    "interactive-payment_method": "interaction",
    "malformed-docs-artifact": "text",
    "revoke": "revoked",
    "system-customer_identity_changed": "system",
    "system-user_changed_number": "system",
}
"""The index's type -> our kind of content, where the words differ."""

SAME_WORD = (
    "contacts",
    "document",
    "image",
    "location",
    "order",
    "reaction",
    "sticker",
    "text",
    "unsupported",
    "video",
)

NOTHING_NAMED = frozenset({"empty", "empty-entry"})
"""Bodies that carry nothing one could name."""


@dataclass(frozen=True)
class Payload:
    """One documented body and what the index says of it."""

    file: str
    type: str
    expected: dict[str, Json]
    body: bytes

    @property
    def numbers(self) -> list[str]:
        """The accounts it names."""
        return list(dict.fromkeys(_numbers(json.loads(self.body))))


_items: TypeAdapter[list[dict[str, Json]]] = TypeAdapter(list[dict[str, Json]])


def payloads() -> list[Payload]:
    """Return the inbound Cloud bodies; none where the documents are not present."""
    index = DOCUMENTS / "index.json"
    if not index.exists():
        return []
    found = []
    for item in _items.validate_python(json.loads(index.read_text("utf-8"))["items"]):
        if item["provider"] == "cloud" and item["direction"] == "inbound":
            expected = item.get("expected") or {}
            assert isinstance(expected, dict)
            file = str(item["file"])
            body = (DOCUMENTS / file).read_bytes()
            found.append(Payload(file, str(item["type"]), expected, body))
    return found


def _numbers(value: Json) -> Iterator[str]:
    match value:
        case {"metadata": {"phone_number_id": str(number)}}:
            yield number
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _numbers(inner)


def lines_for(replayed: list[Payload]) -> str:
    """Return a line for each number the payloads name, as their receiver would have configured them."""
    numbers = dict.fromkeys(number for payload in replayed for number in payload.numbers)
    return "".join(
        line_table(f"number_{count}", number, base_url="{base_url}")
        for count, number in enumerate(numbers)
    )


def wanted(payload: Payload) -> tuple[str, str]:
    """Return the signal's kind and what it says, as the index has it."""
    type_ = payload.type
    if payload.expected.get("messages_created") == 0:
        return "line_reported", "messages"
    if type_ == "event-smb_message_echoes":
        return "business_replied", ""
    if type_ == "error-value-level":
        return "line_reported", "errors"
    head, _, rest = type_.partition("-")
    match head:
        case "event":
            return "line_reported", rest
        case "status":
            return "delivery_reported", rest.partition("-")[0]
        case _:
            return "message_received", CONTENT.get(type_) or (head if head in SAME_WORD else type_)


def told(kind: str, content: dict[str, Json]) -> tuple[str, str]:
    """Return the same of a stored signal."""
    match kind, content:
        case "message_received", {"content": {"kind": str(what)}}:
            return kind, what
        case "delivery_reported", {"status": str(what)} | {"field": str(what)}:
            return kind, what
        case "line_reported", {"field": str(what)}:
            return kind, what
        case _:
            return kind, ""


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
                met = not contents
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
    return [content.get("body"), content.get("caption"), *names]


def rounds(replayed: list[Payload]) -> list[list[Payload]]:
    """Split the payloads so that no id stands twice in a round: many documents share their placeholder ids."""
    found: list[tuple[list[Payload], set[str]]] = []
    for payload in replayed:
        ids = set(_ids(json.loads(payload.body)))
        for members, taken in found:
            if not ids & taken:
                members.append(payload)
                taken |= ids
                break
        else:
            found.append(([payload], ids))
    return [members for members, _ in found]


def _ids(value: Json) -> Iterator[str]:
    match value:
        case {"id": str(id_), "timestamp": _}:
            yield id_
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _ids(inner)


async def test_each_documented_webhook_is_stored_as_what_the_index_says(tmp_path: Path) -> None:
    wrong: list[str] = []
    for count, members in enumerate(rounds(payloads())):
        folder = tmp_path / str(count)
        folder.mkdir()
        async with running(folder, more=lines_for(members)) as bot:
            for payload in members:
                ((last,),) = bot.rows("SELECT coalesce(max(id), 0) FROM signal")
                assert isinstance(last, int)
                status, _ = await bot.post(payload.body)
                stored = bot.rows(STORED, last)
                signals = [json.loads(str(content)) for _, _, _, content in stored]
                found = [
                    told(str(kind), signal)
                    for (_, kind, _, _), signal in zip(stored, signals, strict=True)
                ]
                named = payload.type in NOTHING_NAMED or wanted(payload) in found
                if status // 100 != 2 or not named or not meets(payload, signals, bot):
                    wrong.append(
                        f"{payload.file}: {status}, wanted {wanted(payload)}, stored {found}"
                    )

    assert wrong == []


async def test_a_second_replay_of_everything_changes_nothing(tmp_path: Path) -> None:
    everything = payloads()
    async with running(tmp_path, more=lines_for(everything)) as bot:
        first = [(await bot.post(payload.body))[0] for payload in everything]
        before = [bot.rows(statement) for statement in EVERYTHING]
        second = [(await bot.post(payload.body))[0] for payload in everything]
        after = [bot.rows(statement) for statement in EVERYTHING]

    assert set(first + second) <= {200}
    assert after == before


async def test_a_number_goes_to_its_own_line(tmp_path: Path) -> None:
    everything = payloads()
    async with running(tmp_path, more=lines_for(everything)) as bot:
        for payload in everything:
            await bot.post(payload.body)
        strangers = bot.rows("SELECT content FROM signal WHERE content LIKE '%unknown_account%'")

    assert strangers == []
