"""Makes the rows of a batch: what came in, what is said, why a turn went as it did."""

from datetime import datetime

from engine.core.effects import SendMessage
from engine.core.ids import ConversationId, MessageId, SignalId
from engine.core.signals import Arrival, BusinessReplied, MessageReceived
from engine.core.step import Step
from engine.core.value import Json
from engine.ports import IdFactory, MessageRow, OutboxEntry, TurnRow


def inbound_row(
    arrival: Arrival, conversation: ConversationId, ids: IdFactory, *, turn: int
) -> MessageRow | None:
    """Make the transcript's row of what came in; None for signals that are no message.

    Args:
        arrival: What came in.
        conversation: Whose transcript.
        ids: Gives the row's id.
        turn: The turn that answered it; 0 while it waits.
    """
    signal = arrival.signal
    match signal:
        case MessageReceived():
            return MessageRow(  # by position: names would take twice as long
                MessageId(ids()),
                arrival.line,
                conversation,
                "in",
                signal.content,
                "received",
                arrival.received_at,
                signal.external_id,
                "contact",
                turn,
                False,
                signal.context.reply_to if signal.context else None,
                None,
                _extra(signal),
            )
        case BusinessReplied(echo=echo):
            return MessageRow(
                id=MessageId(ids()),
                line=arrival.line,
                conversation=conversation,
                direction="out",
                content=echo.content,
                status="sent",
                at=echo.sent_at,
                external_id=echo.external_id,
                origin="phone",
            )
        case _:
            return None


def entry_of(row: MessageRow, message: SendMessage) -> OutboxEntry:
    """Return an outbound row as the sender takes it up."""
    return OutboxEntry(
        row.id,
        row.line,
        row.conversation,
        message.content,
        message.origin,
        message.turn,
        message.question,
        message.reply_to,
        row.at,
        closed=message.closed,
    )


def turn_row(result: Step, signal: SignalId, elapsed_ms: float, *, at: datetime) -> TurnRow:
    """Make the row that tells why a turn went as it did."""
    conversation = result.conversation
    return TurnRow(
        conversation.line,
        conversation.id,
        signal,
        conversation.turn,
        at,
        result.trace,
        elapsed_ms,
        conversation.serial,
    )


def _extra(signal: MessageReceived) -> Json:
    """Return what a message came with beside its content, as agents see it; None for nearly all."""
    context, referral = signal.context, signal.referral
    extra: dict[str, Json] = {}
    if context is not None and (context.forwarded or context.forwarded_often or context.product):
        extra["context"] = context.model_dump(mode="json", exclude_defaults=True)
    if referral is not None:
        extra["referral"] = referral.model_dump(mode="json", exclude_defaults=True)
    return extra or None
