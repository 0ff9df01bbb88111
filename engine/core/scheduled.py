"""What is said later: a message with the time it is to leave at, kept with the conversation until then."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.closed import Planned, Speech
from engine.core.content import Outbound
from engine.core.value import Utc, Value


class Scheduled(Value):
    """Something to say at a time of its own; it does not end with the run that scheduled it."""

    kind: Literal["scheduled"] = "scheduled"
    name: str
    """What takes it back, and what another one of the same name replaces."""
    due_at: Utc
    says: Speech
    silent_since: Utc | None = None
    """It is not said where the contact has written since; None says it whatever the contact writes."""


Saying = Annotated[Outbound | Planned | Scheduled, Field(discriminator="kind")]
"""What a visit says: now, nearly always, or at a time of its own."""
