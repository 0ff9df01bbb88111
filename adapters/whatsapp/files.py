"""The files of a line: uploads before a send, downloads of what contacts sent.

Source: Cloud API, media reference, read 2026-08: an upload lives 30 days, a download's URL 5 minutes.
"""

import asyncio
import mimetypes
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.http import MEDIA_S, Answer, call, send_error
from adapters.links import read_bounded
from adapters.whatsapp.answers import META, Dialect, read_success
from adapters.whatsapp.payloads import PRODUCT
from adapters.wire import Wire, int_of, text_of
from engine.core.content import Media
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    SendError,
)
from engine.ports import FetchedMedia, MediaStore

UPLOAD_LIFE = timedelta(days=29)
"""How long an uploaded file's id is used: it lives 30 days."""

UPLOADS_REMEMBERED = 1024
"""Uploaded files whose ids are kept, the latest ones: a flow sends few files again and again."""

DEFAULT_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "document": "application/octet-stream",
    "sticker": "image/webp",
}


class Located(NamedTuple):
    """Where an inbound file is."""

    url: URL
    size: int = 0
    """In bytes, 0 where the provider does not say."""
    mime_type: str | None = None
    lasting: bool = False
    """Whether the URL is the file's own: a 404 there means that the file is gone, not that the URL has expired."""


class FileCalls(Protocol):
    """A provider's two calls about files. Both raise SendError, never AnswerLost."""

    async def put(self, data: bytes, *, mime_type: str, filename: str) -> str:
        """Hand a file over and return its id."""

    async def locate(self, media_id: str) -> Located:
        """Return where a file is that a contact sent."""


class MetaFiles:
    """Meta's calls, or those of who passes them on.

    Args:
        session: The shared session.
        upload_url: Where files go.
        media_url: Where a file is asked for, by its id.
        headers: With the key.
        via: Where the found URL is fetched instead of its own host, for who stands before Meta's.
        dialect: How the answers are read.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        upload_url: URL,
        media_url: Callable[[str], URL],
        headers: CIMultiDict[str],
        via: URL | None = None,
        dialect: Dialect = META,
    ) -> None:
        self._session = session
        self._upload_url = upload_url
        self._media_url = media_url
        self._headers = headers
        self._via = via
        self._dialect = dialect

    async def put(self, data: bytes, *, mime_type: str, filename: str) -> str:
        """Upload a form. Raises SendError."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", PRODUCT)
        form.add_field("type", mime_type)
        form.add_field("file", data, filename=filename, content_type=mime_type)
        answer, _ = await call(
            self._session,
            "POST",
            self._upload_url,
            headers=self._headers,
            body=form,
            shown=f"{len(data)} bytes of {mime_type}",
            timeout_s=MEDIA_S,
        )
        return id_of(read_again(answer, self._dialect))

    async def locate(self, media_id: str) -> Located:
        """Ask where the file is; the URL lives for 5 minutes, so it is asked for anew each time."""
        answer, _ = await call(
            self._session, "GET", self._media_url(media_id), headers=self._headers
        )
        try:
            found = read_again(answer, self._dialect)
        except LineRejected as error:
            if error.provider_code == "100" or (
                isinstance(answer, Answer) and answer.status == 404
            ):
                raise ContentRejected("the provider has this file no more") from error
            raise
        return Located(
            self._url_of(found), int_of(found, "file_size") or 0, text_of(found, "mime_type")
        )

    def _url_of(self, found: Wire) -> URL:
        """Return where the file is, if the key may go there: over https, or to the provider's own address."""
        try:
            url = URL(text_of(found, "url") or "")
            origin = url.origin()
        except ValueError as error:
            raise ProviderUnreachable("the provider named no URL for the file") from error
        if self._via is not None:
            return self._via.origin().join(url.relative())
        if url.scheme == "https" or origin == self._upload_url.origin():
            return url
        raise ContentRejected("the file's URL is not https: the key does not go there")


class Files:
    """Uploads and downloads of one line.

    Args:
        session: The shared session.
        calls: The provider's calls.
        headers: With the key.
        store: Our own media store.
        max_bytes: The largest inbound file taken.
        media_bytes: The largest outbound file of each kind.
        life: How long an uploaded file's id is used.
        dialect: How the answers are read.
        remembered: How many uploads are remembered.
        monotonic: The clock of their lives.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        calls: FileCalls,
        *,
        headers: CIMultiDict[str],
        store: MediaStore,
        max_bytes: int,
        media_bytes: Mapping[str, int],
        life: timedelta = UPLOAD_LIFE,
        dialect: Dialect = META,
        remembered: int = UPLOADS_REMEMBERED,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._calls = calls
        self._media_bytes = media_bytes
        self._headers = headers
        self._store = store
        self._max_bytes = max_bytes
        self._life_s = life.total_seconds()
        self._dialect = dialect
        self._remembered = remembered
        self._monotonic = monotonic
        self._uploads: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    # --- uploads ---------------------------------------------------------------------------------

    async def upload(self, media: Media) -> str:
        """Return the provider's id of a stored file, uploading it unless it has been already.

        Raises:
            SendError: It could not be uploaded; nothing was sent, so never AnswerLost.
        """
        key = media.stored or "", mime_type_of(media)
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:  # a broadcast's thousand sends of one picture upload it once
            known = self._uploads.get(key)
            if known is not None and known[1] > self._monotonic():
                self._uploads.move_to_end(key)
                return known[0]
            data = await self._load(media)
            media_id = await self._calls.put(
                data, mime_type=key[1], filename=media.filename or "file"
            )
            self._uploads[key] = media_id, self._monotonic() + self._life_s
            while len(self._uploads) > self._remembered:
                self._uploads.popitem(last=False)
            return media_id

    def forget(self, media: Media) -> None:
        """Forget an upload that the provider would not send, so that the next send uploads it anew."""
        self._uploads.pop((media.stored or "", mime_type_of(media)), None)

    async def _load(self, media: Media) -> bytes:
        try:
            data = await self._store.get(media.stored or "")
        except KeyError as error:
            raise ContentRejected("the file is not in the media store any more") from error
        except OSError as error:
            raise ProviderUnreachable(f"the media store does not answer: {error}") from error
        most = self._media_bytes[media.kind]
        if len(data) > most:
            raise ContentRejected(f"the {media.kind} has {len(data)} bytes; WhatsApp takes {most}")
        return data

    # --- downloads -------------------------------------------------------------------------------

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download a file that a contact sent.

        Raises:
            SendError: It could not be fetched; a retryable one may be tried again.
        """
        if media.external_id is None:
            raise ContentRejected(media.error or "the provider gave the file no id")
        for last in (False, True):
            found = await self._calls.locate(media.external_id)
            if found.size > self._max_bytes:
                raise ContentRejected(
                    f"the file has {found.size} bytes; {self._max_bytes} are taken"
                )
            data = await self._download(found.url)
            if data is not None:
                return FetchedMedia(data, found.mime_type or media.mime_type)
            if found.lasting:
                raise ContentRejected("the provider has this file no more")
            if last:
                break  # the URL had expired, and so had its successor
        raise ProviderUnreachable("the file's URL has expired before it could be fetched")

    async def _download(self, url: URL) -> bytes | None:
        """Return the bytes; None where the URL has expired."""
        timeout = aiohttp.ClientTimeout(total=MEDIA_S)
        try:
            async with self._session.get(url, headers=self._headers, timeout=timeout) as response:
                if response.status in {404, 410}:
                    return None
                if response.status != 200:
                    raise _again(self._dialect.by_status(Answer(response.status, b"", None)))
                return await read_bounded(response, self._max_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _again(send_error(error)) from error


def mime_type_of(media: Media) -> str:
    """Return the file's type: as given, by its name or its address, or the kind's usual one."""
    if media.mime_type is not None:
        return media.mime_type
    # The address without its query: behind `?` stands a signature, and no type.
    name = media.filename or (media.url or "").partition("?")[0]
    return mimetypes.guess_type(name)[0] or DEFAULT_TYPES[media.kind]


def read_again(answer: Answer | SendError, dialect: Dialect = META) -> Wire:
    """Return the body of a call about a file; one whose answer was lost is made again. Raises SendError."""
    try:
        if isinstance(answer, SendError):
            raise answer
        return read_success(answer, dialect)
    except AnswerLost as error:
        raise _again(error) from error


def id_of(item: Wire) -> str:
    """Return the id that an upload got. Raises ProviderUnreachable."""
    media_id = text_of(item, "id")
    if media_id is None:
        raise ProviderUnreachable("the provider took the file but named no id")
    return media_id


def _again(error: SendError) -> SendError:
    """Return a lost answer as trouble that is tried again: a file moved twice harms nobody."""
    return ProviderUnreachable(str(error)) if isinstance(error, AnswerLost) else error
