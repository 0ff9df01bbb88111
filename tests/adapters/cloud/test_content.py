"""What every inbound type of Cloud carries; the payloads are named by case."""

import pytest

from engine.core.content import (
    ButtonReply,
    ContactCard,
    Contacts,
    Edited,
    FormReply,
    Inbound,
    Interaction,
    ListReply,
    Location,
    Media,
    Order,
    OrderItem,
    Phone,
    Reaction,
    Revoked,
    System,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ExternalId
from tests.adapters.cloud.parsed import message_of

OURS, EARLIER = ExternalId("wamid.ours"), ExternalId("wamid.earlier")
FILE = Media(
    kind="image", external_id="700001", url="https://files.example/700001", sha256="c2hhMjU2"
)


def file(**fields: object) -> Media:
    return Media.model_validate(FILE.model_dump() | fields)


CONTENT: dict[str, Inbound] = {
    "text": Text(body="Two large ones, please"),
    "text_no_field": Text(body="Hi"),
    "text_no_type": Text(body="Hi"),
    "text_numbers": Text(body="34"),
    "text_strange_signs": Text(
        body="a\ufffdb\U0001f600 \u202e\u0627\u0644\u0633\u0644\u0627\u0645 Z\u0351\u036b\u0343"
    ),
    "image": file(kind="image", mime_type="image/jpeg", caption="My door"),
    "image_from_ad": file(kind="image", mime_type="image/jpeg"),
    "video": file(kind="video", mime_type="video/mp4"),
    "audio": file(kind="audio", mime_type="audio/mpeg"),
    "voice": file(kind="voice", mime_type="audio/ogg; codecs=opus"),
    "document": file(
        kind="document", mime_type="application/pdf", filename="Menú.pdf", caption="Ours"
    ),
    "sticker": file(kind="sticker", mime_type="image/webp", animated=True),
    "image_failed": Media(
        kind="image",
        external_id="700002",
        mime_type="image/jpeg",
        error="The file could not be fetched",
    ),
    "location": Location(
        latitude=19.4326,
        longitude=-99.1332,
        name="Zócalo",
        address="Centro",
        url="https://map.example/z",
    ),
    "location_as_text": Location(latitude=19.4326, longitude=-99.1332),
    "location_empty": Unsupported(type="location", reason="unreadable: no latitude and longitude"),
    "contacts": Contacts(
        cards=(
            ContactCard(
                name="Luis Gil",
                first_name="Luis",
                last_name="Gil",
                phones=(Phone(phone="+52 555 000 0003", type="CELL", address="525550000003"),),
                emails=("luis@shop.example",),
                urls=("https://shop.example",),
                addresses=("Avenida 1, Puebla, Mexico",),
                organization="Shop",
                birthday="1990-02-03",
            ),
            ContactCard(name="Eva", first_name="Eva"),
        )
    ),
    "reaction": Reaction(to=OURS, emoji="👍"),
    "reaction_removed": Reaction(to=OURS, emoji=None),
    "button_reply": ButtonReply(id="p1:3:order.size:large", title="Large"),
    "list_reply": ListReply(id="p1:2:order.pizza:diavola", title="Diavola", description="Hot"),
    "template_button": TemplateButton(payload="order-again", title="Order again"),
    "form_reply": FormReply(name="flow", body="Sent", response={"table": 4, "note": "window"}),
    "form_reply_broken": FormReply(name="flow", body="Sent", response="{table: 4"),
    "form_reply_null": FormReply(name="flow", body="Sent", response=None),
    "call_permission": Interaction(
        type="call_permission_reply",
        data={
            "response": "accept",
            "expiration_timestamp": 1790600000,
            "response_source": "user_action",
        },
    ),
    "interactive_empty": Interaction(type="", data=None),
    "order": Order(
        catalog_id="55",
        text="No onions",
        items=(
            OrderItem(sku="diavola", quantity=2, price="9.5", currency="EUR"),
            OrderItem(sku="cola", quantity=1, price="2", currency="EUR"),
        ),
    ),
    "number_changed": System(
        event="user_changed_number", body="Ana changed her number", new_phone="525550000009"
    ),
    "user_id_changed": System(
        event="user_changed_user_id", body="Ana's id changed", new_user_id="MX.2000000000000009"
    ),
    "identity_changed": System(event="customer_identity_changed", body="Ana's identity changed"),
    "welcome": Welcome(),
    "unsupported": Unsupported(type="unsupported", code=131051, reason="Not supported yet"),
    "unsupported_poll": Unsupported(
        type="poll_creation", code=131051, reason="Message type unknown"
    ),
    "future_type": Unsupported(type="hologram"),
    "edit": Edited(original=EARLIER, body="Three, please"),
    "edit_caption": Edited(original=EARLIER, body="My other door"),
    "revoke": Revoked(original=EARLIER),
}


@pytest.mark.parametrize("case", CONTENT)
def test_every_inbound_type_is_read(case: str) -> None:
    assert message_of(case).content == CONTENT[case]


def test_a_place_that_is_not_on_earth_is_unsupported_and_says_why() -> None:
    content = message_of("location_impossible").content
    assert isinstance(content, Unsupported)
    assert content.type == "location"
    assert content.reason is not None
    assert "latitude" in content.reason
