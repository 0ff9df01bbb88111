"""Shows a contact who waits for a slow code step that an answer is being written.

Best effort: nothing of it is stored, tried again or shown twice. A provider marks the contact's message as read along
with it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

import structlog

from engine.core.conversation import Conversation
from engine.core.ids import LineId

log = structlog.get_logger()

SLOW_S = 1.0
"""A code step that runs longer than this lets the contact see that somebody is there."""

END_WITHIN_S = 1.0
"""How long an answer waits for a typing mark on its way: one that came after it would show for 25 seconds."""

Show = Callable[[Conversation], Awaitable[None]]
"""Shows typing; the sender's, since nothing else speaks to a provider."""


class Typing:
    """Shows typing on the lines that can."""

    def __init__(self, lines: Collection[LineId], show: Show) -> None:
        self._lines = lines
        self._show = show

    @asynccontextmanager
    async def around(
        self, conversation: Conversation, still_waits: Callable[[], bool]
    ) -> AsyncIterator[None]:
        """Surround what the contact waits for; once it lasts, typing is shown if they still wait for it."""
        if conversation.line not in self._lines:
            yield
            return
        shown: list[asyncio.Task[None]] = []

        def show() -> None:
            if still_waits():
                shown.append(asyncio.create_task(self._tried(conversation)))

        timer = asyncio.get_running_loop().call_later(SLOW_S, show)
        try:
            yield
        finally:
            timer.cancel()
            if shown:
                await _end(shown[0])

    async def _tried(self, conversation: Conversation) -> None:
        try:
            await self._show(conversation)
        except Exception:
            log.exception("typing_raised", line=conversation.line)


async def _end(task: asyncio.Task[None]) -> None:
    """Wait briefly for a mark that is on its way, then let it go."""
    await asyncio.wait({task}, timeout=END_WITHIN_S)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
