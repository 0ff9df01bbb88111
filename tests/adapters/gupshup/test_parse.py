"""Every documented callback of Gupshup, and what is made of it; the payloads are named by case."""

from datetime import UTC, datetime

import pytest

from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import (
    ButtonReply,
    ContactCard,
    Contacts,
    Context,
    Inbound,
    ListReply,
    Location,
    Media,
    Order,
    OrderItem,
    Phone,
    ProviderError,
    Reaction,
    Referral,
    Revoked,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ExternalId
from engine.core.signals import DeliveryReported, MessageReceived, Sender, Status
from tests.adapters.gupshup.parsed import (
    PHONE,
    SENT_AT,
    USER_ID,
    arrival_of,
    arrivals_of,
    content_of,
    message_of,
    report_of,
    status_of,
)
from tests.adapters.samples import NOW

OURS, OUT, WHATSAPP = ExternalId("gs-ours"), ExternalId("gs-out"), ExternalId("wamid.out")
FILE = "https://files.example/wa/1?download=false"
AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_a_message_belongs_to_its_contact() -> None:
    arrival = arrival_of("text")
    assert arrival.key == message_of("text").external_id == "wamid.text"
    assert arrival.sender == Sender(phone=PHONE, name="Ana Prueba")
    assert message_of("text").sent_at == SENT_AT


SENDERS = {
    "text_no_source": Sender(phone=PHONE, name="Ana Prueba"),
    "text_user_id": Sender(user_id=USER_ID, name="Ana Prueba"),
}


@pytest.mark.parametrize("case", SENDERS)
def test_the_sender_is_found_wherever_the_body_names_them(case: str) -> None:
    assert arrival_of(case).sender == SENDERS[case]


@pytest.mark.parametrize("case", ["text_no_sender", "message_null"])
def test_a_message_of_nobody_is_kept_for_the_line(case: str) -> None:
    assert report_of(case).field == "message"


def test_a_message_without_an_id_counts_once_all_the_same() -> None:
    assert arrival_of("text_no_id").key.startswith(UNNAMED)
    assert arrival_of("text_no_id").key == arrival_of("text_no_id").key


def test_a_time_that_is_none_is_the_time_of_receipt() -> None:
    assert message_of("text_no_time").sent_at == NOW


CONTENT: dict[str, Inbound] = {
    "text": Text(body="Two, please"),
    "template_button": TemplateButton(payload="p1:1:order.sure:yes", title="Yes, confirm"),
    "template_button_as_text": TemplateButton(payload=None, title="Yes, confirm"),
    "quick_reply": ButtonReply(id="p1:1:order.size:s", title="Small"),
    "button_reply": ButtonReply(id="p1:1:order.size:s", title="Small"),
    "button_reply_title_alone": ButtonReply(id=None, title="Small"),
    "list_reply": ListReply(id="p1:1:order.pizza:d", title="Diavola", description="Hot"),
    "list_reply_title_alone": ListReply(id=None, title="Diavola"),
    "image": Media(kind="image", url=FILE, mime_type="image/jpeg", caption="Our table"),
    "image_bare": Media(kind="image", url=FILE),
    "video": Media(kind="video", url=FILE, mime_type="video/mp4"),
    "audio": Media(kind="audio", url=FILE, mime_type="audio/ogg; codecs=opus"),
    "file": Media(
        kind="document",
        url=FILE,
        mime_type="application/pdf",
        filename="Order.pdf",
        caption="As agreed",
    ),
    "sticker": Media(kind="sticker", url=FILE, mime_type="image/webp"),
    "location": Location(latitude=19.4326, longitude=-99.1332),
    "location_named": Location(
        latitude=19.4326, longitude=-99.1332, name="Zócalo", address="Centro"
    ),
    "location_empty": Unsupported(type="location", reason="unreadable: no latitude and longitude"),
    "contact": Contacts(
        cards=(
            ContactCard(
                name="Luis Gil",
                first_name="Luis",
                last_name="Gil",
                phones=(Phone(phone="+52 555 000 0003", type="CELL", address="525550000003"),),
                emails=("luis@mail.example",),
                urls=("https://gil.example",),
                addresses=("Calle 5, Puebla, Mexico",),
                organization="Gil y Gil",
                birthday="1990-02-03",
            ),
        )
    ),
    "reaction": Reaction(to=OURS, emoji="👍"),
    "reaction_removed": Reaction(to=OURS, emoji=None),
    "welcome": Welcome(),
    "order": Order(
        catalog_id="55",
        items=(OrderItem(sku="diavola", quantity=2, price="120", currency="MXN"),),
    ),
    "future_type": Unsupported(type="hologram"),
    "deleted": Revoked(original=ExternalId("wamid.text")),
    "onprem_text": Text(body="Two, please"),
    "v3_text_reply": Text(body="Two, please"),
}


@pytest.mark.parametrize("case", CONTENT)
def test_what_a_message_carries_is_read(case: str) -> None:
    assert content_of(case) == CONTENT[case]


CONTEXTS = {
    "text": None,
    "text_reply": Context(reply_to=OURS),
    "text_reply_whatsapp_id": Context(reply_to=ExternalId("wamid.ours")),
    "text_reply_empty": Context(),
    "text_forwarded": Context(forwarded=True, forwarded_often=True),
    "list_reply": Context(reply_to=OURS),
    "v3_text_reply": Context(reply_to=OURS),
}


@pytest.mark.parametrize("case", CONTEXTS)
def test_what_a_message_answers_is_named_by_gupshups_own_id_where_it_is_there(case: str) -> None:
    assert message_of(case).context == CONTEXTS[case]


def test_an_advertisement_is_read_in_both_forms() -> None:
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
    assert message_of("text_from_post").referral == Referral(
        source_type="post",
        source_id="78",
        source_url="https://ads.example/2",
        headline="Pizza night",
    )


# --- events ------------------------------------------------------------------------------------------

STATUSES: dict[str, tuple[Status, ExternalId, ExternalId | None]] = {
    # what it says, by which id, which other one
    "enqueued": ("sent", OUT, WHATSAPP),
    "sent": ("sent", OUT, WHATSAPP),
    "delivered": ("delivered", OUT, WHATSAPP),
    "read": ("read", OUT, WHATSAPP),
    "delivered_whatsapp_id_alone": ("delivered", WHATSAPP, WHATSAPP),
    "failed_at_once": ("failed", OUT, OUT),
    "failed_later": ("failed", OUT, WHATSAPP),
    "failed_later_no_id": ("failed", OUT, OUT),
    "v3_enqueued": ("sent", OUT, WHATSAPP),
    "v3_sent": ("sent", OUT, WHATSAPP),
    "v3_delivered": ("delivered", OUT, WHATSAPP),
    "v3_read": ("read", OUT, WHATSAPP),
    "v3_failed": ("failed", OUT, WHATSAPP),
}


@pytest.mark.parametrize("case", STATUSES)
def test_a_status_is_known_by_gupshups_id_and_tells_whatsapps(case: str) -> None:
    status = status_of(case)
    assert (status.status, status.external_id, status.alias) == STATUSES[case]
    assert status.recipient == Sender(phone=PHONE)
    assert arrival_of(case).sender is None


def test_each_status_counts_once_whichever_version_of_the_callbacks_tells_it() -> None:
    told = ("enqueued", "sent", "delivered", "read")
    keys = {case: arrival_of(case).key for case in told}
    assert len(set(keys.values())) == len(told)
    assert keys == {case: arrival_of(f"v3_{case}").key for case in told}


def test_a_status_has_its_own_time_or_that_of_its_callback() -> None:
    assert status_of("read").at == AT
    assert status_of("read_no_time").at == SENT_AT


def test_a_free_entry_point_is_told_until_when() -> None:
    assert status_of("sent").free_until is None
    assert status_of("sent_free_entry").free_until == datetime(2026, 9, 24, 14, 13, 20, tzinfo=UTC)


ERRORS = {
    "failed_at_once": ProviderError(code="1002", title="Number Does Not Exists On WhatsApp"),
    "failed_later": ProviderError(code="470", title="Too late", window_closed=True),
    "failed_later_no_id": ProviderError(
        code="131047",
        title="more than 24 hours since the contact last wrote",
        window_closed=True,
    ),
    "failed_no_code": ProviderError(code=""),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_failure_says_why_as_far_as_it_is_told(case: str) -> None:
    assert status_of(case).errors == (ERRORS[case],)


def test_a_message_taken_back_is_told_by_its_contact() -> None:
    assert arrival_of("deleted").sender == Sender(phone=PHONE)
    assert arrival_of("deleted").key != arrival_of("text").key


REPORTS = {
    "deleted_by_nobody": "message-event",
    "mismatch": "message-event",
    "event_no_id": "message-event",
    "event_unknown": "message-event",
    "sandbox_start": "user-event",
    "callback_set": "user-event",
    "opted_out": "user-event",
    "template_event": "template-event",
    "account_event": "account-event",
    "billing_event": "billing-event",
    "preference_event": "preference-event",
    "platform_event": "platform-event",
    "v3_platform_event": "platform-event",
    "not_a_webhook": "unknown",
}


@pytest.mark.parametrize("case", REPORTS)
def test_what_is_about_no_message_is_kept_for_the_line(case: str) -> None:
    assert report_of(case).field == REPORTS[case]


def test_a_batch_is_read_one_by_one() -> None:
    signals = [arrival.signal for arrival in arrivals_of("v3_batch")]
    assert [type(signal) for signal in signals] == [
        MessageReceived,
        MessageReceived,
        DeliveryReported,
    ]
