"""Every documented webhook of Cloud, and what is made of it; the payloads are named by case."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cloud.parse import parse_body
from adapters.cloud.payloads import UNNAMED
from engine.core.content import (
    ButtonReply,
    ContactCard,
    Contacts,
    Context,
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
    ProviderError,
    Reaction,
    Referral,
    ReferredProduct,
    Revoked,
    System,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import (
    Arrival,
    BusinessReplied,
    DeliveryReported,
    LineReported,
    MessageReceived,
    Sender,
    Status,
)
from engine.ports import Parcel
from tests.adapters.samples import LINE, NOW

PAYLOADS = Path(__file__).parent / "payloads"
ACCOUNT = "301000000000001"
PHONE, USER_ID = "525550000001", "MX.2000000000000001"
SENT_AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
OURS, EARLIER = ExternalId("wamid.ours"), ExternalId("wamid.earlier")
FILE = Media(
    kind="image", external_id="700001", url="https://files.example/700001", sha256="c2hhMjU2"
)


def file(**fields: object) -> Media:
    return Media.model_validate(FILE.model_dump() | fields)


def parse(case: str) -> list[Parcel]:
    return parse_body((PAYLOADS / f"{case}.json").read_bytes(), line=LINE, received_at=NOW)


def arrival_of(case: str) -> Arrival:
    (parcel,) = parse(case)
    (arrival,) = parcel.arrivals
    return arrival


def message_of(case: str) -> MessageReceived:
    signal = arrival_of(case).signal
    assert isinstance(signal, MessageReceived)
    return signal


def status_of(case: str) -> DeliveryReported:
    signal = arrival_of(case).signal
    assert isinstance(signal, DeliveryReported)
    return signal


def report_of(case: str) -> LineReported:
    arrival = arrival_of(case)
    assert isinstance(arrival.signal, LineReported)
    assert arrival.sender is None
    return arrival.signal


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
                addresses=("Calle 1, Puebla, Mexico",),
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


def test_a_message_belongs_to_its_number_and_its_contact() -> None:
    (parcel,) = parse("text")
    (arrival,) = parcel.arrivals
    assert parcel.account == ACCOUNT
    assert arrival.key == "wamid.text"
    assert arrival.sender == Sender(phone=PHONE, name="Ana Prueba")
    assert message_of("text").external_id == "wamid.text"
    assert message_of("text").sent_at == SENT_AT


SENDERS = {
    "text_phone_and_user_id": Sender(phone=PHONE, user_id=USER_ID, name="Ana Prueba"),
    "text_user_id_beside": Sender(phone=PHONE, user_id=USER_ID, name="Ana Prueba"),
    "text_user_id_only": Sender(user_id=USER_ID, name="Ana Prueba"),
    "text_user_id_in_from": Sender(user_id=USER_ID),
    "text_sender_in_contacts": Sender(phone=PHONE, name="Ana Prueba"),
    "text_other_contact": Sender(phone=PHONE),
    "text_numbers": Sender(phone=PHONE, name="Ana Prueba"),
    "text_plus": Sender(phone=PHONE),
    "number_changed": Sender(phone=PHONE),
}


@pytest.mark.parametrize("case", SENDERS)
def test_the_sender_is_found_wherever_the_body_names_them(case: str) -> None:
    assert arrival_of(case).sender == SENDERS[case]


def test_a_message_of_nobody_is_kept_for_the_line() -> None:
    report = report_of("text_no_sender")
    assert report.field == "messages"
    assert isinstance(report.data, dict)
    assert report.data["id"] == "wamid.nobody"


def test_a_message_without_an_id_counts_once_all_the_same() -> None:
    arrival = arrival_of("text_no_id")
    assert arrival.key.startswith(UNNAMED)
    assert arrival.key == arrival_of("text_no_id").key
    assert arrival.key == message_of("text_no_id").external_id


def test_a_file_that_never_came_and_has_no_id_is_no_message() -> None:
    assert report_of("image_failed_no_id").field == "messages"


def test_a_time_that_is_none_is_the_time_of_receipt() -> None:
    assert message_of("text_no_time").sent_at == NOW


CONTEXTS = {
    "text": None,
    "text_reply": Context(reply_to=OURS),
    "button_reply": Context(reply_to=OURS),
    "text_forwarded": Context(forwarded=True),
    "text_forwarded_often": Context(forwarded_often=True),
    "text_about_product": Context(
        reply_to=ExternalId("wamid.catalogue"),
        product=ReferredProduct(catalog_id="55", sku="diavola"),
    ),
}


@pytest.mark.parametrize("case", CONTEXTS)
def test_what_a_message_refers_to_is_read(case: str) -> None:
    assert message_of(case).context == CONTEXTS[case]


def test_an_advertisement_may_stand_beside_any_type() -> None:
    assert message_of("text").referral is None
    assert message_of("text_from_ad").referral == Referral(
        source_type="ad",
        source_id="77",
        source_url="https://ads.example/1",
        headline="Pizza night",
        body="Two for one",
        media_type="image",
        media_url="https://ads.example/1.jpg",
        click_id="click-1",
    )
    assert message_of("image_from_ad").referral == Referral(
        source_type="post",
        source_id="78",
        media_type="video",
        media_url="https://ads.example/2.mp4",
    )


def test_a_group_message_names_its_group() -> None:
    assert message_of("text_group").group_id == "GROUP1"
    assert message_of("text").group_id is None


# --- statuses --------------------------------------------------------------------------------------

TOLD: list[Status] = ["sent", "delivered", "read", "played", "deleted", "warning"]


@pytest.mark.parametrize("name", TOLD)
def test_every_status_names_our_message(name: Status) -> None:
    arrival = arrival_of(f"status_{name}")
    assert arrival.key == f"wamid.{name}:{name}"
    assert arrival.sender is None
    assert arrival.signal == DeliveryReported(
        external_id=ExternalId(f"wamid.{name}"),
        message=MessageId(8012345678901234567),
        status=name,
        at=SENT_AT,
        recipient=Sender(phone=PHONE),
    )


def test_a_failed_status_says_why() -> None:
    assert status_of("status_failed").errors == (
        ProviderError(
            code="131047", title="Re-engagement message", details="More than 24 hours have passed"
        ),
    )


@pytest.mark.parametrize("case", ["status_foreign_callback", "status_huge_callback"])
def test_callback_data_that_is_not_ours_names_no_message(case: str) -> None:
    assert status_of(case).message is None


def test_a_status_of_a_contact_without_phone_names_the_user_id() -> None:
    assert status_of("status_user_id_only").recipient == Sender(user_id=USER_ID)
    assert status_of("status_with_contacts").recipient == Sender(phone=PHONE, user_id=USER_ID)


def test_a_group_status_counts_once_a_participant() -> None:
    by_phone, by_id = arrival_of("status_group"), arrival_of("status_group_user_id")
    assert by_phone.key == f"wamid.groupstatus:read:{PHONE}"
    assert by_id.key == f"wamid.groupstatus:read:{USER_ID}"
    assert status_of("status_group").recipient == Sender(phone=PHONE)


def test_only_a_free_entry_point_has_an_end() -> None:
    assert status_of("status_free_entry").free_until == datetime(
        2026, 9, 24, 14, 13, 20, tzinfo=UTC
    )
    assert status_of("status_paid").free_until is None


@pytest.mark.parametrize("case", ["status_unknown", "status_no_id"])
def test_a_status_that_says_nothing_we_know_is_kept_for_the_line(case: str) -> None:
    assert report_of(case).field == "statuses"


# --- the business's own phone, the line -------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "content", "sender"),
    [
        ("echo_text", Text(body="I am on my way"), Sender(phone=PHONE, user_id=USER_ID)),
        ("echo_revoke", Revoked(original=ExternalId("wamid.echo")), Sender(phone=PHONE)),
        ("echo_no_field", Text(body="Soon"), Sender(phone=PHONE)),
    ],
    ids=["text", "revoke", "no field"],
)
def test_what_the_business_wrote_itself_belongs_to_the_contact(
    case: str, content: Inbound, sender: Sender
) -> None:
    arrival = arrival_of(case)
    assert isinstance(arrival.signal, BusinessReplied)
    assert arrival.signal.echo.content == content
    assert arrival.signal.echo.sent_at == SENT_AT
    assert arrival.key == f"echo:{arrival.signal.echo.external_id}"
    assert arrival.sender == sender


REPORTS = {
    "echo_no_to": "smb_message_echoes",
    "history": "history",
    "history_media": "history",
    "calls": "calls",
    "call_status": "calls",
    "preferences": "user_preferences",
    "group_update": "group_status_update",
    "account_update": "account_update",
    "template_status": "message_template_status_update",
    "field_elsewhere": "account_update",
    "value_errors": "errors",
    "empty_value": "messages",
    "not_a_webhook": "unknown",
}


@pytest.mark.parametrize("case", REPORTS)
def test_everything_else_is_kept_for_the_line(case: str) -> None:
    assert report_of(case).field == REPORTS[case]
    assert arrival_of(case).key == arrival_of(case).key


def test_two_reports_of_the_same_at_two_times_are_two() -> None:
    body = (PAYLOADS / "account_update.json").read_bytes()
    later = body.replace(b'"time": 1790000000', b'"time": 1790000060')
    assert later != body
    (one,), (two,) = (
        parse_body(which, line=LINE, received_at=NOW)[0].arrivals for which in (body, later)
    )
    assert one.key != two.key
    assert one.signal == two.signal


def test_errors_beside_a_message_do_not_hide_it() -> None:
    (parcel,) = parse("message_and_errors")
    message, errors = parcel.arrivals
    assert isinstance(message.signal, MessageReceived)
    assert isinstance(errors.signal, LineReported)


# --- bodies of every build --------------------------------------------------------------------------


def test_a_batch_is_read_in_order_one_parcel_a_number() -> None:
    ours, other = parse("batch")
    assert (ours.account, other.account) == (ACCOUNT, "301000000000002")
    kinds = [arrival.signal.kind for arrival in ours.arrivals]
    assert kinds == ["line_reported", "message_received", "message_received", "delivery_reported"]
    keys = [arrival.key for arrival in (*ours.arrivals[1:], *other.arrivals)]
    assert keys == ["wamid.first", "wamid.second", "wamid.third:read", "wamid.elsewhere"]


def test_lists_written_as_objects_are_lists() -> None:
    (parcel,) = parse("objects_for_lists")
    assert [arrival.key for arrival in parcel.arrivals] == ["wamid.object", "wamid.object2"]
    assert parcel.account == ACCOUNT


def test_an_empty_entry_says_nothing() -> None:
    assert parse("empty_entry") == []


def test_what_has_no_value_is_kept_for_the_line() -> None:
    (parcel,) = parse("change_without_value")
    assert parcel.account is None
    assert [arrival.signal.kind for arrival in parcel.arrivals] == ["line_reported"] * 3
    assert len({arrival.key for arrival in parcel.arrivals}) == 3


def test_every_payload_here_is_used_by_a_test() -> None:
    used = {
        *CONTENT,
        *SENDERS,
        *CONTEXTS,
        *REPORTS,
        *(
            f"status_{name}"
            for name in ("sent", "delivered", "read", "played", "deleted", "warning")
        ),
        *_named_above(),
    }
    assert {path.stem for path in PAYLOADS.glob("*.json")} == used


def _named_above() -> set[str]:
    source = Path(__file__).read_text(encoding="utf-8")
    return {path.stem for path in PAYLOADS.glob("*.json") if f'"{path.stem}"' in source}
