"""What a flow waits for of what it says: `wait=` and `on_failed=` become what the core watches."""

from typing import TYPE_CHECKING

from engine.core.closed import Planned, Speech, content_of
from engine.core.content import DEEDS
from engine.core.conversation import Run
from engine.core.ids import VisitId
from engine.core.scheduled import Saying, Scheduled
from engine.core.script import Scene
from engine.core.watch import Reached, Watch
from engine.flow.steps import Ask, Body, Choose, Say

if TYPE_CHECKING:
    from engine.flow.compile import CompiledFlow

_NOBODY_WAITS = VisitId(0)


def awaited(body: Body, scene: Scene) -> Reached | None:
    """Return what a step waits for before it goes on; nothing on a line that reports nothing."""
    return body.wait if isinstance(body, Say) and scene.capabilities.reports_delivery else None


def watch_of(
    flow: "CompiledFlow", run: Run, scene: Scene, body: Body | None, visit: int
) -> Watch | None:
    """Return what shall be told of a step's messages, in a flow that watches any.

    Args:
        flow: Whose step it is.
        run: Of the flow.
        scene: What is known.
        body: The step; None for what code says, of which only the flow itself can wait.
        visit: The visit that says it.
    """
    until = None if body is None else awaited(body, scene)
    own = body.on_failed if isinstance(body, Say | Ask | Choose) else None
    failed = own or flow.definition.on_failed
    if until is None and failed is None:
        return None
    return Watch(
        run=run.id,
        visit=_NOBODY_WAITS if until is None else VisitId(visit),
        failed=None if failed is None else str(failed),
        until=until,
    )


def watched(said: Speech, watch: Watch | None) -> Speech:
    """Return what is said, with what shall be told of it; what the provider is told is no message."""
    if watch is None or content_of(said).kind in DEEDS:
        return said
    if isinstance(said, Planned):
        return said.model_copy(update={"watch": watch})
    return Planned(content=said, watch=watch)


def watched_later(said: Saying, watch: Watch | None) -> Saying:
    """Return the same of what may be said later."""
    if isinstance(said, Scheduled):
        return said.model_copy(update={"says": watched(said.says, watch)})
    return watched(said, watch)
