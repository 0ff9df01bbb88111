"""Questions whose options, condition or text an async callable makes: they run first, as a code step does."""

from typing import Literal

from engine.core.value import Json
from engine.flow.fields import Flow
from engine.flow.functions import Function
from engine.flow.options import as_options, load_option, store_option
from engine.flow.plan import Step
from engine.flow.steps import Option

Part = Literal["when", "options", "text"]
"""What of a step may have to be waited for."""

PREPARED = "?"
"""Begins the keys under which a StepReturned carries parts; no field's name can."""


def waiting_parts(step: Step) -> dict[Part, Function]:
    """Return the async callables of a step."""
    parts: dict[Part, object] = {"when": step.when, "options": step.options, "text": step.text}
    return {
        part: function
        for part, function in parts.items()
        if isinstance(function, Function) and function.waits
    }


async def prepare(step: Step, flow: Flow) -> dict[str, Json]:
    """Run the async callables of a step and return what they made, ready to be stored.

    The condition comes first: where the question is not due, nothing else is asked of the author's services.
    """
    made: dict[str, Json] = {}
    for part, function in waiting_parts(step).items():
        if made.get(f"{PREPARED}when") is False:
            break
        made[PREPARED + part] = _stored(part, await function.wait(flow))
    return made


def prepared_options(stored: Json) -> tuple[Option, ...]:
    """Return options as `prepare` stored them."""
    return tuple(load_option(item) for item in stored) if isinstance(stored, list) else ()


def _stored(part: Part, result: object) -> Json:
    match part:
        case "when":
            return bool(result)
        case "options":
            return [store_option(option) for option in as_options(result)]
        case "text":
            return str(result)
