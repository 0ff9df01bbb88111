"""The identifiers, each its own type so that mypy keeps them apart."""

from typing import NewType

LineId = NewType("LineId", str)
"""The name of a line in the configuration, such as `shop` in `[lines.shop]`."""

ContactId = NewType("ContactId", int)
"""A person on one line."""

ConversationId = NewType("ConversationId", int)
"""The thread of one contact on one line."""

SignalId = NewType("SignalId", int)
"""Given by the database at arrival: its order is the order of arrival."""

MessageId = NewType("MessageId", int)
"""Our own id of a message; it travels in the provider's callback field."""

NewsId = NewType("NewsId", int)
"""Our own id of one fact for one server of the business; it stays the same however often it is posted."""

TimerId = NewType("TimerId", int)
"""Our own id of a timer."""

VisitId = NewType("VisitId", int)
"""One entry into one step of one run; counted over the conversation's whole life."""

RunId = NewType("RunId", int)
"""One passage through a flow; counted over the conversation's whole life."""

ExternalId = NewType("ExternalId", str)
"""The provider's id of a message; the key that makes an inbound message count once."""

Address = NewType("Address", str)
"""What a provider calls a contact: a phone number in digits without `+`, or a business-scoped id."""

BroadcastId = NewType("BroadcastId", int)
"""One template to many contacts; small, because people type it."""
