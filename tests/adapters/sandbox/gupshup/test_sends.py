"""What the two send calls take and refuse."""

import copy

import orjson
import pytest
from pydantic import JsonValue

from adapters.sandbox.gupshup import ApprovedTemplate, Fault, GupshupSettings
from adapters.sandbox.wire import Object
from tests.adapters.sandbox.gupshup.business import MARIA, SETTINGS, Bench, benched
from tests.adapters.sandbox.gupshup.examples import BUTTONS, EXAMPLES

SHIPPED = "5a1c7f3e-0000-4000-8000-00000000000a"
APPROVED = (
    ApprovedTemplate(
        name="shipped",
        id=SHIPPED,
        language="es_MX",
        body="{{1}}, your order {{2}} left.",
        buttons=("Track", "Stop"),
    ),
)


@pytest.mark.parametrize("message", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_every_documented_message_is_submitted(bench: Bench, message: Object) -> None:
    await bench.sandbox.contact(MARIA).says("hi")

    status, answer = await bench.send(message, disablePreview="true", encode="true")

    (taken,) = bench.sandbox.messages
    assert (status, answer) == (202, {"status": "submitted", "messageId": taken.id})
    assert (taken.type, taken.content) == (message["type"], message)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"channel": "sms"}, "channel", id="another channel"),
        pytest.param({"source": "1"}, "Invalid App Details", id="another number"),
        pytest.param({"src.name": "Other"}, "Invalid App Details", id="another app"),
        pytest.param({"destination": "+52 1555"}, "Invalid Destination", id="not digits"),
        pytest.param({"message": "{"}, "message: not valid JSON", id="no JSON"),
    ],
)
async def test_a_form_with_a_wrong_field_is_refused(
    bench: Bench, fields: dict[str, str], says: str
) -> None:
    status, answer = await bench.send(EXAMPLES["text"], **fields)

    assert (status, answer["status"]) == (400, "error")
    assert str(answer["message"]).startswith(says)
    assert bench.sandbox.messages == []


def changed(example: str, *path: str | int, to: JsonValue) -> Object:
    """Return an example with another value at a place; None takes the key away."""
    body: JsonValue = copy.deepcopy(EXAMPLES[example])
    at = body
    for step in path[:-1]:
        at = at[step]  # type: ignore[index]  # a path through our own example
    if to is None:
        del at[path[-1]]  # type: ignore[union-attr,arg-type]
    else:
        at[path[-1]] = to  # type: ignore[index]
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize(
    ("message", "at"),
    [
        pytest.param({"type": "poll"}, "message", id="unknown kind"),
        pytest.param(changed("text", "text", to=None), "message.text.text", id="no text"),
        pytest.param(changed("text", "text", to="x" * 4097), "message.text.text", id="long text"),
        pytest.param(changed("text", "txt", to="x"), "message.text.txt", id="unknown key"),
        pytest.param(changed("image", "previewUrl", to=None), "message.image", id="no preview"),
        pytest.param(changed("audio", "url", to="hello.mp3"), "message.audio", id="no address"),
        pytest.param(
            changed("file", "filename", to=None), "message.file.filename", id="no filename"
        ),
        pytest.param(changed("location", "latitude", to=91), "message.location", id="off the map"),
        pytest.param(
            changed("contact", "contact", "name", "formattedName", to=None),
            "message.contact.contact.name",
            id="nameless card",
        ),
        pytest.param(
            changed("buttons", "options", to=[*BUTTONS, *BUTTONS]),
            "message.quick_reply.options",
            id="four buttons",
        ),
        pytest.param(
            changed("buttons", "options", to=[BUTTONS[0], BUTTONS[0]]),
            "message.quick_reply",
            id="titles twice",
        ),
        pytest.param(
            changed("buttons", "options", 0, "title", to="x" * 21),
            "message.quick_reply.options.0.title",
            id="long button",
        ),
        pytest.param(
            changed("buttons under an image", "content", "header", to="x"),
            "message.quick_reply.content.image.header",
            id="two headers",
        ),
        pytest.param(changed("list", "title", to=None), "message.list.title", id="no title"),
        pytest.param(
            changed("list", "items", 0, "options", 0, "title", to="x" * 25),
            "message.list.items.0.options.0.title",
            id="long row",
        ),
        pytest.param(
            changed("list", "items", 0, "options", to=[{"type": "text", "title": "x"}] * 10),
            "message.list",
            id="eleven rows",
        ),
        pytest.param(
            changed("list", "globalButtons", to=[]),
            "message.list.globalButtons",
            id="no way in",
        ),
    ],
)
async def test_a_message_beyond_the_rules_is_refused_where_it_is_wrong(
    bench: Bench, message: Object, at: str
) -> None:
    status, answer = await bench.send(message)

    assert (status, answer["status"]) == (400, "error")
    assert str(answer["message"]).startswith(at)


async def test_a_wrong_key_is_refused_before_all_else(bench: Bench) -> None:
    refused = await bench.send({"type": "poll"}, api_key="wrong")

    assert refused == (401, {"message": "Authentication Failed", "status": "error"})


async def test_the_whole_rate_is_answered_by_429() -> None:
    async with benched(GupshupSettings(messages_per_second=1)) as bench:
        await bench.send(EXAMPLES["text"])
        refused = await bench.send(EXAMPLES["text"])

    assert refused == (429, {"message": "Too Many Requests", "status": "error"})


async def test_an_error_on_demand_carries_its_code(bench: Bench) -> None:
    bench.sandbox.faults.arm(Fault(kind="error", code=131026), bench.sandbox.monotonic())

    status, answer = await bench.send(EXAMPLES["text"])

    assert (status, answer["code"]) == (400, 131026)


async def test_a_template_fills_its_places_and_shows_its_buttons() -> None:
    async with benched(SETTINGS.model_copy(update={"templates": APPROVED})) as bench:
        status, _ = await bench.send_template(
            {"id": SHIPPED, "params": ["María", "A7"]},
            message='{"type": "image", "image": {"link": "https://shop.example/a.jpg"}}',
            postbackTexts='[{"index": 0, "text": "track A7"}]',
        )

    (bubble,) = bench.sandbox.contact(MARIA).bubbles
    assert status == 202
    assert bubble.text == "María, your order A7 left."
    assert [(one.id, one.title) for one in bubble.options] == [("track A7", "Track"), ("", "Stop")]


@pytest.mark.parametrize(
    ("template", "code"),
    [
        pytest.param({"id": "unknown", "params": []}, 4003, id="unknown id"),
        pytest.param({"id": SHIPPED, "params": ["María"]}, 132000, id="one variable short"),
    ],
)
async def test_a_template_that_does_not_fit_is_submitted_and_fails_by_an_event(
    template: Object, code: int
) -> None:
    async with benched(SETTINGS.model_copy(update={"templates": APPROVED})) as bench:
        status, _ = await bench.send_template(template)
        await bench.sandbox.courier.settled()

    failure = bench.business.events[-1]
    assert (status, failure["type"]) == (202, "failed")
    match failure["payload"]:
        case {"code": told, "reason": str()}:
            assert told == code
        case other:
            pytest.fail(f"payload: {other}")


async def test_a_template_without_any_form_is_refused(bench: Bench) -> None:
    status, answer = await bench.send_template({"params": []})

    assert status == 400
    assert str(answer["message"]).startswith("template.id")


async def test_the_approved_templates_are_listed_for_the_app_alone() -> None:
    settings = SETTINGS.model_copy(update={"templates": APPROVED})
    async with benched(settings) as bench:
        found = []
        for app in (settings.app_id, "other"):
            url = f"{bench.address}/wa/app/{app}/templates"
            async with bench.http.get(url, headers={"apikey": settings.api_key}) as answer:
                found.append(await answer.json())

    (entry,) = found[0]["templates"]
    assert (entry["id"], entry["elementName"], entry["languageCode"], entry["status"]) == (
        SHIPPED,
        "shipped",
        "es_MX",
        "APPROVED",
    )
    assert orjson.loads(entry["containerMeta"])["data"] == APPROVED[0].body
    assert found[1] == {"status": "error", "message": "Invalid App Details"}


async def test_a_read_mark_shows_on_the_phone(bench: Bench) -> None:
    maria = bench.sandbox.contact(MARIA)
    said = await maria.says("hi")
    settings = bench.sandbox.settings

    url = f"{bench.address}/wa/app/{settings.app_id}/msg/{said.id}/read"
    async with bench.http.put(url, headers={"apikey": settings.api_key}) as answer:
        assert answer.status == 200

    assert [bubble.status for bubble in maria.bubbles] == ["read"]


async def test_a_reaction_of_the_business_sits_on_the_bubble(bench: Bench) -> None:
    maria = bench.sandbox.contact(MARIA)
    said = await maria.says("hi")

    await bench.send({"type": "reaction", "msgId": said.id, "emoji": "❤"})

    assert [(bubble.text, bubble.reaction) for bubble in maria.bubbles] == [("hi", "❤")]
