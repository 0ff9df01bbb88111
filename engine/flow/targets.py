"""Where a flow goes next: `to.x`, `to["flow"].then(to.x)`, `to.x.fresh`, `END`; and how they are stored as text."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class To:
    """A place to go on at: a step, another flow, or the end of this run.

    Stored as text (offers, runs and returned steps carry it): `size`, `size.fresh`, `@order`, `@order>more`, `END`.
    """

    step: str | None = None
    """The step of the same flow."""
    flow: str | None = None
    """The other flow, in place of a step."""
    back: "To | None" = None
    """Where this run goes on when the other flow has ended; None leaves this run for good."""
    clears: bool = False
    """Whether the answers from that step on are forgotten first."""

    def then(self, target: "To") -> "To":
        """Return this flow as a call: the run goes on at `target` when the flow has ended."""
        if self.flow is None:
            raise TypeError(f"only a flow can be called: to[{self.step!r}].then(...)")
        return replace(self, back=target)

    @property
    def fresh(self) -> "To":
        """This step with its own answer and all that follow forgotten."""
        if self.step is None:
            raise TypeError(f"only a step of this flow has answers to forget, {self} has none")
        return replace(self, clears=True)

    def __str__(self) -> str:
        if self.flow is not None:
            return f"@{self.flow}" if self.back is None else f"@{self.flow}>{self.back}"
        if self.step is not None:
            return f"{self.step}.fresh" if self.clears else self.step
        return "END"


END = To()
"""The end of this run."""


def parse_target(text: str) -> To:
    """Return the target that was stored as `text`; never raises, an unknown name shows when it is looked up."""
    if text == "END":
        return END
    if text.startswith("@"):
        flow, called, back = text[1:].partition(">")
        return To(flow=flow, back=parse_target(back) if called else None)
    step, clears, _ = text.partition(".fresh")
    return To(step=step, clears=bool(clears))


class _Targets:
    """What `to` is: every name on it is a step of this flow, every key another flow."""

    def __getattr__(self, name: str) -> To:
        if name.startswith("__"):  # copying and inspection ask for these; they are never steps
            raise AttributeError(name)
        return To(step=name)

    def __getitem__(self, flow: str) -> To:
        return To(flow=flow)


to = _Targets()
"""`to.size` is the step or field `size` of the same flow, `to["order"]` the flow `order`."""
