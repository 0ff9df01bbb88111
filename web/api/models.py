"""What the public API takes and gives, as pydantic models: they read the requests, and the document is made of them."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from engine.core.closed import Closed
from engine.core.content import Sendable
from engine.core.value import Json
from engine.ports import MessageStatus

LinePattern = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
LineField: TypeAlias = Annotated[str, StringConstraints(pattern=LinePattern, max_length=64)]


class Model(BaseModel):
    """What all of them share: nothing is changed, nothing is left over."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ByPhone(Model):
    """A contact by phone number."""

    phone: Annotated[str, StringConstraints(pattern=r"^\+?[1-9][0-9]{6,14}$")]
    """Digits with the country code."""


class ByUserId(Model):
    """A contact by the id that the provider gave it."""

    user_id: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]


Recipient: TypeAlias = ByPhone | ByUserId


class MessageRequest(Model):
    """A message to a contact."""

    line: LineField
    """The line to send on, as the configuration names it."""
    to: Recipient
    content: Annotated[Sendable, Field(discriminator="kind")]
    """A template, or anything else while the contact's window is open."""
    closed: Closed = "fail"
    """What becomes of anything but a template when the window is closed: refused or failed; held until the contact
    writes; or a template in its place."""


class FlowRequest(Model):
    """A contact to begin a flow with."""

    line: LineField
    contact: Recipient
    answers: dict[str, Json] = {}
    """What is known already, by the flow's fields: these are not asked."""
    if_busy: Literal["queue", "replace", "refuse"] = "queue"
    """While a talk goes on: wait for its end, end it, or answer 409. While people hold the chat `replace` waits too."""


class MessageAccepted(Model):
    """The message is stored and will be sent."""

    ok: Literal[True] = True
    id: str
    """For `GET /api/v1/messages/{id}`."""


class FlowAccepted(Model):
    """The request is stored."""

    ok: Literal[True] = True
    id: str
    """The request's own id, as the audit names it."""
    status: Literal["started", "queued", "accepted", "failed"]
    """Begun; waiting for the end of a talk; stored and not looked at yet; or given to people, as the flow raised."""


class MessageState(Model):
    """How far a message has come."""

    ok: Literal[True] = True
    id: str
    line: str
    kind: str | None = None
    """What it carries; none while it is `accepted`."""
    status: MessageStatus | Literal["accepted"]
    """`accepted`: stored, not yet in the outbox."""
    at: datetime
    """When it was said."""
    status_at: datetime
    """When it came to its status."""
    external_id: str | None = None
    """The provider's id."""
    maybe_twice: bool = False
    """An earlier try was never answered: the contact may have it twice."""
    error_code: str | None = None
    error: str | None = None
