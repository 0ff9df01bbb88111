"""A batch's conversations: locked, loaded, and saved if nobody else has changed them."""

from collections.abc import Iterable, Sequence
from operator import itemgetter

from engine.core.conversation import Conversation
from engine.core.errors import ConcurrentUpdate
from engine.core.ids import ConversationId, LineId
from storage import statements
from storage.cache import Cache, Key
from storage.mapping import (
    contact_cells,
    conversation_cells,
    latest,
)
from storage.statement import Call, Cell, Rows
from storage.transaction import Transaction

_two = itemgetter(0, 1)
"""Of a row: the line and the id, by which batches write."""


class Claims:
    """The conversations that one batch works on.

    Args:
        transaction: The batch's.
        cache: Conversations as committed.
        is_current: Whether the cache can be trusted without asking.
    """

    def __init__(self, transaction: Transaction, *, cache: Cache, is_current: bool) -> None:
        self._transaction = transaction
        self._cache = cache
        self._is_current = is_current
        self.kept: dict[Key, Conversation] = {}
        """As the batch leaves them."""
        self.touched: set[Key] = set()
        self.saved: set[Key] = set()
        """What this batch writes with their rows locked."""
        self._locked: set[Key] = set()
        self.moved: set[Key] = set()
        """Of those that were locked: whose contact was joined to another."""

    async def claim(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> dict[ConversationId, Conversation]:
        """Lock and load; what another replica holds is missing from the answer."""
        held: dict[ConversationId, Conversation] = {}
        missing: list[Key] = []
        for key in keys:
            self.touched.add(key)
            known = self._recall(key)
            if known is None:
                missing.append(key)
            else:
                held[key[1]] = known
        if missing:
            (rows,) = await self._transaction.ask(
                Call(statements.CLAIM_CONVERSATIONS, sorted(missing))
            )
            self._hold(rows, held)
        return held

    async def claim_asking(
        self, keys: Sequence[tuple[LineId, ConversationId]], then: Call
    ) -> tuple[dict[ConversationId, Conversation], Rows]:
        """Lock and load without looking into memory, and ask something once they are locked."""
        self.touched.update(keys)
        rows, answer = await self._transaction.ask(
            Call(statements.CLAIM_CONVERSATIONS, sorted(keys)), then
        )
        held: dict[ConversationId, Conversation] = {}
        self._hold(rows, held)
        locked = [(LineId(row[0]), ConversationId(row[1])) for row in rows]
        self._locked.update(locked)
        self.moved.update(key for key, row in zip(locked, rows, strict=True) if row[-1] is not None)
        return held, answer

    def _hold(self, rows: Rows, held: dict[ConversationId, Conversation]) -> None:
        for row in rows:
            conversation = latest(row, self._remembered)
            self.kept[conversation.line, conversation.id] = conversation
            held[conversation.id] = conversation

    def _recall(self, key: Key) -> Conversation | None:
        """Return the conversation from memory where that is enough to claim it."""
        if not self._is_current:
            return None
        return self.kept.get(key) or self._cache.get(key)

    def _remembered(self, key: Key) -> Conversation | None:
        return self.kept.get(key) or self._cache.get(key)

    def save_locked(self, changes: Sequence[tuple[Conversation, int]]) -> bool:
        """Write conversations with what else is written; False if one is not locked, or was read as another version."""
        keys = [(conversation.line, conversation.id) for conversation, _ in changes]
        if not self._locked.issuperset(keys) or any(
            self.kept[key].version != expected
            for key, (_, expected) in zip(keys, changes, strict=True)
        ):
            return False
        rows = [conversation_cells(conversation, expected) for conversation, expected in changes]
        rows.sort(key=_two)

        def check(told: Rows) -> None:
            if len(told) < len(rows):
                raise ConcurrentUpdate("a conversation was changed although it was locked")

        self._transaction.later(Call(statements.SAVE_CONVERSATIONS, rows), check)
        self._save_contacts(conversation for conversation, _ in changes)
        self.kept.update(zip(keys, (conversation for conversation, _ in changes), strict=True))
        self.saved.update(keys)
        return True

    async def save(
        self, changes: Sequence[tuple[Conversation, int]]
    ) -> tuple[set[ConversationId], Rows]:
        """Write each conversation if its stored version is still the one given.

        Returns those that won, and what UNFINISHED answers of all of them.
        """
        rows = [conversation_cells(conversation, expected) for conversation, expected in changes]
        rows.sort(key=_two)
        keys = [(conversation.line, conversation.id) for conversation, _ in changes]
        self.touched.update(keys)
        told, unfinished = await self._transaction.ask(
            Call(statements.SAVE_CONVERSATIONS, rows),
            Call(statements.UNFINISHED, sorted(keys)),  # asked ahead, in the same trip
        )
        won = {ConversationId(key) for (key,) in told}
        self._save_contacts(c for c, _ in changes if c.id in won)
        for key, (conversation, _) in zip(keys, changes, strict=True):
            if conversation.id in won:
                self.kept[key] = conversation
            else:
                self.kept.pop(key, None)
                self._cache.drop(key)
        return won, unfinished

    def _save_contacts(self, winners: Iterable[Conversation]) -> None:
        """Write the contacts that a step changed."""
        rows: list[tuple[Cell, ...]] = []
        for conversation in winners:
            key = (conversation.line, conversation.id)
            before = self.kept.get(key) or self._cache.get(key)
            if before is not None and before.contact is conversation.contact:
                continue  # nearly always; comparing every field would cost more than the rest
            if before is None or before.contact != conversation.contact:
                rows.append(contact_cells(conversation.line, conversation.contact))
        if rows:
            self._transaction.later(Call(statements.SAVE_CONTACTS, sorted(rows, key=_two)))
