"""News for the business's own servers: stored in the commit of what they tell, taken up in order, dropped once taken.

A row is let to one process for a while; where that dies, the time runs out and another posts it. So everything arrives
at least once, and what comes twice has the same id.
"""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from engine.core import limits
from engine.core.ids import ConversationId, LineId, MessageId, NewsId
from engine.ports.news import News, Posted, Posting, ToldMessage
from storage import tables
from storage.clean import maybe_clean
from storage.columns import maybe_stamp, read_time, stamp
from storage.database import Database
from storage.json_text import dump_json, load_json
from storage.left import gone
from storage.mapping import load_content
from storage.notices import notice
from storage.postgres import OWNER_SPACE
from storage.statement import Call, ask, delete, insert, update
from storage.transaction import Transaction

LET_FOR = timedelta(seconds=60)
"""How long a process has to post what it took up; longer than any post may take."""

GIVEN_UP_AFTER = timedelta(days=1)
FORGOTTEN_AFTER = timedelta(days=7)

ADD_NEWS = insert(
    "outgoing_webhook",
    "line_id text, id bigint, hook text, conversation_id bigint, kind text, at time, message_id bigint,"
    " facts text, since time",
    fixed="state = 'waiting', attempts = 0",
)

_WAITS = "w.hook = :hook AND w.state = 'waiting'"
_FIND = (
    # What is put off, or let, for longer than it may be was so by a clock that was set back since.
    f"SELECT w.line_id, w.id FROM outgoing_webhook w WHERE {_WAITS}"
    " AND (w.retry_at IS NULL OR w.retry_at <= :now OR w.retry_at > :put_off_until)"
    " AND (w.let_until IS NULL OR w.let_until <= :now OR w.let_until > :let_until)"
    " AND NOT EXISTS (SELECT 1 FROM outgoing_webhook e WHERE e.hook = w.hook AND e.state = 'waiting'"
    " AND e.line_id = w.line_id AND e.conversation_id = w.conversation_id AND e.id < w.id)"
    " ORDER BY w.id LIMIT :most"
)

FIND_NEWS = ask(
    # Of each conversation the oldest alone: the next is posted once that was taken, or given up.
    _FIND,
    postgres=_FIND + " FOR UPDATE OF w SKIP LOCKED",
    scalars="hook text, now time, put_off_until time, let_until time, most bigint",
)

READ_NEWS = ask(
    "SELECT w.id, w.hook, w.line_id, w.conversation_id, w.kind, w.at, w.message_id, w.facts, w.attempts,"
    " t.phone, t.user_id, t.name, m.external_id, m.origin, m.content FROM {keys}"
    " JOIN outgoing_webhook w ON w.line_id = k.line_id AND w.id = k.id"
    " JOIN conversation c ON c.line_id = w.line_id AND c.id = w.conversation_id"
    " JOIN contact t ON t.line_id = c.line_id AND t.id = c.contact_id"
    " LEFT JOIN message m ON m.line_id = w.line_id AND m.id = w.message_id ORDER BY w.id",
    keys="line_id text, id bigint",
)

LET_NEWS = update(
    "outgoing_webhook",
    "line_id text, id bigint, until time, owner bigint",
    set_="let_until = :until, owner = :owner",
    where="outgoing_webhook.line_id = :line_id AND outgoing_webhook.id = :id",
)

DROP_NEWS = delete(
    "outgoing_webhook",
    "line_id text, id bigint",
    where="outgoing_webhook.line_id = :line_id AND outgoing_webhook.id = :id",
)

PUT_NEWS_BACK = update(
    "outgoing_webhook",
    "line_id text, id bigint, error text, retry_at time",
    set_="attempts = outgoing_webhook.attempts + 1, error = :error, retry_at = :retry_at,"
    " let_until = NULL",
    where="outgoing_webhook.line_id = :line_id AND outgoing_webhook.id = :id",
)

TAKE_OVER = ask(
    # Where one process alone writes, what was let belonged to one that is gone.
    "UPDATE outgoing_webhook SET let_until = NULL WHERE state = 'waiting' AND let_until IS NOT NULL",
    postgres="UPDATE outgoing_webhook SET let_until = NULL, owner = NULL WHERE state = 'waiting'"
    " AND let_until IS NOT NULL AND owner IN "
    + gone("SELECT owner FROM outgoing_webhook WHERE state = 'waiting' AND owner IS NOT NULL"),
    scalars="owner bigint, own bool, space bigint",
)

GIVE_UP_OLD = ask(
    "UPDATE outgoing_webhook SET state = 'given_up', let_until = NULL,"
    " error = coalesce(error, 'it waited for a day')"
    " WHERE state = 'waiting' AND since < :before",
    scalars="before time",
)

GIVE_UP_MANY = ask(
    "UPDATE outgoing_webhook SET state = 'given_up', let_until = NULL,"
    " error = 'too much was waiting for this server'"
    " WHERE hook = :hook AND state = 'waiting' AND id <= (SELECT w.id FROM outgoing_webhook w"
    f" WHERE {_WAITS} ORDER BY w.id DESC LIMIT 1 OFFSET :most)",
    scalars="hook text, most bigint",
)

FORGET_GIVEN_UP = ask(
    "DELETE FROM outgoing_webhook WHERE state = 'given_up' AND since < :before",
    scalars="before time",
)

_RETRY = ask(
    "UPDATE outgoing_webhook SET state = 'waiting', attempts = 0, retry_at = NULL, since = :now"
    " WHERE hook = :hook AND state = 'given_up' RETURNING id",
    scalars="now time, hook text",
)


class HookState(NamedTuple):
    """What waits for one server."""

    hook: str
    waiting: int
    given_up: int
    oldest: datetime | None
    """Since when the oldest that waits does."""
    error: str | None
    """Why the oldest that was tried was not taken."""


class NewsShelf:
    """The news of one transaction."""

    def __init__(self, transaction: Transaction, *, owner: int | None = None) -> None:
        self._transaction = transaction
        self._owner = owner

    def add(self, news: Sequence[News], *, now: datetime) -> None:
        """Store news, with the commit."""
        rows = [
            (
                *(one.line, one.id, one.hook, one.conversation, one.kind, stamp(one.at)),
                *(one.message, None if one.facts is None else dump_json(one.facts), stamp(now)),
            )
            for one in news
        ]
        self._transaction.later(Call(ADD_NEWS, sorted(rows)))

    def done(self, posted: Sequence[Posted]) -> None:
        """Write what became of postings."""
        taken = [(one.line, one.id) for one in posted if one.error is None]
        if taken:
            self._transaction.later(Call(DROP_NEWS, sorted(taken)))
        kept = [
            (one.line, one.id, maybe_clean(one.error), maybe_stamp(one.retry_at))
            for one in posted
            if one.error is not None
        ]
        if kept:
            self._transaction.later(Call(PUT_NEWS_BACK, sorted(kept)))

    async def take(self, hook: str, *, now: datetime, limit: int) -> list[Posting]:
        """Take up what may be posted to a server now, the oldest of each conversation."""
        ahead = now + limits.CLOCKS_APART
        latest = (stamp(ahead + limits.NEWS_BACKOFF_MOST), stamp(ahead + LET_FOR))
        scalars = (hook, stamp(now), *latest, limit)
        (keys,) = await self._transaction.ask(Call(FIND_NEWS, scalars=scalars))
        if not keys:
            return []
        found = sorted((line, key) for line, key in keys)
        until = stamp(now + LET_FOR)
        self._transaction.later(Call(LET_NEWS, [(*key, until, self._owner) for key in found]))
        (rows,) = await self._transaction.ask(Call(READ_NEWS, found))
        return [_posting(row) for row in rows]

    async def sweep(self, hooks: Sequence[str], *, now: datetime, most: int) -> None:
        """Give up what waits for too long or is too much; forget what was given up a week ago."""
        await self._transaction.ask(
            Call(GIVE_UP_OLD, scalars=(stamp(now - GIVEN_UP_AFTER),)),
            Call(FORGET_GIVEN_UP, scalars=(stamp(now - FORGOTTEN_AFTER),)),
            *(Call(GIVE_UP_MANY, scalars=(hook, most)) for hook in hooks),
        )

    async def take_over(self, *, own: bool = True) -> None:
        """Take back what was let to processes that are gone; with `own` also to this number's."""
        self._transaction.later(Call(TAKE_OVER, scalars=(self._owner, own, OWNER_SPACE)))


def _posting(row: Sequence[Any]) -> Posting:
    key, hook, line, conversation, kind, at, message, facts, attempts = row[:9]
    phone, user_id, name, external_id, origin, content = row[9:]
    news = News(
        NewsId(key),
        hook,
        LineId(line),
        ConversationId(conversation),
        kind,
        read_time(at),
        None if message is None else MessageId(message),
        None if facts is None else load_json(facts),
    )
    told = None
    if content is not None:
        told = ToldMessage(MessageId(message), external_id, origin, load_content(content))
    return Posting(news, attempts, phone, user_id, name, told)


# --- for the command --------------------------------------------------------------------------------


async def hook_states(database: Database) -> list[HookState]:
    """Return what waits and what was given up, by server; nothing of a server for which neither is so."""
    w = tables.OutgoingWebhookRow
    asked = select(
        col(w.hook), col(w.state), func.count(), func.min(col(w.since)), func.min(col(w.id))
    ).group_by(col(w.hook), col(w.state))
    failing = (
        select(col(w.error))
        .where(col(w.state) == "waiting", col(w.error).is_not(None))
        .order_by(col(w.id))
        .limit(1)
    )
    async with database.read() as connection:
        counted = (await connection.execute(asked)).all()
        states: dict[str, HookState] = {}
        for hook, state, count, oldest, _ in counted:
            before = states.get(hook, HookState(hook, 0, 0, None, None))
            if state != "waiting":
                states[hook] = before._replace(given_up=count)
                continue
            error = (await connection.execute(failing.where(col(w.hook) == hook))).scalar()
            states[hook] = before._replace(waiting=count, oldest=read_time(oldest), error=error)
    return sorted(states.values())


async def retry_given_up(database: Database, hook: str, *, now: datetime) -> int:
    """Let what was given up be posted again; return how much that is.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    async with database.write_lock:
        transaction = Transaction(database.link)
        try:
            rows, _ = await transaction.ask(
                Call(_RETRY, scalars=(stamp(now), hook)), notice(database.itself)
            )
            await transaction.commit()
        except BaseException:
            await transaction.rollback()
            raise
    return len(rows)
