"""CBOT's documented requests, made again through our own types. Collected where the documents are present."""

import json
import re
from base64 import b64decode
from typing import Any, TypeAlias

import aiohttp
import pytest

from adapters.cbot.adapter import Cbot
from engine.core.content import Text
from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.core.value import Json
from engine.ports import Accepted
from tests.adapters.cbot.conftest import make_line
from tests.adapters.cbot.deviations import DEVIATIONS
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.examples import Call, unlisted, unmet
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import MemoryMedia, outgoing

Doc: TypeAlias = dict[str, Any]

BASICS = (PAYLOADS.parent / "cbot-basics.txt").read_text(encoding="utf-8")


def printed() -> Call:
    """Return the one request that CBOT's page prints whole."""
    found = re.search(r"POST \{\{base-url\}\}(/\S+)\n", BASICS)
    assert found is not None
    body, _ = json.JSONDecoder().raw_decode(BASICS[found.end() :])
    return Call("POST", found[1], body)


def stored(file: str) -> Call:
    """Return a request of which the body alone is kept; its path is the page's."""
    return Call("POST", printed().path, json.loads((PAYLOADS / file).read_bytes()))


FILES = [
    str(path.relative_to(PAYLOADS))
    for folder in ("cbot-outbound", "onprem-outbound")
    for path in sorted((PAYLOADS / folder).glob("*.json"))
]

SENDS = {"cbot-basics.txt: text": printed()} | {file: stored(file) for file in FILES}


async def made(line: Cbot, provider: KeyedProvider, documented: Call) -> Call:
    """Send what an example says, built from its values, and return what came."""
    body = documented.body
    assert isinstance(body, dict)
    text: Any = body["text"]
    content = Text(body=text["body"], preview_url=body.get("preview_url") is True)
    contact = Contact(id=ContactId(1), phone=str(body["to"]))
    assert isinstance(await line.send(outgoing(content, contact=contact)), Accepted)
    return came(provider)


def came(provider: KeyedProvider) -> Call:
    request = provider.requests[-1]
    sent: Json = json.loads(request.body)
    return Call(request.method, request.path, sent)


@pytest.mark.parametrize("example", SENDS)
async def test_a_documented_message_is_what_we_send(
    onpremise_line: Cbot, provider: KeyedProvider, example: str
) -> None:
    call = await made(onpremise_line, provider, SENDS[example])
    assert unlisted(example, call, SENDS[example], DEVIATIONS) == {}


async def test_every_listed_deviation_occurs(onpremise_line: Cbot, provider: KeyedProvider) -> None:
    calls = {
        name: (await made(onpremise_line, provider, documented), documented)
        for name, documented in SENDS.items()
    }
    assert unmet(calls, DEVIATIONS) == []


async def test_both_documented_addresses_are_used(
    cloud_line: Cbot, onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    addresses = dict(re.findall(r"https://\{(\w+?)(?:URL|Url)\}(/\S+)", BASICS))
    for line, form in ((onpremise_line, "OnPremise"), (cloud_line, "Cloud")):
        await line.send(outgoing(Text(body="Hello")))
        assert provider.requests[-1].path == addresses[form]


async def test_the_webhook_is_registered_as_documented(
    session: aiohttp.ClientSession, provider: KeyedProvider
) -> None:
    path = re.search(r"Send a POST request to the (/\S+) endpoint", BASICS)
    user = re.search(r"USER=(\S+) and PASS=(\S+)", BASICS)
    scheme = re.search(r"(\w+) base64\(USER:PASS\)", BASICS)
    assert path is not None
    assert user is not None
    assert scheme is not None
    guard = {"webhook_user": user[1], "webhook_password": user[2]}
    line = make_line(session, provider, MemoryMedia(), api="onpremise", **guard)
    provider.answers(200, {})
    provider.answers(200, {"url": "https://bot.example/webhooks/shop"})

    assert line.services.webhook is not None
    await line.services.webhook.register("https://bot.example/webhooks/shop")

    request = provider.requests[0]
    assert (request.method, request.path) == ("POST", path[1])
    headers: Any = request.json["headers"]
    kind, _, coded = headers["Authorization"].partition(" ")
    assert (kind, b64decode(coded).decode()) == (scheme[1], f"{user[1]}:{user[2]}")
