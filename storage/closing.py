"""The statements on messages whose closed window was told after the provider had taken them."""

# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from storage.outbox_statements import PLAN_LEFT
from storage.statement import ask, update

REFUSED = ask(
    f"SELECT m.line_id, m.id, m.conversation_id, m.content, m.origin, m.turn, k.external_id, {PLAN_LEFT},"
    " coalesce(m.released_at, m.at) FROM {keys} JOIN message m ON m.line_id = k.line_id"
    " AND (m.id = k.message_id OR m.external_id = k.external_id)"
    " WHERE m.direction = 'out' AND m.status = 'failed' AND m.error_code = k.code",
    keys="line_id text, message_id bigint, external_id text, code text",
)

HAND_ON = update(
    # What it tells is done in the conversation's own time, as any signal that waited, even while a code step runs.
    "signal",
    "line_id text, id bigint, external_id text",
    set_="awaits = NULL, interrupts = true, conversation_id = coalesce("
    "(SELECT min(m.conversation_id) FROM message m WHERE m.line_id = :line_id"
    " AND m.external_id = :external_id AND m.direction = 'out'),"
    " (SELECT min(m.conversation_id) FROM message m WHERE m.line_id = :line_id AND m.alias = :external_id))",
    where="signal.line_id = :line_id AND signal.id = :id",
)
"""A refusal that came before its message was marked as sent waits no more: the next batch takes the message back."""

PUT_BACK = update(
    # Its external id stays: what else is told of that send is known by it. What leaves at once has only now been said.
    "message",
    "line_id text, id bigint, status text, at time",
    set_="status = :status, status_at = :at, retry_at = NULL,"
    " released_at = CASE WHEN :status = 'queued' THEN :at ELSE message.released_at END",
    where="message.line_id = :line_id AND message.id = :id AND message.status = 'failed'",
)
