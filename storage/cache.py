"""Conversations kept in memory, bounded: the ones that talk now are found without asking the database."""

import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator

from engine.core.conversation import Conversation
from engine.core.ids import ConversationId, LineId

TRUSTED_S = 0.1
"""How long what this process committed is taken as it was where others write too: a reply leaves at once."""

Key = tuple[LineId, ConversationId]
Address = tuple[LineId, str, str]
"""Line, kind (`phone` or `user_id`) and canonical address."""


class Cache:
    """The latest used conversations and the addresses that lead to them.

    Args:
        most: How many conversations are kept; the one not used for longest goes first, with its addresses.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        # Not a plain dict: that one looks through all it has forgotten at its front to find its first key.
        self._conversations: OrderedDict[Key, Conversation] = OrderedDict()
        """In order of use."""
        self._by_address: dict[Address, Key] = {}
        self._addresses: dict[Key, set[Address]] = {}
        self._committed_at: dict[Key, float] = {}

    def __len__(self) -> int:
        return len(self._conversations)

    def get(self, key: Key) -> Conversation | None:
        """Return a conversation and count it as used."""
        found = self._conversations.get(key)
        if found is not None:
            self._conversations.move_to_end(key)
        return found

    def find(self, address: Address) -> Key | None:
        """Return the conversation that an address leads to."""
        return self._by_address.get(address)

    def put(self, conversation: Conversation) -> None:
        """Keep a conversation as it is stored now."""
        key = (conversation.line, conversation.id)
        self._conversations[key] = conversation
        self._conversations.move_to_end(key)
        while len(self._conversations) > self._most:
            self.drop(next(iter(self._conversations)))

    def put_committed(self, conversations: Collection[Conversation]) -> None:
        """Keep conversations whose rows this process had locked until this moment."""
        now = time.monotonic()
        if len(self._committed_at) > self._most:
            self._committed_at = {
                key: at for key, at in self._committed_at.items() if now - at < TRUSTED_S
            }
        for conversation in conversations:
            self.put(conversation)
            self._committed_at[conversation.line, conversation.id] = now

    def committed(self, key: Key) -> Conversation | None:
        """Return a conversation that this process committed a moment ago; None where that is too long ago."""
        if time.monotonic() - self._committed_at.get(key, -TRUSTED_S) >= TRUSTED_S:
            return None
        return self._conversations.get(key)

    def lead(self, address: Address, key: Key) -> None:
        """Remember where an address leads, for as long as its conversation is kept."""
        if key in self._conversations:
            before = self._by_address.get(address)
            if before is not None and before != key:
                self._addresses[before].discard(address)
            self._by_address[address] = key
            self._addresses.setdefault(key, set()).add(address)

    def drop(self, key: Key) -> None:
        """Forget a conversation and its addresses."""
        self._conversations.pop(key, None)
        for address in self._addresses.pop(key, ()):
            self._by_address.pop(address, None)

    def drop_all(self, keys: Iterable[Key] | None = None) -> None:
        """Forget these conversations, or everything."""
        for key in list(self) if keys is None else keys:
            self.drop(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._conversations)
