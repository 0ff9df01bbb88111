"""Where messages stand after what a batch brought of them; asked only where somebody waits for that."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from engine.core.ids import ConversationId, ExternalId, LineId, MessageId
from engine.core.watch import Watch
from engine.ports import Standing
from storage.clean import clean_text
from storage.columns import read_time
from storage.outbox_statements import UNFINISHED_STATUS
from storage.statement import Call, ask, update
from storage.transaction import Transaction

_COLUMNS = (
    "m.id, m.line_id, m.conversation_id, m.status, m.status_at, m.external_id, m.alias,"
    " m.error_code, m.error, m.watch"
)

_BY_ID = ask(
    f"SELECT {_COLUMNS} FROM {{keys}} JOIN message m ON m.line_id = k.line_id AND m.id = k.id"
    " WHERE m.direction = 'out'",
    keys="line_id text, id bigint",
)

_BY_EXTERNAL_ID = ask(
    f"SELECT {_COLUMNS} FROM {{keys}} JOIN message m"
    " ON m.line_id = k.line_id AND m.external_id = k.external_id AND m.direction = 'out'"
    f" UNION ALL SELECT {_COLUMNS} FROM {{keys}} JOIN message m"
    " ON m.line_id = k.line_id AND m.alias = k.external_id",
    keys="line_id text, external_id text",
)

_WAITING = ask(
    "SELECT m.line_id, m.id FROM {keys} JOIN message m ON m.line_id = k.line_id AND m.conversation_id = k.id"
    f" WHERE {UNFINISHED_STATUS} AND m.status = 'queued' AND m.direction = 'out'"
    " UNION ALL"
    " SELECT m.line_id, m.id FROM {keys} JOIN message m ON m.line_id = k.line_id AND m.conversation_id = k.id"
    " WHERE m.status = 'held' AND m.direction = 'out'",
    keys="line_id text, id bigint",
)
"""In two halves, each in the words of a partial index (tables.MessageRow)."""

_UNWATCH = update(
    "message",
    "line_id text, id bigint",
    set_="watch = NULL",
    where="message.line_id = :line_id AND message.id = :id",
)


async def standings(
    transaction: Transaction,
    messages: Sequence[tuple[LineId, MessageId]],
    reported: Sequence[tuple[LineId, ExternalId]],
) -> list[Standing]:
    """Return where these messages stand, each once, after everything that this transaction has queued."""
    await transaction.flush()
    names = sorted({(line, clean_text(name)) for line, name in reported})
    answers = await transaction.ask(
        Call(_BY_ID, sorted(set(messages))), Call(_BY_EXTERNAL_ID, names)
    )
    found = (_standing(row) for rows in answers for row in rows)
    return list({(one.line, one.id): one for one in found}.values())


async def waiting(
    transaction: Transaction, conversations: Sequence[tuple[LineId, ConversationId]]
) -> list[tuple[LineId, MessageId]]:
    """Return what these conversations have queued or held, which may be taken back."""
    await transaction.flush()
    (rows,) = await transaction.ask(Call(_WAITING, sorted(conversations)))
    return [(LineId(line), MessageId(key)) for line, key in rows]


def unwatch(transaction: Transaction, messages: Sequence[tuple[LineId, MessageId]]) -> None:
    """Let nobody wait for these messages any more."""
    if messages:
        transaction.later(Call(_UNWATCH, sorted(messages)))


def _standing(row: Sequence[Any]) -> Standing:
    key, line, conversation, status, at, external_id, alias, code, error, watch = row
    return Standing(
        MessageId(key),
        LineId(line),
        ConversationId(conversation),
        status,
        read_time(at),
        external_id,
        alias,
        code,
        error,
        None if watch is None else _load_watch(watch),
    )


def _load_watch(text: str) -> Watch | None:
    """Read a watch; one of another version that cannot be read is none."""
    try:
        return Watch.model_validate_json(text)
    except ValidationError:
        return None
