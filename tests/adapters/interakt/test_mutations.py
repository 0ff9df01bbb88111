"""Whatever is done to a documented webhook, it is read; what comes out can be stored."""

import copy

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.interakt.parse import parse_body
from adapters.interakt.twins import Twins
from engine.ports import Parcel
from tests.adapters.cloud.test_mutations import JSON_IN_64_BITS, STRANGE, at, check, paths_of
from tests.adapters.interakt.parsed import PAYLOADS as FOLDER
from tests.adapters.samples import LINE, NOW

PAYLOADS = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}


def parse(body: object) -> list[Parcel]:
    data = orjson.dumps(body)
    parcels = parse_body(data, line=LINE, received_at=NOW)
    assert parcels == parse_body(data, line=LINE, received_at=NOW), "the same body, the same keys"
    twins = Twins()
    told = [tuple(map(twins.once, arrivals)) for _, arrivals in parcels]
    assert told == [tuple(map(twins.once, arrivals)) for _, arrivals in parcels]
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


@settings(deadline=None)
@given(
    kind=st.sampled_from(["Location", "Contacts", "Reaction", "Order", "InteractiveListReply"]),
    said=st.data(),
)
def test_any_json_in_a_message_is_read(kind: str, said: st.DataObject) -> None:
    body = copy.deepcopy(PAYLOADS["text"])
    inner = said.draw(JSON_IN_64_BITS)
    packed = said.draw(st.booleans())
    body["data"]["message"].update(
        message_content_type=kind, message=orjson.dumps(inner).decode() if packed else inner
    )
    check(parse(body))
