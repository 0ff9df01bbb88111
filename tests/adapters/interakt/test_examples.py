"""Every call of Interakt's documents for WhatsApp, made again through our own types. Collected where they are present.

The table of makers is the list of examples; what we send otherwise stands in `deviations.py`.
"""

import json
from collections.abc import Iterator

import pytest
from yarl import URL

from adapters.interakt.adapter import Interakt
from engine.core.errors import ContentRejected, RateLimited, SendError, WindowClosed
from engine.ports import Accepted
from tests.adapters.cloud.provider import Request
from tests.adapters.examples import Call, Deviation, differences
from tests.adapters.interakt.deviations import DEVIATIONS
from tests.adapters.interakt.makers import MAKERS, Doc, bodies_of
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS
from tests.meta.pages import DOCS, rows

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


def places(request: Request, example: Doc, body: Doc) -> dict[str, object]:
    """Return where the request differs from the example, the query parameter by parameter."""
    url = url_of(example)
    form = RAW[example["name"]].get("formdata", [])
    made = Call(request.method, request.path, json.loads(request.body) if request.body else None)
    documented = Call(example["method"], url.path, body)
    found: dict[str, object] = dict(differences(made, documented))
    for key in request.query.keys() | url.query.keys():
        pair = request.query.get(key), url.query.get(key)
        if pair[0] != pair[1]:
            found[f"query.{key}"] = pair
    if {part["key"] for part in form} != request.form.keys():
        found["form"] = request.form.keys()
    return found


def faults(example: Doc) -> dict[str, object]:
    """Return what is wrong with the example itself."""
    found: dict[str, object] = {}
    raw = RAW[example["name"]].get("raw")
    try:
        json.loads(raw or "null")
    except ValueError as error:
        found["document.json"] = str(error)
    if isinstance(example["body"], list):
        found["document.list"] = len(example["body"])
    if "://" not in example["url"]:
        found["document.url"] = example["url"]
    return found


def names(deviation: Deviation, example: str, path: str) -> bool:
    here = path == deviation.path or path.startswith((f"{deviation.path}.", f"{deviation.path}["))
    return here and deviation.example in (example, "*")


async def compare(interakt: Interakt, provider: InteraktProvider, name: str) -> dict[str, object]:
    """Make an example's call and return every difference and fault."""
    example = EXAMPLES[name]
    provider.requests.clear()
    await MAKERS[name](interakt, example)
    found = faults(example)
    for request, body in zip(provider.requests, bodies_of(example), strict=True):
        found |= places(request, example, body)
        assert request.headers["authorization"].startswith("Basic ")
        if body is not None:
            assert request.headers["content-type"] == "application/json"
    return found


def test_every_documented_call_has_its_maker_and_its_row() -> None:
    assert len(EXAMPLES) == 40
    assert list(MAKERS) == list(EXAMPLES)
    assert [row[0] for row in rows(DOCS / "howto" / "interakt.md") if row[0] in EXAMPLES] == list(
        MAKERS
    )


@pytest.mark.parametrize("name", MAKERS)
async def test_a_documented_call_is_made_through_our_own_types(
    interakt: Interakt, provider: InteraktProvider, name: str
) -> None:
    found = await compare(interakt, provider, name)
    unlisted = {
        path: what
        for path, what in found.items()
        if not any(names(deviation, name, path) for deviation in DEVIATIONS)
    }
    assert unlisted == {}


async def test_every_listed_deviation_occurs(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    found = {name: await compare(interakt, provider, name) for name in MAKERS}
    idle = [
        deviation
        for deviation in DEVIATIONS
        if not any(names(deviation, name, path) for name in found for path in found[name])
    ]
    assert idle == []
    assert all(deviation.reason for deviation in DEVIATIONS)


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
