"""The real clock; a simulated line's stands ahead of it."""

import time
from datetime import UTC, datetime, timedelta

from engine.core.ids import LineId


class LineClock:
    """Implements `ports.Clock`. A line's own time is ahead by what its simulator jumped, and never goes back."""

    monotonic = staticmethod(time.monotonic)
    """Seconds that never go back."""

    def __init__(self) -> None:
        self._ahead: dict[LineId, timedelta] = {}

    def now(self, line: LineId | None = None) -> datetime:
        """Return the aware UTC time, on this line if one is named."""
        if line is None or not self._ahead:
            return datetime.now(UTC)
        return datetime.now(UTC) + self.ahead(line)

    def ahead(self, line: LineId) -> timedelta:
        """Return how far a line's time is ahead of the real one."""
        return self._ahead.get(line, timedelta())

    def move_ahead(self, line: LineId, ahead: timedelta) -> None:
        """Set how far a line's time is ahead of the real one; a smaller value than before changes nothing."""
        self._ahead[line] = max(ahead, self.ahead(line))
