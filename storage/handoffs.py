"""Handoffs as rows: one for each time people had a chat, for queues and figures."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.core.ids import LineId
from engine.ports import HandoffRow
from storage.clean import clean_text, maybe_clean
from storage.columns import maybe_stamp, stamp
from storage.statement import Call, Cell, insert

_COLUMNS = (
    "line_id text, conversation_id bigint, turn bigint, reason text, place text, team text, assignee text,"
    " began_at time, claimed_at time, replied_at time, due_at time, late bool, ended_at time, ended text,"
    " ended_by text, note text"
)
_CHANGED = (
    "team",
    "assignee",
    "place",
    "claimed_at",
    "replied_at",
    "due_at",
    "late",
    "ended_at",
    "ended",
    "ended_by",
    "note",
)
_RECORD = insert(
    "handoff",
    _COLUMNS,
    conflict="ON CONFLICT (line_id, conversation_id, turn) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _CHANGED),
)


def record(rows: Sequence[HandoffRow], moments: Mapping[LineId, datetime]) -> Call:
    """Return what writes where handoffs stand; of several rows of one handoff the last counts."""
    last: dict[tuple[Cell, ...], tuple[Cell, ...]] = {}
    for row in rows:
        said, handoff = row.record, row.record.handoff
        key = (row.line, row.conversation, handoff.turn)
        last[key] = (
            *key,
            *(handoff.reason, handoff.place, maybe_clean(said.team), maybe_clean(said.assignee)),
            *(
                stamp(handoff.since),
                maybe_stamp(handoff.claimed_at),
                maybe_stamp(handoff.replied_at),
            ),
            *(maybe_stamp(handoff.due_at), handoff.late),
            stamp(moments[row.line]) if said.ended else None,
            *(
                said.ended,
                maybe_clean(said.by),
                None if said.note is None else clean_text(said.note),
            ),
        )
    return Call(_RECORD, sorted(last.values(), key=lambda cells: cells[:3]))
