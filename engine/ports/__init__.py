"""What the loops need from outside: a store, a provider, a clock. Protocols and their plain data."""

from engine.ports.messages import (
    Direction,
    Exchange,
    MessageRow,
    MessageStatus,
    OutboxEntry,
    RefusedMessage,
    SendMark,
)
from engine.ports.provider import (
    Accepted,
    Adapter,
    FetchedMedia,
    Outgoing,
    Parcel,
    Refused,
    WebhookRequest,
)
from engine.ports.store import (
    Batch,
    CallRow,
    DueTimer,
    Store,
    StoredSignal,
    TimerChange,
    TurnRow,
    WantedMedia,
)
from engine.ports.world import (
    Clock,
    IdFactory,
    MediaLinks,
    MediaStore,
    NoLinks,
)

__all__ = [
    "Accepted",
    "Adapter",
    "Batch",
    "CallRow",
    "Clock",
    "Direction",
    "DueTimer",
    "Exchange",
    "FetchedMedia",
    "IdFactory",
    "MediaLinks",
    "MediaStore",
    "MessageRow",
    "MessageStatus",
    "NoLinks",
    "OutboxEntry",
    "Outgoing",
    "Parcel",
    "Refused",
    "RefusedMessage",
    "SendMark",
    "Store",
    "StoredSignal",
    "TimerChange",
    "TurnRow",
    "WantedMedia",
    "WebhookRequest",
]
