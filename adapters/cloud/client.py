"""The calls that send: a body out, an id or an error back."""

import time
from collections.abc import Callable, Coroutine

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.cloud.render import render_message, render_read_mark
from adapters.http import Answer, Post
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
        headers = CIMultiDict([*headers.items(), ("Content-Type", "application/json")])
        self._post = Post(session, url, headers=headers)
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
        begun = time.perf_counter()
        answer = await self._post.ask(body)
        try:
            if isinstance(answer, SendError):
                raise answer
            said = self._read(answer)
            # A read mark's answer names no message.
            external_id: ExternalId | None = sent_id(said) if names_message else None
        except SendError as error:
            return Refused(error, self._post.exchange(body, answer, begun=begun))
        return Accepted(external_id)
