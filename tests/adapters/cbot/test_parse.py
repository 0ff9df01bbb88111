"""Every webhook of both forms, and what is made of it; the payloads are named by case."""

from datetime import UTC, datetime

import pytest

from engine.core.content import (
    ButtonReply,
    ContactCard,
    Contacts,
    Context,
    FormReply,
    Inbound,
    ListReply,
    Location,
    Media,
    Order,
    OrderItem,
    Phone,
    ProviderError,
    Referral,
    System,
    TemplateButton,
    Text,
    Unsupported,
)
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import MessageReceived, Sender, Status
from tests.adapters.cbot.parsed import (
    PAYLOADS,
    PHONE,
    SENT_AT,
    USER_ID,
    arrival_of,
    arrivals_of,
    message_of,
    report_of,
    status_of,
)
from tests.adapters.samples import NOW

OURS = ExternalId("gBE.ours")

CONTENT: dict[str, Inbound] = {
    "text": Text(body="Two large ones, please"),
    "text_no_contacts": Text(body="Hello"),
    "text_turn": Text(body="Hello"),
    "text_bsuid": Text(body="Hello"),
    "text_bsuid_in_from": Text(body="Hello"),
    "text_reply": Text(body="This one"),
    "text_group": Text(body="Hi all"),
    "text_from_ad": Text(body="Hello"),
    "image": Media(
        kind="image",
        external_id="7b1c-0001",
        mime_type="image/jpeg",
        sha256="ab" * 32,
        caption="This table",
    ),
    "image_link": Media(
        kind="image",
        url="https://files.example/in/1.jpg",
        mime_type="image/jpeg",
        sha256="cd" * 32,
    ),
    "image_no_media": Media(kind="image"),
    "voice": Media(
        kind="voice",
        external_id="7b1c-0002",
        mime_type="audio/ogg; codecs=opus",
        sha256="ab" * 32,
    ),
    "audio": Media(kind="audio", external_id="7b1c-0003", mime_type="audio/mpeg"),
    "video": Media(kind="video", external_id="7b1c-0004", mime_type="video/mp4"),
    "document": Media(
        kind="document",
        external_id="7b1c-0005",
        mime_type="application/pdf",
        filename="Order.pdf",
        caption="My order",
    ),
    "sticker": Media(kind="sticker", external_id="7b1c-0006", mime_type="image/webp"),
    "location": Location(
        latitude=19.4326,
        longitude=-99.1332,
        name="Zócalo",
        address="Centro",
        url="https://maps.example/zocalo",
    ),
    "contacts": Contacts(
        cards=(
            ContactCard(
                name="Luis Gil",
                first_name="Luis",
                phones=(Phone(phone="+525550000003", type="CELL"),),
            ),
        )
    ),
    "button": TemplateButton(payload=None, title="Yes, confirm"),
    "button_reply": ButtonReply(id="p1:1:order.size:s", title="Small"),
    "list_reply": ListReply(id="a", title="Diavola", description="Hot"),
    "form_reply": FormReply(name="flow", body="Sent", response={"people": 4}),
    "order": Order(
        catalog_id="800001",
        items=(OrderItem(sku="pizza-1", quantity=2, price="9.5", currency="MXN"),),
    ),
    "number_changed": System(
        event="user_changed_number", body="Ana changed the number", new_phone="525550000002"
    ),
    "ephemeral": Unsupported(type="ephemeral"),
    "unknown": Unsupported(type="unknown", code=501, reason="Unknown message type"),
    "unsupported": Unsupported(type="unsupported", code=131051, reason="Unsupported message type"),
    "cloud_text": Text(body="Two large ones, please"),
}


@pytest.mark.parametrize("case", CONTENT)
def test_each_type_carries_its_content(case: str) -> None:
    assert message_of(case).content == CONTENT[case]


STATUSES: dict[str, Status] = {
    "status_sent": "sent",
    "status_sent_priced": "sent",
    "status_delivered": "delivered",
    "status_read": "read",
    "status_read_bare": "read",
    "status_failed": "failed",
    "status_deleted": "deleted",
    "status_warning": "warning",
}


@pytest.mark.parametrize("case", STATUSES)
def test_each_status_links_to_what_was_sent_by_its_id(case: str) -> None:
    status = status_of(case)
    assert (status.external_id, status.status) == (OURS, STATUSES[case])
    assert arrival_of(case).key == f"{OURS}:{STATUSES[case]}"


OTHERS = {"errors", "everything", "empty", "not_a_webhook", "cloud_status"}


def test_every_payload_is_tested_here() -> None:
    cases = {path.stem for path in PAYLOADS.glob("*.json")}
    assert cases == CONTENT.keys() | STATUSES.keys() | OTHERS


def test_a_message_belongs_to_its_contact() -> None:
    assert arrival_of("text").key == "gBE.text"
    assert arrival_of("text").sender == Sender(phone=PHONE, name="Ana Prueba")
    assert message_of("text").sent_at == SENT_AT


SENDERS = {
    "text_no_contacts": Sender(phone=PHONE),
    "text_bsuid": Sender(phone=PHONE, user_id=USER_ID, name="Ana Prueba"),
    "text_bsuid_in_from": Sender(user_id=USER_ID, name="Ana Prueba"),
    "number_changed": Sender(phone=PHONE, name="Ana Prueba"),
}


@pytest.mark.parametrize("case", SENDERS)
def test_the_sender_is_found_wherever_the_body_names_them(case: str) -> None:
    assert arrival_of(case).sender == SENDERS[case]


def test_what_a_message_refers_to_is_read() -> None:
    assert message_of("button_reply").context == Context(reply_to=OURS)
    assert message_of("text").context is None
    assert message_of("text_group").group_id == "525550000001-1600000000"
    assert message_of("text_from_ad").referral == Referral(
        source_type="ad",
        source_id="77",
        source_url="https://ads.example/1",
        headline="Pizza night",
        body="Two for one",
    )


def test_a_failure_keeps_what_was_said() -> None:
    (error,) = status_of("status_failed").errors
    assert error == ProviderError(
        code="470",
        title="Message failed to send because more than 24 hours have passed",
        window_closed=True,
    )


def test_a_status_without_a_time_has_the_time_of_receipt() -> None:
    assert status_of("status_read_bare").at == NOW
    assert status_of("status_read_bare").recipient is None
    assert status_of("status_read").at == SENT_AT


def test_a_free_entry_point_ends_when_the_status_says() -> None:
    assert status_of("status_sent_priced").free_until == datetime(
        2026, 9, 22, 14, 13, 20, tzinfo=UTC
    )


def test_a_body_may_carry_everything_at_once() -> None:
    first, odd, second, status, errors = arrivals_of("everything")
    assert isinstance(first.signal, MessageReceived)
    assert isinstance(second.signal, MessageReceived)
    assert [first.key, second.key, status.key] == ["gBE.first", "gBE.second", "gBE.third:read"]
    assert [odd.signal.kind, errors.signal.kind] == ["line_reported", "line_reported"]


@pytest.mark.parametrize(
    ("case", "field"),
    [("errors", "errors"), ("empty", "unknown"), ("not_a_webhook", "unknown")],
    ids=str,
)
def test_what_belongs_to_no_contact_is_kept_for_the_line(case: str, field: str) -> None:
    assert report_of(case).field == field


def test_the_cloud_form_is_taken_too_and_belongs_to_this_line() -> None:
    status = status_of("cloud_status")
    assert status.external_id == "wamid.ours"
    assert status.message == MessageId(8012345678901234567)
    assert arrival_of("cloud_text").sender == Sender(phone=PHONE, name="Ana Prueba")
