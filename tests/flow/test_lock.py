"""`flows.lock`: what is published, under which serial."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import pytest
from annotated_types import Interval

from engine.core.content import Location
from engine.core.errors import DefinitionError
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow, FlowMeta
from engine.flow.lock import (
    NOTHING_PUBLISHED,
    Lock,
    publish,
    read_lock,
    removed_steps,
    write_lock,
)
from engine.flow.steps import ask, choose, say
from engine.flow.targets import END, to


class Shop(Flow, moved={"hello": to.greet}):
    greet = say("Hello.")
    size: str = ask("Size?", was="width")


FLOWS = {"shop": CompiledFlow(Shop)}
TODAY = {"shop": {"greet": "say", "size": "ask str"}}


def test_without_a_file_nothing_is_published(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "flows.lock") == NOTHING_PUBLISHED == Lock(serial=0, flows={})


def test_publishing_raises_the_serial_once_for_each_change() -> None:
    first = publish(NOTHING_PUBLISHED, FLOWS)
    assert first == Lock(serial=1, flows=TODAY)
    assert publish(first, FLOWS) is first
    assert publish(first, {}) == Lock(serial=2, flows={})


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@pytest.mark.parametrize(
    ("annotation", "described"),
    [
        pytest.param(Literal["Small", "Large"], "ask Literal['Small', 'Large']", id="literal"),
        pytest.param(Annotated[int, Interval(ge=1, le=9)], "ask int Ge(ge=1) Le(le=9)", id="int"),
        pytest.param(Location | str | None, "ask Location | str | None", id="union"),
        pytest.param(Size, "ask Size(small, large)", id="enum"),
    ],
)
def test_an_answer_type_that_changes_is_a_change(annotation: object, described: str) -> None:
    flow = FlowMeta(
        "Shop",
        (Flow,),
        {
            "__module__": __name__,
            "__annotations__": {"size": annotation},
            "size": ask("Size?"),
        },
    )
    lock = publish(NOTHING_PUBLISHED, {"shop": CompiledFlow(flow)})
    assert lock.flows == {"shop": {"size": described}}


def test_where_steps_lead_is_published() -> None:
    class Ways(Flow):
        which = choose("Which?", {"Here": to.here, "Other": to["other"].then(to.here), "Out": END})
        here = say("Here.", then=to.which)

    lock = publish(NOTHING_PUBLISHED, {"ways": CompiledFlow(Ways)})
    assert lock.flows["ways"] == {
        "which": "choose -> here, @other>here, END",
        "here": "say -> which",
    }


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "flows.lock"
    lock = Lock(serial=7, flows=TODAY)
    write_lock(path, lock)
    assert read_lock(path) == lock


def test_the_file_has_one_step_a_line_in_a_fixed_order(tmp_path: Path) -> None:
    path = tmp_path / "flows.lock"
    write_lock(path, Lock(serial=7, flows={"shop": {"size": "ask", "greet": "say"}}))
    lines = path.read_text().splitlines()
    assert lines.index('      "greet": "say",') + 1 == lines.index('      "size": "ask"')


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<<<<<<< HEAD\n", id="a merge conflict"),
        pytest.param('{"serial": "many", "flows": {}}', id="a wrong value"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "flows.lock"
    path.write_text(text)
    with pytest.raises(DefinitionError, match=r"flows\.lock.*publish again"):
        read_lock(path)


def test_steps_are_removed_unless_something_leads_on_from_them() -> None:
    before = Lock(
        serial=1,
        flows={
            "shop": {"greet": "say", "hello": "say", "width": "ask", "gone": "say"},
            "closed": {"bye": "say"},
        },
    )
    assert removed_steps(before, FLOWS) == [("shop", "gone")]
