"""Questions whose options, condition or text an async callable makes: they run first, as a code step does."""

from engine.core.value import Json
from engine.flow.fields import Flow
from engine.flow.options import as_options, load_option, store_option
from engine.flow.plan import Part, Step
from engine.flow.steps import Option

PREPARED = "?"
"""Begins the keys under which a StepReturned carries parts; no field's name can."""


async def prepare(step: Step, flow: Flow) -> dict[str, Json]:
    """Run the async callables of a step and return what they made, ready to be stored.

    The condition comes first: where the question is not due, nothing else is asked of the author's services.
    """
    made: dict[str, Json] = {}
    for part, function in step.waiting.items():
        if made.get(f"{PREPARED}when") is False:
            break
        made[PREPARED + part] = _stored(part, function.name, await function.wait(flow))
    return made


def prepared_options(stored: Json) -> tuple[Option, ...]:
    """Return options as `prepare` stored them."""
    return tuple(load_option(item) for item in stored) if isinstance(stored, list) else ()


def _stored(part: Part, name: str, result: object) -> Json:
    match part:
        case "when":
            return bool(result)
        case "options":
            return [store_option(option) for option in as_options(result, name)]
        case "text":
            return "" if result is None else str(result)
