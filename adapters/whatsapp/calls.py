"""Calls to one provider with the line's key: what sends, and what asks or sets something beside the chat."""

from collections.abc import Callable

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from adapters.http import MEDIA_S, Answer, call
from adapters.whatsapp.answers import read_success, sent_id
from adapters.wire import Wire
from engine.core.errors import AnswerLost, ProviderUnreachable, SendError
from engine.ports import Accepted, Exchange, Refused

JSON = "application/json"


class Calls:
    """One line's calls.

    Args:
        session: The shared session.
        base: What stands before every path.
        headers: With the key.
        read: Returns the body of an answer that is a success; raises SendError for any other.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base: URL,
        headers: CIMultiDict[str],
        read: Callable[[Answer], Wire] = read_success,
    ) -> None:
        self._session = session
        self._base = base
        self._key = headers
        self._headers = CIMultiDict([*headers.items(), ("Content-Type", JSON)])
        self._read = read

    # --- a message: made once, and what became of it ---------------------------------------------

    async def make(
        self, method: str, path: str, body: bytes
    ) -> tuple[Answer | SendError, Exchange]:
        """Make a call; return its answer, or what its failure means, and what is kept of it."""
        return await call(
            self._session, method, self._base / path, headers=self._headers, body=body
        )

    def result(
        self, answer: Answer | SendError, exchange: Exchange, *, names_message: bool = True
    ) -> Accepted | Refused:
        """Return what became of a message; a read mark's answer names none."""
        try:
            body = self._body(answer)
            return Accepted(sent_id(body) if names_message else None, exchange)
        except SendError as error:
            return Refused(error, exchange)

    # --- the rest: may be made again, so a lost answer is trouble like any other -----------------

    async def get(self, path: str, **query: str) -> Wire:
        """Return what a GET answers. Raises SendError, never AnswerLost."""
        url = (self._base / path).with_query(query)
        answer, _ = await call(self._session, "GET", url, headers=self._headers)
        return self._again(answer)

    async def post(self, path: str, body: dict[str, object]) -> Wire:
        """Return what a POST answers. Raises SendError, never AnswerLost."""
        answer, _ = await self.make("POST", path, orjson.dumps(body))
        return self._again(answer)

    async def put_file(self, path: str, data: bytes, *, mime_type: str) -> Wire:
        """Hand over bytes as they are. Raises SendError, never AnswerLost."""
        answer, _ = await call(
            self._session,
            "POST",
            self._base / path,
            headers=CIMultiDict([*self._key.items(), ("Content-Type", mime_type)]),
            body=data,
            shown=f"{len(data)} bytes of {mime_type}",
            timeout_s=MEDIA_S,
        )
        return self._again(answer)

    def url(self, path: str) -> URL:
        """Return where a path is."""
        return self._base / path

    def _again(self, answer: Answer | SendError) -> Wire:
        try:
            return self._body(answer)
        except AnswerLost as error:
            raise ProviderUnreachable(str(error)) from error

    def _body(self, answer: Answer | SendError) -> Wire:
        if isinstance(answer, SendError):
            raise answer
        return self._read(answer)
