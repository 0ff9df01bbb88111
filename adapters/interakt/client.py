"""The calls: a body out, Interakt's own words or an error back."""

from collections.abc import Mapping

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.http import MEDIA_S, call
from adapters.interakt.errors import read_answer
from adapters.wire import Wire, text_of, write_json
from engine.core.errors import AnswerLost, ContentRejected, SendError
from engine.core.ids import ExternalId
from engine.ports import Accepted, Exchange, Refused

_ROOT = "/v1/public"
_JSON = {"Content-Type": "application/json"}


class Client:
    """One account's way to the Public API.

    Args:
        session: The shared session.
        base: The line's `base_url`.
        api_key: As the dashboard shows it; a `Basic` copied along with it is left out.
    """

    def __init__(self, session: aiohttp.ClientSession, *, base: str, api_key: str) -> None:
        self._session = session
        self.base = URL(base.removesuffix(_ROOT))
        self._key = {"Authorization": f"Basic {api_key.removeprefix('Basic ').strip()}"}

    async def send(
        self, path: str, body: Wire, *, names_message: bool = True
    ) -> Accepted | Refused:
        """Send a message, or tell what is none; the answer must name a message unless `names_message` is False."""
        said, exchange = await self.ask("POST", path, body)
        if isinstance(said, SendError):
            return Refused(said, exchange)
        external_id = text_of(said, "id") if names_message else None
        if names_message and external_id is None:
            return Refused(AnswerLost("the provider took the call but named no message"), exchange)
        return Accepted(None if external_id is None else ExternalId(external_id), exchange)

    async def told(
        self, method: str, path: str, body: Wire | None = None, *, query: Mapping[str, str] = {}
    ) -> Wire:
        """Return what a call answers. Raises SendError."""
        said, _ = await self.ask(method, path, body, query=query)
        if isinstance(said, SendError):
            raise said
        return said

    async def ask(
        self, method: str, path: str, body: Wire | None = None, *, query: Mapping[str, str] = {}
    ) -> tuple[Wire | SendError, Exchange | None]:
        """Return what a call answers, or what its failure means, and what is kept of it."""
        try:
            data = None if body is None else write_json(body)
        except ContentRejected as error:
            return error, None
        answer, exchange = await call(
            self._session,
            method,
            self._url(path, query),
            headers=CIMultiDict(self._key | ({} if data is None else _JSON)),
            body=data,
        )
        try:
            return answer if isinstance(answer, SendError) else read_answer(answer), exchange
        except SendError as error:
            return error, exchange

    async def upload(
        self,
        path: str,
        data: bytes,
        *,
        key: str,
        mime_type: str,
        filename: str,
        query: Mapping[str, str] = {},
    ) -> Wire:
        """Return what handing a file over answers. Raises SendError."""
        form = aiohttp.FormData()
        form.add_field(key, data, filename=filename, content_type=mime_type)
        answer, _ = await call(
            self._session,
            "POST",
            self._url(path, query),
            headers=CIMultiDict(self._key),
            body=form,
            shown=f"{len(data)} bytes of {mime_type}",
            timeout_s=MEDIA_S,
        )
        if isinstance(answer, SendError):
            raise answer
        return read_answer(answer)

    def _url(self, path: str, query: Mapping[str, str]) -> URL:
        url = self.base.joinpath(path, encoded=True)
        return url.with_query(query) if query else url
