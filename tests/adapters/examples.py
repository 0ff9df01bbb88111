"""The providers' documented requests, made again through our own types; what differs must be listed with its reason.

The documents are no part of the project: where they are present, a test reads an example, builds our content from its
values, sends it through the adapter to a server on loopback and compares what came with what is documented.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.core.value import Json


class Call(NamedTuple):
    """One HTTP request."""

    method: str
    path: str
    """Behind the host, with its query."""
    body: Json = None
    """JSON, or a form as an object; None where there is none."""
    broken: str | None = None
    """What had to be mended before a documented body could be read; listed as the place `json`."""


class Deviation(NamedTuple):
    """One place in which we do not send what an example shows."""

    example: str
    """Its name; `*` is every example."""
    path: str
    """Where, such as `body.template.fileName` or `method`."""
    reason: str


def differences(made: Call, documented: Call) -> dict[str, tuple[Json, Json]]:
    """Return every place in which two calls differ, with what stands there: ours, theirs; None where nothing does."""
    ours, theirs = dict(_places(made)), dict(_places(documented))
    return {
        path: (ours.get(path), theirs.get(path))
        for path in sorted(ours.keys() | theirs.keys())
        if ours.get(path) != theirs.get(path) or (path in ours) != (path in theirs)
    }


def unlisted(
    example: str, made: Call, documented: Call, deviations: Sequence[Deviation]
) -> Mapping[str, tuple[Json, Json]]:
    """Return the differences that no deviation names."""
    listed = {known.path for known in deviations if known.example in (example, "*")}
    found = differences(made, documented)
    return {path: pair for path, pair in found.items() if not _within(path, listed)}


def unmet(
    calls: Mapping[str, tuple[Call, Call]], deviations: Sequence[Deviation]
) -> list[Deviation]:
    """Return the deviations that occur nowhere: a table that says too much is as wrong as one that says too little."""
    found = {name: differences(*pair) for name, pair in calls.items()}
    return [
        known
        for known in deviations
        if not any(
            known.example in (name, "*") and any(_within(path, {known.path}) for path in paths)
            for name, paths in found.items()
        )
    ]


def _within(path: str, listed: set[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in listed)


def _places(call: Call) -> Iterator[tuple[str, Json]]:
    yield "method", call.method
    yield "path", call.path
    if call.broken is not None:
        yield "json", call.broken
    yield from _leaves("body", call.body)


def _leaves(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    match value:
        case dict() if value:
            for key, inner in value.items():
                yield from _leaves(f"{path}.{key}", inner)
        case list() if value:
            for index, inner in enumerate(value):
                yield from _leaves(f"{path}[{index}]", inner)
        case _:
            # 1 and True are equal in Python, and different on the wire.
            yield path, json.dumps(value) if isinstance(value, bool) else value
