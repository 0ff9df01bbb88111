"""What a flow waits for of a message: that it fails, or that it reaches the contact. Nearly no message has one."""

from typing import Literal

from engine.core.ids import RunId, VisitId
from engine.core.value import Value

Reached = Literal["delivered", "read"]
"""What a step may wait for."""

_REACHED: dict[Reached, tuple[str, ...]] = {
    "delivered": ("delivered", "read", "played"),
    "read": ("read", "played"),
}
"""The statuses that say it; a provider may leave one out."""


class Watch(Value):
    """What shall be told of a message to the run that said it."""

    run: RunId
    visit: VisitId
    """The step that waits, a wait for an earlier one being past; 0 where none does."""
    failed: str | None = None
    """Where the run goes when the message fails, as the flow layer writes targets."""
    until: Reached | None = None
    """What the step waits for before it goes on."""

    def outcome(self, status: str) -> Reached | Literal["failed"] | None:
        """Return what this status of the message means to the run; None is nothing yet."""
        if status == "failed":
            return "failed"
        if self.until is None:
            return None
        if status == "stale":  # dropped before it left, and nobody has asked anything since
            return "failed"
        return self.until if status in _REACHED[self.until] else None
