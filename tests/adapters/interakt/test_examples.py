"""Every call of Interakt's documents for WhatsApp, made again through our own types. Collected where they are present.

What makes each, and what we send otherwise, stands in `documented.py`.
"""

import json
from collections.abc import Iterator

import pytest
from yarl import URL

from adapters.interakt.adapter import Interakt
from engine.core.errors import ContentRejected, RateLimited, SendError, WindowClosed
from engine.core.value import Json
from engine.ports import Accepted
from tests.adapters.cloud.provider import Request
from tests.adapters.examples import Call, Found, differences
from tests.adapters.interakt.documented import DOCUMENTED
from tests.adapters.interakt.makers import MAKERS, Doc, bodies_of
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS

DOCUMENTS = PAYLOADS.parent
EXAMPLES: dict[str, Doc] = {
    example["name"]: example
    for example in json.loads((DOCUMENTS / "interakt-examples.json").read_text("utf-8"))
    if example["folder"].startswith("WhatsApp/")
}


def _raws(item: Doc) -> Iterator[tuple[str, Doc]]:
    for inner in item.get("item", []):
        if "item" in inner:
            yield from _raws(inner)
        else:
            yield inner["name"], inner["request"].get("body") or {}


RAW = dict(_raws(json.loads((DOCUMENTS / "interakt-public-apis.postman.json").read_text("utf-8"))))
"""The bodies as their author typed them, by name."""


# --- what was sent beside what is documented -----------------------------------------------------------


def url_of(example: Doc) -> URL:
    address = example["url"]
    return URL(address if "://" in address else f"https://{address}")


def documented(example: Doc, body: Doc) -> Call:
    """Return one call of an example, with what is wrong with the example itself."""
    url = url_of(example)
    return Call(
        example["method"], url.path, body, query=dict(url.query), faults=dict(faults(example))
    )


def faults(example: Doc) -> Iterator[tuple[str, str]]:
    try:
        json.loads(RAW[example["name"]].get("raw") or "null")
    except ValueError as error:
        yield "document.json", str(error)
    if isinstance(example["body"], list):
        yield "document.list", f"{len(example['body'])} bodies"
    if "://" not in example["url"]:
        yield "document.url", example["url"]


def sent(request: Request) -> Call:
    body = json.loads(request.body) if request.body and not request.form else None
    return Call(request.method, request.path, body, query=request.query)


async def compare(interakt: Interakt, provider: InteraktProvider, name: str) -> Found:
    """Make an example's call and return where ours differs."""
    example = EXAMPLES[name]
    provider.requests.clear()
    await MAKERS[name](interakt, example)
    found: dict[str, tuple[Json, Json]] = {}
    for request, body in zip(provider.requests, bodies_of(example), strict=True):
        found |= differences(sent(request), documented(example, body))
        form = [part["key"] for part in RAW[name].get("formdata", [])]
        assert list(request.form) == form
        assert request.headers["authorization"].startswith("Basic ")
        if body is not None:
            assert request.headers["content-type"] == "application/json"
    return found


def test_every_documented_example_is_in_the_table() -> None:
    assert len(EXAMPLES) == 40
    assert list(DOCUMENTED.made_by) == list(MAKERS) == list(EXAMPLES)


@pytest.mark.parametrize("name", DOCUMENTED.made_by)
async def test_an_example_is_made_as_documented(
    interakt: Interakt, provider: InteraktProvider, name: str
) -> None:
    assert DOCUMENTED.unlisted(name, await compare(interakt, provider, name)) == {}


async def test_every_listed_deviation_occurs(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    found = {name: await compare(interakt, provider, name) for name in EXAMPLES}
    assert DOCUMENTED.idle(found) == []


# --- what is answered --------------------------------------------------------------------------------

ANSWERS = [
    pytest.param(name, answer, id=f"{name}: {answer['name']}")
    for name, example in EXAMPLES.items()
    for answer in example["responses"]
]


def meaning_of(said: str) -> type[SendError]:
    if "24 hours" in said:
        return WindowClosed
    return RateLimited if "Rate limit" in said else ContentRejected


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
async def test_a_documented_answer_is_read(
    interakt: Interakt, provider: InteraktProvider, name: str, answer: Doc
) -> None:
    body = answer["body"]
    for _ in bodies_of(EXAMPLES[name]):
        provider.answers(answer["code"] or 200, body, **answer["headers"])
    if body.get("result") is False:
        with pytest.raises(meaning_of(body["message"])):
            await MAKERS[name](interakt, EXAMPLES[name])
        return
    result = await MAKERS[name](interakt, EXAMPLES[name])
    if isinstance(result, Accepted):
        assert result.external_id == body["id"]
