"""Rates, the pair limit, the window, templates, refusing contacts."""

from datetime import timedelta

import pytest
from pydantic import JsonValue

from adapters.sandbox.cloud import ApprovedTemplate, CloudSettings
from adapters.sandbox.cloud.refusals import CloudRefusal
from tests.adapters.sandbox.business import Bench, Object, text_to

MARIA = "5215550001"


def code_of(bench: Bench, body: Object) -> int | None:
    """Return the refusal's code, None where it was accepted."""
    try:
        bench.send(body)
    except CloudRefusal as refusal:
        return refusal.code
    return None


def template(name: str, *values: str, language: str = "en_US") -> Object:
    parameters: list[JsonValue] = [{"type": "text", "text": value} for value in values]
    return {
        "messaging_product": "whatsapp",
        "to": MARIA,
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": parameters}],
        },
    }


async def test_more_than_the_rate_is_refused_until_a_second_has_passed() -> None:
    bench = Bench(CloudSettings(messages_per_second=3, window=False))

    codes = [code_of(bench, text_to(f"521555000{i}")) for i in range(4)]
    bench.clock.pass_by(seconds=1)

    assert codes == [None, None, None, 130429]
    assert code_of(bench, text_to("5215550009")) is None


async def test_the_46th_message_to_one_contact_meets_the_pair_limit_and_no_one_elses() -> None:
    bench = Bench(CloudSettings(messages_per_second=0, window=False))

    codes = [code_of(bench, text_to(MARIA)) for _ in range(46)]

    assert codes == [None] * 45 + [131056]
    assert code_of(bench, text_to("5215550002")) is None
    bench.clock.pass_by(seconds=6)
    assert [code_of(bench, text_to(MARIA)) for _ in range(2)] == [None, 131056]


async def test_free_form_needs_a_message_of_the_last_24_hours(bench: Bench) -> None:
    assert code_of(bench, text_to(MARIA)) == 131047

    await bench.sandbox.contact(MARIA).says("hi")
    bench.clock.pass_by(hours=23, minutes=59)
    assert code_of(bench, text_to(MARIA)) is None
    bench.clock.pass_by(minutes=1)
    assert code_of(bench, text_to(MARIA)) == 131047
    assert code_of(bench, template("any")) is None


async def test_a_reaction_opens_no_window(bench: Bench) -> None:
    bench.send(template("any"))

    await bench.sandbox.contact(MARIA).reacts("👍")

    assert code_of(bench, text_to(MARIA)) == 131047


async def test_the_sandbox_clock_jumps_ahead(bench: Bench) -> None:
    await bench.sandbox.contact(MARIA).says("hi")

    bench.sandbox.ahead = timedelta(hours=25)

    assert code_of(bench, text_to(MARIA)) == 131047


async def test_a_late_refusal_comes_as_a_failed_status() -> None:
    bench = Bench(CloudSettings(late_refusals=True))

    assert code_of(bench, text_to(MARIA, biz_opaque_callback_data="41")) is None
    await bench.sandbox.courier.settled()

    (status,) = bench.business.statuses
    assert status["status"] == "failed"
    assert status["biz_opaque_callback_data"] == "41"
    match status["errors"]:
        case [{"code": code}]:
            assert code == 131047
        case other:
            pytest.fail(f"errors: {other}")
    assert bench.sandbox.contact(MARIA).shown == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(template("welcome", "Ana", "9:00"), None, id="fits"),
        pytest.param(template("welcome", "Ana"), 132000, id="one variable short"),
        pytest.param(template("welcome", "Ana", "9:00", "x"), 132000, id="one too many"),
        pytest.param(template("goodbye"), 132001, id="unknown name"),
        pytest.param(
            template("welcome", "Ana", "9:00", language="de"), 132001, id="unknown language"
        ),
    ],
)
async def test_templates_must_be_approved_and_filled(body: Object, code: int | None) -> None:
    approved = ApprovedTemplate(name="welcome", body="Hi {{1}}, we open at {{2}}.")
    bench = Bench(CloudSettings(templates=(approved,)))

    assert code_of(bench, body) == code
    assert bench.sandbox.contact(MARIA).shown == (
        ["Hi Ana, we open at 9:00."] if code is None else []
    )


async def test_an_unknown_template_is_not_found(bench: Bench) -> None:
    refusal = CloudRefusal(132001, "")

    assert refusal.http_status == 404


async def test_a_contact_may_refuse_everything(bench: Bench) -> None:
    maria = bench.sandbox.contact(MARIA)
    await maria.says("hi")
    maria.refuses = 131026

    assert code_of(bench, text_to(MARIA)) == 131026


async def test_named_variables_are_filled_by_name() -> None:
    approved = ApprovedTemplate(name="ready", body="{{what}} for {{who}}")
    bench = Bench(CloudSettings(templates=(approved,)))
    body = template("ready", "Ana", "Pizza")
    match body["template"]:
        case {"components": [{"parameters": [dict(first), dict(second)]}]}:
            first["parameter_name"] = "who"
            second["parameter_name"] = "what"

    bench.send(body)

    assert bench.sandbox.contact(MARIA).shown == ["Pizza for Ana"]
