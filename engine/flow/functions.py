"""Authors' callables inside a question: what they take, whether they wait, how long they took."""

import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from engine.core.limits import CALLABLE_MS
from engine.flow.fields import Flow

Report = Callable[[str, float], None]
"""Told the name of a callable and the milliseconds it took, when it took too long."""


def ignore(name: str, elapsed_ms: float) -> None:
    """Report nothing; for tests and tools."""


@dataclass(frozen=True, slots=True)
class Function:
    """An author's callable, ready to be called with the flow."""

    name: str
    """Where it belongs, as `order.pizza.options`."""
    call: Callable[..., object]
    takes_flow: bool
    waits: bool
    """An async one: it runs as a code step does, outside the turn."""

    def __call__(self, load: Callable[[], Flow], report: Report) -> object:
        """Return what a plain callable returns, and tell when that took too long.

        Args:
            load: Makes the flow; not called where the callable does not take it.
            report: Told of a callable that took too long.
        """
        args = (load(),) if self.takes_flow else ()
        began = time.perf_counter()
        result = self.call(*args)
        elapsed_ms = (time.perf_counter() - began) * 1000
        if elapsed_ms > CALLABLE_MS:
            report(self.name, elapsed_ms)
        return result

    async def wait(self, flow: Flow) -> object:
        """Return what an async callable returns."""
        result = self.call(flow) if self.takes_flow else self.call()
        assert isinstance(result, Awaitable)
        return await result


def compile_function(name: str, call: Callable[..., object]) -> Function:
    """Return the callable with what its signature says; one that cannot be read is called with the flow."""
    try:
        takes_flow = bool(inspect.signature(call).parameters)
    except (TypeError, ValueError):  # a callable written in C
        takes_flow = True
    waits = inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(
        getattr(call, "__call__", None)  # noqa: B004 - an object whose __call__ is async
    )
    return Function(name, call, takes_flow, waits)
