"""Alembic's entry: runs the revisions on the connection that `storage.migrate` hands over."""

from typing import Any

from alembic import context

from storage import tables


def belongs(thing: Any, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """Tell whether a table is part of the schema of this kind of database."""
    only = thing.info.get("only") if kind == "table" else None
    return only in (None, context.get_context().dialect.name)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    include_object=belongs,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
