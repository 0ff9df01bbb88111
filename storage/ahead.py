"""What a batch has asked ahead of the question: who has signals that wait, and who has something unfinished."""

from collections.abc import Iterable, Sequence

from engine.core.ids import ConversationId, LineId, SignalId
from storage import statements
from storage.ids import RisingIds
from storage.statement import Call, Rows
from storage.transaction import Transaction

EVER = 2**63 - 1
"""Above every signal's id."""

Keys = Sequence[tuple[LineId, ConversationId]]


class Ahead:
    """Answers that came with others' trips; what the batch does meanwhile is kept in them, or makes them void.

    Args:
        transaction: Where is asked what was not asked ahead.
        ids: Gives the ids of what is said; None where this process alone writes, and so gives them all.
    """

    def __init__(self, transaction: Transaction, *, ids: RisingIds | None) -> None:
        self._transaction = transaction
        self._ids = ids
        self._blocked: dict[ConversationId, bool] = {}
        self._unfinished: dict[ConversationId, bool] = {}

    # --- signals ------------------------------------------------------------------------------------

    def note_blocked(self, keys: Keys, blocked: Iterable[ConversationId]) -> None:
        """Keep which of these conversations have signals that wait."""
        self._blocked.update((key, False) for _, key in keys)
        self._blocked.update((key, True) for key in blocked)

    async def blocked(self, keys: Keys, *, before: SignalId | None) -> set[ConversationId]:
        """Return the conversations with signals that wait from before this one."""
        if any(key not in self._blocked for _, key in keys):
            scalars = (EVER if before is None else before,)
            (rows,) = await self._transaction.ask(Call(statements.BLOCKED, sorted(keys), scalars))
            return {ConversationId(key) for (key,) in rows}
        return {key for _, key in keys if self._blocked[key]}

    # --- messages -----------------------------------------------------------------------------------

    def note_unfinished(self, keys: Keys, rows: Rows) -> None:
        """Keep which of these conversations have something unfinished: each row says one, and its last message."""
        unfinished = self._behind(rows)
        self._unfinished.update((key, key in unfinished) for _, key in keys)

    async def unfinished(self, keys: Keys) -> set[ConversationId]:
        """Return the conversations with messages that later ones must wait for."""
        if any(key not in self._unfinished for _, key in keys):
            (rows,) = await self._transaction.ask(Call(statements.UNFINISHED, sorted(keys)))
            return self._behind(rows)
        return {key for _, key in keys if self._unfinished[key]}

    def is_unfinished(self, conversation: ConversationId) -> bool:
        """Tell whether something is known to be unfinished there."""
        return self._unfinished.get(conversation, False)

    def note_said(self, conversation: ConversationId) -> None:
        """Keep that something was said there which is to leave."""
        self._unfinished[conversation] = True

    def forget_unfinished(self) -> None:
        """Ask again: what stood may have left, or been cancelled."""
        self._unfinished.clear()

    def _behind(self, rows: Rows) -> set[ConversationId]:
        """Return who has something unfinished; what is said to them now gets ids above it, whatever the clocks say."""
        if self._ids is not None:
            for _, last in rows:
                self._ids.rise_above(last)
        return {ConversationId(row[0]) for row in rows}
