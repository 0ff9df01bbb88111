"""Whatever is done to any provider's webhook, it is read; what comes out can be stored."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.samples import JSON_IN_64_BITS
from tests.adapters.webhooks import WEBHOOKS, Way, Webhooks, each_provider

WRONG: list[object] = [
    None, True, 7, 2**63, 1e308, "x", "\0", "9" * 600, [], {}, ["x"], {"0": None},
]  # fmt: skip
"""At least one of each type: what every key is changed to."""

STRANGE = [
    *WRONG, False, 0, -1, 3.5, -(2**63), "", "34", "😀" * 300, [None], [[]], {"0": {}}, {"a": 1}, [{"type": "text"}],
]  # fmt: skip
"""What is drawn for some."""


def ways_into(value: object) -> list[Way]:
    """Return the way to every key and every item inside."""
    inner: Iterable[tuple[str | int, object]]
    match value:
        case dict():
            inner = value.items()
        case list():
            inner = enumerate(value)
        case _:
            return []
    return [way for key, item in inner for way in ((key,), *((key, *on) for on in ways_into(item)))]


def at(value: Any, way: Way) -> Any:
    """Return what stands at the end of a way."""
    for key in way:
        value = value[key]
    return value


def spoiled(body: Any, way: Way, wrong: list[object]) -> Iterator[None]:
    """Let one key be each wrong value in turn, then be missing; put it back at the end."""
    *before, key = way
    holder = at(body, tuple(before))
    original = holder[key]
    for value in wrong:
        holder[key] = value
        yield
    del holder[key]
    yield
    if isinstance(holder, list):
        assert isinstance(key, int)
        holder.insert(key, original)
    else:
        holder[key] = original


@each_provider
def test_each_key_may_be_missing_null_or_of_another_type(webhooks: Webhooks) -> None:
    assert webhooks.bodies
    for body in copy.deepcopy(webhooks.bodies).values():
        for way in ways_into(body):
            for _ in spoiled(body, way, WRONG):
                webhooks.read(body)


@each_provider
def test_each_key_of_what_was_published_may_be_missing_null_or_of_another_type(
    webhooks: Webhooks,
) -> None:
    others = [body for case, body in webhooks.all_bodies.items() if case not in webhooks.bodies]
    for body in copy.deepcopy(others):
        for way in ways_into(body):
            for _ in spoiled(body, way, [None, 7, {}]):
                webhooks.read(body)


@each_provider
@settings(deadline=None)
@given(data=st.data())
def test_several_keys_may_be_missing_or_hold_anything(
    webhooks: Webhooks, data: st.DataObject
) -> None:
    bodies = webhooks.all_bodies
    body = copy.deepcopy(bodies[data.draw(st.sampled_from(sorted(bodies)), label="case")])
    for _ in range(data.draw(st.integers(1, 3), label="changes")):
        ways = ways_into(body)
        if not ways:
            break
        *before, key = data.draw(st.sampled_from(ways), label="way")
        holder = at(body, tuple(before))
        if data.draw(st.booleans(), label="drop"):
            del holder[key]
        else:
            drawn = data.draw(st.sampled_from(STRANGE) | JSON_IN_64_BITS, label="value")
            holder[key] = copy.deepcopy(drawn)  # a later change may reach into it
    webhooks.read(body)


@pytest.mark.parametrize(
    "webhooks", [one for one in WEBHOOKS if one.batch], ids=lambda one: one.name
)
def test_a_spoiled_item_leaves_the_others_as_they_were(webhooks: Webhooks) -> None:
    assert webhooks.batch is not None
    case, place, kept = webhooks.batch
    whole = webhooks.read(webhooks.bodies[case])
    body = copy.deepcopy(webhooks.bodies[case])
    for way in ways_into(at(body, place)):
        holder, key = at(body, (*place, *way[:-1])), way[-1]
        original, holder[key] = holder[key], 7
        found = webhooks.read(body)
        holder[key] = original
        assert [found[one] for one in kept] == [whole[one] for one in kept]
