"""What becomes of a free-form message that meets a closed window, and what is said with a plan of its own for that.

A plan is looked up where the message is said: the message's own, else its flow's, else its line's.
"""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.content import Outbound, Template
from engine.core.value import Value

Closed = Literal["hold", "fail"] | Template
"""Kept until the contact writes again, then sent before the reply, or dropped when stale; failed, visibly; or a
template goes out in its place."""


class Planned(Value):
    """Something to say that has a plan of its own."""

    kind: Literal["planned"] = "planned"
    content: Outbound
    closed: Closed | None = None
    """What becomes of it when the window is closed; None is as the line says."""


Speech = Annotated[Outbound | Planned, Field(discriminator="kind")]
"""What a flow says: nearly always the content alone."""


def content_of(speech: Speech) -> Outbound:
    """Return what is said, without its plan."""
    return speech.content if isinstance(speech, Planned) else speech


def plan_of(speech: Speech) -> Closed | None:
    """Return the plan that is said along, None where the line's holds."""
    return speech.closed if isinstance(speech, Planned) else None
