"""What the replays of all providers share: the documented bodies, and what one provider says of its own."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from engine.core.value import Json
from engine.ports import Parcel
from tests.adapters.published import PAYLOADS

_items: TypeAdapter[list[dict[str, Json]]] = TypeAdapter(list[dict[str, Json]])
_HOST = re.compile(rb'(https?:(?:\\?/){2}[^/"\\?]+)')


@dataclass(frozen=True)
class Payload:
    """One documented body and what the index says of it."""

    file: str
    type: str
    expected: dict[str, Json]
    body: bytes


@dataclass(frozen=True)
class Replay:
    """How one provider's documented webhooks are replayed, and what shall be stored of each."""

    provider: str
    """As the documents' index calls it."""
    line: str
    """What the webhooks' address ends in: the line's name, and its `webhook_secret` where it has one."""
    tables: Callable[[Sequence[Payload], str], str]
    """Returns the TOML of the lines that the payloads are for, given where the provider's calls go."""
    wanted: Callable[[Payload], tuple[str, str] | None]
    """Returns the signal's kind and what it says (see `told`); None where a body names nothing."""
    parse: Callable[[bytes], list[Parcel]]
    """The adapter's own reading, to know which message of ours a status is about."""
    text: Callable[[Payload, str], bytes]
    """Returns a body in which this phone writes to the line that a payload is for; the message's id holds the phone."""
    accepted: Callable[[str], Json]
    """Returns what the provider answers to a send, with the message's id."""
    headers: Callable[[bytes], dict[str, str]] = lambda body: {}
    """Returns what a body is signed with, where the provider signs."""
    by_link: bool = False
    """Whether files come as links to other hosts; these are then made to lead nowhere."""

    def payloads(self) -> list[Payload]:
        """Return the provider's inbound bodies; none where the documents are not present."""
        index = PAYLOADS / "index.json"
        if not index.exists():
            return []
        items = _items.validate_python(json.loads(index.read_text("utf-8"))["items"])
        return [
            self._payload(item)
            for item in items
            if item["provider"] == self.provider and item["direction"] == "inbound"
        ]

    def _payload(self, item: dict[str, Json]) -> Payload:
        expected = item.get("expected") or {}
        assert isinstance(expected, dict)
        file = str(item["file"])
        body = (PAYLOADS / file).read_bytes()
        if self.by_link:
            body = _HOST.sub(rb"\1.invalid", body)
        return Payload(file, str(item["type"]), expected, body)


def told(kind: str, content: dict[str, Json]) -> tuple[str, str]:
    """Return a stored signal's kind and what it says: the content's kind, the status, or the report's field."""
    match kind, content:
        case "message_received", {"content": {"kind": str(what)}}:
            return kind, what
        case "delivery_reported", {"status": str(what)} | {"field": str(what)}:
            return kind, what
        case "line_reported", {"field": str(what)}:
            return kind, what
        case _:
            return kind, ""


def rounds(replayed: Iterable[Payload]) -> list[list[Payload]]:
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
    if isinstance(value, dict) and value.keys() & {"timestamp", "source", "destination", "status"}:
        named = (value.get(key) for key in ("id", "gsId", "gs_id"))
        yield from (id_ for id_ in named if isinstance(id_, str))
    yield from _inside(value, _ids)


def numbers_in(value: Json) -> Iterator[str]:
    """Return the accounts that a body of Meta's names."""
    match value:
        case {"metadata": {"phone_number_id": str(number)}}:
            yield number
    yield from _inside(value, numbers_in)


def _inside(value: Json, each: Callable[[Json], Iterator[str]]) -> Iterator[str]:
    inner: Iterable[Json] = ()
    match value:
        case dict():
            inner = value.values()
        case list():
            inner = value
    for item in inner:
        yield from each(item)
