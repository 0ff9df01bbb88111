"""The calls: JSON out, a body or an error back."""

from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.http import call, show_url
from adapters.sobot.errors import read_answer
from adapters.sobot.payloads import PAGES_READ
from adapters.wire import Wire, objects_of, write_json
from engine.core.errors import ContentRejected, SendError
from engine.ports import Exchange


class Done(NamedTuple):
    """What became of a call."""

    result: Wire | SendError
    exchange: Exchange | None = None

    def body(self) -> Wire:
        """Return what was answered. Raises SendError."""
        if isinstance(self.result, SendError):
            raise self.result
        return self.result


class Client:
    """One line's way to Sobot."""

    def __init__(
        self, session: aiohttp.ClientSession, *, base: URL, api_key: str, api_secret: str
    ) -> None:
        self._session = session
        self._base = base
        self._headers = CIMultiDict(
            {"x-api-key": api_key, "x-api-secret": api_secret, "Content-Type": "application/json"}
        )

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> Done:
        """Make a call, with a body as JSON; never raises."""
        url = self._base / path
        if query:
            url = url.with_query(query)
        try:
            data = None if body is None else write_json(body)
        except ContentRejected as error:
            return Done(error)
        answer, exchange = await call(
            self._session, method, url, headers=self._headers, body=data, shown_url=show_url(url)
        )
        return Done(answer if isinstance(answer, SendError) else read_answer(answer), exchange)

    async def pages(
        self, path: str, query: Mapping[str, str] | None = None, *, first: int = 1
    ) -> AsyncIterator[Wire]:
        """Yield the pages of a list, from the first one named to the end. Raises SendError."""
        for number in range(first, first + PAGES_READ):
            asked = dict(query or {}) | ({"page": str(number)} if number > 1 else {})
            page = (await self.call("GET", path, query=asked)).body()
            yield page
            if not page.get("next") or not objects_of(page, "data"):
                return
        raise ContentRejected(
            f"Sobot's list goes on after {PAGES_READ} pages; it was read no further"
        )
