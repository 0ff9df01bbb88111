"""Sobot's page of calls: every `curl` under its heading, with what had to be mended to read it."""

import json
import re
from typing import NamedTuple
from urllib.parse import parse_qsl

from engine.core.value import Json
from tests.adapters.examples import Call
from tests.adapters.published import PAYLOADS

PAGE = PAYLOADS.parent / "sobot-api.txt"

_COMMAND = re.compile(r"curl (?:-X (?P<method>\w+) )?.*'(?P<url>https?://[^']+)'")
_HEADER = re.compile(r"--header '(?P<name>[\w-]+)(?:: |': ')(?P<value>[^']+)'")


class Example(NamedTuple):
    """One documented call."""

    call: Call
    headers: dict[str, str]


def read_page(text: str) -> dict[str, Example]:
    """Return every example of the page by the heading it stands under."""
    lines = [line.strip() for line in text.splitlines()]
    found: dict[str, Example] = {}
    heading = ""
    for number, line in enumerate(lines):
        if line.startswith("curl "):
            assert heading not in found, heading
            found[heading] = _read_example(lines[number:])
        elif line:
            heading = line
    return found


def _read_example(lines: list[str]) -> Example:
    """Read one command; `lines` begin with it and go on to the page's end."""
    end = next(n for n, line in enumerate(lines) if line.startswith("import "))
    command = _COMMAND.match(lines[0])
    assert command, lines[0]
    headers = {
        header["name"]: header["value"]
        for line in lines[:end]
        if (header := _HEADER.match(line)) is not None
    }
    text = "\n".join(lines[:end])
    body: Json = None
    faults: dict[str, str] = {}
    if "--data '" in text:
        body, faults = _read_body(text.partition("--data '")[2].rpartition("'")[0])
    path = re.sub(r"^https?://[^/]+", "", command["url"])
    method = command["method"] or ("GET" if body is None else "POST")
    path, _, query = path.partition("?")
    call = Call(method, path, body, query=dict(parse_qsl(query)), faults=faults)
    return Example(call, headers)


def _read_body(text: str) -> tuple[Json, dict[str, str]]:
    """Return the body and what was mended in it: bare line ends in texts, missing commas."""
    mended: list[str] = []
    try:
        return json.loads(text), {}
    except json.JSONDecodeError as error:
        if error.msg.startswith("Invalid control"):
            mended.append("bare line ends")
    while True:
        try:
            return json.loads(text, strict=False), {"document.json": ", ".join(mended)}
        except json.JSONDecodeError as error:
            if error.msg != "Expecting ',' delimiter":
                raise
            text = f"{text[: error.pos]},{text[error.pos :]}"
            mended.append("missing comma")
