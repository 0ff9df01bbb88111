"""What a provider tells of a contact's wish for messages: events, preferences, and refusals for want of consent."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from adapters.cloud.parse import parse_body as parse_cloud
from adapters.gupshup.parse import parse_body as parse_gupshup
from adapters.interakt.parse import parse_body as parse_interakt
from adapters.whatsapp.changes import parcels_of
from engine.core.content import ProviderError
from engine.core.ids import ExternalId
from engine.core.signals import (
    Arrival,
    ConsentChange,
    ConsentChanged,
    DeliveryReported,
    LineReported,
    MessageReceived,
    Sender,
)
from engine.core.value import Json
from tests.adapters.samples import LINE, NOW

ANA = "525550000001"
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
SECONDS = int(AT.timestamp())


def preference(**changes: Json) -> dict[str, Json]:
    return {
        "wa_id": ANA,
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": SECONDS,
        **changes,
    }


def cloud(*preferences: Json) -> list[Arrival]:
    value = {"metadata": {"phone_number_id": "301"}, "user_preferences": list(preferences)}
    change = {"field": "user_preferences", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [change]}]}
    return [
        arrival
        for parcel in parse_cloud(orjson.dumps(body), line=LINE, received_at=NOW)
        for arrival in parcel.arrivals
    ]


def gupshup(kind: str, phone: str, **changes: Json) -> Arrival:
    payload = {"phone": phone, "type": kind}
    body = {
        "app": "PizzaAna",
        "type": "user-event",
        "timestamp": SECONDS * 1000,
        "payload": payload,
        **changes,
    }
    (parcel,) = parse_gupshup(orjson.dumps(body), line=LINE, received_at=NOW)
    (arrival,) = parcel.arrivals
    return arrival


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ("stop", "marketing_stopped"),
        ("resume", "marketing_resumed"),
        ("signup", "marketing_resumed"),
    ],
)
def test_a_preference_is_a_change_with_its_own_time(value: str, change: ConsentChange) -> None:
    (arrival,) = cloud(preference(value=value))
    assert arrival.signal == ConsentChanged(
        change=change,
        by="provider",
        source=f"user_preferences {value}",
        at=AT,
    )


def test_several_are_told_one_by_one_each_once() -> None:
    both = [preference(), preference(wa_id="525550000002", user_id="MX.77")]
    senders = [arrival.sender for arrival in cloud(*both)]
    assert senders == [Sender(phone=ANA), Sender(phone="525550000002", user_id="MX.77")]
    assert [one.key for one in cloud(*both)] == [one.key for one in cloud(*both)]
    assert len({one.key for one in cloud(*both)}) == 2


def test_a_time_to_come_is_not_trusted() -> None:
    (arrival,) = cloud(preference(timestamp=int((NOW + timedelta(days=1)).timestamp())))
    assert isinstance(arrival.signal, ConsentChanged)
    assert arrival.signal.at == NOW


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(preference(value="perhaps"), id="value"),
        pytest.param(preference(category="newsletters"), id="category"),
        pytest.param(preference(wa_id="5255xxxx0001"), id="masked"),
        pytest.param(preference(wa_id=None), id="nobody"),
        pytest.param("stop", id="no object"),
    ],
)
def test_what_nobody_has_documented_is_kept_for_the_line(odd: Json) -> None:
    (arrival,) = cloud(odd)
    assert isinstance(arrival.signal, LineReported)


@pytest.mark.parametrize(("kind", "change"), [("opted-out", "opted_out"), ("opted-in", "opted_in")])
def test_gupshups_own_list_speaks_of_all_messages(kind: str, change: ConsentChange) -> None:
    arrival = gupshup(kind, ANA)
    assert arrival.signal == ConsentChanged(
        change=change, by="provider", source=f"user-event {kind}", at=AT
    )
    assert arrival.sender == Sender(phone=ANA)


def test_a_hidden_number_stands_for_nobody() -> None:
    assert isinstance(gupshup("opted-out", "5255xx00x001").signal, LineReported)
    assert isinstance(gupshup("sandbox-start", ANA).signal, LineReported)


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        pytest.param("failed", 131050, ["marketing_stopped"], id="no marketing"),
        pytest.param("failed", 131047, [], id="window"),
        pytest.param("delivered", 131050, [], id="not failed"),
    ],
)
def test_a_failure_for_want_of_consent_is_told_beside_the_report(
    status: str, code: int, told: list[str]
) -> None:
    value = {
        "metadata": {"phone_number_id": "301"},
        "statuses": [
            {
                "id": "wamid.1",
                "status": status,
                "timestamp": SECONDS,
                "recipient_id": ANA,
                "errors": [{"code": code, "title": "no"}],
            }
        ],
    }
    body = {"entry": [{"id": "9", "changes": [{"field": "messages", "value": value}]}]}
    (parcel,) = parse_cloud(orjson.dumps(body), line=LINE, received_at=NOW)
    report, *others = parcel.arrivals
    assert isinstance(report.signal, DeliveryReported)
    assert [one.signal.change for one in others if isinstance(one.signal, ConsentChanged)] == told
    assert [one.sender for one in others] == [Sender(phone=ANA)] * len(told)
    assert len({one.key for one in parcel.arrivals}) == 1 + len(told)


def test_gupshups_code_means_that_all_messages_are_unwanted() -> None:
    body = {
        "app": "PizzaAna",
        "type": "message-event",
        "timestamp": SECONDS * 1000,
        "payload": {
            "id": "g1",
            "type": "failed",
            "destination": ANA,
            "payload": {"code": 1012, "reason": "no"},
        },
    }
    (parcel,) = parse_gupshup(orjson.dumps(body), line=LINE, received_at=NOW)
    _, told = parcel.arrivals
    assert isinstance(told.signal, ConsentChanged)
    assert (told.signal.change, told.signal.source) == ("opted_out", "1012")


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        pytest.param({"whatsapp_opted_in": False}, ["marketing_stopped"], id="out"),
        pytest.param({"whatsapp_opted_in": True}, ["marketing_resumed"], id="in"),
        pytest.param({"whatsapp_opted_in": "no"}, [], id="no bool"),
        pytest.param({}, [], id="none"),
    ],
)
def test_interakts_trait_counts_where_the_line_follows_it(
    traits: dict[str, Json], told: list[str]
) -> None:
    body = interakt_body("message_received", traits)
    message, *others = interakt(body, follows_opt_in=True)
    assert isinstance(message.signal, MessageReceived)
    assert [one.signal.change for one in others if isinstance(one.signal, ConsentChanged)] == told
    assert all(one.sender == message.sender for one in others)
    assert interakt(body) == [message]


def test_interakts_trait_beside_a_status_says_nothing() -> None:
    body = interakt_body("message_api_read", {"whatsapp_opted_in": False})
    (report,) = interakt(body, follows_opt_in=True)
    assert isinstance(report.signal, DeliveryReported)


def interakt(body: Json, **settings: bool) -> list[Arrival]:
    (parcel,) = parse_interakt(orjson.dumps(body), line=LINE, received_at=NOW, **settings)
    return list(parcel.arrivals)


def interakt_body(kind: str, traits: dict[str, Json]) -> Json:
    customer: Json = {"id": "c-1", "channel_phone_number": ANA, "traits": traits}
    message: Json = {"id": "m-1", "message": "hi", "message_content_type": "Text"}
    return {
        "type": kind,
        "timestamp": "2026-07-01T09:00:00.000000",
        "data": {"customer": customer, "message": message},
    }


def test_a_failure_that_names_no_contact_tells_of_nobody() -> None:
    report = DeliveryReported(
        external_id=ExternalId("1"), status="failed", at=AT, errors=(ProviderError(code="131050"),)
    )
    (parcel,) = parcels_of([(None, [("k", report, None)])], line=LINE, received_at=NOW)
    assert len(parcel.arrivals) == 1
