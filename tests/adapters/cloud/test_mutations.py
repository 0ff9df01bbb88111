"""Whatever is done to a documented webhook, it is read; what comes out can be stored."""

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.cloud.parse import parse_body
from engine.core.signals import Arrival
from engine.ports import Parcel
from tests.adapters.samples import JSON, LINE, NOW

PAYLOADS = {
    path.stem: orjson.loads(path.read_bytes())
    for path in sorted((Path(__file__).parent / "payloads").glob("*.json"))
}

STRANGE: list[object] = [
    None, True, False, 0, -1, 3.5, 2**63, -(2**63), 1e308, "", "x", "34", "9" * 600, "\0", "😀" * 300, [], {}, [None],
    [[]], {"0": None}, {"0": {}}, {"a": 1}, [{"type": "text"}],
]  # fmt: skip


def paths_of(value: object) -> list[tuple[str | int, ...]]:
    """Return the way to every key and every item inside."""
    inner: Iterable[tuple[str | int, object]]
    match value:
        case dict():
            inner = value.items()
        case list():
            inner = enumerate(value)
        case _:
            return []
    return [
        path for key, item in inner for path in ((key,), *((key, *rest) for rest in paths_of(item)))
    ]


def check(parcels: list[Parcel]) -> None:
    for parcel in parcels:
        for arrival in parcel.arrivals:
            assert arrival.line == LINE
            assert 0 < len(arrival.key) <= 600
            text = arrival.model_dump_json()
            assert "\\u0000" not in text
            assert Arrival.model_validate_json(text) == arrival


def parse(body: object) -> list[Parcel]:
    data = orjson.dumps(body)
    parcels = parse_body(data, line=LINE, received_at=NOW)
    again = parse_body(data, line=LINE, received_at=NOW)
    assert parcels == again, "the same body gives the same keys"
    return parcels


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@settings(deadline=None)
@given(case=st.sampled_from(sorted(PAYLOADS)), data=st.data())
def test_a_payload_with_changed_values_is_read(case: str, data: st.DataObject) -> None:
    body = copy.deepcopy(PAYLOADS[case])
    for _ in range(data.draw(st.integers(1, 3), label="changes")):
        paths = paths_of(body)
        if not paths:
            break
        *parents, key = data.draw(st.sampled_from(paths), label="path")
        holder = at(body, tuple(parents))
        if data.draw(st.booleans(), label="drop"):
            del holder[key]
        else:
            drawn = data.draw(st.sampled_from(STRANGE) | JSON_IN_64_BITS, label="value")
            holder[key] = copy.deepcopy(drawn)  # a later change may reach into it
    check(parse(body))


JSON_IN_64_BITS = JSON.filter(lambda value: _writable(value))


def _writable(value: object) -> bool:
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


def test_each_key_of_each_payload_may_be_missing_or_null() -> None:
    for body in PAYLOADS.values():
        for *parents, key in paths_of(body):
            for drop in (True, False):
                changed = copy.deepcopy(body)
                holder = at(changed, tuple(parents))
                if drop:
                    del holder[key]
                else:
                    holder[key] = None
                check(parse(changed))


def test_a_spoiled_message_leaves_the_others_as_they_were() -> None:
    batch = PAYLOADS["batch"]
    whole = {arrival.key: arrival for parcel in parse(batch) for arrival in parcel.arrivals}
    for *parents, key in paths_of(batch["entry"][0]):
        changed = copy.deepcopy(batch)
        at(changed["entry"][0], tuple(parents))[key] = 7
        found = {arrival.key: arrival for parcel in parse(changed) for arrival in parcel.arrivals}
        for kept in ("wamid.second", "wamid.third:read", "wamid.elsewhere"):
            assert found[kept] == whole[kept]


def test_edits_within_edits_end() -> None:
    edit: dict[str, object] = {"type": "text", "text": {"body": "Hi"}}
    for _ in range(100):
        edit = {"type": "edit", "edit": {"original_message_id": "wamid.1", "message": edit}}
    message = {"id": "wamid.2", "from": "525550000001", **edit}
    value = {"messages": [message]}
    check(parse({"entry": [{"changes": [{"field": "messages", "value": value}]}]}))


def test_lone_surrogates_and_stray_bytes_are_replaced() -> None:
    body = (
        b'\xef\xbb\xbf{"entry": [{"changes": [{"field": "messages", "value": {"messages": [{"id": "wamid.1", '
        b'"from": "525550000001", "type": "text", "text": {"body": "a\\ud800b\xffc"}}]}}]}]}'
    )
    (parcel,) = parse_body(body, line=LINE, received_at=NOW)
    check([parcel])
    signal = parcel.arrivals[0].signal
    assert signal.kind == "message_received"
    assert signal.content.kind == "text"
    assert signal.content.body == "a\ufffdb\ufffdc"
