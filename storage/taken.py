"""What one transaction takes for longer than itself: code steps, files to fetch, sends; what others left of these."""

from collections.abc import Collection, Sequence

import orjson

from engine.core.ids import ConversationId, LineId, MessageId
from engine.ports import WantedMedia
from storage import left
from storage.postgres import OWNER_SPACE
from storage.statement import Call
from storage.transaction import Transaction


class Taken:
    """The engine's `TakenWork` on either database.

    Args:
        transaction: The batch's.
        owner: This process's number; None where it is the only one that may serve.
    """

    def __init__(self, transaction: Transaction, *, owner: int | None) -> None:
        self._transaction = transaction
        self._owner = owner

    def steps(self, conversations: Sequence[tuple[LineId, ConversationId]]) -> None:
        """Note that the code steps of these conversations run in this process."""
        rows = [(line, key, self._owner) for line, key in sorted(conversations)]
        self._transaction.later(Call(left.OWN_STEPS, rows))

    async def left_steps(
        self, lines: Collection[LineId], *, own: bool
    ) -> list[tuple[LineId, ConversationId]]:
        """Return the conversations on these lines whose code step nobody runs."""
        names = orjson.dumps(sorted(lines)).decode()
        (rows,) = await self._transaction.ask(
            Call(left.LEFT_STEPS, scalars=(names, self._owner, own, OWNER_SPACE))
        )
        return [(LineId(line), ConversationId(key)) for line, key in rows]

    def put_back(self, messages: Sequence[tuple[LineId, MessageId]]) -> None:
        """Queue entries again that a commit made `sending`, if it was one."""
        rows = [(line, message, self._owner) for line, message in sorted(messages)]
        self._transaction.later(Call(left.PUT_BACK_UNSENT, rows))

    async def media(self, wanted: Sequence[WantedMedia]) -> set[MessageId]:
        """Take files to be fetched by this process; return those that no other has taken."""
        if self._owner is None or not wanted:
            return {one.message for one in wanted}
        rows = sorted((one.line, one.message, self._owner) for one in wanted)
        (won,) = await self._transaction.ask(Call(left.OWN_MEDIA, rows))
        return {MessageId(message) for (message,) in won}

    def free_media(self, *, own: bool) -> None:
        """Let others fetch what processes have taken that are gone."""
        scalars = (self._owner, own, OWNER_SPACE)
        self._transaction.later(Call(left.FREE_MEDIA, scalars=scalars))
