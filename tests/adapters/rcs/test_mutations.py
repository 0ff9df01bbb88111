"""Whatever is done to a documented callback, it is read; what comes out can be stored."""

import copy

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.interakt.parse import parse_body
from engine.ports import Parcel
from tests.adapters.cloud.test_mutations import JSON_IN_64_BITS, STRANGE, at, check, paths_of
from tests.adapters.rcs.test_parse import PAYLOADS as FOLDER
from tests.adapters.samples import LINE, NOW

PAYLOADS = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}


def parse(body: object) -> list[Parcel]:
    data = orjson.dumps(body)
    parcels = parse_body(data, line=LINE, received_at=NOW)
    assert parcels == parse_body(data, line=LINE, received_at=NOW), "the same body, the same keys"
    assert len(parcels) == 1
    return parcels


@settings(deadline=None)
@given(case=st.sampled_from(sorted(PAYLOADS)), data=st.data())
def test_a_callback_with_changed_values_is_read(case: str, data: st.DataObject) -> None:
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


def test_each_key_of_each_callback_may_be_missing_null_or_strange() -> None:
    for body in PAYLOADS.values():
        for *parents, key in paths_of(body):
            for value in (None, *STRANGE):
                changed = copy.deepcopy(body)
                at(changed, tuple(parents))[key] = copy.deepcopy(value)
                check(parse(changed))
            changed = copy.deepcopy(body)
            del at(changed, tuple(parents))[key]
            check(parse(changed))
