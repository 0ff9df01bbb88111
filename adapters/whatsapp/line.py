"""How lines send what WhatsApp carries: degrade, check, then upload a file or link it, call."""

from typing import Protocol

import aiohttp
from yarl import URL

from adapters.degrade import degrade
from adapters.line import LineAdapter
from adapters.links import fetch_link, stored_in, with_links, with_stored
from adapters.whatsapp.files import Files
from adapters.whatsapp.limits import problem_of
from engine.core.content import Media, Outbound, ReadMark
from engine.core.errors import ContentRejected, SendError
from engine.ports import Accepted, FetchedMedia, MediaLinks, Outgoing, Refused


class Sends(Protocol):
    """A provider's calls about messages. Both raise SendError for what they refuse without a call."""

    async def message(self, outgoing: Outgoing, content: Outbound) -> Accepted | Refused:
        """Send the content, which is within the limits and holds no stored file."""

    async def read_mark(self, mark: ReadMark) -> Accepted | Refused:
        """Mark the contact's message as read."""


class WhatsAppLine(LineAdapter):
    """A line whose files are uploaded; a subclass sets `_sends` and `_files`."""

    _sends: Sends
    _files: Files

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message; what the provider would refuse anyway is refused without a call."""
        content = degrade(outgoing.content, self._capabilities)
        try:
            if content is None:
                return Accepted(None)
            if isinstance(content, ReadMark):
                return await self._sends.read_mark(content)
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            if files := stored_in(content):
                return await self._send_with(files, outgoing, content)
            return await self._sends.message(outgoing, content)
        except SendError as error:
            return Refused(error)

    async def _send_with(
        self, files: list[Media], outgoing: Outgoing, content: Outbound
    ) -> Accepted | Refused:
        ids = {file.stored: await self._files.upload(file) for file in files}
        named = with_stored(
            content,
            lambda file: file.model_copy(update={"external_id": ids[file.stored], "stored": None}),
        )
        result = await self._sends.message(outgoing, named)
        if isinstance(result, Refused) and isinstance(result.error, ContentRejected):
            for file in files:
                self._files.forget(file)
        return result

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file. Raises SendError."""
        return await self._files.fetch(media)


class LinkedLine(LineAdapter):
    """A line whose files go and come by link; a subclass sets these."""

    _sends: Sends
    _links: MediaLinks
    _session: aiohttp.ClientSession
    _base: URL
    _max_media_bytes: int

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message; what WhatsApp would refuse anyway is refused without a call."""
        try:
            content = degrade(with_links(outgoing.content, self._links), self._capabilities)
            if content is None:
                return Accepted(None)
            if isinstance(content, ReadMark):
                return await self._sends.read_mark(content)
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            return await self._sends.message(outgoing, content)
        except SendError as error:
            return Refused(error)

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file from the address its webhook named. Raises SendError."""
        return await fetch_link(
            self._session, media, base=self._base, max_bytes=self._max_media_bytes
        )
