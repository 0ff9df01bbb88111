"""What becomes of a free-form message that meets a closed window, and what is said with a plan of its own for that.

A plan is looked up where the message is said: the message's own, else its flow's, else its line's.
"""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.content import Outbound, Template
from engine.core.value import Value
from engine.core.watch import Watch

Closed = Literal["hold", "fail"] | Template
"""Kept until the contact writes again, then sent before the reply, or dropped when stale; failed, visibly; or a
template goes out in its place."""


class Planned(Value):
    """Something to say that has a plan of its own, or that a flow waits for."""

    kind: Literal["planned"] = "planned"
    content: Outbound
    closed: Closed | None = None
    """What becomes of it when the window is closed; None is as the line says."""
    watch: Watch | None = None
    """What of it shall be told to the run."""


Speech = Annotated[Outbound | Planned, Field(discriminator="kind")]
"""What a flow says: nearly always the content alone."""


def content_of(speech: Speech) -> Outbound:
    """Return what is said, without its plan."""
    return speech.content if isinstance(speech, Planned) else speech


Plan = tuple[Closed | None, Watch | None]
"""What is said alike: under the same plan, and watched alike."""


def plan_of(speech: Speech) -> Plan | None:
    """Return what is particular about it, None for nearly everything."""
    if not isinstance(speech, Planned) or (speech.closed is None and speech.watch is None):
        return None
    return speech.closed, speech.watch
