"""Closed windows that a provider tells of after it took a message: the message goes back, to be treated as planned."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from engine.core.closed import Closed
from engine.core.content import Template
from engine.core.ids import ConversationId
from engine.core.outbox import REPLIES, is_free_form
from engine.core.signals import Arrival, DeliveryReported, WindowMissed
from engine.loops.performer import Item, Outcome
from engine.ports import Batch, MessageStatus, RefusedMessage, SendMark


class _Fate(NamedTuple):
    mark: SendMark | None
    """None leaves it failed."""
    tells: Arrival


async def take_back(
    batch: Batch, fresh: Sequence[Item], now: datetime, outcome: Outcome
) -> list[Arrival]:
    """Put messages back that statuses of this batch say met a closed window; return what their conversations are told.

    Args:
        batch: The transaction, in which the statuses have been applied.
        fresh: What came in.
        now: The time of the batch.
        outcome: What the loops have to do afterwards.
    """
    reports = [
        (item.arrival.line, item.arrival.signal)
        for item in fresh
        if isinstance(item.arrival.signal, DeliveryReported) and item.arrival.signal.is_late_refusal
    ]
    if not reports:
        return []
    refused = await batch.refused(reports)
    talk = sorted((one for one in refused if is_free_form(one.content)), key=lambda one: one.id)
    fates = [_fate(message, now) for message in _without_repeats(talk)]
    marks = [fate.mark for fate in fates if fate.mark is not None]
    if marks:
        await batch.put_back(marks)
        outcome.queued = True
    return [fate.tells for fate in fates]


def _without_repeats(refused: Iterable[RefusedMessage]) -> Iterator[RefusedMessage]:
    """Yield the messages; of one turn's with the same template the later ones are held, as where they are said."""
    stood_in: set[tuple[ConversationId, int, Closed]] = set()
    for message in refused:
        place = (message.conversation, message.turn, message.closed)
        if not isinstance(message.closed, Template):
            yield message
        elif place in stood_in:
            yield message._replace(closed="hold")
        else:
            stood_in.add(place)
            yield message


def _fate(message: RefusedMessage, now: datetime) -> _Fate:
    """Return what becomes of a message by its plan, and how its conversation is told."""
    instead = message.closed if isinstance(message.closed, Template) else None
    held = message.closed == "hold"
    status: MessageStatus = "held" if held else "queued"
    mark = SendMark(message.id, message.line, message.conversation, status, now, instead=instead)
    missed = WindowMissed(
        message=message.id,
        turn=message.turn,
        question=message.origin in REPLIES,
        at=message.left_at,
        refused=True,
        held=held,
        instead=instead is not None,
    )
    tells = Arrival(
        line=message.line,
        key=f"missed:{message.id}:{message.external_id}",
        signal=missed,
        received_at=now,
        conversation=message.conversation,
    )
    return _Fate(None if message.closed == "fail" else mark, tells)
