"""Every statement of the outbox: what may leave, and what became of it; `statement` explains their form."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from typing import Final

from engine.core.signals import Status
from storage.left import gone
from storage.statement import Statement, ask, insert, update

UNFINISHED_STATUS = "(m.status = 'queued' OR m.status = 'sending' OR m.status = 'uncertain')"  # see tables.UNFINISHED
"""Written out in every question about them: SQLite uses a partial index where it finds the index's own words."""

# --- what may leave ---------------------------------------------------------------------------------

_RESENT = (
    "m.origin IN ('flow', 'engine', 'timer', 'consent')"
    ' AND m.content NOT LIKE \'{"schema_version":%,"kind":"template"%\''
)
"""What is sent again where nobody knows whether it left: a reply. A template costs, and nobody waits for it."""

_READY = (
    "m.direction = :direction AND ((m.status = 'queued'"
    " AND (m.retry_at IS NULL OR m.retry_at <= :now OR m.status_at > :ahead))"
    " OR (m.status = 'uncertain' AND (m.status_at <= :grace_before OR m.status_at > :ahead)"
    f" AND {_RESENT}))"
)
"""What was put back, or became uncertain, at a time that is still ahead was so by a clock which was set back since: it
is not known how far off the time is that it waits for, and it waits no longer."""
_FIRST = (
    "NOT EXISTS (SELECT 1 FROM message e WHERE e.line_id = m.line_id"
    " AND e.conversation_id = m.conversation_id AND e.id < m.id AND e.direction = :direction AND "
    + UNFINISHED_STATUS.replace("m.", "e.")
    + " AND NOT ("
    + _READY.replace("m.", "e.")
    # What only a status can resolve is not waited for longer than this.
    + ") AND NOT (e.status = 'uncertain' AND (e.status_at <= :wait_before OR e.status_at > :ahead)))"
)
_RANK_OF_ORIGIN = (
    "CASE m.origin WHEN 'agent' THEN 0 WHEN 'timer' THEN 2 WHEN 'api' THEN 2 WHEN 'broadcast' THEN 3"
    " ELSE 1 END"
)
"""Who goes first; engine.core.outbox.rank_of says the same."""

FIND_READY = ask(
    # Conversations, by who speaks, then the oldest entry first. Their rows are locked, so that no other replica takes
    # or steps them meanwhile.
    "SELECT DISTINCT r.line_id, r.conversation_id FROM"
    " (SELECT m.line_id, m.conversation_id FROM message m"
    f" WHERE {UNFINISHED_STATUS} AND {_READY} AND {_FIRST}"
    " AND m.conversation_id NOT IN (SELECT b.value FROM json_each(:busy) b)"
    f" ORDER BY {_RANK_OF_ORIGIN}, m.id LIMIT :most) AS r",
    postgres="SELECT c.line_id, c.id FROM conversation c WHERE (c.line_id, c.id) IN"
    " (SELECT r.line_id, r.conversation_id FROM"
    " (SELECT m.line_id, m.conversation_id FROM message m"
    f" WHERE {UNFINISHED_STATUS} AND {_READY} AND {_FIRST}"
    " AND m.conversation_id NOT IN (SELECT b.value::bigint FROM json_array_elements_text(:busy ::json) b)"
    f" ORDER BY {_RANK_OF_ORIGIN}, m.id LIMIT :most) AS r) ORDER BY c.line_id, c.id FOR UPDATE OF c SKIP LOCKED",
    scalars="now time, grace_before time, wait_before time, ahead time, direction text, busy text, most bigint",
)

PLAN_LEFT = (
    "CASE WHEN m.closed LIKE '{%' AND EXISTS (SELECT 1 FROM message e WHERE e.line_id = m.line_id"
    " AND e.conversation_id = m.conversation_id AND e.turn = m.turn AND e.id <> m.id"
    " AND e.direction = 'out' AND e.content = m.closed AND e.extra LIKE '{\"instead_of\"%')"
    " THEN NULL ELSE m.closed END"
)
"""A message's plan; to hold it where its template has gone out already in the place of another message of its turn."""

ENTRY_COLUMNS = (
    "m.id, m.line_id, m.conversation_id, m.content, m.origin, m.turn, m.question, m.reply_to,"
    f" coalesce(m.released_at, m.at), m.attempts, m.maybe_twice, m.status, {PLAN_LEFT},"
    " m.released_at IS NOT NULL"
)

_READ_READY = (
    f"SELECT {ENTRY_COLUMNS} FROM {{keys}}"
    " JOIN message m ON m.line_id = k.line_id AND m.conversation_id = k.id"
    f" WHERE {UNFINISHED_STATUS} AND {_READY} AND {_FIRST} ORDER BY m.id"
)
READ_READY = ask(
    _READ_READY,
    # A status that another replica stores this moment is waited for: what it says was delivered is not sent again.
    postgres=_READ_READY + " FOR UPDATE OF m",
    keys="line_id text, id bigint",
    scalars="now time, grace_before time, wait_before time, ahead time, direction text",
)

TAKE_ENTRIES = update(
    "message",
    "line_id text, id bigint, owner bigint, now time",
    set_="maybe_twice = message.maybe_twice OR message.status = 'uncertain', status = 'sending',"
    " status_at = :now, owner = :owner, retry_at = NULL",
    where="message.line_id = :line_id AND message.id = :id",
)

LET_GO = update(
    # One that was taken since is `sending`, and left alone.
    "message",
    "line_id text, conversation_id bigint, until time",
    set_="retry_at = NULL",
    where="message.line_id = :line_id AND message.conversation_id = :conversation_id AND "
    + UNFINISHED_STATUS.replace("m.", "message.")
    + " AND message.status = 'queued' AND message.retry_at = :until",
)

FIND_ORPHANS = ask(
    "SELECT m.line_id, m.id FROM message m"
    f" WHERE {UNFINISHED_STATUS} AND m.status = 'sending' AND :own"
    " ORDER BY m.line_id, m.id",
    postgres="SELECT m.line_id, m.id FROM message m WHERE m.status = 'sending' AND coalesce(m.owner, :owner) IN"
    + gone("SELECT coalesce(owner, :owner) AS owner FROM message WHERE status = 'sending'")
    + " ORDER BY m.line_id, m.id",
    scalars="owner bigint, own bool, space bigint",
)

SET_UNCERTAIN = update(
    "message",
    "line_id text, id bigint, now time",
    set_="status = 'uncertain', status_at = :now, owner = NULL",
    where="message.line_id = :line_id AND message.id = :id AND message.status = 'sending'",
)

# --- what became of it -------------------------------------------------------------------------------

_RANK = (
    "CASE {} WHEN 'sent' THEN 1 WHEN 'failed' THEN 2 WHEN 'delivered' THEN 3"
    " WHEN 'read' THEN 4 WHEN 'played' THEN 5 ELSE 0 END"
)
"""How much is known of a send; nothing is ever taken back. Rank 0 is ours alone to say."""

REPORTED: Final[tuple[Status, ...]] = ("sent", "delivered", "read", "played", "failed")
"""The statuses whose times are kept, each in a column of its own: `sent_at` and so on."""

_NOW, _NEW = _RANK.format("message.status"), _RANK.format(":status")
# Nearly every mark finds its message `sending`: then no rank is looked up, five times a row.
# What was put back after its send failed knows of that send already, whatever else is told of it.
_KNOWN = (
    f"(message.status <> 'sending' AND (({_NOW} > 0 AND {_NOW} >= {_NEW})"
    " OR (message.status IN ('held', 'queued') AND :status IN ('sent', 'failed')"
    " AND message.external_id = :external_id)))"
)

_MARK_COLUMNS = (
    "line_id text, conversation_id bigint, id bigint, status text, at time, external_id text,"
    " attempts bigint, retry_at time, error_code text, error text, maybe_twice bool"
)
_MARK_SENDS = update(
    "message",
    _MARK_COLUMNS,
    set_=f"status = CASE WHEN {_KNOWN} THEN message.status ELSE :status END,"
    f" status_at = CASE WHEN {_KNOWN} THEN message.status_at ELSE :at END,"
    f" retry_at = CASE WHEN {_KNOWN} THEN NULL ELSE :retry_at END,"
    f" error_code = CASE WHEN {_KNOWN} THEN message.error_code ELSE :error_code END,"
    f" error = CASE WHEN {_KNOWN} THEN message.error ELSE :error END,"
    " external_id = coalesce(:external_id, message.external_id),"
    f" sent_at = CASE WHEN {_KNOWN} AND :status = 'sent' THEN coalesce(message.sent_at, :at)"
    " ELSE message.sent_at END,"
    " attempts = CASE WHEN message.attempts > :attempts THEN message.attempts ELSE :attempts END,"
    " maybe_twice = message.maybe_twice OR :maybe_twice",
    # With the conversation, every index that PostgreSQL may choose leads to the one row: of a table that it has not
    # counted yet it knows no better one.
    where="message.line_id = :line_id AND message.conversation_id = :conversation_id AND message.id = :id",
)

_MARKER = f"${_MARK_COLUMNS.count(',') + 2}::bigint"
"""Whose marks they are: the batch's one value behind its columns."""

MARK_SENDS = Statement(
    _MARK_SENDS.sqlite,
    # Where an owner was taken for dead, another process may be sending its entries: then all that it may still say of
    # one is that it left.
    _MARK_SENDS.postgres + " AND (message.status <> 'sending' OR b.status = 'sent'"
    f" OR message.owner = coalesce({_MARKER}, message.owner))",
    each=True,
)

REPLACE_CONTENT = update(
    "message",
    "line_id text, id bigint, content text",
    set_="extra = '{\"instead_of\":' || message.content || '}', content = :content, closed = NULL",
    where="message.line_id = :line_id AND message.id = :id",
)

ADD_EXCHANGES = insert(
    "exchange",
    "line_id text, message_id bigint, at time, content text",
    conflict="ON CONFLICT (line_id, message_id, at) DO NOTHING",
)

AWAITING = ask(
    "SELECT s.line_id, s.id, s.content FROM {keys} JOIN signal s"
    " ON s.line_id = k.line_id AND s.awaits = k.external_id"
    " WHERE EXISTS (SELECT 1 FROM signal WHERE awaits IS NOT NULL)",
    keys="line_id text, external_id text",
)

AWAITING_ALIAS = ask(
    # Only once a message has the second id: until then what came by it goes on waiting.
    "SELECT s.line_id, s.id, s.content FROM {keys} JOIN message m"
    " ON m.line_id = k.line_id AND m.alias = k.alias JOIN signal s"
    " ON s.line_id = k.line_id AND s.awaits = k.alias",
    keys="line_id text, alias text",
)

_REPORT = (
    f"status = CASE WHEN {_KNOWN} THEN message.status ELSE :status END,"
    f" status_at = CASE WHEN {_KNOWN} THEN message.status_at ELSE :at END,"
    f" error_code = CASE WHEN {_KNOWN} THEN message.error_code ELSE :error_code END,"
    f" error = CASE WHEN {_KNOWN} THEN message.error ELSE :error END,"
    " retry_at = NULL, external_id = coalesce(message.external_id, :external_id), "
    + ", ".join(
        f"{name}_at = coalesce(message.{name}_at,"
        f" CASE WHEN message.status = '{name}' THEN message.status_at END, :{name}_at)"
        for name in REPORTED
    )
)
_REPORT_COLUMNS = (
    "status text, at time, error_code text, error text, external_id text, "
    + ", ".join(f"{name}_at time" for name in REPORTED)
)

REPORT_BY_ID = update(
    "message",
    f"line_id text, id bigint, {_REPORT_COLUMNS}",
    set_=_REPORT,
    where="message.line_id = :line_id AND message.id = :id AND message.direction = 'out'",
)

SET_ALIASES = update(
    "message",
    "line_id text, external_id text, alias text",
    set_="alias = :alias",
    where="message.line_id = :line_id AND message.external_id = :external_id"
    " AND message.direction = 'out' AND message.alias IS NULL",
)

REPORT_BY_ALIAS = update(
    "message",
    f"line_id text, {_REPORT_COLUMNS}",
    set_=_REPORT,
    where="message.line_id = :line_id AND message.alias = :external_id",
)
"""For reports that do not say by which of a message's two ids they call it."""

REPORT_BY_EXTERNAL_ID = update(
    "message",
    f"line_id text, {_REPORT_COLUMNS}",
    set_=_REPORT,
    where="message.line_id = :line_id AND message.external_id = :external_id"
    " AND message.direction = 'out'",
)

AWAIT_MESSAGE = update(
    # A report that names our own message is applied above; here it has nothing to wait for.
    "signal",
    "line_id text, id bigint, external_id text, message_id bigint",
    set_="handled_at = NULL, awaits = :external_id",
    where="signal.line_id = :line_id AND signal.id = :id AND NOT EXISTS (SELECT 1 FROM message m"
    " WHERE m.line_id = :line_id AND m.external_id = :external_id AND m.direction = 'out')"
    " AND NOT EXISTS (SELECT 1 FROM message m"
    " WHERE m.line_id = :line_id AND m.alias = :external_id)"
    " AND NOT EXISTS (SELECT 1 FROM message m"
    " WHERE m.line_id = :line_id AND m.id = :message_id AND m.direction = 'out')",
)
