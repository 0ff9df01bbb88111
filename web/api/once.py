"""Does a request once: what its Idempotency-Key was answered first is what it is answered again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

import orjson

from engine.core import limits
from engine.core.ids import LineId, MessageId
from storage.audit import Act
from storage.requested import Handled, handled, keep_answer, reserve
from web.api.errors import ApiError, KeyReused
from web.api.table import Answer, Asked
from web.errors import error_body
from web.keys import DATABASE, IDS

ANSWERS_KEPT = limits.SIGNAL_KEPT + timedelta(days=1)
"""An answer outlives its signal: as long as a repeat would not be done, it is answered as it was first."""


class Deed(NamedTuple):
    """What a request asks to be done, under its own id and key."""

    id: MessageId
    """Given out for it; a repeat has the same."""
    key: str
    """The signal's: it counts once, whatever happens to this process meanwhile."""
    before: Handled | None
    """What came of the same request earlier, where it was done but not answered."""


class Done(NamedTuple):
    """What was done."""

    answer: Answer
    act: str
    subject: str


async def once(asked: Asked, line: LineId, do: Callable[[Deed], Awaitable[Done]]) -> Answer:
    """Return the first answer of this request, doing it where it has none.

    What is refused for how things stand is an answer too; where the database or the provider fails there is none, and
    the request can be repeated with its key.

    Raises:
        KeyReused: Another request had the key.
        StoreUnavailable: The database does not answer.
        ApiError: The provider does not answer.
    """
    database, token = asked.app[DATABASE], asked.token
    id_ = MessageId(asked.app[IDS]())
    key = asked.key or f"id:{id_}"
    request_hash = _hash(asked)
    found = await reserve(
        database,
        token=token.id,
        key=key,
        request_hash=request_hash,
        message=id_,
        now=asked.now,
        forget_before=asked.now - ANSWERS_KEPT,
    )
    if found.request_hash != request_hash:
        raise KeyReused
    if found.status is not None:
        return _stored(found.status, found.body)
    signal = f"api:{token.id}:{key}"
    before = None if found.message == id_ else await handled(database, line, signal)
    act = None
    try:
        done = await do(Deed(found.message, signal, before))
        answer = done.answer
        actor = f"token:{token.name}"
        act = Act(found.message, line, asked.now, actor, done.act, done.subject)
    except ApiError as error:
        if error.status >= 500:
            raise
        answer = Answer(error.status, error_body(error.status, error.code, str(error)))
    kept = await keep_answer(
        database,
        token=token.id,
        key=key,
        status=answer.status,
        body=answer.body.decode(),
        act=act,
    )
    return _stored(kept.status or answer.status, kept.body)


def _stored(status: int, body: str | None) -> Answer:
    return Answer(status, (body or "").encode())


def _hash(asked: Asked) -> str:
    """Return what two requests have in common that ask the same: white space and the order of names do not count."""
    said = [
        sorted(asked.path.items()),
        type(asked.body).__name__,
        asked.body.model_dump(mode="json"),
    ]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
