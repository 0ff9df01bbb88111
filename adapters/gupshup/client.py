"""The calls of a Gupshup line: a form out, an id or an error back."""

from urllib.parse import quote

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from adapters.gupshup.errors import read_sent, read_success
from adapters.gupshup.render import Form
from adapters.http import call, show_url
from adapters.wire import Wire
from engine.core.errors import ContentRejected, SendError
from engine.core.ids import ExternalId
from engine.ports import Accepted, Refused


class Client:
    """One line's way to Gupshup.

    Args:
        session: The shared session.
        base: The line's `base_url`.
        api_key: The account's key.
        app_id: The app's id, where it is known.
    """

    def __init__(
        self, session: aiohttp.ClientSession, *, base: URL, api_key: str, app_id: str | None
    ) -> None:
        self._session = session
        self._base = base
        self._app = None if app_id is None else base / "wa/app" / app_id
        self._asking = CIMultiDict({"apikey": api_key})
        self._sending = CIMultiDict(
            {"apikey": api_key, "Content-Type": "application/x-www-form-urlencoded"}
        )

    async def send(self, path: str, form: Form) -> Accepted | Refused:
        """Send a form as rendered, to MESSAGES or TEMPLATES."""
        url = self._base / path
        answer, exchange = await call(
            self._session,
            "POST",
            url,
            headers=self._sending,
            body=URL().with_query(form).raw_query_string.encode(),
            shown_url=show_url(url),
        )
        try:
            if isinstance(answer, SendError):
                raise answer
            return Accepted(read_sent(answer), exchange)
        except SendError as error:
            return Refused(error, exchange)

    async def mark_read(self, message: ExternalId) -> Accepted | Refused:
        """Mark a contact's message as read. Source: public clients of Gupshup, read 2026-08."""
        answer, exchange = await call(
            self._session, "PUT", self._of_app("msg", message, "read"), headers=self._asking
        )
        if isinstance(answer, SendError):
            return Refused(answer, exchange)
        if answer.status // 100 == 2:  # the body is empty
            return Accepted(None, exchange)
        try:
            read_success(answer)
        except SendError as error:
            return Refused(error, exchange)
        return Accepted(None, exchange)

    async def templates(self) -> Wire:
        """Return what Gupshup says of the app's templates.

        Raises:
            SendError: It could not be asked.
        """
        answer, _ = await call(self._session, "GET", self._of_app("template"), headers=self._asking)
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
