"""What the sender keeps in mind while it sends: of each line its pace and pauses, of each contact what is under way."""

import asyncio
from collections import deque

from engine.loops.pace import Pace
from engine.ports import Adapter, OutboxEntry


class Line:
    """What the sender knows of one line beside its adapter."""

    def __init__(self, adapter: Adapter) -> None:
        limit = adapter.capabilities
        self.adapter = adapter
        self.has_window = limit.window is not None
        self.reports_delivery = limit.reports_delivery
        self.pace = Pace(
            per_second=limit.messages_per_second,
            pair_interval_s=limit.pair_interval.total_seconds(),
            pair_burst=limit.pair_burst,
        )
        self.paused_until = 0.0
        self.refusals = 0
        self.sent = 0
        """Messages that the provider has taken, in this process's life."""


class Lane:
    """One contact's entries on their way out, in order, and the task that sends them."""

    __slots__ = ("entries", "hides_more", "task")

    task: asyncio.Task[None]

    def __init__(self, entry: OutboxEntry) -> None:
        self.entries = deque((entry,))
        self.hides_more = False
        """Something may be queued behind it, which is not taken up while the lane is open."""
