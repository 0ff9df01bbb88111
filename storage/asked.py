"""Questions in the words of both databases, put on a reading connection with values by their names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statement import Call, Cell, Rows, Statement, ask

Given = dict[str, Cell]
"""A question's single values by their names."""

_LIST = re.compile(r"\[\[([a-z_]+)\]\]")
_EPOCH = re.compile(r"epoch\(([a-z_.]+)\)")
_NAME = re.compile(r"(?<!:):([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that only reads, and the names of its single values in order."""

    statement: Statement
    names: tuple[str, ...]

    def of(self, given: Given, keys: Sequence[tuple[Cell, ...]] = ()) -> Call:
        """Return it with its values; names that it does not ask for are passed over."""
        return Call(self.statement, keys, tuple(given[name] for name in self.names))


def question(
    text: str, *, keys: str = "", scalars: str = "", postgres: str | None = None
) -> Question:
    """Make a question as `statement.ask` does.

    Args:
        text: `[[name]]` stands for the values of a list, whose scalar `name` is given as `listed` writes it;
            `names(x)` gathers the values of a column as such a list; `epoch(x)` is a time in whole seconds since 1970.
        keys: The keys' columns, with types.
        scalars: Single values, with types; those that the text does not name are left out.
        postgres: The text for PostgreSQL, where it differs; with the same scalars.
    """
    sqlite = _LIST.sub(r"(SELECT value FROM json_each(:\1))", text)
    own = _LIST.sub(r"(SELECT json_array_elements_text(CAST(:\1 AS json)))", postgres or text)
    named = set(_NAME.findall(sqlite))
    used = [one for one in scalars.split(", ") if one.split()[:1] and one.split()[0] in named]
    return Question(
        ask(
            _EPOCH.sub(r"CAST(strftime('%s', \1) AS INTEGER)", sqlite).replace(
                "names(", "json_group_array("
            ),
            postgres=_EPOCH.sub(r"CAST(floor(extract(epoch FROM \1)) AS bigint)", own).replace(
                "names(", "array_agg("
            ),
            keys=keys,
            scalars=", ".join(used),
        ),
        tuple(one.split()[0] for one in used),
    )


def listed(values: Sequence[str]) -> str:
    """Write a list as a question takes it."""
    return orjson.dumps(values).decode()


def read_list(told: str | Sequence[str] | None) -> tuple[str, ...]:
    """Read what `names(x)` gathered, in the order of the alphabet."""
    return tuple(sorted(orjson.loads(told) if isinstance(told, str) else told or ()))


async def asked(connection: AsyncConnection, call: Call) -> Rows:
    """Return the answer to a question; times come as `read_time` reads them."""
    statement = call.statement
    if call.is_empty:
        return []
    if connection.dialect.name == "sqlite":
        given = (orjson.dumps(call.rows).decode(),) if statement.keys else ()
        told = await connection.exec_driver_sql(statement.sqlite, (*given, *call.scalars))
    else:
        columns = [list(column) for column in zip(*call.rows, strict=True)]
        told = await connection.exec_driver_sql(statement.postgres, (*columns, *call.scalars))
    return told.all()
