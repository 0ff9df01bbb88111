"""Targets as authors write them and as they are stored."""

import copy
from datetime import timedelta

import pytest

from engine.core.errors import DefinitionError
from engine.flow.targets import END, To, parse_target, to
from engine.flow.times import after


@pytest.mark.parametrize(
    ("target", "stored"),
    [
        pytest.param(END, "END", id="end"),
        pytest.param(to.size, "size", id="step"),
        pytest.param(to.size.fresh, "size.fresh", id="fresh"),
        pytest.param(to["order"], "@order", id="change"),
        pytest.param(to["order"].then(to.more), "@order>more", id="call"),
        pytest.param(to["order"].then(to.more.fresh), "@order>more.fresh", id="call-fresh"),
        pytest.param(to["a"].then(to["b"].then(END)), "@a>@b>END", id="call-of-calls"),
    ],
)
def test_a_target_is_stored_as_text_and_read_back(target: To, stored: str) -> None:
    assert str(target) == stored
    assert parse_target(stored) == target


def test_only_a_flow_can_be_called() -> None:
    with pytest.raises(TypeError, match="only a flow can be called"):
        to.size.then(to.more)


def test_only_a_step_can_be_fresh() -> None:
    with pytest.raises(TypeError, match="only a step"):
        _ = to["order"].fresh


def test_to_itself_can_be_copied() -> None:
    assert copy.copy(to).x == to.x


@pytest.mark.parametrize(
    ("written", "length"),
    [
        pytest.param("2s", timedelta(seconds=2), id="seconds"),
        pytest.param("5 m", timedelta(minutes=5), id="minutes"),
        pytest.param("2h", timedelta(hours=2), id="hours"),
        pytest.param("1d", timedelta(days=1), id="days"),
        pytest.param(timedelta(seconds=3), timedelta(seconds=3), id="timedelta"),
    ],
)
def test_a_length_of_time(written: str | timedelta, length: timedelta) -> None:
    assert after(written) == length


@pytest.mark.parametrize("written", ["", "2", "h", "2 weeks", "-2s", "0s", timedelta(0)])
def test_what_is_no_length_of_time_is_refused(written: str | timedelta) -> None:
    with pytest.raises(DefinitionError):
        after(written)
