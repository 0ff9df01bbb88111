"""Who did what, when. Kept, and never changed."""

from datetime import datetime
from typing import NamedTuple

from storage.clean import clean_text
from storage.columns import stamp
from storage.statement import Call, insert

NO_LINE = ""
"""What stands for the line where something belongs to none."""

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
    """`token:NAME`, or `command`."""
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
