"""Broadcasts: written by who begins them, handed out by the server, looked at by both."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select, text
from sqlmodel import col

from engine.core.content import Template
from engine.core.errors import DefinitionError
from engine.core.ids import BroadcastId, LineId, MessageId
from engine.ports import IdFactory, MessageStatus
from engine.ports.broadcasts import Addressed, HandedOut, Running
from storage import tables
from storage.clean import clean_text, maybe_clean
from storage.columns import maybe_time, read_time, stamp
from storage.database import Database
from storage.json_text import dump_value
from storage.mapping import load_content
from storage.notices import notice
from storage.outbox_statements import UNFINISHED_STATUS
from storage.postgres import OWNER_SPACE
from storage.statement import Call, ask, insert, update
from storage.transaction import Transaction

LOADED_AT_ONCE = 5_000
"""Contacts in one transaction: a running server waits for each of them."""

READ_AT_ONCE = 5_000

TYPED_MOST = 2**40
"""Below it are the numbers that count up; the ids of requests are far above."""

_ADD = insert(
    "broadcast",
    "line_id text, id bigint, template text, language text, source text, fingerprint text, created_at time",
    fixed="state = 'loading', handed = 0",
    # A repeat of a request, which brings its own number.
    conflict="ON CONFLICT (line_id, id) DO NOTHING",
)

_ADD_CONTACTS = insert(
    "broadcast_contact",
    "line_id text, broadcast_id bigint, number bigint, phone text, content text, problem text",
    conflict="ON CONFLICT (line_id, broadcast_id, number) DO NOTHING",
)

_LOADED = update(
    "broadcast",
    "line_id text, id bigint",
    set_="state = 'running'",
    where="broadcast.line_id = :line_id AND broadcast.id = :id AND broadcast.state = 'loading'",
)

_SET_STATE = update(
    "broadcast",
    "line_id text, id bigint, state text, unless text, finished_at time",
    set_="state = :state, finished_at = :finished_at, owner = NULL",
    where="broadcast.line_id = :line_id AND broadcast.id = :id AND broadcast.state <> :unless",
    tells="id",
)

_CLAIM = ask(
    # SQLite has one process that serves.
    "SELECT b.id FROM broadcast b WHERE b.line_id = :line AND b.id = :id AND b.state = 'running'",
    # A live owner holds the session's lock on its number: what can be locked here is dead.
    postgres="SELECT b.id FROM broadcast b WHERE b.line_id = :line AND b.id = :id AND b.state = 'running'"
    " AND CASE WHEN coalesce(b.owner, :owner) = :owner THEN true"
    " ELSE pg_try_advisory_xact_lock(:space ::int, b.owner::int) END FOR UPDATE SKIP LOCKED",
    scalars="line text, id bigint, owner bigint, space bigint",
)

_NOTE = update(
    "broadcast",
    "line_id text, id bigint, handed bigint, owner bigint",
    set_="handed = CASE WHEN broadcast.handed > :handed THEN broadcast.handed ELSE :handed END, owner = :owner",
    where="broadcast.line_id = :line_id AND broadcast.id = :id",
)

_LET_GO = update("broadcast", "owner bigint", set_="owner = NULL", where="broadcast.owner = :owner")

_NEXT = ask(
    # The join tells of a contact that was handed out by a process that died whether its message is there already.
    "SELECT r.number, r.phone, r.content, r.message_id, m.id FROM broadcast_contact r"
    " LEFT JOIN message m ON m.line_id = r.line_id AND m.id = r.message_id"
    " WHERE r.line_id = :line AND r.broadcast_id = :broadcast AND r.number > :after"
    " ORDER BY r.number LIMIT :most",
    scalars="line text, broadcast bigint, after bigint, most bigint",
)

_GIVE_IDS = update(
    "broadcast_contact",
    "line_id text, broadcast_id bigint, number bigint, message_id bigint",
    set_="message_id = :message_id",
    where="broadcast_contact.line_id = :line_id AND broadcast_contact.broadcast_id = :broadcast_id"
    " AND broadcast_contact.number = :number",
)


class Recipient(NamedTuple):
    """One contact of a broadcast as its source has it."""

    number: int
    """Where it stands: the line of the file."""
    phone: str
    content: Template | None
    """None for one that gets nothing."""
    problem: str | None = None
    """Why it gets nothing."""


class StoredBroadcast(NamedTuple):
    """One broadcast."""

    line: LineId
    id: BroadcastId
    template: str
    language: str
    source: str
    state: str
    """`loading`, `running`, `stopped` or `done`."""
    created_at: datetime
    finished_at: datetime | None


class Result(NamedTuple):
    """What became of one contact."""

    number: int
    phone: str
    status: MessageStatus | None
    """The message's; None where it was not handed to the outbox yet, or never will be."""
    problem: str | None
    at: datetime | None = None
    message: MessageId | None = None
    external_id: str | None = None
    error_code: str | None = None
    error: str | None = None


class StoredBroadcasts:
    """The engine's `Broadcasts`, and what those who begin and watch them need."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- who begins one -----------------------------------------------------------------------------

    async def begin(
        self,
        line: LineId,
        recipients: Sequence[Recipient],
        *,
        template: str,
        language: str,
        source: str,
        now: datetime,
        id_: BroadcastId | None = None,
    ) -> BroadcastId:
        """Store a broadcast with all its contacts; the server begins with it once the last one is stored.

        With a number of its own (above `TYPED_MOST`) it is stored once, however often it is asked for; without, it gets
        the next small one, which people can type.

        Raises:
            StoreUnavailable: The database does not answer; nothing is sent.
        """
        mark = fingerprint(template, language, recipients)
        rows = [
            (
                one.number,
                clean_text(one.phone),
                None if one.content is None else dump_value(one.content),
                maybe_clean(one.problem),
            )
            for one in recipients
        ]
        async with self._writing() as transaction:
            # Within the transaction: two that begin at once get two numbers.
            (found,) = await transaction.ask(Call(_NEWEST, scalars=(TYPED_MOST,)))
            broadcast = id_ or BroadcastId((found[0][0] or 0) + 1)
            head = (line, broadcast, clean_text(template), clean_text(language))
            added = (*head, clean_text(source), mark, stamp(now))
            transaction.later(Call(_ADD, [added]))
        for first in range(0, len(rows), LOADED_AT_ONCE):
            async with self._writing() as transaction:
                piece = rows[first : first + LOADED_AT_ONCE]
                transaction.later(
                    Call(_ADD_CONTACTS, [(line, broadcast, *cells) for cells in piece])
                )
        async with self._writing() as transaction:
            transaction.later(Call(_LOADED, [(line, broadcast)]))
            transaction.later(notice(self._database.itself))
        return broadcast

    async def same(self, line: LineId, mark: str, *, since: datetime) -> StoredBroadcast | None:
        """Return a broadcast of the same messages to the same contacts that was begun since then."""
        b = tables.BroadcastRow
        found = await self._found(
            col(b.line_id) == line,
            col(b.fingerprint) == mark,
            col(b.state) != "loading",
            col(b.created_at) >= since,
        )
        return found[-1] if found else None

    async def stop(self, broadcast: StoredBroadcast) -> bool:
        """Hand out no more of it; what is in the outbox leaves. False if it is done already."""
        return await self._set(broadcast.line, broadcast.id, "stopped", unless="done")

    async def resume(self, broadcast: StoredBroadcast) -> bool:
        """Go on where it was stopped; False if it is done already."""
        return await self._set(broadcast.line, broadcast.id, "running", unless="done")

    # --- who watches ----------------------------------------------------------------------------------

    async def find(self, broadcast: BroadcastId) -> StoredBroadcast:
        """Return a broadcast by its number. Raises DefinitionError where there is none."""
        found = await self._found(
            col(tables.BroadcastRow.id) == broadcast, col(tables.BroadcastRow.state) != "loading"
        )
        if not found:
            raise DefinitionError(
                f"there is no broadcast {broadcast}; `parley broadcast` lists the latest"
            )
        return found[0]

    async def newest(self, *, limit: int) -> list[StoredBroadcast]:
        """Return the latest broadcasts, oldest first."""
        found = await self._found(col(tables.BroadcastRow.state) != "loading")
        return found[-limit:]

    async def counts(self, broadcast: StoredBroadcast) -> dict[str, int]:
        """Return how many contacts are in each state: a message's, `waiting`, or `invalid` where they get nothing."""
        state = func.coalesce(
            text("CASE WHEN broadcast_contact.content IS NULL THEN 'invalid' END"),
            col(tables.MessageRow.status),
            text("'waiting'"),
        )
        asked = (
            select(state, func.count())
            .select_from(tables.BroadcastContactRow)
            .join(tables.MessageRow, _its_message(), isouter=True)
            .where(*_of(broadcast))
            .group_by(state)
        )
        async with self._database.read() as connection:
            return {str(row[0]): int(row[1]) for row in await connection.execute(asked)}

    async def results(self, broadcast: StoredBroadcast) -> AsyncIterator[Result]:
        """Yield what became of each contact, in the order of their numbers."""
        after = -1
        while True:
            page = await self.results_after(broadcast, after, limit=READ_AT_ONCE)
            for one in page:
                yield one
            if len(page) < READ_AT_ONCE:
                return
            after = page[-1].number

    async def results_after(
        self, broadcast: StoredBroadcast, after: int, *, limit: int
    ) -> list[Result]:
        """Return what became of the contacts with a number above `after`, in order."""
        r, m = tables.BroadcastContactRow, tables.MessageRow
        asked: Any = (
            select(
                col(r.number),
                col(r.phone),
                col(m.status),
                col(r.problem),
                col(m.status_at),
                col(m.id),
                col(m.external_id),
                col(m.error_code),
                col(m.error),
            )
            .join(m, _its_message(), isouter=True)
            .where(*_of(broadcast), col(r.number) > after)
            .order_by(col(r.number))
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [_result(row) for row in (await connection.execute(asked)).all()]

    # --- who hands them out ---------------------------------------------------------------------------

    async def running(self, lines: Sequence[LineId]) -> list[Running]:
        """Return the broadcasts of these lines that are not finished, oldest first."""
        b = tables.BroadcastRow
        asked = (
            select(col(b.line_id), col(b.id), col(b.handed))
            .where(col(b.line_id).in_(lines), col(b.state) == "running")
            .order_by(col(b.id))
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return [Running(LineId(row[0]), BroadcastId(row[1]), row[2]) for row in rows]

    async def under_way(self, line: LineId) -> int:
        """Return how many messages of broadcasts are in the line's outbox and have not left."""
        async with self._database.read() as connection:
            found = await connection.execute(_UNDER_WAY, {"line": line})
            return int(found.scalar_one())

    async def let_go(self, owner: int) -> None:
        """Forget what an earlier process of this number was handing out: another may go on with it."""
        async with self._writing() as transaction:
            transaction.later(Call(_LET_GO, [(owner,)]))

    async def hand_out(
        self, running: Running, *, owner: int, limit: int, ids: IdFactory
    ) -> HandedOut | None:
        """Note how far a broadcast came, and return its next contacts with durable message ids."""
        line, broadcast, handed = running
        async with self._writing() as transaction:
            asked = (line, broadcast, owner, OWNER_SPACE)
            (ours,) = await transaction.ask(Call(_CLAIM, scalars=asked))
            if not ours:
                return None
            transaction.later(Call(_NOTE, [(line, broadcast, handed, owner)]))
            (rows,) = await transaction.ask(Call(_NEXT, scalars=(line, broadcast, handed, limit)))
            messages: list[Addressed] = []
            given: list[tuple[str, int, int, int]] = []
            for number, phone, content, message, there in rows:
                if content is None or there is not None:
                    continue
                template = load_content(content)
                assert isinstance(template, Template)
                if message is None:
                    message = ids()
                    given.append((line, broadcast, number, message))
                messages.append(Addressed(number, phone, template, MessageId(message)))
            if given:
                transaction.later(Call(_GIVE_IDS, given))
        return HandedOut(messages, rows[-1][0] if rows else handed)

    async def finish(self, running: Running, *, now: datetime) -> None:
        """Mark a broadcast as done, unless it was stopped."""
        await self._set(running.line, running.id, "done", unless="stopped", finished_at=now)

    # --- how -------------------------------------------------------------------------------------------

    async def _set(
        self,
        line: LineId,
        broadcast: BroadcastId,
        state: str,
        *,
        unless: str,
        finished_at: datetime | None = None,
    ) -> bool:
        at = None if finished_at is None else stamp(finished_at)
        async with self._writing() as transaction:
            (told,) = await transaction.ask(
                Call(_SET_STATE, [(line, broadcast, state, unless, at)])
            )
            transaction.later(notice(self._database.itself))
        return bool(told)

    async def _found(self, *which: Any) -> list[StoredBroadcast]:
        b = tables.BroadcastRow
        columns = (
            *(b.line_id, b.id, b.template, b.language, b.source, b.state),
            *(b.created_at, b.finished_at),
        )
        asked: Any = select(*map(col, columns)).where(*which).order_by(col(b.id))
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return [_stored(row) for row in rows]

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Transaction]:
        """Open a transaction on the writer; leaving commits."""
        async with self._database.write_lock:
            transaction = Transaction(self._database.link)
            try:
                yield transaction
                await transaction.commit()
            except BaseException:
                await transaction.rollback()
                raise


def fingerprint(template: str, language: str, recipients: Sequence[Recipient]) -> str:
    """Return what is equal for equal messages to equal contacts."""
    known = sha256(f"{template}\n{language}\n".encode(errors="replace"))
    for one in recipients:
        content = "" if one.content is None else one.content.model_dump_json()
        known.update(f"{one.phone}\t{content}\n".encode(errors="replace"))
    return known.hexdigest()


def _stored(row: Any) -> StoredBroadcast:
    return StoredBroadcast._make((*row[:6], read_time(row[6]), maybe_time(row[7])))


def _result(row: Any) -> Result:
    return Result._make((*row[:4], maybe_time(row[4]), *row[5:]))


def _of(broadcast: StoredBroadcast) -> tuple[Any, Any]:
    r = tables.BroadcastContactRow
    return col(r.line_id) == broadcast.line, col(r.broadcast_id) == broadcast.id


def _its_message() -> Any:
    r, m = tables.BroadcastContactRow, tables.MessageRow
    return and_(col(m.line_id) == col(r.line_id), col(m.id) == col(r.message_id))


_NEWEST = ask("SELECT max(id) FROM broadcast WHERE id < :most", scalars="most bigint")

_UNDER_WAY = text(
    # In the words of the index of what is unfinished, which is small.
    f"SELECT count(*) FROM message m WHERE {UNFINISHED_STATUS} AND m.line_id = :line"
    " AND m.origin = 'broadcast' AND m.status <> 'uncertain'"
)
