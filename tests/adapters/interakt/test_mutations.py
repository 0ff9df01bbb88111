"""Contents that come as text or as they are: whatever stands in them is read. More: `../test_mutations.py`."""

import copy

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.samples import JSON_IN_64_BITS
from tests.adapters.webhooks import INTERAKT


def say(kind: str, inner: object, *, packed: bool) -> None:
    body = copy.deepcopy(INTERAKT.bodies["text"])
    body["data"]["message"].update(
        message_content_type=kind, message=orjson.dumps(inner).decode() if packed else inner
    )
    INTERAKT.read(body)


@settings(deadline=None)
@given(
    kind=st.sampled_from(["Location", "Contacts", "Reaction", "Order", "InteractiveListReply"]),
    inner=JSON_IN_64_BITS,
    packed=st.booleans(),
)
def test_any_json_in_a_message_is_read(kind: str, inner: object, packed: bool) -> None:
    say(kind, inner, packed=packed)


@pytest.mark.parametrize("packed", [True, False], ids=["as text", "as it is"])
def test_a_key_that_is_no_text_for_a_database_is_read(packed: bool) -> None:
    say("InteractiveListReply", [{"\0": None}], packed=packed)
