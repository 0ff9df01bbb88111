"""What a process has taken for longer than a transaction, and how another gets it once that process is gone.

Each such thing carries its owner's number. A live owner's writing connection holds a lock on it (see
`storage/postgres.py`): whose number can be locked here is dead. SQLite has one process:
at its start all before are gone.
"""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from storage.statement import Statement, ask, update


def gone(owners: str) -> str:
    """Write the owners of a question that are gone, for PostgreSQL; `:own` says whether `:owner` itself counts.

    Its own lock says nothing to who holds it: a session may take its locks again.
    """
    return (
        f"(SELECT o.owner FROM (SELECT DISTINCT s.owner FROM ({owners}) AS s) AS o WHERE CASE"
        " WHEN o.owner = :owner THEN :own ELSE pg_try_advisory_xact_lock(:space ::int, o.owner::int) END)"
    )


LEFT_STEPS = ask(
    "SELECT c.line_id, c.id FROM conversation c WHERE c.busy AND :own"
    " AND c.line_id IN (SELECT l.value FROM json_each(:lines) l) ORDER BY c.line_id, c.id",
    postgres="SELECT c.line_id, c.id FROM conversation c WHERE c.busy"
    " AND c.line_id IN (SELECT l.value FROM json_array_elements_text(:lines ::json) l)"
    " AND (c.owner IS NULL OR c.owner IN "
    + gone("SELECT owner FROM conversation WHERE busy AND owner IS NOT NULL")
    + ") ORDER BY c.line_id, c.id",
    scalars="lines text, owner bigint, own bool, space bigint",
)
"""Code steps that nobody runs."""

_OWN_STEPS = update(
    "conversation",
    "line_id text, id bigint, owner bigint",
    set_="owner = :owner",
    where="conversation.line_id = :line_id AND conversation.id = :id",
)
OWN_STEPS = Statement("", _OWN_STEPS.postgres, each=True)

_PUT_BACK_UNSENT = update(
    "message",
    "line_id text, id bigint, owner bigint",
    set_="status = 'queued', owner = NULL, retry_at = NULL",
    where="message.line_id = :line_id AND message.id = :id AND message.status = 'sending'"
    " AND message.owner = :owner",
)
PUT_BACK_UNSENT = Statement("", _PUT_BACK_UNSENT.postgres, each=True)
"""A commit that failed on SQLite was none."""

_OWN_MEDIA = update(
    "media",
    "line_id text, message_id bigint, owner bigint",
    set_="owner = :owner",
    where="media.line_id = :line_id AND media.message_id = :message_id AND media.state = 'wanted'"
    " AND (media.owner IS NULL OR media.owner = :owner)",
    tells="message_id",
)
OWN_MEDIA = Statement("", _OWN_MEDIA.postgres, each=True)

FREE_MEDIA = ask(
    "",
    postgres="UPDATE media SET owner = NULL WHERE state = 'wanted' AND owner IN "
    + gone("SELECT owner FROM media WHERE state = 'wanted' AND owner IS NOT NULL"),
    scalars="owner bigint, own bool, space bigint",
)
