"""Second opinion: the sandbox takes every documented call and answers with the documented keys. Collected where the
documents are present; their placeholders are filled, and the ten calls that give a number in both forms, which their
own text forbids, are refused."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

import aiohttp
import pytest

from tests.adapters.published import PAYLOADS
from tests.adapters.sandbox.interakt.business import Business, business, to

Doc: TypeAlias = dict[str, Any]

EXAMPLES: list[Doc] = json.loads(
    (PAYLOADS.parent / "interakt-examples.json").read_text(encoding="utf-8")
)

FILLED = {
    "PHONE_NUMBER": "9812300001",
    "phone_number": "9812300001",
    "MEDIA_URL": "https://files.example/1",
    "media_url_here": "https://files.example/1",
}
"""What stands for the placeholders."""

READ = {
    "id", "name", "language", "category", "approval_status", "body", "buttons", "rejection_reason",
    "customers", "total_customers", "has_next_page", "campaignId", "file_handle", "file_url", "file_name",
}  # fmt: skip
"""What a business reads of the inner part of an answer."""


def filled(value: Any) -> Any:
    match value:
        case str():
            return FILLED.get(value, value)
        case dict():
            return {key: inner if key == "type" else filled(inner) for key, inner in value.items()}
        case list():
            return [filled(inner) for inner in value]
        case _:
            return value


def bodies_of(example: Doc) -> Iterator[Doc | None]:
    """Return what is sent: one example is a list of two bodies."""
    body = filled(example["body"])
    if not isinstance(body, list):
        yield body
        return
    yield from body


def is_refused(body: Doc | None) -> bool:
    return body is not None and {"fullPhoneNumber", "phoneNumber"} <= body.keys()


async def ask(shop: Business, example: Doc, body: Doc | None) -> tuple[int, Doc]:
    path = example["url"].partition("/v1/public/")[2]
    if "upload_to_fb" not in path:
        return await shop.call(path, body, method=example["method"])
    assert shop.http is not None
    form = aiohttp.FormData()
    form.add_field("uploadFile", b"a picture", filename="1.jpg", content_type="image/jpeg")
    headers = {"Authorization": f"Basic {shop.settings.api_key}"}
    url = f"{shop.address}/v1/public/{path}"
    async with shop.http.post(url, data=form, headers=headers) as answer:
        return answer.status, await answer.json()


def test_all_calls_are_there() -> None:
    assert len(EXAMPLES) == 54
    assert sum(any(map(is_refused, bodies_of(example))) for example in EXAMPLES) == 10


@pytest.mark.parametrize("number", range(54), ids=lambda n: f"{n} {EXAMPLES[n]['name']}")
async def test_a_documented_call_is_answered_as_documented(number: int) -> None:
    example = EXAMPLES[number]
    documented = next(
        answer for answer in example["responses"] if answer["body"].get("result", True)
    )
    async with business(window=False) as shop:
        # Whose chat is assigned, and who is asked for, has to be there.
        await shop.call("track/users/", to("919876543210", userId="USER_ID"))
        await shop.call("track/users/", to("919999999999"))
        for body in bodies_of(example):
            status, answer = await ask(shop, example, body)
            if is_refused(body):
                assert (status, answer["result"]) == (400, False)
                continue
            # Two answers are stored without a status, one with 401 although its result is true.
            wanted = documented["code"] if documented["code"] not in (None, 401) else status
            assert status == wanted
            assert 200 <= status < 300
            assert documented["body"].keys() <= answer.keys()
            inner = documented["body"].get("data")
            if isinstance(inner, dict):
                assert inner.keys() & READ <= answer["data"].keys()
            kinds = {key: type(value) for key, value in documented["body"].items()}
            assert {key: type(answer[key]) for key in kinds} == kinds
