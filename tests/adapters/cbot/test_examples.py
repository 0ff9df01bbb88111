"""CBOT's documented requests, made again through our own types. Collected where the documents are present."""

import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest

from adapters.cbot.adapter import Cbot
from engine.core.content import Text
from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.ports import Accepted
from tests.adapters.cbot.conftest import make_line
from tests.adapters.cbot.documented import DOCUMENTED
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.examples import Call, Found, differences
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import MemoryMedia, outgoing

Doc: TypeAlias = dict[str, Any]

BASICS = (PAYLOADS.parent / "cbot-basics.txt").read_text(encoding="utf-8")


def said(pattern: str) -> tuple[str, ...]:
    """Return what CBOT's page says at one place."""
    found = re.search(pattern, BASICS)
    assert found is not None, pattern
    return found.groups()


def printed() -> Call:
    """Return the one request that the page prints whole."""
    path, body = said(r"POST \{\{base-url\}\}(/\S+)\n((?s:.*))")
    return Call("POST", path, json.JSONDecoder().raw_decode(body)[0])


def stored(file: Path) -> Call:
    """Return a request of which the body alone is kept; its path is the page's."""
    return Call("POST", printed().path, json.loads(file.read_bytes()))


USER, PASSWORD = said(r"USER=(\S+) and PASS=(\S+)")


def registration() -> Call:
    """Return the call that the page tells in words: where to, and what the header holds."""
    method, path = said(r"Send a (\w+) request to the (/\S+) endpoint")
    (scheme,) = said(r"(\w+) base64\(USER:PASS\)")
    coded = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    return Call(method, path, {"headers": {"Authorization": f"{scheme} {coded}"}})


MESSAGES = {"Sending Messages": printed()} | {
    str(path.relative_to(PAYLOADS).with_suffix("")): stored(path)
    for folder in ("cbot-outbound", "onprem-outbound")
    for path in sorted((PAYLOADS / folder).glob("*.json"))
}

EXAMPLES = MESSAGES | {"Set your callback URL": registration()}


async def send(line: Cbot, body: Doc) -> None:
    text = body["text"]
    content = Text(body=text["body"], preview_url=body.get("preview_url") is True)
    contact = Contact(id=ContactId(1), phone=str(body["to"]))
    assert isinstance(await line.send(outgoing(content, contact=contact)), Accepted)


async def register(line: Cbot, provider: KeyedProvider) -> None:
    provider.answers(200, {})
    provider.answers(200, {"url": "https://bot.example/webhooks/shop"})
    assert line.services.webhook is not None
    await line.services.webhook.register("https://bot.example/webhooks/shop")


async def compare(session: aiohttp.ClientSession, provider: KeyedProvider, name: str) -> Found:
    """Make an example of its values and return where ours differs."""
    guard = {"webhook_user": USER, "webhook_password": PASSWORD}
    line = make_line(session, provider, MemoryMedia(), api="onpremise", **guard)
    provider.requests.clear()
    match EXAMPLES[name].body:
        case dict() as body if name in MESSAGES:
            await send(line, body)
        case _:
            await register(line, provider)
    request = provider.requests[0]
    return differences(Call(request.method, request.path, json.loads(request.body)), EXAMPLES[name])


def test_every_documented_example_is_in_the_table() -> None:
    assert DOCUMENTED.made_by.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("name", DOCUMENTED.made_by)
async def test_an_example_is_made_as_documented(
    session: aiohttp.ClientSession, provider: KeyedProvider, name: str
) -> None:
    assert DOCUMENTED.unlisted(name, await compare(session, provider, name)) == {}


async def test_every_listed_deviation_occurs(
    session: aiohttp.ClientSession, provider: KeyedProvider
) -> None:
    found = {name: await compare(session, provider, name) for name in EXAMPLES}
    assert DOCUMENTED.idle(found) == []


async def test_both_documented_addresses_are_used(
    cloud_line: Cbot, onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    addresses = dict(re.findall(r"https://\{(\w+?)(?:URL|Url)\}(/\S+)", BASICS))
    for line, form in ((onpremise_line, "OnPremise"), (cloud_line, "Cloud")):
        await line.send(outgoing(Text(body="Hello")))
        assert provider.requests[-1].path == addresses[form]
