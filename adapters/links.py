"""Files by link: our own for providers that take no upload; contacts', fetched without the key, from the open web."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TypeVar, cast

import aiohttp
from yarl import URL

from adapters.http import MEDIA_S, send_error
from engine.core.content import (
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Media,
    Outbound,
    Template,
    TemplateCard,
)
from engine.core.errors import AnswerLost, ContentRejected, ProviderUnreachable
from engine.ports import FetchedMedia, MediaLinks

REDIRECTS = 3
"""Hops from a link to its file; storage services make one."""

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What is tried again; with anything else the file is gone or was never there."""


WORDS_ALONE = frozenset({"text", "list", "location", "location_request", "product", "products"})
"""Kinds in which no file stands."""

_Part = TypeVar("_Part")
"""Whatever may be a file."""


# --- what contacts sent ------------------------------------------------------------------------------


async def fetch_link(
    session: aiohttp.ClientSession, media: Media, *, base: URL, max_bytes: int
) -> FetchedMedia:
    """Download an inbound file from the address that its webhook named.

    Webhooks that nobody signs may name any address: it must be https and no private one, or the provider's own.

    Args:
        session: The shared session.
        media: What the contact sent.
        base: The line's `base_url`; a sandbox serves its files there, over http.
        max_bytes: The largest file taken.

    Raises:
        SendError: It could not be fetched; a retryable one may be tried again.
    """
    if media.url is None:
        raise ContentRejected(media.error or "the provider named no address for the file")
    url = _parsed(media.url)
    try:
        for _ in range(REDIRECTS + 1):
            _check(url, base)
            async with session.get(
                url, timeout=aiohttp.ClientTimeout(total=MEDIA_S), allow_redirects=False
            ) as response:
                if response.status in {301, 302, 303, 307, 308}:
                    url = url.join(_parsed(response.headers.get("Location", "")))
                    continue
                if response.status in PASSING:
                    raise ProviderUnreachable(f"the file's address answers {response.status}")
                if response.status != 200:
                    raise ContentRejected(f"the file's address answers {response.status}")
                data = await read_bounded(response, max_bytes)
                named = response.headers.get("Content-Type")
                return FetchedMedia(data, media.mime_type or named)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        meaning = send_error(error)
        if isinstance(meaning, AnswerLost):  # a file asked for twice harms nobody
            meaning = ProviderUnreachable(str(meaning))
        raise meaning from error
    raise ContentRejected("the file's address leads on and on")


async def read_bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Return the body, read up to the ceiling and not a chunk more, whatever length the answer claims.

    Raises:
        ContentRejected: It is larger.
    """
    data = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > max_bytes:
            raise ContentRejected(f"the file has more than {max_bytes} bytes")
    return bytes(data)


def _parsed(address: str) -> URL:
    try:
        return URL(address)
    except ValueError as error:
        raise ContentRejected("the file's address is none") from error


def _check(url: URL, base: URL) -> None:
    try:
        if url.origin() == base.origin():
            return
        if url.scheme == "https" and not _is_private(url.host or ""):
            return
    except ValueError:
        pass  # no host
    raise ContentRejected("the file's address is neither a public https one nor the provider's own")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


# --- our own -----------------------------------------------------------------------------------------


def with_links(content: Outbound, links: MediaLinks) -> Outbound:
    """Return the message with an address for each of our own files.

    Raises:
        ContentRejected: This server has no public address.
    """

    def link(file: Media) -> Media:
        url = links.url(file.stored or "", mime_type=file.mime_type, filename=file.filename)
        return file.model_copy(update={"url": url, "stored": None})

    return with_stored(content, link)


def stored_in(content: Outbound) -> list[Media]:
    """Return our own files, wherever they stand in a message."""
    if content.kind in WORDS_ALONE:  # nearly every message
        return []
    found: list[Media] = []

    def note(file: Media) -> Media:
        found.append(file)
        return file

    with_stored(content, note)
    return found


def with_stored(content: Outbound, change: Callable[[Media], Media]) -> Outbound:
    """Return the message with each of our own files changed, wherever it stands."""
    match content:
        case Media():
            return _changed(content, change)
        case Buttons(header=Media()) | CallToAction(header=Media()) | Template(header=Media()):
            content = content.model_copy(update={"header": _changed(content.header, change)})
        case Carousel(cards=shown):
            cards = tuple(_card(card, change) for card in shown)
            return content.model_copy(update={"cards": cards})
        case _:
            pass
    if isinstance(content, Template) and content.cards:
        filled = tuple(_template_card(card, change) for card in content.cards)
        return content.model_copy(update={"cards": filled})
    return content


def _card(card: Card, change: Callable[[Media], Media]) -> Card:
    return card.model_copy(update={"media": _changed(card.media, change)})


def _template_card(card: TemplateCard, change: Callable[[Media], Media]) -> TemplateCard:
    return card.model_copy(update={"header": _changed(card.header, change)})


def _changed(part: _Part, change: Callable[[Media], Media]) -> _Part:
    if not isinstance(part, Media) or part.stored is None:
        return part
    return cast("_Part", change(part))  # a file stays a file
