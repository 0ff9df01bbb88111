"""Keeps sends within a provider's rates: so many a second on a line, so many to one contact in a while."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from engine.core.ids import ConversationId
from engine.core.outbox import rank_of
from engine.ports import OutboxEntry

CONTACTS_KEPT = 50_000
"""Contacts whose pace is remembered; beyond this the one used longest ago is forgotten, that is: allowed its burst."""


BURST_SHARE = 0.1
"""How much of a line's rate may leave at once; the rest is left for the steady flow."""


class Bucket:
    """A token bucket: `burst` at once, then one each `1 / per_second`."""

    __slots__ = ("_at", "_burst", "_per_second", "_tokens")

    def __init__(self, per_second: float, burst: float, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._at = now

    def wait(self, now: float) -> float:
        """Return how many seconds remain until one may go; 0 if it may now. Takes nothing."""
        if self._tokens >= 1:  # filling it only adds: nearly every look ends here
            return 0.0
        self._fill(now)
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self._per_second

    def take(self, now: float) -> None:
        """Take one."""
        self._fill(now)
        self._tokens -= 1

    def empty(self, now: float) -> None:
        """Forget what is left: the provider said that it was too much."""
        self._tokens, self._at = 0.0, now

    def left(self, now: float) -> int:
        """Return how many may go now."""
        self._fill(now)
        return max(0, int(self._tokens))

    def change(self, per_second: float, burst: float, now: float) -> None:
        """Go on at another rate. At a lower one nothing is left over: who shares it from now on may send already."""
        self._fill(now)
        self._tokens = 0.0 if per_second < self._per_second else min(self._tokens, burst)
        self._per_second, self._burst = per_second, burst

    def is_full(self, now: float) -> bool:
        """Tell whether nothing is held up any more: a bucket made anew would say the same."""
        self._fill(now)
        return self._tokens >= self._burst

    def _fill(self, now: float) -> None:
        if now > self._at:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
            self._at = now


class Pace:
    """One line's pace: its own rate and each contact's."""

    def __init__(self, *, per_second: float, pair_interval_s: float, pair_burst: int) -> None:
        """Set up.

        Args:
            per_second: The line's ceiling; 0 is no limit.
            pair_interval_s: The steady distance of two messages to one contact; 0 is no limit.
            pair_burst: How many one contact may get at once.
        """
        self._per_second = per_second
        self._replicas = 1
        flow, burst = _parts(per_second, 1)
        self._line = Bucket(flow, burst, 0.0) if per_second else None
        self.interval_s = 1 / flow if per_second else 0.0
        """The steady distance of two messages on the line."""
        self._waiting: dict[int, int] = {}
        """How many of each rank wait for the line; empty in quiet times."""
        self._interval_s = pair_interval_s
        self._burst = pair_burst
        self._pairs: OrderedDict[ConversationId, Bucket] = OrderedDict()

    def share(self, replicas: int, now: float) -> None:
        """Keep to one part of the line's rate: so many processes share it."""
        if self._line is None or replicas == self._replicas:
            return
        self._replicas = replicas
        flow, burst = _parts(self._per_second, replicas)
        self._line.change(flow, burst, now)
        self.interval_s = 1 / flow

    def wait(self, contact: ConversationId, now: float, rank: int = 0) -> float:
        """Return how many seconds remain until a message to this contact may leave; 0 if it may now.

        One of a rank before which others wait for the line lets them go first.
        """
        line = self.line_wait(now, rank)
        pair = self._pairs.get(contact)
        return line if pair is None else max(line, pair.wait(now))

    def line_wait(self, now: float, rank: int = 0) -> float:
        """Return how many of these seconds are the line's, whoever the contact is."""
        if self._line is None:
            return 0.0
        wait = self._line.wait(now)
        if self._waiting and min(self._waiting) < rank:
            return max(wait, self.interval_s)
        return wait

    @contextmanager
    def queued(self, rank: int) -> Iterator[None]:
        """Wait for the line as one of this rank: those of later ranks let it go first."""
        self._waiting[rank] = self._waiting.get(rank, 0) + 1
        try:
            yield
        finally:
            self._waiting[rank] -= 1
            if not self._waiting[rank]:
                del self._waiting[rank]

    def room(self, now: float, most: int) -> int:
        """Return how many that are in no hurry may leave now, `most` at the most; 0 where others wait."""
        if self._waiting:
            return 0
        return most if self._line is None else min(most, self._line.left(now))

    def take(self, contact: ConversationId, now: float) -> None:
        """Count one message that leaves now."""
        if self._line:
            self._line.take(now)
        if self._interval_s:
            self._pair(contact, now).take(now)

    def slow_down(self, contact: ConversationId, now: float) -> None:
        """Take in that the provider found this contact's pace too fast."""
        if self._interval_s:
            self._pair(contact, now).empty(now)

    def _pair(self, contact: ConversationId, now: float) -> Bucket:
        pair = self._pairs.get(contact)
        if pair is None:
            self._forget(now)
            pair = self._pairs[contact] = Bucket(1 / self._interval_s, self._burst, now)
        else:
            self._pairs.move_to_end(contact)
        return pair

    def _forget(self, now: float) -> None:
        """Make room before a contact is added: for each one in, up to two of the oldest go that are rested."""
        for _ in range(2):
            oldest = next(iter(self._pairs.values()), None)
            if oldest is None:
                return
            if not oldest.is_full(now) and len(self._pairs) < CONTACTS_KEPT:
                return
            self._pairs.popitem(last=False)


def _parts(per_second: float, replicas: int) -> tuple[float, float]:
    """Return the flow and the burst of one of so many processes that share a rate.

    A tenth of the rate is the burst and nine tenths the flow: no second ever sees more than the rate. A burst is at
    least one message, so on a slow line with many replicas the bursts take more than their tenth from the flow.
    """
    burst = max(1.0, per_second * BURST_SHARE / replicas)
    most = per_second * (1 - BURST_SHARE) / replicas
    if replicas == 1:
        return most, burst
    return max(min(most, per_second / replicas - burst), most * BURST_SHARE), burst


def by_rank(entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Put the contacts with the most urgent messages first; each one's own keep their order."""
    ranks: dict[ConversationId, int] = {}
    for entry in entries:
        rank = rank_of(entry.origin)
        ranks[entry.conversation] = min(rank, ranks.get(entry.conversation, rank))
    return sorted(entries, key=lambda entry: ranks[entry.conversation])
