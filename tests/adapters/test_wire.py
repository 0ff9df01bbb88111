"""Reading JSON that others wrote never raises on an odd type."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from adapters.wire import (
    DEPTH,
    clean,
    float_of,
    int_of,
    items_of,
    load_object,
    load_text,
    objects_of,
    part_of,
    text_of,
    tidy,
    time_of,
)
from engine.core.errors import PayloadInvalid
from tests.adapters.samples import JSON, NOW


@settings(deadline=None)
@given(value=JSON)
def test_no_reader_raises(value: object) -> None:
    item = {"key": value}
    text_of(item, "key")
    int_of(item, "key")
    float_of(item, "key")
    part_of(item, "key")
    assert all(isinstance(part, dict) for part in objects_of(item, "key"))
    assert time_of(item, "key", otherwise=NOW).tzinfo is not None


@settings(deadline=None)
@given(value=JSON)
def test_what_is_tidy_stays_as_it_is(value: object) -> None:
    assert tidy(tidy(value)) == tidy(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", None),
        (7, "7"),
        (7.5, "7.5"),
        (True, None),
        (None, None),
        ([], None),
        ({}, None),
    ],
    ids=repr,
)
def test_a_text_may_be_a_number(value: object, text: str | None) -> None:
    assert text_of({"key": value}, "key") == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        (7.9, 7),
        ("7.9", None),
        (True, None),
        (2**70, None),
        ("x", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_whole_number_may_be_a_text(value: object, number: int | None) -> None:
    assert int_of({"key": value}, "key") == number


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1.0), ("1.5", 1.5), ("nan", None), ("inf", None), (10**400, None), (False, None)],
    ids=["int", "text", "nan", "inf", "huge", "bool"],
)
def test_a_number_is_finite(value: object, number: float | None) -> None:
    assert float_of({"key": value}, "key") == number


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ([1, 2], [1, 2]),
        ({"0": 1, "1": 2}, [1, 2]),
        ({"id": 1}, [{"id": 1}]),
        ({}, []),
        (None, []),
        ("x", ["x"]),
    ],
    ids=repr,
)
def test_a_list_may_be_written_in_other_ways(value: object, items: list[object]) -> None:
    assert items_of({"key": value}, "key") == items


@pytest.mark.parametrize(
    "stamp", [1790000000, "1790000000", 1790000000000, "1790000000000", 1790000000.0], ids=repr
)
def test_a_time_is_in_seconds_or_milliseconds(stamp: object) -> None:
    expected = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert time_of({"at": stamp}, "at", otherwise=NOW) == expected


@pytest.mark.parametrize("stamp", [None, "soon", 1e300, -1e300, "9" * 30, [], True], ids=repr)
def test_a_time_that_is_none_is_the_other_one(stamp: object) -> None:
    assert time_of({"at": stamp}, "at", otherwise=NOW) == NOW
    assert time_of({"at": stamp}, "at", otherwise=None) is None


def test_what_nests_too_deeply_is_marked() -> None:
    deep: object = "bottom"
    for _ in range(DEPTH + 5):
        deep = [deep]
    assert "[nested too deeply]" in str(tidy(deep))
    assert "bottom" not in str(tidy(deep))


def test_what_no_database_takes_is_replaced() -> None:
    assert tidy({"a\0": ["\ud800b", 2**64, float("inf"), 1.5, object]}) == {
        "a\ufffd": ["\ufffdb", str(2**64), None, 1.5, str(object)]
    }
    assert clean("é\0") == "é\ufffd"


def test_a_string_of_json_is_read_and_any_other_kept() -> None:
    assert load_text('{"a": 1}') == {"a": 1}
    assert load_text("{a: 1}") == "{a: 1}"
    assert load_text("") == ""


@pytest.mark.parametrize(
    "body", [b"[1]", b"{", b'{"a": Infinity}', b'{"a": ' + b"9" * 5000 + b"}x"], ids=range(4)
)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadInvalid):
        load_object(body)
