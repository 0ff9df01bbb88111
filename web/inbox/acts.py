"""Notes in the audit what agents do."""

from datetime import datetime

from aiohttp import web

from engine.core.conversation import Conversation
from engine.ports.outside import NOTHING
from storage.audit import NO_LINE, Act, audited
from storage.statement import Call
from storage.written import written
from web.inbox.table import Asked
from web.keys import DATABASE, IDS


def act_of(app: web.Application, actor: str, act: str, subject: str, *, now: datetime) -> Act:
    """Return a line of the audit. It belongs to no line, as agents do: theirs are read together, newest first."""
    return Act(app[IDS](), NO_LINE, now, actor, act, subject)


def chat_subject(chat: Conversation) -> str:
    """Return how the audit names a chat."""
    return f"{chat.line}/{chat.id}"


def audit_call(asked: Asked, act: str, subject: str) -> Call:
    """Return what notes an act of who asks, to be run in the transaction of the act itself."""
    return audited(act_of(asked.app, asked.agent.actor, act, subject, now=asked.now))


async def audit(asked: Asked, act: str, subject: str | None = None) -> None:
    """Note an act of who asks.

    Args:
        asked: The request.
        act: What was done, in the past tense and snake_case: `note_added`; the text `did_note_added` tells it.
        subject: What it was done to; None is the chat of the path.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    await written(
        asked.app[DATABASE],
        audit_call(asked, act, chat_subject(asked.chat) if subject is None else subject),
        tells=NOTHING,
    )
