"""What a contact does not want: as the error of a message that stayed, and as the signal of a provider's refusal."""

from datetime import datetime
from typing import assert_never

from engine.core.effects import Unwanted
from engine.core.errors import MarketingStopped, OptedOut, SendError
from engine.core.signals import Arrival, ConsentChanged
from engine.ports import OutboxEntry


def refusal_of(why: Unwanted) -> SendError:
    """Return what is told of a message that the contact does not want."""
    match why:
        case "opted_out":
            return OptedOut("the contact has opted out")
        case "marketing_stopped":
            return MarketingStopped("the contact has stopped marketing messages")
        case _:
            assert_never(why)


def consent_told_by(error: SendError, entry: OutboxEntry, at: datetime) -> Arrival | None:
    """Return what a provider's refusal says that the contact wants; None for any other error."""
    if not isinstance(error, (OptedOut, MarketingStopped)):
        return None
    signal = ConsentChanged(
        change="opted_out" if isinstance(error, OptedOut) else "marketing_stopped",
        by="provider",
        source=error.provider_code or error.code,
        at=at,
    )
    return Arrival(
        line=entry.line,
        key=f"consent:{entry.id}",
        signal=signal,
        received_at=at,
        conversation=entry.conversation,
    )
