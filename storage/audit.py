"""Who did what, when. Kept, and never changed."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from storage import tables
from storage.clean import clean_text
from storage.columns import read_time, stamp
from storage.database import Database
from storage.statement import Call, insert

NO_LINE = ""
"""What stands for the line where something belongs to none."""

LOOKED_THROUGH: Final = 2_000
"""Acts that one page looks through."""

_ADD = insert(
    "audit",
    "line_id text, id bigint, at time, actor text, act text, subject text",
    conflict="ON CONFLICT (line_id, id) DO NOTHING",
)


class Act(NamedTuple):
    """One thing that was done."""

    id: int
    """Given once for each act: one that is told again counts once."""
    line: str
    at: datetime
    actor: str
    """`token:NAME`, `agent:LOGIN`, `command`; `address:IP` of who failed to sign in."""
    act: str
    subject: str
    """What it was done to: a message's id, a flow's name, a token's."""


def audited(act: Act) -> Call:
    """Return what notes an act, to be run in the transaction of the act itself."""
    return Call(
        _ADD,
        [
            (
                act.line,
                act.id,
                stamp(act.at),
                clean_text(act.actor),
                act.act,
                clean_text(act.subject),
            )
        ],
    )


class Found(NamedTuple):
    """A page of the audit."""

    acts: list[Act]
    """Newest first."""
    before: int | None
    """Where the next page begins; None at the end."""


async def read_audit(
    database: Database,
    *,
    who: str = "",
    act: str = "",
    before: int | None = None,
    limit: int = 50,
) -> Found:
    """Return what was done that belongs to no line: all that agents and admins do.

    Args:
        database: Where it is kept.
        who: An agent's login: what they did, and what was done to them; empty for everybody.
        act: Only this; empty for everything.
        before: Where the page before this one ended.
        limit: Acts at most. A page may have fewer, and be followed by others, where few of many are asked for.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    t = tables.AuditRow
    columns = map(col, (t.id, t.line_id, t.at, t.actor, t.act, t.subject))
    # Newest first along the primary key, and no further than LOOKED_THROUGH: a filter has no index.
    near = select(*columns).where(col(t.line_id) == NO_LINE)
    if before is not None:
        near = near.where(col(t.id) < before)
    near = near.order_by(col(t.id).desc()).limit(LOOKED_THROUGH)
    async with database.read() as connection:
        rows = (await connection.execute(near)).all()
    wanted = [row for row in rows if _is_about(row, who) and act in ("", row.act)]
    acts = [
        Act(row.id, row.line_id, read_time(row.at), row.actor, row.act, row.subject)
        for row in wanted[:limit]
    ]
    if len(wanted) > limit:
        return Found(acts, acts[-1].id)
    return Found(acts, rows[-1].id if len(rows) == LOOKED_THROUGH else None)


def _is_about(row: Any, who: str) -> bool:
    return not who or row.actor == f"agent:{who}" or row.subject == who
