"""Whatever is done to a webhook of either form, it is read; what comes out can be stored."""

import copy

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.cbot.parse import parse_body
from engine.ports import Parcel
from tests.adapters.cbot.parsed import PAYLOADS
from tests.adapters.cloud.test_mutations import JSON_IN_64_BITS, STRANGE, at, check, paths_of
from tests.adapters.samples import LINE, NOW

BODIES = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(PAYLOADS.glob("*.json"))}


def parse(body: object) -> list[Parcel]:
    data = orjson.dumps(body)
    parcels = parse_body(data, line=LINE, received_at=NOW)
    assert parcels == parse_body(data, line=LINE, received_at=NOW), "the same body, the same keys"
    assert {parcel.account for parcel in parcels} <= {None}
    return parcels


@settings(deadline=None)
@given(case=st.sampled_from(sorted(BODIES)), data=st.data())
def test_a_payload_with_changed_values_is_read(case: str, data: st.DataObject) -> None:
    body = copy.deepcopy(BODIES[case])
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
            holder[key] = copy.deepcopy(drawn)
    check(parse(body))


def test_each_key_of_each_payload_may_be_missing_or_null() -> None:
    for body in BODIES.values():
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
    whole = {one.key: one for parcel in parse(BODIES["everything"]) for one in parcel.arrivals}
    for *parents, key in paths_of(BODIES["everything"]["messages"][0]):
        changed = copy.deepcopy(BODIES["everything"])
        at(changed["messages"][0], tuple(parents))[key] = 7
        found = {one.key: one for parcel in parse(changed) for one in parcel.arrivals}
        for kept in ("gBE.second", "gBE.third:read"):
            assert found[kept] == whole[kept]
