"""The providers' documented requests, made again through our own types; what differs must be listed with its reason.

The documents are no part of the project: where they are present, a test reads an example, builds our content from its
values, sends it through the adapter to a server on loopback and compares what came with what is documented. What makes
each of them, and where ours differs, stands in each provider's `documented.py` and on `docs/reference/examples.md`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from engine.core.value import Json

Found: TypeAlias = Mapping[str, tuple[Json, Json]]
"""The places in which two calls differ, with what stands there: ours, theirs; None where nothing does."""


class Call(NamedTuple):
    """One HTTP request."""

    method: str
    path: str
    """Behind the host, without its query."""
    body: Json = None
    """JSON, or a form as an object; None where there is none."""
    query: Mapping[str, str] = {}
    faults: Mapping[str, str] = {}
    """What is wrong with a document, by the place that a deviation names: `document.json`, `document.url`."""


class Deviation(NamedTuple):
    """One place in which we do not send what an example shows."""

    example: str
    """Its name; `*` is every example."""
    path: str
    """Where, such as `body.template.fileName`, `method` or `document.json`; what stands below it is meant too."""
    reason: str

    def names(self, example: str, path: str) -> bool:
        """Return whether this is the place, or holds it."""
        here = path == self.path or path.startswith((f"{self.path}.", f"{self.path}["))
        return here and self.example in (example, "*")


class Documented(NamedTuple):
    """What one provider documents, and what we make of it."""

    title: str
    """The page's heading."""
    folder: str
    """The tests' folder below `tests/adapters`."""
    made_by: Mapping[str, str]
    """Each example by its name, and the type or service that makes it, in Markdown."""
    deviations: Sequence[Deviation] = ()

    def unlisted(self, example: str, found: Found) -> Found:
        """Return the differences that no deviation names."""
        return {
            path: pair
            for path, pair in found.items()
            if not any(known.names(example, path) for known in self.deviations)
        }

    def idle(self, found: Mapping[str, Found]) -> list[Deviation]:
        """Return the deviations that occur nowhere: to list too much is as wrong as to list too little.

        Args:
            found: The differences of each example.
        """
        return [
            known
            for known in self.deviations
            if not any(known.names(name, path) for name, paths in found.items() for path in paths)
        ]


def differences(made: Call, documented: Call) -> Found:
    """Return every place in which two calls differ."""
    ours, theirs = dict(_places(made)), dict(_places(documented))
    return {
        path: (ours.get(path), theirs.get(path))
        for path in sorted(ours.keys() | theirs.keys())
        if ours.get(path) != theirs.get(path) or (path in ours) != (path in theirs)
    }


def _places(call: Call) -> Iterator[tuple[str, Json]]:
    yield "method", call.method
    yield "path", call.path
    for key, value in call.query.items():
        yield f"query.{key}", value
    yield from call.faults.items()
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
