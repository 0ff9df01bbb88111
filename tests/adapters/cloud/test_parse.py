"""Every documented webhook of Cloud, and what is made of it; the payloads are named by case."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cloud.parse import parse_body
from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import (
    Context,
    Inbound,
    ProviderError,
    Referral,
    ReferredProduct,
    Revoked,
    Text,
)
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import (
    BusinessReplied,
    DeliveryReported,
    LineReported,
    MessageReceived,
    Sender,
    Status,
)
from tests.adapters.cloud.parsed import (
    ACCOUNT,
    PAYLOADS,
    PHONE,
    SENT_AT,
    USER_ID,
    arrival_of,
    message_of,
    parse,
    report_of,
    status_of,
)
from tests.adapters.cloud.test_content import CONTENT, OURS
from tests.adapters.samples import LINE, NOW


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
            code="131047",
            title="Re-engagement message",
            details="More than 24 hours have passed",
            window_closed=True,
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
    folder = Path(__file__).parent
    source = "".join(
        (folder / name).read_text(encoding="utf-8") for name in ("test_parse.py", "test_content.py")
    )
    return {path.stem for path in PAYLOADS.glob("*.json") if f'"{path.stem}"' in source}
