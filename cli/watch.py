"""Shows how a broadcast goes on, from the database alone: a bar with rate and time left."""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from cli.words import length
from engine.core.errors import StoreUnavailable
from storage import Database
from storage.broadcasts import StoredBroadcast, StoredBroadcasts

LOOK_EVERY_S = 0.5
LOOK_SHARE = 10
"""Looking takes at most one part in so many of the time: a million contacts take a second to count."""

RATE_OVER_S = 15.0
"""The rate is that of the last seconds, so that a pause shows."""

ASK_FOR_A_SERVER_EVERY_S = 3.0

BAR = 24

UNSENT = ("waiting", "queued", "sending")


class Watch:
    """Follows one broadcast to its end.

    Args:
        database: Where it is.
        broadcasts: The same, for its counts.
        broadcast: Which one.
        say: Takes each line for the operator.
    """

    def __init__(
        self,
        database: Database,
        broadcasts: StoredBroadcasts,
        broadcast: StoredBroadcast,
        *,
        say: Callable[..., object],
    ) -> None:
        self._database = database
        self._broadcasts = broadcasts
        self._broadcast = broadcast
        self._say = say
        self._draws = sys.stdout.isatty()
        self._seen: deque[tuple[float, int]] = deque()
        self._told = -1
        self._asked_at = 0.0
        self._was_served = True

    async def run(self) -> None:
        """Show the progress until the broadcast is done or stopped, then say what became of it."""
        while True:
            begun = time.monotonic()
            try:
                state = (await self._broadcasts.find(self._broadcast.id)).state
                counts = await self._broadcasts.counts(self._broadcast)
                if state == "running":
                    await self._look_for_a_server()
            except StoreUnavailable:  # a server may be starting on it
                await asyncio.sleep(LOOK_EVERY_S)
                continue
            self._show(counts, begun)
            if state != "running" and not (counts.get("queued") or counts.get("sending")):
                break
            spent = time.monotonic() - begun
            await asyncio.sleep(max(LOOK_EVERY_S, spent * LOOK_SHARE))
        if self._draws:
            self._say("")
        self._say(summary(counts, state))

    async def _look_for_a_server(self) -> None:
        now = time.monotonic()
        if now - self._asked_at < ASK_FOR_A_SERVER_EVERY_S:
            return
        self._asked_at = now
        is_served = await self._database.is_served()
        if self._was_served and not is_served:
            self._say("no server runs: it goes on when one does (`parley serve`)", err=True)
        self._was_served = is_served

    def _show(self, counts: dict[str, int], now: float) -> None:
        total = sum(counts.values()) - counts.get("invalid", 0)
        done = total - sum(counts.get(state, 0) for state in UNSENT)
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > RATE_OVER_S:
            self._seen.popleft()
        (since, before), (until, after) = self._seen[0], self._seen[-1]
        rate = (after - before) / (until - since) if until > since else 0.0
        line = progress(done, total, rate)
        if self._draws:
            self._say(f"\r{line}\033[K", nl=False)
        elif (tenth := 10 * done // total if total else 10) != self._told:
            self._told = tenth
            self._say(line)


def progress(done: int, total: int, per_second: float) -> str:
    """Return a bar with how many are done, how fast, and how long the rest takes at that rate."""
    share = done / total if total else 1.0
    full = int(share * BAR)
    left = total - done
    rest = ""
    if left and per_second > 0:
        rest = f", {length(timedelta(seconds=left / per_second))} left"
    bar = "#" * full + "-" * (BAR - full)
    return f"[{bar}] {done}/{total}, {share:.0%}, {per_second:.1f}/s{rest}"


def summary(counts: dict[str, int], state: str) -> str:
    """Return what became of the contacts in one line, the most first."""
    told = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{count} {name}" for name, count in told)
    return f"{state}: {parts}"
