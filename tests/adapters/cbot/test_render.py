"""The On-Premises body of every kind of message; the cloud form's is Cloud's own."""

import orjson
import pytest

from adapters.cbot.capabilities import ONPREMISE
from adapters.cbot.render import address_of, id_to_mark, render_message
from adapters.whatsapp.outbound import render_content
from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import Outbound, ReadMark, Template, Text
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import ContactId, ExternalId
from tests.adapters.samples import ANA, ANA_WITHOUT_PHONE, EVERY_OUTBOUND, OURS

TO = "525550000001"


def body_of(content: Outbound, reply_to: ExternalId | None = None) -> dict[str, object]:
    body = orjson.loads(render_message(content, to=TO, reply_to=reply_to))
    assert isinstance(body, dict)
    return body


def test_a_text_stands_without_a_product_and_without_our_id() -> None:
    assert body_of(Text(body="Two large ones.")) == {
        "recipient_type": "individual",
        "to": TO,
        "type": "text",
        "text": {"body": "Two large ones."},
    }


def test_a_preview_is_asked_for_beside_the_text() -> None:
    body = body_of(Text(body="See https://shop.example", preview_url=True))
    assert body["preview_url"] is True
    assert body["text"] == {"body": "See https://shop.example"}


def test_a_reply_names_the_message_it_answers() -> None:
    assert body_of(Text(body="Yes"), OURS)["context"] == {"message_id": OURS}
    assert "context" not in body_of(Text(body="Yes"), ExternalId(f"{UNNAMED}abc"))


def test_a_template_has_its_namespace_and_the_one_policy() -> None:
    template = Template(name="order_ready", language="es", namespace="names_1", body=("Ana", "17"))
    assert body_of(template)["template"] == {
        "namespace": "names_1",
        "name": "order_ready",
        "language": {"policy": "deterministic", "code": "es"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "17"}],
            }
        ],
    }


def test_a_template_whose_namespace_nobody_knows_still_has_the_policy() -> None:
    template = body_of(Template(name="order_ready", language="es"))["template"]
    assert template == {
        "name": "order_ready",
        "language": {"policy": "deterministic", "code": "es"},
    }


SAME = sorted(ONPREMISE.kinds - {"text", "template", "read_mark"})


@pytest.mark.parametrize("kind", SAME)
def test_everything_else_is_written_as_on_cloud(kind: str) -> None:
    content = EVERY_OUTBOUND[kind]
    type_, part = render_content(content)
    body = body_of(content)
    assert body == {"recipient_type": "individual", "to": TO, "type": type_, type_: part}
    assert "messaging_product" not in body


def test_a_contact_without_a_phone_is_named_where_the_phone_stood() -> None:
    assert address_of(ANA) == TO
    assert address_of(ANA_WITHOUT_PHONE) == "MX.2000000000000001"
    with pytest.raises(AddressRejected):
        address_of(Contact(id=ContactId(3)))


def test_a_message_without_an_id_cannot_be_marked() -> None:
    assert id_to_mark(ReadMark(message=ExternalId("gBE.theirs"))) == "gBE.theirs"
    with pytest.raises(ContentRejected):
        id_to_mark(ReadMark(message=ExternalId(f"{UNNAMED}abc")))


def test_a_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(ContentRejected):
        render_message(Text.trusted(kind="text", body="\ud800", preview_url=False), to=TO)
