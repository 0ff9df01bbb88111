"""Every statement of the write path but the outbox's, in one place; `statement` explains their form."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from storage.outbox_statements import UNFINISHED_STATUS
from storage.statement import Statement, ask, crowd, delete, insert, update

CONVERSATION_COLUMNS = (
    "c.line_id, c.id, c.version, c.state, t.id, t.phone, t.user_id, t.name, t.locale, t.opted_out_at,"
    " t.marketing_stopped_at"
)

# --- contacts ---------------------------------------------------------------------------------------

FIND_ADDRESSES = ask(
    f"SELECT {CONVERSATION_COLUMNS}, k.place FROM {{keys}}"
    " JOIN address a ON a.line_id = k.line_id AND a.kind = k.kind AND a.address = k.address"
    " JOIN conversation c ON c.line_id = a.line_id AND c.contact_id = a.contact_id"
    " JOIN contact t ON t.line_id = a.line_id AND t.id = a.contact_id",
    keys="place bigint, line_id text, kind text, address text",
)

LOCK_ADDRESSES = ask(
    "",
    # Two replicas must not make the same new contact. The locks end with the transaction, are taken in one order,
    # and are as many as the batch has new addresses.
    postgres="SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT"
    " hashtextextended(k.line_id || ' ' || k.kind || ' ' || k.address, 0) AS h FROM {keys}"
    " ORDER BY h) AS hashes",
    keys="line_id text, kind text, address text",
)

ADD_CONTACTS = insert("contact", "line_id text, id bigint, phone text, user_id text, name text")

ADD_ADDRESSES = insert(
    "address",
    "line_id text, kind text, address text, contact_id bigint",
    conflict="ON CONFLICT (line_id, kind, address) DO UPDATE SET contact_id = excluded.contact_id",
)

JOIN_CONTACTS = update(
    "contact",
    "line_id text, id bigint, joined_id bigint",
    set_="joined_id = :joined_id",
    where="contact.line_id = :line_id AND contact.id = :id",
)

MOVE_ADDRESSES = update(
    "address",
    "line_id text, contact_id bigint, joined_id bigint",
    set_="contact_id = :joined_id",
    where="address.line_id = :line_id AND address.contact_id = :contact_id",
)

SAVE_CONTACTS = update(
    "contact",
    "line_id text, id bigint, phone text, user_id text, name text, locale text, opted_out_at time,"
    " marketing_stopped_at time",
    set_="phone = :phone, user_id = :user_id, name = :name, locale = :locale,"
    " opted_out_at = :opted_out_at, marketing_stopped_at = :marketing_stopped_at",
    where="contact.line_id = :line_id AND contact.id = :id",
)

KNOW_CONTACTS = update(
    # What is merely met must not undo a stop that another replica stores meanwhile.
    "contact",
    "line_id text, id bigint, phone text, user_id text, name text, locale text, opted_out_at time,"
    " marketing_stopped_at time",
    set_="phone = :phone, user_id = :user_id, name = :name, locale = :locale,"
    " opted_out_at = coalesce(:opted_out_at, contact.opted_out_at),"
    " marketing_stopped_at = coalesce(:marketing_stopped_at, contact.marketing_stopped_at)",
    where="contact.line_id = :line_id AND contact.id = :id",
)

# --- conversations ----------------------------------------------------------------------------------

ADD_CONVERSATIONS = insert(
    "conversation",
    "line_id text, id bigint, contact_id bigint, version bigint, mode text, busy bool, state text",
)

_CONVERSATIONS = (
    f"SELECT {CONVERSATION_COLUMNS} FROM {{keys}}"
    " JOIN conversation c ON c.line_id = k.line_id AND c.id = k.id"
    " JOIN contact t ON t.line_id = c.line_id AND t.id = c.contact_id"
)

LOAD_CONVERSATIONS = ask(_CONVERSATIONS, keys="line_id text, id bigint")

CLAIM_CONVERSATIONS = ask(
    _CONVERSATIONS,
    # One order for all replicas, or two of them would wait for each other. With who the contact became, if it was
    # joined to another since memory led to it.
    postgres=_CONVERSATIONS.replace(" FROM {keys}", ", t.joined_id FROM {keys}")
    + " ORDER BY c.line_id, c.id FOR UPDATE OF c SKIP LOCKED",
    keys="line_id text, id bigint",
)

SAVE_CONVERSATIONS = update(
    "conversation",
    "line_id text, id bigint, expected bigint, version bigint, mode text, busy bool,"
    " window_closes_at time, last_inbound_at time, state text",
    set_="version = :version, mode = :mode, busy = :busy, window_closes_at = :window_closes_at,"
    " last_inbound_at = :last_inbound_at, state = :state",
    where="conversation.line_id = :line_id AND conversation.id = :id"
    " AND conversation.version = :expected",
    tells="id",
)

# --- signals ----------------------------------------------------------------------------------------

COUNT_SIGNALS = ask(
    "INSERT INTO counter (name, value) VALUES ('signal', :count)"
    " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
    postgres="",
    scalars="count bigint",
)
"""SQLite alone: count on for a batch, up to its last id. The counter is never lowered."""

_SIGNAL = "line_id, conversation_id, kind, key, content, received_at, handled_at"


def _add_signals(rows: int) -> str:
    """Write the insertion for SQLite; a row's first cell says how far it stands from the batch's last id."""
    cells = 1 + len(_SIGNAL.split(","))
    marks = [f"?{place}" for place in range(1, rows * cells + 1)]
    values = ", ".join(
        f"({', '.join(marks[first : first + cells])})" for first in range(0, len(marks), cells)
    )
    columns = ", ".join(f"r.column{place}" for place in range(2, cells + 1))
    return (
        f"INSERT INTO signal (id, {_SIGNAL}, attempts, interrupts)"
        f" SELECT (SELECT value FROM counter WHERE name = 'signal') - r.column1, {columns}, 0, 0"
        f" FROM (VALUES {values}) AS r WHERE true"  # without a WHERE, ON CONFLICT would read as a join's ON
        " ON CONFLICT (line_id, key) DO NOTHING RETURNING line_id, key, id"
    )


ADD_SIGNALS = Statement(
    _add_signals(1),
    # Numbered in the order given, inserted in the order of the keys: the first is the order of arrival, the second
    # keeps two replicas with the same webhooks from waiting for each other.
    "WITH numbered AS MATERIALIZED (SELECT nextval('signal_id') AS id, u.* FROM"
    " unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],"
    " $8::text[]) AS u (place, line_id, conversation_id, kind, key, content, received_at, handled_at))"
    f" INSERT INTO signal (id, {_SIGNAL}, attempts, interrupts)"
    " SELECT id, line_id, conversation_id, kind, key, content, received_at::timestamptz,"
    " handled_at::timestamptz, 0, false FROM numbered ORDER BY line_id, key, id"
    " ON CONFLICT (line_id, key) DO NOTHING RETURNING line_id, key, id",
    each=True,
    crowd=crowd(_add_signals),
)
"""Answers line, key and id of those that are new."""

BLOCKED = ask(
    # The first EXISTS is answered once: in quiet times nothing waits anywhere and no key is looked up.
    "SELECT k.id FROM {keys} WHERE EXISTS (SELECT 1 FROM signal WHERE handled_at IS NULL)"
    " AND EXISTS (SELECT 1 FROM signal s WHERE s.line_id = k.line_id"
    " AND s.conversation_id = k.id AND s.handled_at IS NULL AND s.awaits IS NULL AND s.id < :before)",
    keys="line_id text, id bigint",
    scalars="before bigint",
)

_WAITS = (
    "EXISTS (SELECT 1 FROM signal WHERE handled_at IS NULL)"
    " AND EXISTS (SELECT 1 FROM signal s WHERE s.line_id = k.line_id"
    " AND s.conversation_id = k.id AND s.handled_at IS NULL AND s.awaits IS NULL)"
)
BEHIND = ask(
    "",
    # PostgreSQL alone, where both are asked of conversations that were just locked: BLOCKED and UNFINISHED in one.
    postgres=f"SELECT k.id, {_WAITS} AS waits, l.last FROM {{keys}} CROSS JOIN LATERAL"
    " (SELECT max(m.id) AS last FROM message m WHERE m.line_id = k.line_id AND m.conversation_id = k.id"
    f" AND {UNFINISHED_STATUS} AND m.direction = 'out') AS l WHERE l.last IS NOT NULL OR ({_WAITS})",
    keys="line_id text, id bigint",
)

SET_HANDLED = update(
    "signal",
    "line_id text, id bigint, now time",
    set_="handled_at = :now, awaits = NULL",
    where="signal.line_id = :line_id AND signal.id = :id",
)

SET_WAITING = update(
    "signal",
    "line_id text, id bigint, attempts bigint, interrupts bool, sender text",
    set_="handled_at = NULL, attempts = :attempts, interrupts = signal.interrupts OR :interrupts,"
    " sender = coalesce(signal.sender, :sender)",
    where="signal.line_id = :line_id AND signal.id = :id",
)

COUNT_ATTEMPTS = update(
    "signal",
    "line_id text, id bigint, attempts bigint",
    set_="attempts = :attempts",
    where="signal.line_id = :line_id AND signal.id = :id AND signal.handled_at IS NULL",
)

FORGET_SIGNALS = ask(
    # The oldest stand first in the primary key; an index on the time would cost every signal something.
    "DELETE FROM signal WHERE (line_id, id) IN (SELECT s.line_id, s.id FROM signal s"
    " WHERE s.line_id = :line ORDER BY s.id LIMIT :most) AND handled_at < :before RETURNING id",
    scalars="line text, most bigint, before time",
)

GIVE_UP_REPORTS = ask(
    "UPDATE signal SET handled_at = :now, awaits = NULL"
    " WHERE awaits IS NOT NULL AND received_at < :before",
    scalars="now time, before time",
)

SIGNAL_LINES = ask(
    # A step from line to line through the primary key, however many signals each has.
    "WITH RECURSIVE l (line_id) AS (SELECT min(line_id) FROM signal UNION ALL SELECT"
    " (SELECT min(s.line_id) FROM signal s WHERE s.line_id > l.line_id) FROM l"
    " WHERE l.line_id IS NOT NULL) SELECT line_id FROM l WHERE line_id IS NOT NULL"
)

# --- messages ---------------------------------------------------------------------------------------

ADD_MESSAGES = insert(
    "message",
    "line_id text, id bigint, conversation_id bigint, direction text, origin text, content text,"
    " status text, at time, external_id text, turn bigint, question bool, reply_to text, extra text,"
    " owner bigint, closed text, watch text",
    fixed="status_at = :at, attempts = 0, maybe_twice = false",
)

STILL_WAITING = ask(
    "SELECT s.id FROM {keys} JOIN signal s ON s.line_id = k.line_id AND s.id = k.id"
    " WHERE s.handled_at IS NULL",
    keys="line_id text, id bigint",
)

UNFINISHED = ask(
    "SELECT k.id FROM {keys} WHERE EXISTS (SELECT 1 FROM message m"
    f" WHERE m.line_id = k.line_id AND m.conversation_id = k.id AND {UNFINISHED_STATUS}"
    " AND m.direction = 'out')",
    # With the last of them: what is said after it, by whichever replica, gets an id above it.
    postgres="SELECT k.id, l.last FROM {keys} CROSS JOIN LATERAL (SELECT max(m.id) AS last FROM message m"
    f" WHERE m.line_id = k.line_id AND m.conversation_id = k.id AND {UNFINISHED_STATUS}"
    " AND m.direction = 'out') AS l WHERE l.last IS NOT NULL",
    keys="line_id text, id bigint",
)

SHOWN = ask(
    "SELECT k.line_id, k.external_id, m.content FROM {keys} JOIN message m"
    " ON m.line_id = k.line_id AND m.external_id = k.external_id AND m.direction = 'out'"
    " UNION ALL SELECT k.line_id, k.external_id, m.content FROM {keys} JOIN message m"
    " ON m.line_id = k.line_id AND m.alias = k.external_id",
    keys="line_id text, external_id text",
)

CANCEL_UNSENT = update(
    "message",
    "line_id text, conversation_id bigint, now time",
    set_="status = 'cancelled', status_at = :now, retry_at = NULL",
    where="message.line_id = :line_id AND message.conversation_id = :conversation_id"
    " AND message.status IN ('queued', 'held') AND message.direction = 'out'"
    " AND message.origin IN ('flow', 'engine', 'timer')",
)

RELEASE_HELD = update(
    "message",
    "line_id text, conversation_id bigint, now time, since time",
    set_="status = CASE WHEN message.at < :since THEN 'stale' ELSE 'queued' END, status_at = :now,"
    " released_at = :now, retry_at = NULL",
    where="message.line_id = :line_id AND message.conversation_id = :conversation_id"
    " AND message.status = 'held' AND message.direction = 'out'",
)

# --- the rest ----------------------------------------------------------------------------------------

ADD_TURNS = insert(
    "turn",
    "line_id text, signal_id bigint, conversation_id bigint, turn bigint, at time, trace text,"
    " elapsed_ms float, serial bigint",
)

START_TIMERS = insert(
    "timer",
    "line_id text, conversation_id bigint, run bigint, purpose text, id bigint, visit bigint, due_at time",
    conflict="ON CONFLICT (line_id, conversation_id, run, purpose) DO UPDATE"
    " SET id = excluded.id, visit = excluded.visit, due_at = excluded.due_at",
)

CANCEL_TIMERS = delete(
    "timer",
    "line_id text, conversation_id bigint, run bigint, purpose text, id bigint",
    where="timer.line_id = :line_id AND timer.conversation_id = :conversation_id"
    " AND (:run IS NULL OR timer.run = :run) AND (:purpose IS NULL OR timer.purpose = :purpose)"
    " AND (:id IS NULL OR timer.id = :id)",
)

SAVE_CALL = insert(
    "call",
    "line_id text, conversation_id bigint, key text, state text, arguments_hash text, result text,"
    " started_at time, changed_at time",
    conflict="ON CONFLICT (line_id, conversation_id, key) DO UPDATE SET state = excluded.state,"
    " arguments_hash = excluded.arguments_hash, result = excluded.result, changed_at = excluded.changed_at",
)

WANT_MEDIA = insert(
    "media",
    "line_id text, message_id bigint, conversation_id bigint, state text, content text, attempts bigint",
)

SAVE_MEDIA = update(
    "media",
    "line_id text, message_id bigint, state text, attempts bigint, retry_at time, stored text,"
    " mime_type text, size_bytes bigint, error text",
    set_="state = :state, attempts = :attempts, retry_at = :retry_at, stored = :stored,"
    " mime_type = :mime_type, size_bytes = :size_bytes, error = :error",
    where="media.line_id = :line_id AND media.message_id = :message_id",
)
