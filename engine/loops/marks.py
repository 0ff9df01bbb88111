"""What became of a send, on its way to the writer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from engine.core.content import Template
from engine.core.errors import SendError
from engine.core.ids import ExternalId
from engine.core.signals import Arrival
from engine.core.value import Json
from engine.ports import Batch, Exchange, MessageStatus, OutboxEntry, SendMark


class Marks(Protocol):
    """The writer, as far as those who send need it."""

    def mark(self, mark: SendMark) -> None:
        """Queue what became of a send."""

    async def write(self, job: Callable[[Batch], Any]) -> Any:
        """Run a job in the next transaction."""


def sent_mark(entry: OutboxEntry, at: datetime, external_id: ExternalId | None) -> SendMark:
    """Return what `mark_of` does of a message that the provider took, as nearly every one is."""
    return SendMark(  # by position: names would take twice as long
        entry.id,
        entry.line,
        entry.conversation,
        "sent",
        at,
        external_id,
        entry.attempts,
        None,
        None,
        None,
        None,
        entry.maybe_twice,
    )


def mark_of(
    entry: OutboxEntry,
    status: MessageStatus,
    at: datetime,
    *,
    external_id: ExternalId | None = None,
    retry_at: datetime | None = None,
    error: SendError | None = None,
    exchange: Exchange | None = None,
    attempts: int | None = None,
    instead: Template | None = None,
    tells: Arrival | None = None,
) -> SendMark:
    """Return what became of an entry; `attempts` None leaves them as they were."""
    return SendMark(  # by position: names would take twice as long
        entry.id,
        entry.line,
        entry.conversation,
        status,
        at,
        external_id,
        entry.attempts if attempts is None else attempts,
        retry_at,
        (error.provider_code or error.code) if error else None,
        str(error) if error else None,
        _shown(exchange),
        entry.maybe_twice,
        instead,
        tells,
    )


def told_of(entry: OutboxEntry, error: SendError) -> dict[str, Any]:
    """Return what the log says of an error: its codes, never its words, which may quote the message."""
    return {
        "line": entry.line,
        "message_id": entry.id,
        "code": error.code,
        "provider_code": error.provider_code,
    }


def _shown(exchange: Exchange | None) -> Json:
    if exchange is None:
        return None
    return {
        "method": exchange.method,
        "url": exchange.url,
        "request": exchange.request,
        "status": exchange.status,
        "response": exchange.response,
        "elapsed_ms": exchange.elapsed_ms,
    }
