"""The time in which free-form messages are allowed: when it closes, whether it is open."""

from datetime import datetime, timedelta


def closes_at(
    before: datetime | None, *, sent_at: datetime, received_at: datetime, length: timedelta | None
) -> datetime | None:
    """Return when the window closes after a contact's message, or None on a line without one.

    Args:
        before: When it would have closed without this message.
        sent_at: The provider's time of the message; never trusted past `received_at`.
        received_at: When the message reached us.
        length: The window's length from the line's capabilities.

    Source: Cloud API, customer service window, read 2026-08.
    """
    if length is None:
        return None
    closes = min(sent_at, received_at) + length
    return closes if before is None else max(before, closes)


def is_open(closes: datetime | None, now: datetime, *, length: timedelta | None) -> bool:
    """Tell whether a free-form message may be sent.

    Args:
        closes: When the window closes; None if the contact has never written.
        now: The time of sending, with any margin already added.
        length: The window's length from the line's capabilities; None is always open.
    """
    return length is None or (closes is not None and now < closes)
