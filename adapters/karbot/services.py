"""What Karbot offers beside the chat, as far as anything is known of it."""

from adapters.gupshup.render import Origin
from adapters.karbot.client import Client

WHERE_TO_PASTE = """\
Karbot has no call for this. On its platform, open the business line's details and set the webhook to
  {url}
or ask your administrator at Karbot to do so. Its first call must be answered 2xx, with an empty body, within 10
seconds: let Parley run before."""


class Look:
    """Looks at a line: logs in, and asks for its templates.

    Args:
        client: The line's calls.
        origin: Who sends.
    """

    def __init__(self, client: Client, *, origin: Origin) -> None:
        self._client = client
        self._origin = origin

    async def check_key(self) -> str:
        """Return that e-mail and password open the platform. Raises SendError."""
        await self._client.enter()
        return "the login is good"

    async def check_sender(self) -> str:
        """Return what the line sends as. Raises SendError where it has no templates to tell of."""
        found = await self._client.templates.list()
        source, app = self._origin
        return f"{source} of the line {app!r}: it has {len(found)} templates"
