"""The calls that send: a body out, an id or an error back."""

from collections.abc import Callable, Coroutine

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.cloud.render import render_message, render_read_mark
from adapters.http import Answer, call, show_url
from adapters.whatsapp.answers import read_success, sent_id
from adapters.wire import Wire
from engine.core.content import Outbound, ReadMark
from engine.core.errors import SendError
from engine.core.ids import ExternalId
from engine.ports import Accepted, Outgoing, Refused


class Client:
    """One line's way to `/messages`.

    Args:
        session: The shared session.
        url: Where messages go.
        headers: With the key.
        read: Returns the body of an answer that is a success; raises SendError for any other.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        url: URL,
        headers: CIMultiDict[str],
        read: Callable[[Answer], Wire] = read_success,
    ) -> None:
        self._session = session
        self._url = url
        self._shown_url = show_url(self._url)
        self._headers = CIMultiDict([*headers.items(), ("Content-Type", "application/json")])
        self._read = read

    def message(
        self, outgoing: Outgoing, content: Outbound
    ) -> Coroutine[None, None, Accepted | Refused]:
        """Send a message; what cannot be written raises SendError at once, before anything is waited for."""
        body = render_message(
            content,
            contact=outgoing.contact,
            message=outgoing.id,
            reply_to=outgoing.reply_to,
        )
        return self._send(body)  # no coroutine of its own: every message passes here

    async def read_mark(self, mark: ReadMark) -> Accepted | Refused:
        """Mark a message as read, with typing where wanted. Raises SendError for one without an id."""
        return await self._send(render_read_mark(mark), names_message=False)

    async def _send(self, body: bytes, *, names_message: bool = True) -> Accepted | Refused:
        answer, exchange = await call(
            self._session,
            "POST",
            self._url,
            headers=self._headers,
            body=body,
            shown_url=self._shown_url,
        )
        try:
            if isinstance(answer, SendError):
                raise answer
            said = self._read(answer)
            # A read mark's answer names no message.
            external_id: ExternalId | None = sent_id(said) if names_message else None
        except SendError as error:
            return Refused(error, exchange)
        return Accepted(external_id, exchange)
