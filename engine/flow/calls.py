"""What `chat.once` stores of a call: its arguments' hash, its result as JSON, an exception that is a result."""

import asyncio
import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_jsonable_python

from engine.core.errors import FlowError
from engine.core.value import Json
from engine.flow.fields import Flow, answers_of


@dataclass(frozen=True, slots=True)
class ResultType:
    """What a function returns, on its way to JSON and back."""

    name: str
    adapter: TypeAdapter[object]

    def store(self, result: object) -> Json:
        """Return a result as JSON, sure that it can be read again. Raises FlowError."""
        try:
            stored: Json = self.adapter.dump_python(result, mode="json", warnings=False)
        except PydanticSerializationError as wrong:
            raise FlowError(f"{self.name} returned what JSON cannot carry: {wrong}") from wrong
        self.load(stored)
        return stored

    def load(self, stored: Json) -> object:
        """Return a stored result as the function's annotation says. Raises FlowError."""
        try:
            return self.adapter.validate_python(stored)
        except ValidationError as wrong:
            raise FlowError(f"{self.name} did not return what its annotation says") from wrong


def result_type(name: str, function: Callable[..., object]) -> ResultType:
    """Return what a function's annotation says it returns; anything JSON can carry where it says nothing."""
    try:
        hint = get_type_hints(function).get("return", Any)
    except (NameError, TypeError):  # a name of `if TYPE_CHECKING`, or no function with annotations
        hint = Any
    return ResultType(name, TypeAdapter(hint))


def fingerprint(args: tuple[object, ...]) -> str:
    """Return a hash that is the same for the same arguments, in every process."""
    plain = [answers_of(arg) if isinstance(arg, Flow) else arg for arg in args]
    stored = to_jsonable_python(plain, fallback=lambda value: type(value).__qualname__)
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()


async def call(function: Callable[..., object], args: tuple[object, ...]) -> object:
    """Call an async function, or a plain one in a thread, so that it may wait without holding up the others."""
    if inspect.iscoroutinefunction(function):
        return await function(*args)
    result = await asyncio.to_thread(function, *args)
    return await result if inspect.isawaitable(result) else result


def store_raised(raised: Exception) -> Json:
    """Return an exception as JSON: its class and its arguments."""
    args: Json = to_jsonable_python(list(raised.args), fallback=str)
    return {"type": type(raised).__qualname__, "args": args}


def load_raised(stored: Json, listed: tuple[type[Exception], ...]) -> Exception:
    """Return a stored exception to be raised again; a FlowError where its class is not listed any more."""
    assert isinstance(stored, dict)
    args = stored["args"]
    for kind in _with_subclasses(listed):
        if kind.__qualname__ == stored["type"] and isinstance(args, list):
            raised = kind.__new__(kind)  # an __init__ of its own may take other arguments
            raised.args = tuple(args)
            return raised
    return FlowError(f"a stored call raised {stored['type']}, which raises= does not list any more")


def _with_subclasses(listed: tuple[type[Exception], ...]) -> list[type[Exception]]:
    return [
        kind for base in listed for kind in (base, *_with_subclasses(tuple(base.__subclasses__())))
    ]
