"""Exits are read from a code step's source."""

from types import FunctionType
from typing import Any

import pytest

from engine.flow.compile import CompiledFlow
from engine.flow.exits import Exits, read_exits
from parley import END, Chat, Flow, To, say, step, to


async def plain(self: Any, chat: Chat) -> To | None:
    if self.a:
        return to.a
    return to["order"].then(to.b)


async def falls(self: Any, chat: Chat) -> To | None:
    if self.a:
        return to.a
    return None


async def silent(self: Any, chat: Chat) -> None:
    await chat.say("Hello")


async def every_form(self: Any, chat: Chat) -> To | None:
    for item in self.items:
        if item:
            return to.a if item > 1 else END
        while item:
            return to.a.fresh
    try:
        with self.lock:
            return to["order"]
    except ValueError:
        return to["order"].then(to.b.fresh)
    finally:
        self.close()


async def inner_functions(self: Any, chat: Chat) -> To:
    def inner() -> To:
        return to.not_mine

    class Inner:
        def method(self) -> To:
            return to.not_mine

    self.use(inner, Inner)
    return to.a


async def raises(self: Any, chat: Chat) -> To:
    if self.a:
        return to.a
    raise ValueError


async def branches(self: Any, chat: Chat) -> To:
    if self.a:
        return to.a
    if self.b:
        raise ValueError
    return to.b


async def cases(self: Any, chat: Chat) -> To:
    match self.a:
        case 1:
            return to.a
        case _:
            return to.b


async def open_cases(self: Any, chat: Chat) -> To | None:  # type: ignore[return]
    match self.a:
        case 1:
            return to.a
        case 2:
            return to.b


async def forever(self: Any, chat: Chat) -> To:
    while True:
        if self.a:
            return to.a


async def until(self: Any, chat: Chat) -> To | None:
    while True:
        if self.a:
            break
    else:
        return to.a
    return None


async def computed(self: Any, chat: Chat) -> To:
    return self.next(to.a)  # type: ignore[no-any-return]


async def within(self: Any, chat: Chat) -> To:
    async with self.lock:
        return to.a


ORDER_B = to["order"].then(to.b)


@pytest.mark.parametrize(
    ("function", "targets", "may_fall"),
    [
        pytest.param(plain, (to.a, ORDER_B), False, id="plain"),
        pytest.param(falls, (to.a,), True, id="returns-none"),
        pytest.param(silent, (), True, id="no-return"),
        pytest.param(
            every_form,
            (to.a, END, to.a.fresh, to["order"], to["order"].then(to.b.fresh)),
            False,
            id="every-form",
        ),
        pytest.param(inner_functions, (to.a,), False, id="inner-functions"),
        pytest.param(raises, (to.a,), False, id="raises"),
        pytest.param(branches, (to.a, to.b), False, id="branches"),
        pytest.param(cases, (to.a, to.b), False, id="cases"),
        pytest.param(open_cases, (to.a, to.b), True, id="open-cases"),
        pytest.param(forever, (to.a,), False, id="forever"),
        pytest.param(until, (to.a,), True, id="until"),
        pytest.param(within, (to.a,), False, id="within"),
    ],
)
def test_exits_are_read(function: Any, targets: tuple[To, ...], may_fall: bool) -> None:
    assert read_exits(function) == Exits(targets, may_fall, unreadable=False)


def test_what_only_a_run_can_tell_is_unreadable() -> None:
    assert read_exits(computed).unreadable


def test_a_function_without_source_is_unreadable() -> None:
    made = FunctionType(compile("None", "nowhere.py", "exec"), {})
    assert read_exits(made).unreadable
    assert read_exits(lambda self, chat: to.a).unreadable  # type: ignore[arg-type, return-value]


def test_exits_may_be_named_instead() -> None:
    class Named(Flow):
        @step(exits=[to.a, END], on_error=to.b)
        async def pick(self, chat: Chat) -> To:
            return await computed(self, chat)

        a = say("a")
        b = say("b")

    pick = CompiledFlow(Named).steps["pick"]
    assert [(str(exit_.target), exit_.label) for exit_ in pick.exits] == [
        ("a", ""),
        ("END", ""),
        ("b", "on_error"),
    ]
    assert not pick.unreadable
    assert pick.falls
