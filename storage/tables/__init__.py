"""The tables. They hold columns and validate nothing: `mapping` makes typed values of their rows.

`line_id` comes first in every primary, unique and foreign key, so that the tables can be distributed by it. Foreign
keys stand only where rows are written rarely: on the hot tables each would cost a lookup a row, on PostgreSQL also a
share lock on the conversation, and what they would guard is written by one transaction anyway.

JSON is text on both databases: it keeps numbers and the order of names as they came, and PostgreSQL does not have to
parse what only Parley reads (`content::json` does it for a person who asks).
"""

from sqlmodel import SQLModel

from storage.tables.business import (
    ApiAnswerRow,
    AuditRow,
    BroadcastContactRow,
    BroadcastRow,
    ConsentRow,
    OutgoingWebhookRow,
    TemplateRow,
    TokenRow,
)
from storage.tables.inbox import (
    AgentChatRow,
    AgentRow,
    CannedReplyRow,
    ConversationLabelRow,
    HandoffRow,
    LabelRow,
    NoteRow,
    PushSubscriptionRow,
    ServerKeyRow,
    SessionRow,
)
from storage.tables.search import (
    CONTACT_FTS,
    MESSAGE_FTS,
    ContactVectorRow,
    MessageVectorRow,
    SearchProgressRow,
)
from storage.tables.talk import (
    UNFINISHED,
    AddressRow,
    CallRow,
    ContactRow,
    ConversationRow,
    CounterRow,
    ExchangeRow,
    LineRow,
    MediaRow,
    MessageRow,
    SignalRow,
    TimerRow,
    TurnRow,
)

__all__ = [
    "CONTACT_FTS",
    "MESSAGE_FTS",
    "UNFINISHED",
    "AddressRow",
    "AgentChatRow",
    "AgentRow",
    "ApiAnswerRow",
    "AuditRow",
    "BroadcastContactRow",
    "BroadcastRow",
    "CallRow",
    "CannedReplyRow",
    "ConsentRow",
    "ContactRow",
    "ContactVectorRow",
    "ConversationLabelRow",
    "ConversationRow",
    "CounterRow",
    "ExchangeRow",
    "HandoffRow",
    "LabelRow",
    "LineRow",
    "MediaRow",
    "MessageRow",
    "MessageVectorRow",
    "NoteRow",
    "OutgoingWebhookRow",
    "PushSubscriptionRow",
    "SearchProgressRow",
    "ServerKeyRow",
    "SessionRow",
    "SignalRow",
    "TemplateRow",
    "TimerRow",
    "TokenRow",
    "TurnRow",
    "metadata",
]

metadata = SQLModel.metadata
"""All of them, whoever imports any."""
