"""What a contact does not want: as the error of a message that stayed, and as the signal of a provider's refusal."""

from datetime import datetime
from typing import assert_never

from engine.core.content import Outbound, Template
from engine.core.conversation import Contact
from engine.core.effects import Unwanted
from engine.core.errors import MarketingStopped, OptedOut, SendError
from engine.core.ids import LineId
from engine.core.outbox import Verdict
from engine.core.signals import Arrival, ConsentChanged
from engine.ports import OutboxEntry
from engine.ports.templates import TemplateShapes


def refusal_of(why: Unwanted) -> SendError:
    """Return what is told of a message that the contact does not want."""
    match why:
        case "opted_out":
            return OptedOut("the contact has opted out")
        case "marketing_stopped":
            return MarketingStopped("the contact has stopped marketing messages")
        case _:
            assert_never(why)


def as_known(
    answer: Verdict, contact: Contact, entry: OutboxEntry, templates: TemplateShapes
) -> Verdict:
    """Return the verdict, with what is known of a template's category where the message does not say it."""
    if answer == "go" and is_stopped_marketing(contact, entry.line, entry.content, templates):
        return "marketing_stopped"
    return answer


def is_stopped_marketing(
    contact: Contact, line: LineId, content: Outbound, templates: TemplateShapes
) -> bool:
    """Tell whether this is a template that is known as marketing, to somebody who wants none."""
    if contact.marketing_stopped_at is None or not isinstance(content, Template):
        return False
    return any(one.category == "marketing" for one in templates.known(line, content.name))


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
