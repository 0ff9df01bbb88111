"""Conversations that are asked for one by one and at the same moment, read together.

After a commit every reply is checked once more before it leaves. Where other replicas write too the answer must come
from the database; one question for all of them costs little more than one for each did.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from engine.core.conversation import Conversation
from engine.core.errors import StorageError
from engine.core.ids import ConversationId
from storage import statements
from storage.cache import Key
from storage.link import Link
from storage.mapping import latest
from storage.statement import Call


class GatheredReads:
    """Reads for all who ask while the answer before is on its way.

    Args:
        link: A connection for this alone.
        known: What memory holds of a conversation; of the same version it need not be decoded again.
    """

    def __init__(self, link: Link, known: Callable[[Key], Conversation | None]) -> None:
        self._link = link
        self._known = known
        self._waiting: dict[Key, list[asyncio.Future[Conversation | None]]] = {}
        self._work: asyncio.Task[None] | None = None

    async def read(self, keys: Sequence[Key]) -> dict[ConversationId, Conversation]:
        """Return conversations as committed at some moment after this was called; unknown ones are missing.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        loop = asyncio.get_running_loop()
        mine: list[asyncio.Future[Conversation | None]] = []
        for key in keys:
            future: asyncio.Future[Conversation | None] = loop.create_future()
            self._waiting.setdefault(key, []).append(future)
            mine.append(future)
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._read_all(), name="parley-reads")
        answers = await asyncio.gather(*mine)
        return {found.id: found for found in answers if found is not None}

    async def _read_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await self._ask(sorted(asked))
            except StorageError as error:
                await self._link.rollback()  # which throws a broken connection away
                _answer(asked, error)
            except BaseException:
                _answer(asked, asyncio.CancelledError())
                raise
            else:
                _answer(asked, found)

    async def _ask(self, keys: Sequence[Key]) -> dict[Key, Conversation]:
        (rows,) = await self._link.run([Call(statements.LOAD_CONVERSATIONS, keys)])
        found = (latest(row, self._known) for row in rows)
        return {(one.line, one.id): one for one in found}


def _answer(
    asked: Mapping[Key, Sequence[asyncio.Future[Conversation | None]]],
    answer: Mapping[Key, Conversation] | BaseException,
) -> None:
    for key, futures in asked.items():
        for future in futures:
            if future.done():  # who asked has gone
                continue
            if isinstance(answer, asyncio.CancelledError):
                future.cancel()
            elif isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer.get(key))
