"""What the API asks and keeps: a request's first answer by its key, what came of a signal, how far a message is."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlmodel import col

from engine.core.ids import LineId, MessageId
from engine.core.trace import Trace
from engine.ports import MessageStatus
from engine.ports.outside import NOTHING
from storage import tables
from storage.audit import NO_LINE, Act, audited
from storage.clean import clean_text
from storage.columns import read_time, stamp
from storage.database import Database
from storage.mapping import load_content, load_trace
from storage.statement import Call, Rows, ask, delete, insert, update
from storage.written import written

_RESERVE = insert(
    "api_answer",
    "line_id text, token_id text, key text, request_hash text, message_id bigint, at time",
    conflict="ON CONFLICT (line_id, token_id, key) DO NOTHING",
)
_READ = ask(
    "SELECT request_hash, message_id, status, body FROM api_answer"
    " WHERE line_id = :line_id AND token_id = :token_id AND key = :key",
    scalars="line_id text, token_id text, key text",
)
_KEEP = update(
    "api_answer",
    "line_id text, token_id text, key text, status bigint, body text",
    set_="status = :status, body = :body",
    where="api_answer.line_id = :line_id AND api_answer.token_id = :token_id"
    " AND api_answer.key = :key AND api_answer.status IS NULL",
)
_FORGET = delete(
    "api_answer",
    "line_id text, at time",
    where="api_answer.line_id = :line_id AND api_answer.at < :at",
)


class Reserved(NamedTuple):
    """A request by its idempotency key, as it was when the key was first seen."""

    request_hash: str
    message: MessageId
    """The id that was given out for it."""
    status: int | None
    """None: it has not been answered."""
    body: str | None


class Handled(NamedTuple):
    """What came of a signal."""

    trace: Trace | None
    """None: it waits to be stepped."""


class Progress(NamedTuple):
    """How far an outbound message has come."""

    id: MessageId
    line: LineId
    kind: str
    status: MessageStatus
    at: datetime
    status_at: datetime
    external_id: str | None
    maybe_twice: bool
    error_code: str | None
    error: str | None


class Accepted(NamedTuple):
    """A request that was taken."""

    line: LineId
    at: datetime


async def reserve(
    database: Database,
    *,
    token: str,
    key: str,
    request_hash: str,
    message: MessageId,
    now: datetime,
    forget_before: datetime,
) -> Reserved:
    """Note a request before it is done and return it, or the earlier one of this key.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    place = (NO_LINE, token, clean_text(key))
    answers = await written(
        database,
        Call(_FORGET, [(NO_LINE, stamp(forget_before))]),
        Call(_RESERVE, [(*place, request_hash, message, stamp(now))]),
        Call(_READ, scalars=place),
        tells=NOTHING,
    )
    return _reserved(answers[-1])


async def keep_answer(
    database: Database, *, token: str, key: str, status: int, body: str, act: Act | None
) -> Reserved:
    """Keep a request's answer unless it has one, note what was done, and return what is kept.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    place = (NO_LINE, token, clean_text(key))
    notes = () if act is None else (audited(act),)
    answers = await written(
        database,
        Call(_KEEP, [(*place, status, body)]),
        *notes,
        Call(_READ, scalars=place),
        tells=NOTHING,
    )
    return _reserved(answers[-1])


def _reserved(rows: Rows) -> Reserved:
    ((request_hash, message, status, body),) = rows
    return Reserved(request_hash, MessageId(message), status, body)


async def handled(database: Database, line: LineId, key: str) -> Handled | None:
    """Return what came of the signal with this key; None if there is none. Raises StoreUnavailable."""
    s, u = tables.SignalRow, tables.TurnRow
    its_turn = and_(col(u.line_id) == col(s.line_id), col(u.signal_id) == col(s.id))
    asked = (
        select(col(s.id), col(u.trace))
        .join(u, its_turn, isouter=True)
        .where(col(s.line_id) == line, col(s.key) == clean_text(key))
    )
    async with database.read() as connection:
        row = (await connection.execute(asked)).one_or_none()
    return None if row is None else Handled(None if row.trace is None else load_trace(row.trace))


async def progress(
    database: Database, message: MessageId, *, lines: Iterable[str]
) -> Progress | None:
    """Return how far an outbound message on one of these lines has come. Raises StoreUnavailable."""
    m = tables.MessageRow
    asked = select(
        *map(col, (m.id, m.line_id, m.content, m.status, m.at, m.status_at, m.external_id)),
        *map(col, (m.maybe_twice, m.error_code, m.error)),
    ).where(col(m.line_id).in_(list(lines)), col(m.id) == message, col(m.direction) == "out")
    async with database.read() as connection:
        row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return None
    return Progress(
        id=message,
        line=row.line_id,
        kind=load_content(row.content).kind,
        status=row.status,
        at=read_time(row.at),
        status_at=read_time(row.status_at),
        external_id=row.external_id,
        maybe_twice=row.maybe_twice,
        error_code=row.error_code,
        error=row.error,
    )


async def accepted(
    database: Database, id_: MessageId, *, lines: Iterable[str], act: str
) -> Accepted | None:
    """Return where and when a request with this id was taken; None if none was. Raises StoreUnavailable."""
    a = tables.AuditRow
    asked = select(col(a.line_id), col(a.at)).where(
        col(a.line_id).in_(list(lines)), col(a.id) == id_, col(a.act) == act
    )
    async with database.read() as connection:
        row = (await connection.execute(asked)).one_or_none()
    return None if row is None else Accepted(LineId(row.line_id), read_time(row.at))
