"""What the pages say of the API is so: each call is made, each address and code is told."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

import pytest

from engine.core.errors import ParleyError, StoreUnavailable
from tests.meta.pages import DOCS, Block, blocks, code_in, rows
from tests.web.api.support import Api, new_phone
from web.api.chat_models import ChatReleased, ChatReply, ChatState
from web.api.errors import ApiError
from web.api.models import FlowRequest, MessageRequest, MessageState
from web.api.routes import TABLE

RECIPE = DOCS / "howto" / "api.md"
REFERENCE = DOCS / "reference" / "api.md"

SHOWN_ID = "382629509389619200"


@dataclass(frozen=True)
class Call:
    """One `curl` of the recipe, with the answer shown below it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    answer: dict[str, Any]


def calls() -> list[Call]:
    """Return the recipe's calls in order."""
    found: list[Call] = []
    shown = [block for block in blocks(RECIPE) if block.language in ("sh", "json")]
    for asked, told in zip(shown[::2], shown[1::2], strict=True):
        assert (asked.language, told.language) == ("sh", "json")
        found.append(read_curl(asked, json.loads(told.text)))
    return found


def read_curl(block: Block, answer: dict[str, Any]) -> Call:
    program, *words = shlex.split(block.text.replace("\\\n", " "))
    assert program == "curl"
    method, headers, body, path = "GET", {}, None, ""
    arguments = iter(words)
    for word in arguments:
        match word:
            case "-X":
                method = next(arguments)
            case "-H":
                name, _, value = next(arguments).partition(": ")
                headers[name] = value
            case "-d":
                body = next(arguments)
            case _:
                path = word.removeprefix("$PARLEY")
    return Call(method, path, headers, body, answer)


@pytest.mark.asyncio(loop_scope="session")
async def test_each_call_of_the_recipe_is_answered_as_shown(api: Api) -> None:
    token, phone, id_ = await api.make_token(), new_phone(), SHOWN_ID
    made = calls()
    assert {(call.method, call.path.rpartition("/")[0]) for call in made} == {
        ("POST", "/api/v1"),
        ("GET", "/api/v1/messages"),
        ("POST", "/api/v1/flows/tea"),
    }

    for call in made:
        headers = {n: value.replace("$TOKEN", token) for n, value in call.headers.items()}
        async with api.bot.client.request(
            call.method,
            call.path.replace(SHOWN_ID, id_),
            headers=headers,
            data=call.body and call.body.replace("5215550001", phone),
        ) as answered:
            said = await answered.json()
            assert answered.ok, said
        assert set(said) == set(call.answer)
        assert said["ok"] is True
        if call.answer.get("status") in ("started", "queued"):
            assert said["status"] == call.answer["status"]
        id_ = said["id"]


def test_the_reference_tells_every_address() -> None:
    told = {(code_in(row[0])[0], *code_in(row[1])) for row in rows(REFERENCE) if "T /" in row[0]}

    assert told == {(f"{route.method} {route.path}", route.scope) for route in TABLE}


def test_the_reference_tells_every_code() -> None:
    told = {(code_in(row[0])[0], row[1]) for row in rows(REFERENCE) if row[1].isdecimal()}
    raised: list[type[ParleyError]] = [*ApiError.__subclasses__(), StoreUnavailable]

    assert told == {(error.code, str(error.status)) for error in raised}


@pytest.mark.parametrize(
    "model", [MessageRequest, FlowRequest, MessageState, ChatState, ChatReply, ChatReleased]
)
def test_the_reference_tells_every_field(model: type[Any]) -> None:
    told = {code for row in rows(REFERENCE) for code in code_in(row[0])}

    assert set(model.model_fields) - {"ok", "id"} <= told


def test_the_reference_tells_every_kind_of_content() -> None:
    (row,) = (row for row in rows(REFERENCE) if row[0] == "`content`")
    schema = MessageRequest.model_json_schema()["properties"]["content"]["discriminator"]["mapping"]

    assert set(schema) <= set(code_in(row[1]))
