"""Faults on demand: what a provider's server does on its bad days, asked for by tests."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "error",  # a documented error body: `code`, perhaps with another HTTP `status`
    "html",  # a gateway's HTML page instead of JSON: `status`, 502 unless it says otherwise
    "slow",  # the right answer, after `hold_s`
    "timeout",  # no answer for `hold_s`, then the connection is cut
    "half",  # the first half of the answer, then the connection is cut
    "close",  # the connection is cut without an answer
]


class Fault(BaseModel):
    """One kind of bad answer and the requests it meets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    times: int | None = Field(default=1, ge=1)
    """How many requests it meets; None until it is cleared or its time is over."""
    skip: int = Field(default=0, ge=0)
    """How many requests pass unharmed before the first."""
    for_s: float | None = Field(default=None, gt=0)
    """Seconds of real time after which it is over."""
    accepts: bool | None = None
    """Whether the message is taken and reaches the phone all the same; error and html do not unless told."""
    code: int | str | None = None
    """Which of the provider's errors; None is its "something went wrong"."""
    status: int = 0
    """The HTTP status of `error` and `html`; 0 is the code's own, or 502."""
    hold_s: float = Field(default=30.0, gt=0)
    to: str | None = None
    """Only requests to this address."""
    path: str | None = None
    """Only requests whose path holds this."""
    retry_after_s: int | None = None
    """With `error`: sent as a Retry-After header."""

    @property
    def takes(self) -> bool:
        """Whether a message met by it is accepted nevertheless."""
        if self.accepts is not None:
            return self.accepts
        return self.kind not in ("error", "html")

    def meets(self, to: str | None, path: str) -> bool:
        """Whether a request is among those it waits for."""
        if self.path is not None and self.path not in path:
            return False
        return self.to is None or self.to == to


@dataclass(slots=True)
class _Armed:
    fault: Fault
    left: int | None
    skip: int
    ends_at: float | None


class Faults:
    """The faults that wait for their requests, first armed first."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault, now: float) -> None:
        """Let the fault wait for its requests; `now` is in monotonic seconds."""
        ends_at = None if fault.for_s is None else now + fault.for_s
        self._armed.append(_Armed(fault, fault.times, fault.skip, ends_at))

    def clear(self) -> None:
        """Take back every fault."""
        self._armed.clear()

    def waiting(self) -> list[Fault]:
        """Return the faults that may still meet a request."""
        return [armed.fault for armed in self._armed]

    def meet(self, to: str | None, now: float, *, path: str = "") -> Fault | None:
        """Return the fault that this request meets, counting it; None if it may pass."""
        self._armed = [
            armed for armed in self._armed if armed.ends_at is None or now < armed.ends_at
        ]
        for armed in self._armed:
            if not armed.fault.meets(to, path):
                continue
            if armed.skip:
                armed.skip -= 1
                continue
            if armed.left is not None:
                armed.left -= 1
                if armed.left == 0:
                    self._armed.remove(armed)
            return armed.fault
        return None
