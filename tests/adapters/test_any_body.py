"""No provider's `parse` raises anything but PayloadInvalid, whatever JSON comes; `test_mutations.py` spoils bodies."""

import contextlib
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.cbot.parse import parse_body as parse_cbot
from adapters.console.parse import parse_body as parse_console
from adapters.fake import FakeAdapter
from adapters.registry import ADAPTERS
from engine.core.errors import PayloadInvalid
from tests.adapters.samples import JSON, LINE, NOW
from tests.adapters.test_mutations import ways_into
from tests.adapters.webhooks import WEBHOOKS, ParseBody, Webhooks, check, each_provider

READERS: dict[str, ParseBody] = {
    "360dialog": parse_cbot,
    "console": parse_console,
    "fake": lambda body, *, line, received_at: FakeAdapter(line).parse(
        body, received_at=received_at
    ),
} | {one.name: one.parse_body for one in WEBHOOKS}


def test_every_provider_is_read_here() -> None:
    assert READERS.keys() == ADAPTERS.keys() | {"fake", "rcs"}


def read(parse_body: ParseBody, value: object) -> None:
    with contextlib.suppress(PayloadInvalid):
        for parcel in parse_body(json.dumps(value).encode(), line=LINE, received_at=NOW):
            for arrival in parcel.arrivals:
                check(arrival)


@pytest.mark.parametrize("provider", READERS)
@settings(deadline=None)
@given(value=JSON)
def test_any_json_is_read_or_refused(provider: str, value: object) -> None:
    read(READERS[provider], value)


@cache
def keys_of(webhooks: Webhooks) -> list[str]:
    """Return every key that the provider's bodies have anywhere: what is drawn gets past the first."""
    ways = (way for body in webhooks.all_bodies.values() for way in ways_into(body))
    return sorted({key for way in ways for key in way if isinstance(key, str)})


@each_provider
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_object_with_the_keys_we_read_is_read_or_refused(
    webhooks: Webhooks, data: st.DataObject
) -> None:
    keys = st.sampled_from(keys_of(webhooks))
    objects = st.recursive(
        JSON, lambda inner: st.dictionaries(keys, inner | st.lists(inner)), max_leaves=12
    )
    read(webhooks.parse_body, data.draw(objects))
