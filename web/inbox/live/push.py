"""Web Push: tells agents of news in browsers where no page of the inbox is looked at.

What waits to be sent is kept in memory alone: it is a hint, and what it tells of is in the database. A browser that its
push service does not know any more is forgotten.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import orjson
import structlog
from multidict import CIMultiDict
from yarl import URL

from adapters.http import Answer
from adapters.public import is_private
from engine.core.errors import SendError, StorageError
from storage.agents import Agent
from storage.database import Database
from storage.push import Subscription, count_subscriptions, server_key, subscriptions, unsubscribe
from web.inbox.errors import FormInvalid
from web.inbox.live.hub import Hub
from web.inbox.live.notices import News
from web.inbox.live.webpush import Keys, KeyUnusable, Vapid, encrypt, from_base64, to_base64

KEY_NAME: Final = "push"

ENDPOINT_CHARS: Final = 1000

LASTS: Final = timedelta(hours=4)
"""A push service keeps a message for a phone that is off so long."""

AT_ONCE: Final = 8
"""Messages that are sent at the same time."""

TRIES: Final = 5

FIRST_RETRY_S: Final = 2.0
RETRY_FACTOR: Final = 4.0
RETRY_S_MOST: Final = 300.0

WAITING_MOST: Final = 5_000
"""Messages that wait; the newest are dropped beyond."""

KNOWN_S: Final = 30.0
"""The browsers are read again after this: another process may know of more."""

GONE: Final = frozenset({404, 410})
"""The subscription ended. Source: RFC 8030 section 7.3, read 2026-08."""

PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})

log = structlog.get_logger()

Post = Callable[[URL, CIMultiDict[str], bytes], Awaitable[Answer | SendError]]
"""Posts to a push service."""

Words = Callable[[News], tuple[str, str]]
"""What a notification says: its title, and what stands below."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One message to one browser."""

    subscription: Subscription
    news: News
    due: float
    tries: int = 0


class Pusher:
    """Sends push messages.

    Args:
        database: Where the browsers are kept.
        hub: Knows who has a page before their eyes: they are not pushed to.
        now: The time.
        words: What a notification says.
        post: Reaches the push services.
        subject: How push services reach the people of this server, as an https address; None is not told.
        allowed: Origins that are used although they are private or not https; for tests.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        *,
        now: Callable[[], datetime],
        words: Words,
        post: Post,
        subject: str | None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        self._database = database
        self._hub = hub
        self._now = now
        self._words = words
        self._post_to = post
        self._subject = subject
        self._allowed = frozenset(str(URL(origin).origin()) for origin in allowed)
        self._vapid: Vapid | None = None
        self._jobs: dict[tuple[str, str, str], _Job] = {}
        self._woken = asyncio.Event()
        self._known: list[tuple[Subscription, Agent]] = []
        self._known_at = float("-inf")

    async def load(self) -> None:
        """Read the server's key, and whether any browser wants to be told. Raises StoreUnavailable."""
        made = to_base64(Vapid.make().private)
        kept = await server_key(self._database, KEY_NAME, made=made, now=self._now())
        self._vapid = Vapid(from_base64(kept))
        await self.look_again()

    async def look_again(self) -> None:
        """Read the browsers anew: one came or went. Raises StoreUnavailable."""
        self._known_at = float("-inf")
        self._hub.pushes = await count_subscriptions(self._database) > 0

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        assert self._vapid is not None, "load() comes first"
        return to_base64(self._vapid.public)

    def check(self, endpoint: str) -> URL:
        """Return a browser's address at its push service, if we may send there.

        Raises:
            FormInvalid: It is no public https address.
        """
        try:
            url = URL(endpoint)
            if len(endpoint) <= ENDPOINT_CHARS and self._may_go(url):
                return url
        except ValueError:
            pass
        raise FormInvalid("endpoint: not the https address of a push service")

    # --- what is sent ---------------------------------------------------------------------------------

    async def call(self, news: News) -> None:
        """Send news soon to the browsers of those it concerns who look at no page."""
        if not self._hub.pushes:
            return
        try:
            known = await self._subscriptions()
        except StorageError as error:
            log.warning("push_not_sent", code=error.code)
            return
        for subscription, agent in known:
            if not news.concerns(agent) or self._hub.is_looking(agent.login):
                continue
            name = (subscription.login, subscription.endpoint, _tag(news))
            if len(self._jobs) < WAITING_MOST or name in self._jobs:
                self._jobs[name] = _Job(subscription, news, time.monotonic())
                self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._wait()
            due = [name for name, job in self._jobs.items() if job.due <= time.monotonic()]
            jobs = [(name, self._jobs.pop(name)) for name in due[:AT_ONCE]]
            again = await asyncio.gather(*(self._send(job) for _, job in jobs))
            for (name, _), job in zip(jobs, again, strict=True):
                if job is not None:
                    self._jobs.setdefault(name, job)  # what came meanwhile is newer

    async def _wait(self) -> None:
        """Wait until something is due."""
        while True:
            self._woken.clear()
            first = min((job.due for job in self._jobs.values()), default=None)
            rest = None if first is None else first - time.monotonic()
            if rest is not None and rest <= 0:
                return
            try:
                await asyncio.wait_for(self._woken.wait(), rest)
            except TimeoutError:
                return

    async def _send(self, job: _Job) -> _Job | None:
        """Send one message; returns what is to be tried again."""
        if self._hub.is_looking(job.subscription.login):
            return None
        status, retry_after = await self._post(job)
        if status in GONE:
            await self._forget(job.subscription)
        elif status is None or status in PASSING:
            return _later(job, retry_after)
        elif status >= 300:
            log.warning("push_refused", status=status)
        return None

    async def _post(self, job: _Job) -> tuple[int | None, timedelta | None]:
        """Return the push service's status, None where no answer came; and when to come again."""
        assert self._vapid is not None, "load() comes first"
        one = job.subscription
        try:
            url = self.check(one.endpoint)
            keys = Keys(from_base64(one.public_key), from_base64(one.auth))
        except (FormInvalid, KeyUnusable):
            return 410, None
        tag = _tag(job.news)
        title, body = self._words(job.news)
        payload = {"title": title, "body": body, "tag": tag, "url": _address(job.news)}
        headers = CIMultiDict(
            {
                "Authorization": self._vapid.header(url, subject=self._subject, now=self._now()),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(int(LASTS.total_seconds())),
                "Urgency": "high",
                "Topic": to_base64(sha256(tag.encode()).digest())[:32],
            }
        )
        told = await self._post_to(url, headers, encrypt(orjson.dumps(payload), keys))
        if isinstance(told, SendError):
            log.info("push_unreachable", code=told.code)
            return None, None
        return told.status, told.retry_after

    async def _forget(self, subscription: Subscription) -> None:
        try:
            await unsubscribe(self._database, subscription.login, subscription.endpoint)
            await self.look_again()
        except StorageError as error:
            log.warning("push_not_forgotten", code=error.code)

    async def _subscriptions(self) -> list[tuple[Subscription, Agent]]:
        if time.monotonic() - self._known_at > KNOWN_S:
            self._known = await subscriptions(self._database, now=self._now())
            self._known_at = time.monotonic()
        return self._known

    def _may_go(self, url: URL) -> bool:
        if str(url.origin()) in self._allowed:
            return True
        return url.scheme == "https" and url.user is None and not is_private(url.host or "")


def _later(job: _Job, retry_after: timedelta | None) -> _Job | None:
    tries = job.tries + 1
    if tries >= TRIES:
        log.info("push_given_up", tries=tries)
        return None
    asked = 0.0 if retry_after is None else retry_after.total_seconds()
    wait = max(asked, FIRST_RETRY_S * RETRY_FACTOR**job.tries)
    return replace(job, tries=tries, due=time.monotonic() + min(wait, RETRY_S_MOST))


def _tag(news: News) -> str:
    """Name what a newer notification replaces: the one of the same chat."""
    line, conversation = news.key
    return f"{line}/{conversation}"


def _address(news: News) -> str:
    line, conversation = news.key
    return f"/inbox/chats/{line}/{conversation}"
