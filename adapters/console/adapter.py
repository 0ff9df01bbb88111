"""One terminal as the loops see a line."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from adapters.console.capabilities import CAPABILITIES
from adapters.console.parse import parse_body
from adapters.console.render import render
from adapters.line import LineAdapter
from adapters.settings import LineSettings
from engine.core.content import Media
from engine.core.errors import ContentRejected, LineUnknown, ProviderUnreachable
from engine.core.ids import ExternalId, LineId
from engine.ports import Accepted, FetchedMedia, Outgoing, Parcel, Refused, WebhookRequest


class ConsoleLine(LineSettings):
    """A `[lines.NAME]` table that talks in the terminal."""

    provider: Literal["console"]


def write_line(text: str) -> None:
    """Write a message to the terminal at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Console(LineAdapter):
    """A terminal: what is typed comes in through `parse`, what is said goes to `write`.

    Args:
        line: The line it serves.
        write: Called with each message's text, without a line end.
    """

    def __init__(self, line: LineId, *, write: Callable[[str], None] = write_line) -> None:
        super().__init__(line, capabilities=CAPABILITIES)
        self._write = write

    def challenge(self, query: dict[str, str]) -> str:
        """Refuse: nothing comes in over HTTP. Raises LineUnknown."""
        raise LineUnknown("a terminal has no webhook")

    def verify(self, request: WebhookRequest) -> None:
        """Refuse: nothing comes in over HTTP. Raises LineUnknown."""
        raise LineUnknown("a terminal has no webhook")

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a typed line, see `adapters.console.payloads`. Raises PayloadInvalid."""
        return parse_body(body, line=self._line, received_at=received_at)

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Write the message; its id is our own."""
        text = render(outgoing.content)
        try:
            if text:
                self._write(text)
        except OSError as error:
            return Refused(ProviderUnreachable(f"the terminal is gone: {error}"))
        return Accepted(ExternalId(f"console:{outgoing.id}") if text else None)

    async def fetch(self, media: Media) -> FetchedMedia:
        """Refuse: nobody types a file. Raises ContentRejected."""
        raise ContentRejected("a terminal has no files")
