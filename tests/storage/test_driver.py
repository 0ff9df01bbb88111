"""What asyncpg asks of the cells of an array: little of plain values, and of all others what it asked before."""

import sys
from collections import deque
from types import FrameType

import asyncpg  # type: ignore[import-untyped]  # ships no types

from storage import statements
from storage.statement import Call
from tests.storage.world import SHOP, World


async def test_the_driver_asks_no_abstract_class_about_plain_cells(postgres_world: World) -> None:
    asked: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == "<frozen abc>":
            asked.append(frame.f_code.co_name)

    keys = [(SHOP, number) for number in range(100)]
    await postgres_world.database.link.run([Call(statements.UNFINISHED, keys)])  # prepares it
    sys.setprofile(note)
    try:
        await postgres_world.database.link.run([Call(statements.UNFINISHED, keys)])
    finally:
        sys.setprofile(None)

    assert asked.count("__instancecheck__") < len(keys)


async def test_the_driver_takes_every_kind_of_array_that_it_took(postgres_world: World) -> None:
    connection = await asyncpg.connect(postgres_world.url)
    try:
        for given in ([1, 2], (1, 2), {1, 2}, deque([1, 2]), {1: "a", 2: "b"}.keys()):
            found = await connection.fetchval("SELECT $1::bigint[]", given)
            assert sorted(found) == [1, 2], type(given)
        assert await connection.fetchval("SELECT $1::bigint[]", [[1], [2]]) == [[1], [2]]
    finally:
        await connection.close()
