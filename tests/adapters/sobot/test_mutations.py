"""Whatever is done to a documented webhook, it is read; what comes out can be stored."""

import copy
from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sobot.parse import parse_body
from engine.ports import Parcel
from tests.adapters.cloud.test_mutations import JSON_IN_64_BITS, STRANGE, at, check, paths_of
from tests.adapters.samples import LINE, NOW

PAYLOADS = {
    path.stem: orjson.loads(path.read_bytes())
    for path in sorted((Path(__file__).parent / "payloads").glob("*.json"))
}


def parse(body: object) -> list[Parcel]:
    data = orjson.dumps(body)
    parcels = parse_body(data, line=LINE, received_at=NOW)
    assert parcels == parse_body(data, line=LINE, received_at=NOW), "the same body, the same keys"
    return parcels


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


def test_each_key_of_each_payload_may_be_missing_null_or_of_another_type() -> None:
    for body in PAYLOADS.values():
        for *parents, key in paths_of(body):
            for value in (None, 7, "x", [], {}, ["x"], {"0": None}):
                changed = copy.deepcopy(body)
                at(changed, tuple(parents))[key] = value
                check(parse(changed))
            changed = copy.deepcopy(body)
            del at(changed, tuple(parents))[key]
            check(parse(changed))


def test_a_spoiled_item_leaves_the_others_as_they_were() -> None:
    batch = PAYLOADS["batch"]
    whole = {arrival.key: arrival for parcel in parse(batch) for arrival in parcel.arrivals}
    for *parents, key in paths_of(batch[0]):
        changed = copy.deepcopy(batch)
        at(changed[0], tuple(parents))[key] = 7
        found = {arrival.key: arrival for parcel in parse(changed) for arrival in parcel.arrivals}
        for kept in ("wamid.out9:read", "wamid.second"):
            assert found[kept] == whole[kept]
