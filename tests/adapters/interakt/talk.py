"""An adapter of either channel that talks to the sandbox: what that posts is checked and read, as the web does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.http import ANSWER_S, build_session
from adapters.interakt.adapter import Interakt
from adapters.rcs.adapter import Rcs
from adapters.sandbox.interakt import InteraktSandbox, InteraktSettings
from adapters.sandbox.server import served
from engine.core.signals import MessageReceived
from engine.ports import Adapter
from tests.adapters.business import Business
from tests.adapters.interakt.conftest import make_settings
from tests.adapters.samples import LINE, Links


class Talk(Business):
    """Both ends of a line."""

    def __init__(self, settings: InteraktSettings) -> None:
        super().__init__()
        self.sandbox = InteraktSandbox(settings, post=self.post)

    @property
    def line(self) -> Adapter:
        """The adapter."""
        assert self.adapter is not None
        return self.adapter

    @property
    def messages(self) -> list[MessageReceived]:
        """What contacts sent, each once by its key: a tap is told twice."""
        once = {arrival.key: arrival.signal for arrival in self.arrivals}
        return [signal for signal in once.values() if isinstance(signal, MessageReceived)]


@asynccontextmanager
async def talk(
    channel: str, *, answer_s: float = ANSWER_S, **changes: object
) -> AsyncIterator[Talk]:
    """Serve a sandbox with these settings, and speak with it, while the block runs.

    Args:
        channel: Of the line.
        answer_s: How long an answer may take.
        changes: Of the sandbox's settings; nothing limits its rate unless told.
    """
    table = {"channel": channel, "messages_per_second": 0} | changes
    both = Talk(InteraktSettings.model_validate(table))
    kind = Rcs if channel == "rcs" else Interakt
    async with served(both.sandbox) as address, build_session(answer_s=answer_s) as session:
        keys = dict(both.sandbox.line(address))
        both.adapter = kind(LINE, make_settings(**keys), session=session, media_links=Links())
        yield both
