"""What a commit tells other processes on PostgreSQL: as little as they need, and nothing where they need nothing.

SQLite's processes see by themselves that the file changed.
"""

from typing import Any, Final

import orjson

from engine.core.ids import ConversationId, ExternalId, LineId
from engine.ports.outside import UNKNOWN, Outside
from storage.statement import Call, Statement

CHANNEL: Final = "parley"
"""Where commits are told."""

NOTICE_BYTES: Final = 7_900
"""PostgreSQL takes less than 8,000 in one notice. Source: its documentation on NOTIFY, read 2026-08."""

NOTICE: Final = Statement("", f"SELECT pg_notify('{CHANNEL}', $1::text)")


def notice(by: str, told: Outside = UNKNOWN) -> Call:
    """Tell the other processes, at the commit, what was written."""
    return Call(NOTICE, scalars=(write_notice(by, told),))


def read_notice(payload: str) -> tuple[str | None, Outside]:
    """Return who wrote, and what of it concerns others; what nobody can read may be anything."""
    try:
        by, work, chats, reported = orjson.loads(payload)
        return str(by), Outside(
            is_unknown="?" in work,
            signals="s" in work,
            sends="o" in work,
            handoffs="h" in work,
            replicas="r" in work,
            many="m" in work,
            chats=frozenset((LineId(line), ConversationId(chat)) for line, chat in chats),
            reported=frozenset((LineId(line), ExternalId(name)) for line, name in reported),
        )
    except (ValueError, TypeError):
        return None, UNKNOWN


def write_notice(by: str, told: Outside) -> str:
    """Return a notice; where the chats are more than it may hold, it says that anything may have changed."""
    work = "".join(
        letter
        for letter, is_so in zip(
            "?sohrm",
            (told.is_unknown, told.signals, told.sends, told.handoffs, told.replicas, told.many),
            strict=True,
        )
        if is_so
    )
    payload: list[Any] = [by, work, sorted(told.chats), sorted(told.reported)]
    written = orjson.dumps(payload)
    if len(written) > NOTICE_BYTES:
        written = orjson.dumps([by, work + "m", [], []])
    return written.decode()
