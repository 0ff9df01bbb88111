"""Browsers subscribe to Web Push and leave it; and how push messages are sent while the application lives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Final, Literal

import orjson
from aiohttp import web
from multidict import CIMultiDict
from pydantic import StringConstraints
from yarl import URL

from adapters.http import Answer, call
from adapters.public import build_public_session
from engine.core.errors import SendError
from engine.core.ids import LineId
from storage.push import Subscription, subscribe, unsubscribe
from web.inbox.acts import audit
from web.inbox.errors import FormInvalid
from web.inbox.forms import Form, read_form
from web.inbox.live.hub import HUB
from web.inbox.live.notices import News, called
from web.inbox.live.push import ENDPOINT_CHARS, Pusher
from web.inbox.live.webpush import Keys, KeyUnusable, from_base64
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH
from web.keys import CLOCK, DATABASE, SETTINGS, TEMPLATES
from web.transcript.body import AsideView
from web.transcript.view import summary

PUSHER = web.AppKey("inbox_pusher", Pusher)

ANSWER_S: Final = 15.0

TEXT_CHARS: Final = 120
"""Of a message on a locked phone, where the setting lets it be shown at all."""

Base64 = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Endpoint = Annotated[str, StringConstraints(min_length=1, max_length=ENDPOINT_CHARS)]


class Browser(Form):
    """What a browser gives when it subscribes."""

    endpoint: Endpoint
    public_key: Base64
    auth: Base64


class Gone(Form):
    """A browser that wants to be told no more."""

    endpoint: Endpoint


async def show_key(asked: Asked) -> web.StreamResponse:
    """Return the key that browsers subscribe with."""
    key = {"ok": True, "key": asked.app[PUSHER].public_key}
    return web.Response(body=orjson.dumps(key), content_type="application/json")


async def add_browser(asked: Asked) -> web.StreamResponse:
    """Keep a browser of the agent's, to be told of news."""
    browser = read_form(asked, Browser)
    pusher = asked.app[PUSHER]
    pusher.check(browser.endpoint)
    try:
        Keys(from_base64(browser.public_key), from_base64(browser.auth))
    except KeyUnusable as wrong:
        raise FormInvalid(f"public_key: {wrong}") from None
    subscription = Subscription(
        login=asked.agent.login,
        endpoint=browser.endpoint,
        public_key=browser.public_key,
        auth=browser.auth,
        session=asked.session.id,
    )
    await subscribe(asked.app[DATABASE], subscription, now=asked.now)
    await pusher.look_again()
    await audit(asked, "push_subscribed", asked.agent.login)
    return web.Response(status=204)


async def remove_browser(asked: Asked) -> web.StreamResponse:
    """Forget a browser of the agent's."""
    await unsubscribe(asked.app[DATABASE], asked.agent.login, read_form(asked, Gone).endpoint)
    await asked.app[PUSHER].look_again()
    await audit(asked, "push_unsubscribed", asked.agent.login)
    return web.Response(status=204)


async def run_pusher(app: web.Application) -> AsyncIterator[None]:
    """Send push messages while the application lives; what waits at its end is not sent."""
    settings = app[SETTINGS]
    public_url = settings.server.public_url or ""
    allowed = settings.inbox.push_allow
    async with build_public_session(answer_s=ANSWER_S, allowed=allowed) as session:

        async def post(url: URL, headers: CIMultiDict[str], body: bytes) -> Answer | SendError:
            told, _ = await call(session, "POST", url, headers=headers, body=body, shown="")
            return told

        pusher = Pusher(
            app[DATABASE],
            app[HUB],
            now=app[CLOCK].now,
            words=lambda news: words(app, news, settings.inbox.push_preview),
            post=post,
            subject=public_url if public_url.startswith("https://") else None,
            allowed=allowed,
        )
        app[PUSHER] = pusher
        await pusher.load()
        running = asyncio.create_task(pusher.run(), name="parley-push")
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def words(
    app: web.Application, news: News, preview: Literal["nothing", "name", "text"]
) -> tuple[str, str]:
    """Return the title of a notification and what stands below; how much they tell is the operator's choice."""
    if preview == "nothing":
        return ENGLISH[f"push_{news.cause}_plain"], ""
    title = ENGLISH[f"push_{news.cause}"].format(name=called(news.row))
    team = ENGLISH["notice_team"].format(team=news.row.team) if news.row.team else ""
    if preview == "name" or news.row.last is None:
        return title, "" if news.cause == "message" else team
    line = LineId(news.row.line)
    told = summary(news.row.last.content, lambda template: app[TEMPLATES].words(line, template))
    text = ENGLISH[told.key].format(**told.values) if isinstance(told, AsideView) else told
    return title, text[:TEXT_CHARS]
