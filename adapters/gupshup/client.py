"""The calls of a Gupshup line: a form out, an id or an error back."""

from urllib.parse import quote, urlencode

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.gupshup.errors import read_sent, read_success
from adapters.gupshup.payloads import MESSAGES, TEMPLATES
from adapters.gupshup.render import Form, Origin, render_session, render_template
from adapters.gupshup.services import Templates
from adapters.http import call, show_url
from adapters.whatsapp.payloads import UNNAMED
from adapters.wire import Wire
from engine.core.content import Outbound, ReadMark, Template
from engine.core.errors import ContentRejected, SendError
from engine.ports import Accepted, Outgoing, Refused


class Client:
    """One line's way to Gupshup.

    Args:
        session: The shared session.
        base: The line's `base_url`.
        api_key: The account's key.
        app_id: The app's id, where it is known.
        origin: Who sends.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base: URL,
        api_key: str,
        app_id: str | None,
        origin: Origin,
    ) -> None:
        self._session = session
        self._base = base
        self._app = None if app_id is None else base / "wa/app" / app_id
        self._origin = origin
        self._key = CIMultiDict({"apikey": api_key})
        self.templates = Templates(self._list_templates)
        """The app's."""

    async def message(
        self, outgoing: Outgoing, content: Outbound, *, media_id: str | None = None
    ) -> Accepted | Refused:
        """Send the content, which is within the limits; files have links. Raises SendError."""
        if isinstance(content, Template):
            id_ = await self.templates.id_of(content)
            form = render_template(content, outgoing, id=id_, origin=self._origin)
            return await self._send(TEMPLATES, form)
        return await self._send(MESSAGES, render_session(content, outgoing, origin=self._origin))

    async def read_mark(self, mark: ReadMark) -> Accepted | Refused:
        """Mark a contact's message as read; the answer is empty. Raises SendError for one without an id.

        Source: public clients of Gupshup, read 2026-08.
        """
        if mark.message.startswith(UNNAMED):
            raise ContentRejected("the message came without an id, so it cannot be marked as read")
        url = self._of_app("msg", mark.message, "read")
        answer, exchange = await call(self._session, "PUT", url, headers=self._key)
        try:
            if isinstance(answer, SendError):
                raise answer
            if answer.status // 100 != 2:
                read_success(answer)
        except SendError as error:
            return Refused(error, exchange)
        return Accepted(None, exchange)

    async def _send(self, path: str, form: Form) -> Accepted | Refused:
        url = self._base / path
        answer, exchange = await call(
            self._session,
            "POST",
            url,
            headers=CIMultiDict(
                [*self._key.items(), ("Content-Type", "application/x-www-form-urlencoded")]
            ),
            body=urlencode(form).encode(),
            shown_url=show_url(url),
        )
        try:
            if isinstance(answer, SendError):
                raise answer
            return Accepted(read_sent(answer), exchange)
        except SendError as error:
            return Refused(error, exchange)

    async def _list_templates(self) -> Wire:
        answer, _ = await call(self._session, "GET", self._of_app("template"), headers=self._key)
        if isinstance(answer, SendError):
            raise answer
        return read_success(answer)

    def _of_app(self, *parts: str) -> URL:
        if self._app is None:
            raise ContentRejected(
                "set app_id (Gupshup's dashboard, the app's settings): it stands in this call's address"
            )
        # A message's id is whatever its webhook said: a slash in it must not lead elsewhere.
        return self._app.joinpath(*(quote(part, safe="") for part in parts), encoded=True)
