"""The calls that send: a body out, an id or an error back."""

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.cloud.payloads import MESSAGES
from adapters.http import call, show_url
from adapters.whatsapp.answers import read_sent, read_success
from engine.core.errors import SendError
from engine.core.ids import ExternalId
from engine.ports import Accepted, Refused


class Client:
    """One line's way to `/messages`."""

    def __init__(
        self, session: aiohttp.ClientSession, *, base: URL, phone_number_id: str, token: str
    ) -> None:
        self._session = session
        self._url = base / phone_number_id / MESSAGES
        self._shown_url = show_url(self._url)
        self._headers = CIMultiDict(
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        )

    async def send(self, body: bytes, *, names_message: bool = True) -> Accepted | Refused:
        """Send a body as rendered.

        Args:
            body: The JSON.
            names_message: Whether the answer must name a message; a read mark's does not.
        """
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
            external_id: ExternalId | None = None
            if names_message:
                external_id = read_sent(answer)
            else:
                read_success(answer)
        except SendError as error:
            return Refused(error, exchange)
        return Accepted(external_id, exchange)
