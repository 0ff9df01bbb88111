"""How each send ends: what is marked of it, when it is tried again, and what a line does that is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from engine.core import limits
from engine.core.content import Template
from engine.core.errors import (
    AnswerLost,
    LineRejected,
    PairLimited,
    SendError,
    WindowClosed,
)
from engine.core.outbox import REPLIES
from engine.core.signals import Arrival, WindowMissed
from engine.loops.marks import Marks, mark_of, sent_mark, told_of
from engine.loops.refusals import consent_told_by
from engine.loops.sending import Line
from engine.ports import (
    Accepted,
    Clock,
    Exchange,
    OutboxEntry,
    Refused,
)

log = structlog.get_logger()

LINE_PAUSE_FIRST_S = 5.0
LINE_PAUSE_MOST_S = 300.0

TODO_REJECTED = (
    "the provider refuses the line's key, account or permission, and its messages wait: `parley lines check {line}` "
    "says what is wrong; mend it and start Parley again"
)


class Ends:
    """Marks what the sender sent, or could not.

    Args:
        clock: Lines' time for marks, monotonic time for pauses.
        jitter: Returns a number in [0, 1), so that retries of many do not come together.
        look_again: Called when something was queued that may go at once.
    """

    marks: Marks
    """The writer; set once, before the first send."""

    def __init__(
        self, *, clock: Clock, jitter: Callable[[], float], look_again: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._look_again = look_again

    def record(
        self, state: Line, entry: OutboxEntry, result: Accepted | Refused, at: datetime
    ) -> bool:
        """Mark the entry, which left at `at`, by the provider's answer; False if those behind it must wait."""
        match result:
            case Accepted(external_id=external_id):
                state.refusals = 0
                # Its exchange is not kept: it says no more than the message and its id do (docs/decisions, note 11).
                self.marks.mark(sent_mark(entry, self._clock.now(entry.line), external_id))
                return True
            case Refused(error=AnswerLost() as error):
                log.warning("send_uncertain", **told_of(entry, error))
                self.mark(entry, "uncertain", error=error, exchange=result.exchange)
                return False
            case Refused(error=WindowClosed() as error):
                return self.meets_closed(entry, error, result, at)
            case Refused(error=error) if error.scope == "line":
                self._pause_line(state, error)
                self._put_back(entry, result, state.paused_until - self._clock.monotonic(), 0)
                return False
            case Refused(error=error) if error.retryable and (
                entry.attempts + 1 < limits.SEND_ATTEMPTS
            ):
                if isinstance(error, PairLimited):
                    state.pace.slow_down(entry.conversation, self._clock.monotonic())
                wait = self._backoff_s(entry.attempts, error)
                log.info("send_put_back", **told_of(entry, error), seconds=round(wait, 1))
                self._put_back(entry, result, wait, 1)
                return False
            case Refused(error=error):
                log.warning("send_failed", **told_of(entry, error))
                tells = consent_told_by(error, entry, self._clock.now(entry.line))
                self.mark(entry, "failed", error=error, exchange=result.exchange, tells=tells)
                return True

    def meets_closed(
        self, entry: OutboxEntry, error: WindowClosed, refused: Refused | None, at: datetime
    ) -> bool:
        """Do with an entry as its plan says; False if those behind it must wait.

        Args:
            entry: What met a closed window.
            error: How that is told.
            refused: The provider's answer, where it was the one to tell.
            at: When it was to leave; what the contact writes from then on opens the window again.
        """
        exchange = None if refused is None else refused.exchange
        instead = entry.closed if isinstance(entry.closed, Template) else None
        tells = self._missed(entry, at, refused=refused is not None)
        if instead is not None:
            # Stored before it leaves, so that it is known what left; it comes back from the outbox in its place.
            self.mark(entry, "queued", error=error, exchange=exchange, instead=instead, tells=tells)
            self._look_again()
            return False
        status = "held" if entry.closed == "hold" else "failed"
        self.mark(entry, status, error=error, exchange=exchange, tells=tells)
        return True

    def _missed(self, entry: OutboxEntry, at: datetime, *, refused: bool) -> Arrival:
        """Return what tells the conversation that a message met a closed window."""
        missed = WindowMissed(
            message=entry.id,
            turn=entry.turn,
            question=entry.origin in REPLIES,
            at=at,
            refused=refused,
            held=entry.closed == "hold",
            instead=isinstance(entry.closed, Template),
        )
        return Arrival(
            line=entry.line,
            key=f"missed:{entry.id}:{at.timestamp()}",
            signal=missed,
            received_at=at,
            conversation=entry.conversation,
        )

    def _pause_line(self, state: Line, error: SendError) -> None:
        """Hold the whole line for a while; longer each time until a send succeeds."""
        pause = min(LINE_PAUSE_FIRST_S * 2**state.refusals, LINE_PAUSE_MOST_S)
        if error.retry_after is not None:
            pause = error.retry_after.total_seconds()
        elif not isinstance(error, LineRejected):
            pause = min(pause, LINE_PAUSE_FIRST_S) * (0.2 + 0.2 * self._jitter())
        now = self._clock.monotonic()
        if now + pause <= state.paused_until:
            return
        state.paused_until = now + pause
        state.refusals += 1
        line = state.adapter.line
        told = {"line": line, "code": error.code, "provider_code": error.provider_code}
        if isinstance(error, LineRejected):
            # Waiting mends nothing here, and every message of the line waits: someone has to be woken.
            todo = TODO_REJECTED.format(line=line)
            log.error("line_paused", **told, seconds=round(pause, 1), todo=todo)
        else:
            log.warning("line_paused", **told, seconds=round(pause, 1))

    def _put_back(self, entry: OutboxEntry, result: Refused, wait: float, attempts: int) -> None:
        self.mark(
            entry,
            "queued",
            error=result.error,
            exchange=result.exchange,
            retry_at=self.later(wait),
            attempts=entry.attempts + attempts,
        )

    def _backoff_s(self, attempts: int, error: SendError) -> float:
        if error.retry_after is not None:
            return error.retry_after.total_seconds()
        first = limits.SEND_BACKOFF_FIRST.total_seconds()
        most = limits.SEND_BACKOFF_MOST.total_seconds()
        full: float = min(first * 2**attempts, most)
        return full * (0.5 + 0.5 * self._jitter())

    def later(self, seconds: float) -> datetime:
        """Return the time so many seconds from now."""
        return self._clock.now() + timedelta(seconds=seconds)

    def mark(
        self,
        entry: OutboxEntry,
        status: Any,
        *,
        retry_at: datetime | None = None,
        error: SendError | None = None,
        exchange: Exchange | None = None,
        attempts: int | None = None,
        instead: Template | None = None,
        tells: Arrival | None = None,
    ) -> None:
        """Queue what became of an entry for the writer; `attempts` None leaves them as they were."""
        # What is waited for from here on is waited for in real time, also on a line whose clock was moved.
        at = self._clock.now(None if status in ("uncertain", "queued") else entry.line)
        self.marks.mark(
            mark_of(
                entry,
                status,
                at,
                retry_at=retry_at,
                error=error,
                exchange=exchange,
                attempts=attempts,
                instead=instead,
                tells=tells,
            )
        )

    def raised(self, entry: OutboxEntry) -> bool:
        """Mark an entry whose send broke off by a fault of ours: whether it left is unknown; the tries are bounded."""
        attempts = entry.attempts + 1
        failed = attempts >= limits.SEND_ATTEMPTS
        self.mark(
            entry,
            "failed" if failed else "uncertain",
            error=AnswerLost("the send broke off by a fault of the server; see its log"),
            attempts=attempts,
        )
        return failed
