"""Every kind of content and signal survives JSON, and the pages name it; effects they name too."""

from datetime import UTC, datetime
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import pytest
from pydantic import AwareDatetime, JsonValue, TypeAdapter

from engine.core.content import Content, Inbound, Outbound
from engine.core.effects import Effect
from engine.core.signals import Arrival, Signal
from engine.core.trace import Matched
from engine.core.value import Value
from tests.meta.pages import REFERENCE, code_in, rows

PAGE = REFERENCE / "kinds.md"

M = TypeVar("M", bound=Value)


def members(union: Any) -> list[type[Value]]:
    """Return the classes of a union, which may be annotated."""
    bare = get_args(union)[0] if get_origin(union) is Annotated else union
    return list(get_args(bare))


def kinds(union: Any) -> set[str]:
    """Return what `kind` says in the classes of a union."""
    return {kind for cls in members(union) for kind in get_args(get_type_hints(cls)["kind"])}


def sample(cls: type[M], *, full: bool) -> M:
    """Return a value of the class: with everything it can carry, or with what it must carry alone."""
    given = {
        field.name: value(field.annotation, full=full)
        for field in signature(cls).parameters.values()
        if full or field.default is Parameter.empty
    }
    return cls.model_validate(given)


def value(hint: Any, *, full: bool) -> object:
    """Return something of the type; never None, an empty text or an empty list where there is more to say."""
    if hint is JsonValue:
        return {"deep": [1, 2.5, True, None, "ñ 🍕"]}
    if isinstance(hint, NewType):
        return value(hint.__supertype__, full=full)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return value(args[0], full=full)
    if origin is Literal:
        return args[0]
    if origin in (Union, UnionType):
        return value(next(arg for arg in args if arg is not NoneType), full=full)
    if origin is tuple:
        return (value(args[0], full=full),)
    if origin is dict:
        return {"key": value(args[1], full=full)}
    if isinstance(hint, type) and issubclass(hint, Value):
        return sample(hint, full=full)
    return {
        str: "ñ 🍕",
        int: 2**62,
        float: 1.5,
        bool: True,
        datetime: datetime(2026, 9, 1, 12, 30, tzinfo=UTC),
        AwareDatetime: datetime(2026, 9, 1, 12, 30, 0, 5, tzinfo=UTC),
    }[hint]


def each(union: Any) -> list[Any]:
    return [pytest.param(union, cls, id=cls.__name__) for cls in members(union)]


@pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])
@pytest.mark.parametrize(("union", "cls"), [*each(Content), *each(Signal)])
def test_every_kind_survives_json(union: Any, cls: type[Value], full: bool) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(union)
    before = sample(cls, full=full)

    after = adapter.validate_json(adapter.dump_json(before))

    assert type(after) is cls
    assert after == before


def test_an_arrival_survives_json_with_its_signal() -> None:
    before = sample(Arrival, full=True)

    assert Arrival.model_validate_json(before.model_dump_json()) == before


def test_content_is_what_comes_in_and_what_goes_out() -> None:
    assert set(members(Content)) == {*members(Inbound), *members(Outbound)}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        pytest.param("content", kinds(Content), id="content"),
        pytest.param("signal", kinds(Signal), id="signals"),
        pytest.param("effect", {cls.kind for cls in get_args(Effect)}, id="effects"),
        pytest.param("matched", set(get_args(Matched)), id="matched"),
    ],
)
def test_the_page_names_every_kind_and_no_other(heading: str, expected: set[str]) -> None:
    table: list[str] = []
    inside = False
    for row in rows(PAGE):
        if not code_in(row[0]) and "---" not in row[0]:
            inside = row[0] == heading
        elif inside:
            table += code_in(row[0])

    assert sorted(table) == sorted(expected)
