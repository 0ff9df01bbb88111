"""The calls of a Karbot line, each with the token of a login that is renewed before it ends, and once where it ended.

Source: public clients of Karbot, read 2026-08: they log in by e-mail and password and keep the token 55 minutes.
"""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from adapters.gupshup.errors import read_error, read_sent, read_success
from adapters.gupshup.payloads import MESSAGES, TEMPLATES
from adapters.gupshup.render import Form, Origin, render_session
from adapters.gupshup.render import render_template as render_form
from adapters.gupshup.services import Templates
from adapters.http import Answer, call, show_url
from adapters.karbot.payloads import LOGIN, SEND_TEMPLATE, TOKEN_KEYS
from adapters.karbot.render import fits_own_call, render_template
from adapters.wire import Wire, part_of, text_of
from engine.core.content import Outbound, ReadMark, Template
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    SendError,
)
from engine.ports import Accepted, Exchange, Outgoing, Refused

TOKEN_LIFE_S = 55 * 60
"""How long a token is used."""

CREDENTIALS = "email, password, app, source and base_url"
"""What to look at on a line whose calls are refused."""


class Client:
    """One line's way to Karbot.

    Args:
        session: The shared session.
        base: The line's `base_url`.
        email: Who logs in.
        password: With what.
        origin: Who sends.
        monotonic: The clock of the token's life.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base: URL,
        email: str,
        password: str,
        origin: Origin,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._base = base
        self._login = orjson.dumps({"email": email, "password": password})
        self._monotonic = monotonic
        self._token = ""
        self._good_until = 0.0
        self._entering = asyncio.Lock()
        self._origin = origin
        self.templates = Templates(
            self._list_templates,
            hand_in="on Karbot's platform, or ask your administrator at Karbot",
        )
        """The line's."""

    async def message(
        self, outgoing: Outgoing, content: Outbound, *, media_id: str | None = None
    ) -> Accepted | Refused:
        """Send the content, which is within the limits; files have links. Raises SendError."""
        if not isinstance(content, Template):
            return await self._send_form(
                MESSAGES, render_session(content, outgoing, origin=self._origin)
            )
        id_ = await self.templates.id_of(content)
        if fits_own_call(content):
            body = render_template(content, id=id_, contact=outgoing.contact)
            return await self._send(SEND_TEMPLATE, body, "application/json")
        return await self._send_form(
            TEMPLATES, render_form(content, outgoing, id=id_, origin=self._origin)
        )

    async def read_mark(self, mark: ReadMark) -> Accepted | Refused:
        """Refuse: nothing is known of read marks, so the line's capabilities name none. Raises ContentRejected."""
        raise ContentRejected("Karbot has no call that marks a message as read")

    async def _list_templates(self) -> Wire:
        answer, _ = await self._call("GET", f"wa/app/{self._origin.app}/template")
        if isinstance(answer, SendError):
            raise answer
        return read_success(answer, check=CREDENTIALS)

    async def enter(self) -> None:
        """Log in anew. Raises SendError."""
        async with self._entering:
            await self._enter()

    async def _send_form(self, path: str, form: Form) -> Accepted | Refused:
        return await self._send(path, urlencode(form).encode(), "application/x-www-form-urlencoded")

    async def _send(self, path: str, body: bytes, content_type: str) -> Accepted | Refused:
        exchange: Exchange | None = None
        try:
            answer, exchange = await self._call("POST", path, body, content_type)
            if isinstance(answer, SendError):
                raise answer
            return Accepted(read_sent(answer, check=CREDENTIALS), exchange)
        except SendError as error:
            return Refused(error, exchange)

    async def _call(
        self, method: str, path: str, body: bytes | None = None, content_type: str = ""
    ) -> tuple[Answer | SendError, Exchange]:
        """Call with a good token; a refused one took nothing, so the same call is made once more with a new one."""
        url = self._base / path
        token = await self._fresh_token()
        answer, exchange = await self._call_with(token, method, url, body, content_type)
        if isinstance(answer, Answer) and answer.status == 401:
            self._forget(token)
            token = await self._fresh_token()
            answer, exchange = await self._call_with(token, method, url, body, content_type)
        return answer, exchange

    async def _call_with(
        self, token: str, method: str, url: URL, body: bytes | None, content_type: str
    ) -> tuple[Answer | SendError, Exchange]:
        headers = CIMultiDict({"Authorization": f"Bearer {token}"})
        if content_type:
            headers["Content-Type"] = content_type
        return await call(
            self._session, method, url, headers=headers, body=body, shown_url=show_url(url)
        )

    def _forget(self, token: str) -> None:
        if token == self._token:
            self._good_until = 0.0

    async def _fresh_token(self) -> str:
        async with self._entering:  # of a hundred sends at once, one logs in
            if self._monotonic() >= self._good_until:
                await self._enter()
            return self._token

    async def _enter(self) -> None:
        answer, _ = await call(
            self._session,
            "POST",
            self._base.joinpath(LOGIN),
            headers=CIMultiDict({"Content-Type": "application/json"}),
            body=self._login,
            shown="the login",
        )
        if isinstance(answer, AnswerLost):
            # A login that was lost has sent no message.
            raise ProviderUnreachable(f"the login was not answered: {answer}") from answer
        if isinstance(answer, SendError):
            raise answer
        self._token = _token_of(answer)
        self._good_until = self._monotonic() + TOKEN_LIFE_S


def _token_of(answer: Answer) -> str:
    body = answer.json_object()
    if not 200 <= answer.status < 300:
        error = read_error(answer, body or {}, check=CREDENTIALS)
        if isinstance(error, AnswerLost):
            raise ProviderUnreachable(f"the login was not answered: {error}")
        if not error.retryable:  # no message is at fault here
            raise LineRejected(f"the login was refused: {error}; check {CREDENTIALS}")
        raise error
    for place in (body or {}, part_of(body or {}, "session")):
        for key in TOKEN_KEYS:
            if (token := text_of(place, key)) is not None and token.isprintable():
                return token
    raise LineRejected(f"the login's answer carries no token; check {CREDENTIALS}")
