"""Who looks at the simulator now: each open page is told that something changed, and reads the rest itself."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Hub:
    """Wakes the open pages. What changed is not said: a page always gets the whole state, so none is missed."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Event] = set()
        self.closed = False

    @contextmanager
    def page(self) -> Iterator[asyncio.Event]:
        """Join with one page; the event is set at each change until the page leaves."""
        changed = asyncio.Event()
        self._pages.add(changed)
        try:
            yield changed
        finally:
            self._pages.discard(changed)

    def wake(self) -> None:
        """Tell every page that something changed."""
        for changed in self._pages:
            changed.set()

    def close(self) -> None:
        """Send every page away: the server stops."""
        self.closed = True
        self.wake()
