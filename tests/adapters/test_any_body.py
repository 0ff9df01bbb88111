"""No adapter's `parse` raises anything but PayloadInvalid, whatever JSON comes."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.console.parse import parse_body as parse_console
from adapters.fake import FakeAdapter
from engine.core.errors import PayloadInvalid
from tests.adapters.samples import JSON, LINE, NOW
from tests.adapters.webhooks import WEBHOOKS, ParseBody, check

READERS: dict[str, ParseBody] = {
    "console": parse_console,
    "fake": lambda body, *, line, received_at: FakeAdapter(line).parse(
        body, received_at=received_at
    ),
} | {one.name: one.parse_body for one in WEBHOOKS}


def read(provider: str, value: object) -> None:
    with contextlib.suppress(PayloadInvalid):
        for parcel in READERS[provider](json.dumps(value).encode(), line=LINE, received_at=NOW):
            for arrival in parcel.arrivals:
                check(arrival)


@pytest.mark.parametrize("provider", READERS)
@settings(deadline=None)
@given(value=JSON)
def test_any_json_is_read_or_refused(provider: str, value: object) -> None:
    read(provider, value)


KNOWN_KEYS = st.sampled_from(
    [
        "entry",
        "changes",
        "value",
        "field",
        "messages",
        "statuses",
        "metadata",
        "contacts",
        "id",
        "text",
        "from",
    ]
)
"""So that what is drawn gets past the first key."""


@settings(deadline=None)
@given(
    value=st.recursive(
        JSON, lambda inner: st.dictionaries(KNOWN_KEYS, inner | st.lists(inner)), max_leaves=12
    )
)
def test_any_object_with_the_keys_we_read_is_read_or_refused(value: object) -> None:
    read("cloud", value)
