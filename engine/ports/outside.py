"""What other processes on the same database do, as far as this one hears of it."""

from typing import NamedTuple

from engine.core.ids import ConversationId, ExternalId, LineId


class Outside(NamedTuple):
    """What other processes wrote that leaves this one something to do or to show."""

    is_unknown: bool = False
    """Something, and nobody knows what: a command wrote, or notices were missed."""
    signals: bool = False
    """Signals wait to be stepped whose conversations were held elsewhere."""
    sends: bool = False
    """Messages wait behind others that another process may be sending."""
    handoffs: bool = False
    """People have a chat, or have it no more."""
    replicas: bool = False
    """A replica has come."""
    many: bool = False
    """More chats changed than a notice can name."""
    chats: frozenset[tuple[LineId, ConversationId]] = frozenset()
    """Chats that changed; told only while somebody elsewhere shows any."""
    reported: frozenset[tuple[LineId, ExternalId]] = frozenset()
    """Messages whose status a provider told, by the provider's names; told as `chats` are."""

    def __bool__(self) -> bool:
        """Whether there is anything to do or to show."""
        return any(self)

    def and_(self, other: "Outside") -> "Outside":
        """Return both together."""
        return Outside(
            self.is_unknown or other.is_unknown,
            self.signals or other.signals,
            self.sends or other.sends,
            self.handoffs or other.handoffs,
            self.replicas or other.replicas,
            self.many or other.many,
            self.chats | other.chats,
            self.reported | other.reported,
        )


NOTHING = Outside()
UNKNOWN = Outside(is_unknown=True)


class Replicas(NamedTuple):
    """Who works on this database."""

    live: frozenset[int] = frozenset()
    """The numbers of the owners that live, this process's too; empty where there can be one alone."""
