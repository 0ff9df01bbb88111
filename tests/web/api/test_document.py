"""The OpenAPI document is true: requests made of it are answered as it says, and nothing breaks the server."""

import asyncio
import json
import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode

from tests.web.api.support import CHATS, Api
from web.api.document import document
from web.api.routes import TABLE
from web.api.table import PREFIX, Route

KEY: Final = "Idempotency-Key"
_keys = count(1)

EXAMPLES: Final = 25
"""Of each address, right and wrong; a run of 100 times as many found no more."""

BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

MODES = {"right": GenerationMode.POSITIVE, "wrong": GenerationMode.NEGATIVE}


FRAMING: Final = {"transfer-encoding", "content-length", "connection", "upgrade", "expect", "host"}
"""Headers of HTTP/1.1 itself (RFC 9112), refused by the server before any address is known."""


def framed(case: Case[Any]) -> Case[Any]:
    """Leave the framing to the client: the document says nothing of it."""
    for name in [name for name in case.headers if name.strip().lower() in FRAMING]:
        del case.headers[name]
    return case


def at_home(case: Case[Any], chats: Mapping[str, str]) -> Case[Any]:
    """Lead a right request to what is served here, so that it gets beyond an unknown line or flow."""
    if "conversation" in case.path_parameters:
        case.path_parameters["conversation"] = chats[case.path.rpartition("/")[2]]
        if isinstance(case.body, dict):
            case.body.pop("seen", None)
            case.body.pop("resume", None)
    if "flow" in case.path_parameters:
        case.path_parameters["flow"] = "tea"
    if "broadcast" in case.path_parameters:
        case.path_parameters["broadcast"] = "1"
    if "line" in case.path_parameters:
        case.path_parameters["line"] = "shop"
    if isinstance(case.body, dict):
        content, template = case.body.get("content"), case.body.get("template")
        if case.path.endswith("/preview") and isinstance(content, dict):
            content.update(name="order_is_ready", language="en")
        if "line" in case.body:
            case.body["line"] = "shop"
            if case.path.endswith("/templates") and isinstance(template, dict):
                case.body["line"] = "kiosk"
                template["name"] = f"tea_{next(_keys)}"
        if "answers" in case.body:
            case.body["answers"] = {}  # what a flow takes is the flow's, not the document's
    if KEY in case.headers:
        case.headers[KEY] = (
            f"{case.headers[KEY][:100]}-{next(_keys)}"  # another request, another key
        )
    return case


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("mode", sorted(MODES))
@pytest.mark.parametrize("route", TABLE, ids=[f"{route.method} {route.path}" for route in TABLE])
async def test_what_the_document_says_is_what_is_answered(
    api: Api, route: Route, mode: str
) -> None:
    described = (await api.call("GET", "/openapi.json", token=None)).said
    operation = schemathesis.openapi.from_dict(described)[PREFIX + route.path][route.method]
    cases = operation.as_strategy(MODES[mode]).map(framed)
    base_url = str(api.bot.client.make_url("/"))
    headers = {"Authorization": f"Bearer {api.token}"}
    chats = {act: api.chat(phone) for act, phone in CHATS.items()}
    chats["{conversation}"] = chats["read"]
    await api.call("POST", f"/chats/shop/{chats['release']}/takeover", {"agent": "kim"})
    statuses: list[int] = []

    @BOUNDED
    @given(case=cases.map(lambda case: at_home(case, chats)) if mode == "right" else cases)
    def ask(case: Case[Any]) -> None:
        answered = case.call_and_validate(base_url=base_url, headers=headers)
        statuses.append(answered.status_code)

    await asyncio.to_thread(ask)

    assert len(statuses) >= EXAMPLES / 2
    assert max(statuses) < 500
    if mode == "right" and route.takes is not None:
        assert route.status in statuses


def test_every_address_is_described_with_what_it_takes_and_gives() -> None:
    described = document(TABLE)

    for route in TABLE:
        operation = described["paths"][PREFIX + route.path][route.method.lower()]
        assert f"`{route.scope}`" in operation["description"]
        assert {"401", "403", "429", "503", str(route.status)} <= set(operation["responses"])
        assert {str(error.status) for error in route.refuses} <= set(operation["responses"])
        assert ("requestBody" in operation) == (route.takes is not None)
        named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", route.path))


def test_every_reference_of_the_document_leads_somewhere() -> None:
    described = document(TABLE)
    text = json.dumps(described)

    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named == set(described["components"]["schemas"])
    assert '"stored"' not in text
