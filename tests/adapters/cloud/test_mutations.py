"""Meta's own forms at their oddest are read. What is done to all providers' webhooks: `../test_mutations.py`."""

from adapters.cloud.parse import parse_body
from tests.adapters.samples import LINE, NOW
from tests.adapters.webhooks import CLOUD, check


def test_edits_within_edits_end() -> None:
    edit: dict[str, object] = {"type": "text", "text": {"body": "Hi"}}
    for _ in range(100):
        edit = {"type": "edit", "edit": {"original_message_id": "wamid.1", "message": edit}}
    message = {"id": "wamid.2", "from": "525550000001", **edit}
    value = {"messages": [message]}
    CLOUD.read({"entry": [{"changes": [{"field": "messages", "value": value}]}]})


def test_lone_surrogates_and_stray_bytes_are_replaced() -> None:
    body = (
        b'\xef\xbb\xbf{"entry": [{"changes": [{"field": "messages", "value": {"messages": [{"id": "wamid.1", '
        b'"from": "525550000001", "type": "text", "text": {"body": "a\\ud800b\xffc"}}]}}]}]}'
    )
    (parcel,) = parse_body(body, line=LINE, received_at=NOW)
    (arrival,) = parcel.arrivals
    check(arrival)
    assert arrival.signal.kind == "message_received"
    assert arrival.signal.content.kind == "text"
    assert arrival.signal.content.body == "a\ufffdb\ufffdc"
