"""What Interakt's webhooks say."""

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
    Reaction,
    Referral,
    TemplateButton,
    Text,
    Unsupported,
)
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import Sender
from tests.adapters.interakt.parsed import (
    CUSTOMER,
    OURS,
    PHONE,
    SENT_AT,
    TOLD_AT,
    arrival_of,
    content_of,
    message_of,
    report_of,
    status_of,
)
from tests.adapters.samples import NOW

OTHER = "00000000-0000-4000-8000-000000000002"
LARGE = ButtonReply(id="p1:3:order.size:l", title="Large")
FORM = FormReply(name="flow", body="Sent", response={"table": "4", "flow_token": "t-17"})


def file(name: str) -> str:
    return f"https://files.example/interakt/{name}"


CONTENTS: dict[str, Inbound] = {
    "text": Text(body="Two large ones"),
    "text_as_number": Text(body="34"),
    "meta_data_as_list": Text(body="Hello"),
    "image": Media(kind="image", url=file("1.jpg"), caption="Our balcony"),
    "video": Media(kind="video", url=file("2.mp4")),
    "audio": Media(kind="audio", url=file("3.ogg")),
    "document": Media(kind="document", url=file("4.pdf"), caption="The bill"),
    "sticker": Media(kind="sticker", url=file("5.webp")),
    "image_without_url": Media(kind="image"),
    "button_reply": LARGE,
    "button_reply_object": LARGE,
    "button_reply_bare": LARGE,
    "button_reply_title": ButtonReply(id=None, title="Large"),
    "button_reply_number": ButtonReply(id=None, title="2"),
    "interactive_title": ButtonReply(id=None, title="Large"),
    "list_reply": ListReply(id="p1:2:order.pizza:diavola", title="Diavola", description="Hot"),
    "list_reply_title": ListReply(id=None, title="Diavola"),
    "interactive_empty": Unsupported(type="interactive", reason="unreadable: no title"),
    "form_reply": FORM,
    "form_reply_object": FORM,
    "flow_response": FORM,
    "template_tap": TemplateButton(payload=None, title="Yes, please"),
    "location": Location(latitude=19.4326, longitude=-99.1332, name="Zócalo"),
    "location_as_text": Unsupported(type="location"),
    "contacts": Contacts(
        cards=(ContactCard(name="Luis Gil", phones=(Phone(phone="+525550000003"),)),)
    ),
    "contact_alone": Contacts(cards=(ContactCard(name="Luis Gil"),)),
    "reaction": Reaction(to=ExternalId(OURS), emoji="👍"),
    "reaction_as_text": Reaction(to=ExternalId(OURS), emoji="👍"),
    "order": Order(
        catalog_id="800001",
        items=(OrderItem(sku="pizza-1", quantity=2, price="9.5", currency="MXN"),),
    ),
    "future_type": Unsupported(type="Hologram"),
    "text_as_object": Unsupported(type="Text"),
}


@pytest.mark.parametrize("case", CONTENTS)
def test_what_contacts_send_is_read(case: str) -> None:
    assert content_of(case) == CONTENTS[case]


def test_a_message_has_its_id_its_time_and_its_sender() -> None:
    arrival, message = arrival_of("text"), message_of("text")
    assert arrival.key == message.external_id == "10000000-0000-4000-8000-000000000001"
    assert message.sent_at == SENT_AT
    assert arrival.sender == Sender(phone=PHONE, user_id=CUSTOMER, name="Ana Prueba")


@pytest.mark.parametrize(
    ("case", "sender"),
    [
        ("masked", Sender(user_id=OTHER)),
        ("null_phone", Sender(user_id=OTHER)),
        ("phone_in_parts", Sender(phone=PHONE, user_id=CUSTOMER)),
    ],
)
def test_a_number_that_is_not_whole_is_none(case: str, sender: Sender) -> None:
    assert arrival_of(case).sender == sender


@pytest.mark.parametrize("case", ["no_customer", "no_message", "message_as_text"])
def test_a_message_of_nobody_is_a_report(case: str) -> None:
    assert report_of(case).field == "message_received"


def test_a_message_without_an_id_gets_one_of_its_content() -> None:
    assert message_of("no_id").external_id.startswith("unnamed:")


def test_a_time_that_cannot_be_read_is_the_webhooks_own() -> None:
    assert message_of("no_time").sent_at == TOLD_AT


def test_a_time_with_a_zone_keeps_its_moment() -> None:
    assert message_of("time_with_zone").sent_at == SENT_AT


def test_what_is_quoted_and_the_ad_are_kept() -> None:
    assert message_of("quoting").context == Context(reply_to=ExternalId(OURS))
    assert message_of("button_reply_title").context == Context(reply_to=ExternalId(OURS))
    assert message_of("from_ad").referral == Referral(
        source_type="ad", source_id="900001", headline="Two for one", click_id="click-1"
    )


# --- statuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "status", "at"),
    [
        ("status_sent", "sent", datetime(2026, 9, 21, 14, 59, 50, 100_000, tzinfo=UTC)),
        ("status_delivered", "delivered", datetime(2026, 9, 21, 14, 59, 52, 250_000, tzinfo=UTC)),
        ("status_read", "read", datetime(2026, 9, 21, 14, 59, 55, 500_000, tzinfo=UTC)),
        ("status_failed", "failed", TOLD_AT),
    ],
)
def test_a_status_names_our_message_and_its_own_time(case: str, status: str, at: datetime) -> None:
    report = status_of(case)
    assert (report.external_id, report.message) == (OURS, MessageId(8_000_000_000_000_000_001))
    assert (report.status, report.at) == (status, at)
    assert arrival_of(case).key == f"{OURS}:{status}"


def test_a_failure_says_why() -> None:
    assert status_of("status_failed").errors == (
        ProviderError(code="1013", title="This number has no WhatsApp"),
    )
    assert status_of("status_failed_bare").errors == ()
    (closed,) = status_of("status_window_closed").errors
    assert closed.window_closed


def test_a_campaigns_status_names_no_message_of_ours() -> None:
    report = status_of("campaign_delivered")
    assert (report.status, report.message) == ("delivered", None)
    assert status_of("status_foreign_callback").message is None


def test_a_status_without_an_id_is_a_report() -> None:
    assert report_of("status_no_id").field == "message_api_sent"


# --- clicks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["clicked_quick_reply", "clicked_quick_reply_event"])
def test_a_quick_reply_of_a_template_is_a_message(case: str) -> None:
    arrival, message = arrival_of(case), message_of(case)
    assert message.content == TemplateButton(payload=None, title="Yes, please")
    assert message.context == Context(reply_to=ExternalId(OURS))
    assert message.sent_at == datetime(2026, 9, 21, 14, 59, 57, 100_000, tzinfo=UTC)
    assert arrival.sender is not None
    assert arrival.sender.phone == PHONE
    assert arrival.key not in (OURS, arrival_of("status_read").key)


@pytest.mark.parametrize("case", ["clicked_link", "clicked_link_on_top"])
def test_a_link_that_was_opened_is_a_report(case: str) -> None:
    assert report_of(case).field == "message_api_clicked"


# --- the rest ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ("webhook_test", "Webhook Test"),
        ("template_status", "message_template_status_update"),
        ("account_alert", "account_alerts"),
        ("status_fallback", "message_api_fallback_sent"),
        ("not_a_webhook", "unknown"),
    ],
)
def test_what_is_about_the_account_or_undocumented_is_kept_as_a_report(
    case: str, field: str
) -> None:
    assert report_of(case).field == field
    assert arrival_of(case).received_at == NOW


def test_a_callback_of_the_other_channel_is_read_too() -> None:
    arrival = arrival_of("rcs_callback")
    assert arrival.sender is not None
    assert arrival.sender.phone == PHONE
    assert content_of("rcs_callback") == Text(body="Hello")
