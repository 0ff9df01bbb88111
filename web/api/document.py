"""The OpenAPI document, made of the table: what is not in it cannot be asked, and what is cannot be left out."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from engine.core.value import Json
from web.api.errors import (
    ApiError,
    BodyInvalid,
    BodyTooLarge,
    BodyUnreadable,
    ErrorAnswer,
    KeyInvalid,
    KeyReused,
    RateExceeded,
    ScopeMissing,
    TokenInvalid,
)
from web.api.requests import IDEMPOTENCY_KEY, KEY_CHARS
from web.api.table import PREFIX, Route

LARGEST: Final = 2**63 - 1

_REF: Final = "#/components/schemas/{model}"

_EVERYWHERE: Final = (TokenInvalid, ScopeMissing, RateExceeded)
_WITH_BODY: Final = (BodyUnreadable, BodyTooLarge, BodyInvalid)
_WITH_KEY: Final = (KeyInvalid, KeyReused)

_KEY: Final[Mapping[str, Json]] = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "A name of your own for this request: a repeat with it is done once, and answered as at first.",
    "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": KEY_CHARS},
}


_SOURCE: Final[Mapping[str, Json]] = {
    "anyOf": [
        {"required": [name], "properties": {name: {"type": "string", "minLength": 1}}}
        for name in ("url", "external_id")
    ]
}
"""What a file's schema adds: it comes from somewhere. Our own store is none of the API's (`handlers` refuses it)."""


def document(routes: tuple[Route, ...]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these routes."""
    models = {ErrorAnswer: "serialization"} | {route.gives: "serialization" for route in routes}
    taken = {route.takes: "validation" for route in routes if route.takes is not None}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route)
    schemas = _schemas(models | taken)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": version("parley"),
            "description": "Messages and flows that a business's own systems ask for.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": pattern},
        }
        for name, pattern in route.parameters.items()
    ]
    done = _response("Done.", route.gives) | ({"links": route.links} if route.links else {})
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "description": f"Needs the scope `{route.scope}`.",
        "parameters": parameters + ([_KEY] if route.is_repeatable else []),
        "responses": {str(route.status): done} | _refusals(route),
    }
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": _json(route.takes)}
    return operation


def _refusals(route: Route) -> dict[str, Any]:
    kinds: list[type[ApiError]] = [*_EVERYWHERE, *route.refuses]
    kinds += _WITH_BODY if route.takes is not None else ()
    kinds += _WITH_KEY if route.is_repeatable else ()
    by_status: dict[int, list[type[ApiError]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    told = {
        str(status): _response(
            " ".join(f"`{kind.code}`: {kind.__doc__}" for kind in these), ErrorAnswer
        )
        for status, these in sorted(by_status.items())
    }
    return told | {
        "503": _response("The database, or the provider, does not answer: ask again.", ErrorAnswer)
    }


def _response(description: str, gives: type[BaseModel]) -> dict[str, Any]:
    return {"description": description, "content": _json(gives)}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}


def _schemas(models: Mapping[type[BaseModel], Any]) -> dict[str, Any]:
    _, made = models_json_schema(list(models.items()), ref_template=_REF)
    schemas: dict[str, Any] = made["$defs"]
    for schema in schemas.values():
        if schema.get("properties", {}).get("kind", {}).keys() & {"const", "enum"}:
            # It has a default in Python, or none is needed there; whoever writes JSON has to say it.
            schema["required"] = sorted({"kind", *schema.get("required", ())})
    schemas["Media"] |= _SOURCE
    del schemas["Media"]["properties"]["stored"]
    _bound(schemas)
    return schemas


def _bound(part: Any) -> None:
    """Say of each number what every database holds; more is refused."""
    if isinstance(part, list):
        for inner in part:
            _bound(inner)
    elif isinstance(part, dict):
        if part.get("type") in ("integer", "number"):
            part.setdefault("minimum", -LARGEST)
            part.setdefault("maximum", LARGEST)
        for inner in part.values():
            _bound(inner)
