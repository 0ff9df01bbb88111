"""What the sandbox saw and did, in order: requests it received, webhooks it sent. Nothing is ever merged."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from adapters.sandbox.faults import FaultKind

About = Literal["message", "status", "other"]


class Request(BaseModel):
    """One request the sandbox received, whatever became of it."""

    model_config = ConfigDict(extra="forbid")

    number: int
    """Counts from 1 in the order of arrival."""
    at: datetime
    method: str
    path: str
    body: JsonValue = None
    """The JSON body, a form as an object; None where there was none."""
    to: str | None = None
    callback_data: str | None = None
    """The business's own mark on the message, such as `biz_opaque_callback_data`, as received."""
    status: int | None = None
    """The HTTP status answered; None while there is no answer, and for ever where none was given."""
    code: int | str | None = None
    """The error code answered."""
    message_id: str | None = None
    """The id given to an accepted message, also where the answer did not carry it to the business."""
    fault: FaultKind | None = None


class Attempt(BaseModel):
    """One try to deliver a webhook."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    status: int | None
    """The business's HTTP status; None where no answer came."""
    taken: bool
    """Whether the provider counts the answer as success."""


class Delivery(BaseModel):
    """One webhook on its way to the business, with each try."""

    model_config = ConfigDict(extra="forbid")

    number: int
    about: About
    id: str
    """The id of the message it tells of."""
    to: str
    """The contact it is about."""
    body: str
    attempts: list[Attempt] = Field(default_factory=list)
    """Empty where the provider had switched the webhook off."""

    @property
    def accepted(self) -> bool:
        """Whether the business took it."""
        return any(tried.taken for tried in self.attempts)
