"""What the loops need from outside: a store, a provider, a clock. Protocols and their plain data."""

from engine.ports.messages import (
    Direction,
    Exchange,
    MessageRow,
    MessageStatus,
    OutboxEntry,
    SendMark,
    Standing,
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
    ConsentRow,
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
    "ConsentRow",
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
    "SendMark",
    "Standing",
    "Store",
    "StoredSignal",
    "TimerChange",
    "TurnRow",
    "WantedMedia",
    "WebhookRequest",
]
