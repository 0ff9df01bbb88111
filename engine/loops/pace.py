"""Keeps sends within a provider's rates: so many a second on a line, so many to one contact in a while."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from engine.core.ids import ConversationId
from engine.core.outbox import rank_of
from engine.loops.shares import Share
from engine.ports import OutboxEntry

CONTACTS_KEPT = 50_000
"""Contacts whose pace is remembered; beyond this the one used longest ago is forgotten, that is: allowed its burst."""

FLOW_SHARE = 0.9
"""How much of a line's rate is its steady flow."""

BURST_SHARE = 0.05
"""How much of it may leave at once. It is counted twice, see `_parts`."""

SLOW = 20.0
"""A part of a rate below this: of its burst, one message, a second one would take too much of it."""

LAPSED_S = 0.25
"""Who has no share at the moment asks again so soon."""


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
        self._share = Share()
        flow, burst = _parts(per_second, 1)
        self._line = Bucket(flow, burst, 0.0) if per_second else None
        self.interval_s = 1 / flow if per_second else 0.0
        """The steady distance of two messages on the line."""
        self._waiting: dict[int, int] = {}
        """How many of each rank wait for the line; empty in quiet times."""
        self._interval_s = pair_interval_s
        self._burst = pair_burst
        self._pairs: OrderedDict[ConversationId, Bucket] = OrderedDict()

    def share(self, share: Share, now: float) -> None:
        """Keep to one part of the line's rate.

        One that had none, or has less, begins with nothing: the others may have sent what was its own.
        """
        before, self._share = self._share, share
        if self._line is None:
            return
        if share.parts != before.parts:
            flow, burst = _parts(self._per_second, share.parts)
            self._line.change(flow, burst, now)
            self.interval_s = 1 / flow
        if before.until <= now:
            self._line.empty(now)

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
        if now >= self._share.until:
            return LAPSED_S
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
        if self._line is None:
            return 0 if self._waiting else most
        if self._waiting or now >= self._share.until:
            return 0
        return min(most, self._line.left(now))

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


def _parts(per_second: float, parts: int) -> tuple[float, float]:
    """Return the flow and the burst of one of so many processes that share a rate.

    In no second leave more than burst and flow together. A process that stands still after it has let messages go and
    before their bytes have left lets them go late, a burst at the most, beside what it lets go then: so both bursts and
    the flow make the part. Of a slow part only one burst, one message, is reckoned with, in whole messages.
    """
    part = per_second / parts
    if part >= SLOW:
        return part * FLOW_SHARE, part * BURST_SHARE
    return min(part * FLOW_SHARE, max(1, int(part)) * 0.99), 1.0


def by_rank(entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Put the contacts with the most urgent messages first; each one's own keep their order."""
    ranks: dict[ConversationId, int] = {}
    for entry in entries:
        rank = rank_of(entry.origin)
        ranks[entry.conversation] = min(rank, ranks.get(entry.conversation, rank))
    return sorted(entries, key=lambda entry: ranks[entry.conversation])
