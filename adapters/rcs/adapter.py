"""One Interakt RCS line as the loops and the web see it: its webhooks and key are those of the WhatsApp channel."""

from typing import ClassVar

from adapters.degrade import degrade
from adapters.interakt.adapter import Interakt
from adapters.interakt.render import render_deed
from adapters.interakt.settings import Channel
from adapters.links import with_links
from adapters.rcs.capabilities import CAPABILITIES
from adapters.rcs.limits import problem_of
from adapters.rcs.payloads import MESSAGES
from adapters.rcs.render import render_message
from adapters.rcs.services import on_rcs
from engine.core.capabilities import Capabilities
from engine.core.content import Assignment, ContactUpdate, Event
from engine.core.errors import ContentRejected, SendError
from engine.ports import Accepted, Outgoing, Refused
from engine.ports.services import Services


class Rcs(Interakt):
    """An RCS assistant at Interakt. It is made as `Interakt` is."""

    channel: ClassVar[Channel] = "rcs"
    limits: ClassVar[Capabilities] = CAPABILITIES

    @property
    def services(self) -> Services:
        """What the account offers beside the chat."""
        return on_rcs(self._services)

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message or tell one deed; what the provider would refuse anyway is refused without a call."""
        try:
            # The links first: what cannot be shown is said with its link.
            content = degrade(with_links(outgoing.content, self._links), self._capabilities)
            if content is None:
                return Accepted(None)
            if isinstance(content, Event | ContactUpdate | Assignment):
                path, told = render_deed(content, outgoing.contact)
                return await self._client.send(path, told, names_message=False)
            if problem := problem_of(content, self._capabilities):
                raise ContentRejected(problem)
            body = render_message(content, contact=outgoing.contact)
            return await self._client.send(MESSAGES, body)
        except SendError as error:
            return Refused(error)
