"""Fetches inbound files before the provider's reference dies, and keeps their bytes. Durable, like a send."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from engine.core import limits
from engine.core.content import Media
from engine.core.conversation import Conversation
from engine.core.errors import SendError, StorageError
from engine.core.ids import ConversationId, LineId
from engine.loops.writer import Writer
from engine.ports import Adapter, Batch, Clock, MediaStore, Store, WantedMedia

log = structlog.get_logger()

SWEEP_S = 2.0
AT_ONCE = 8


class FetchNow(Protocol):
    """Gets one file for a code step that waits for it."""

    async def __call__(self, conversation: Conversation, media: Media) -> bytes:
        """Return the bytes. Raises SendError."""


class MediaFetcher:
    """Looks for wanted files and downloads a few at a time."""

    def __init__(
        self,
        *,
        adapters: dict[LineId, Adapter],
        store: Store,
        writer: Writer,
        clock: Clock,
        media_store: MediaStore,
        fetched: Callable[[LineId, ConversationId | None], None],
    ) -> None:
        self._adapters = adapters
        self._store = store
        self._writer = writer
        self._clock = clock
        self._media_store = media_store
        self._fetched = fetched
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look soon: a file came in."""
        self._more.set()

    def stop(self) -> None:
        """Let `run` end after the downloads under way."""
        self._stopping = True
        self._more.set()

    async def fetch_now(self, conversation: Conversation, media: Media) -> bytes:
        """Return a file's bytes, from our store where they are, else from the provider."""
        if media.stored is not None:
            return await self._media_store.get(media.stored)
        if media.sha256 is not None:
            try:
                return await self._media_store.get(media.sha256)
            except KeyError:
                pass
        fetched = await self._adapters[conversation.line].fetch(media)
        return fetched.data

    async def run(self) -> None:
        """Fetch what is wanted, when told and every two seconds, until stopped."""
        while not self._stopping:
            try:
                wanted = await self._store.wanted_media(now=self._clock.now(), limit=AT_ONCE)
                known = [one for one in wanted if one.line in self._adapters]
                if known:
                    mine = await self._writer.write(lambda batch: batch.taken.media(known))  # noqa: B023
                    known = [one for one in known if one.message in mine]
                await asyncio.gather(*(self._fetch(one) for one in known))
                wanted = known
            except StorageError:
                wanted = []
            if len(wanted) == AT_ONCE:
                continue
            self._more.clear()
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._more.wait()
            except TimeoutError:
                pass

    async def _fetch(self, wanted: WantedMedia) -> None:
        now = self._clock.now()
        came: dict[str, Any] = {
            "stored": None,
            "mime_type": None,
            "size_bytes": None,
            "retry_at": None,
            "error": None,
        }
        try:
            fetched = await self._adapters[wanted.line].fetch(wanted.media)
            came["stored"] = await self._media_store.put(fetched.data)
            came["mime_type"] = fetched.mime_type
            came["size_bytes"] = len(fetched.data)
        except (SendError, OSError) as error:
            goes_on = wanted.attempts < len(limits.MEDIA_WAITS) and (
                isinstance(error, OSError) or error.retryable or error.code == "answer_lost"
            )
            if goes_on:
                came["retry_at"] = now + limits.MEDIA_WAITS[wanted.attempts]
            else:
                came["error"] = str(error)
            log.warning(
                "media_not_fetched", line=wanted.line, message_id=wanted.message, retry=goes_on
            )

        async def put(batch: Batch) -> None:
            await batch.media_fetched(wanted, now=now, **came)
            batch.tell([(wanted.line, wanted.conversation)], ())

        await self._writer.write(put)
        self._fetched(wanted.line, wanted.conversation)
