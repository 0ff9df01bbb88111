"""What the sandbox takes and refuses, by our own examples and by the documents' where they are present."""

import os
from pathlib import Path
from typing import cast

import orjson
import pytest

from adapters.sandbox.cloud import CloudSettings
from adapters.sandbox.cloud.refusals import CloudRefusal
from tests.adapters.sandbox import examples
from tests.adapters.sandbox.business import Bench, Object, text_to
from tests.adapters.sandbox.examples import EXAMPLES, required_paths, without

LENIENT = CloudSettings(window=False, messages_per_second=0, pair_interval_s=0)

DOCUMENTS = (
    Path(
        os.environ.get("PARLEY_PROVIDER_DOCS")
        or Path(__file__).parents[4] / "shared" / "provider-docs"
    )
    / "payloads"
    / "cloud-outbound"
)

NOT_MESSAGES = {
    "unknown-2.json": "a call: belongs to /calls",
    "unknown-3.json": "a call: belongs to /calls",
    "unknown-4.json": "a call: belongs to /calls",
    "unknown-reply-1.json": "an interactive body without a type, which defaults to text",
    "interactive-product-list-5.json": "the header's type is a placeholder",
}
"""Documented bodies that are no valid messages, and why."""


def refusal_of(bench: Bench, body: Object) -> CloudRefusal:
    with pytest.raises(CloudRefusal) as caught:
        bench.send(body)
    return caught.value


@pytest.fixture
def lenient(bench: Bench) -> Bench:
    return Bench(LENIENT)


@pytest.mark.parametrize("body", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_every_documented_kind_is_accepted(lenient: Bench, body: Object) -> None:
    answer = lenient.send(body)

    if "status" in body:
        assert answer == {"success": True}
    else:
        assert [one.type for one in lenient.sandbox.messages] == [body["type"]]


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, body in EXAMPLES.items() for path in required_paths(body)],
    ids=str,
)
async def test_a_body_without_a_required_key_is_refused(
    lenient: Bench, name: str, path: examples.Path
) -> None:
    refusal = refusal_of(lenient, cast("Object", without(EXAMPLES[name], path)))

    assert refusal.code in (100, 131008, 131009)
    assert refusal.http_status == 400
    assert not lenient.sandbox.messages


def documents() -> list[tuple[str, Object]]:
    files = sorted(DOCUMENTS.glob("*.json")) if DOCUMENTS.is_dir() else []
    return [(file.name, orjson.loads(file.read_bytes())) for file in files]


async def test_every_documented_example_is_accepted_but_the_listed_ones(lenient: Bench) -> None:
    refused: dict[str, CloudRefusal] = {}
    for name, body in documents():
        try:
            lenient.send(body)
        except CloudRefusal as refusal:
            refused[name] = refusal

    assert sorted(refused) == sorted(NOT_MESSAGES if documents() else [])


async def test_every_documented_example_is_refused_without_any_required_key(lenient: Bench) -> None:
    accepted: list[str] = []
    for name, body in documents():
        if name in NOT_MESSAGES:
            continue
        for path in required_paths(body):
            try:
                lenient.send(cast("Object", without(body, path)))
            except CloudRefusal:
                continue
            accepted.append(f"{name} without {path}")

    assert not accepted


BUTTONS = EXAMPLES["buttons"]
LIST = EXAMPLES["list"]


def changed(body: Object, path: examples.Path, value: object) -> Object:
    """Return the body with another value at the path."""
    copy = cast("Object", orjson.loads(orjson.dumps(body)))
    place: dict[str | int, object] = cast("dict[str | int, object]", copy)
    for step in path[:-1]:
        place = cast("dict[str | int, object]", place[step])
    place[path[-1]] = value
    return copy


def rows(count: int) -> list[dict[str, str]]:
    return [{"id": f"r{i}", "title": f"Row {i}"} for i in range(count)]


def button(id_: str, title: str) -> dict[str, object]:
    return {"type": "reply", "reply": {"id": id_, "title": title}}


TITLE: examples.Path = (*examples.BUTTON, "reply", "title")
ACTION: examples.Path = ("interactive", "action")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(
            changed(EXAMPLES["text"], ("text", "body"), "x" * 4097), 131009, id="long text"
        ),
        pytest.param(changed(EXAMPLES["text"], ("text", "body"), ""), 131009, id="empty text"),
        pytest.param(changed(EXAMPLES["text"], ("to",), "maria"), 131009, id="no phone"),
        pytest.param(changed(EXAMPLES["text"], ("to",), "12"), 131009, id="short phone"),
        pytest.param(changed(EXAMPLES["text"], ("type",), "poem"), 100, id="unknown type"),
        pytest.param(changed(EXAMPLES["text"], ("text", "bdy"), "x"), 100, id="misspelt key"),
        pytest.param(
            changed(EXAMPLES["text"], ("biz_opaque_callback_data",), "x" * 513),
            131009,
            id="long callback",
        ),
        pytest.param(
            changed(EXAMPLES["text"], ("messaging_product",), "sms"), 131009, id="product"
        ),
        pytest.param(
            changed(EXAMPLES["image by id"], ("image", "link"), "https://a.example"),
            131009,
            id="both",
        ),
        pytest.param(
            changed(EXAMPLES["video"], ("video", "link"), "ftp://a"), 131009, id="no web link"
        ),
        pytest.param(
            changed(EXAMPLES["video"], ("video", "caption"), "x" * 1025), 131009, id="caption"
        ),
        pytest.param(
            changed(EXAMPLES["location"], ("location", "latitude"), 91),
            131009,
            id="beyond the pole",
        ),
        pytest.param(changed(BUTTONS, TITLE, "x" * 21), 131009, id="long title"),
        pytest.param(changed(BUTTONS, TITLE, "🍕" * 11), 131009, id="title in UTF-16 units"),
        pytest.param(changed(BUTTONS, TITLE, "No"), 131009, id="equal titles"),
        pytest.param(changed(BUTTONS, (*ACTION, "buttons"), []), 131009, id="no button"),
        pytest.param(
            changed(BUTTONS, (*ACTION, "buttons"), [button(str(i), str(i)) for i in range(4)]),
            131009,
            id="four buttons",
        ),
        pytest.param(
            changed(BUTTONS, ("interactive", "footer", "text"), "x" * 61), 131009, id="long footer"
        ),
        pytest.param(
            changed(BUTTONS, ("interactive", "body", "text"), "x" * 1025), 131009, id="long body"
        ),
        pytest.param(changed(LIST, (*ACTION, "button"), "x" * 21), 131009, id="long label"),
        pytest.param(
            changed(LIST, (*ACTION, "sections", 0, "rows"), rows(10)),
            131009,
            id="eleven rows in all",
        ),
        pytest.param(changed(LIST, (*examples.ROW, "id"), "b"), 131009, id="equal row ids"),
        pytest.param(changed(LIST, (*examples.ROW, "title"), "x" * 25), 131009, id="long row"),
        pytest.param(
            changed(LIST, (*examples.ROW, "description"), "x" * 73), 131009, id="long description"
        ),
        pytest.param(
            changed(LIST, ("interactive", "body", "text"), "x" * 4097), 131009, id="long list body"
        ),
        pytest.param(
            changed(EXAMPLES["cta url"], (*ACTION, "parameters", "url"), "shop"),
            131009,
            id="no address",
        ),
        pytest.param(changed(EXAMPLES["carousel"], (*ACTION, "cards"), []), 131009, id="no cards"),
    ],
)
async def test_values_beyond_the_documented_limits_are_refused(
    lenient: Bench, body: Object, code: int
) -> None:
    assert refusal_of(lenient, body).code == code


async def test_values_at_the_limits_are_accepted(lenient: Bench) -> None:
    lenient.send(changed(EXAMPLES["text"], ("text", "body"), "x" * 4096))
    lenient.send(changed(BUTTONS, TITLE, "🍕" * 10))
    lenient.send(changed(LIST, (*ACTION, "sections", 0, "rows"), rows(9)))
    lenient.send(changed(EXAMPLES["text"], ("biz_opaque_callback_data",), "x" * 512))

    assert len(lenient.sandbox.messages) == 4


async def test_the_answer_names_the_contact_and_the_new_message(lenient: Bench) -> None:
    answer = lenient.send(text_to("+52 1 555 000-1111"))

    (message,) = lenient.sandbox.messages
    assert answer["messages"] == [{"id": message.id}]
    (who,) = cast("list[Object]", answer["contacts"])
    assert who["input"] == "+52 1 555 000-1111"
    assert who["wa_id"] == "5215550001111"


async def test_a_user_id_reaches_the_contact_it_belongs_to(lenient: Bench) -> None:
    maria = lenient.sandbox.contact("5215550001")

    lenient.send(
        {
            "messaging_product": "whatsapp",
            "recipient": maria.user_id,
            "type": "text",
            "text": {"body": "Hi"},
        }
    )

    assert maria.shown == ["Hi"]


async def test_ids_come_from_the_seed() -> None:
    def first_id(seed: str) -> str:
        made = Bench(LENIENT.model_copy(update={"seed": seed}))
        return made.sandbox.new_message_id()

    assert first_id("a") == first_id("a")
    assert first_id("a") != first_id("b")
