"""No adapter's `parse` raises anything but PayloadInvalid, whatever JSON comes."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.cloud.parse import parse_body as parse_cloud
from adapters.console.parse import parse_body as parse_console
from adapters.fake import FakeAdapter
from adapters.gupshup.parse import parse_body as parse_gupshup
from adapters.interakt.parse import parse_body as parse_interakt
from adapters.sobot.parse import parse_body as parse_sobot
from engine.core.errors import PayloadInvalid
from engine.core.signals import Arrival
from engine.ports import Parcel
from tests.adapters.samples import JSON, LINE, NOW


def parse(provider: str, body: bytes) -> list[Parcel]:
    match provider:
        case "cloud":
            return parse_cloud(body, line=LINE, received_at=NOW)
        case "console":
            return parse_console(body, line=LINE, received_at=NOW)
        case "gupshup":
            return parse_gupshup(body, line=LINE, received_at=NOW)
        case "interakt":
            return parse_interakt(body, line=LINE, received_at=NOW)
        case "sobot":
            return parse_sobot(body, line=LINE, received_at=NOW)
        case _:
            return FakeAdapter(LINE).parse(body, received_at=NOW)


def check(provider: str, value: object) -> None:
    with contextlib.suppress(PayloadInvalid):
        for parcel in parse(provider, json.dumps(value).encode()):
            for arrival in parcel.arrivals:
                assert Arrival.model_validate_json(arrival.model_dump_json()) == arrival


@pytest.mark.parametrize("provider", ["cloud", "console", "fake", "gupshup", "interakt", "sobot"])
@settings(deadline=None)
@given(value=JSON)
def test_any_json_is_read_or_refused(provider: str, value: object) -> None:
    check(provider, value)


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
    check("cloud", value)
