"""What leaves for Interakt, by what it carries."""

from datetime import UTC, datetime

import pytest

from adapters.interakt.account.contacts import render_profile
from adapters.interakt.account.templates import language_name, render_draft
from adapters.interakt.render import render_address, render_deed, render_message
from adapters.wire import Wire
from engine.core.content import (
    Assignment,
    Button,
    Buttons,
    ButtonValue,
    ContactUpdate,
    Event,
    List,
    Location,
    Media,
    OrderedItem,
    OrderStatus,
    Outbound,
    Payable,
    Row,
    Section,
    ShippingAddress,
    Sms,
    Template,
    TemplateCard,
    Text,
)
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import ContactId, MessageId
from engine.ports.services import (
    ButtonDraft,
    CardDraft,
    HeaderDraft,
    Profile,
    TemplateDraft,
)
from tests.adapters.samples import ANA, ANA_WITHOUT_PHONE

PICTURE = Media(kind="image", url="https://files.example/1.jpg")
BILL = Media(kind="document", url="https://files.example/1.pdf", filename="Bill.pdf")


def sent(content: Outbound) -> Wire:
    """Return what stands beside the address and our id."""
    body = dict(render_message(content, contact=ANA, message=MessageId(7)))
    assert body.pop("countryCode") == "+52"
    assert body.pop("phoneNumber") == "5550000001"
    assert body.pop("callbackData") == "7"
    return body


MESSAGES: dict[str, tuple[Outbound, Wire]] = {
    "text": (Text(body="Hello"), {"type": "Text", "data": {"message": "Hello"}}),
    "image": (
        PICTURE.model_copy(update={"caption": "Ours", "filename": "1.jpg"}),
        {"type": "Image", "data": {"message": "Ours", "mediaUrl": PICTURE.url}},
    ),
    "video": (
        Media(kind="video", url="https://files.example/1.mp4", filename="Film.mp4"),
        {
            "type": "Video",
            "data": {"mediaUrl": "https://files.example/1.mp4", "fileName": "Film.mp4"},
        },
    ),
    "audio with a text": (
        Media(kind="audio", url="https://files.example/1.mp3", caption="Listen"),
        {
            "type": "Audio",
            "data": {"message": "Listen", "mediaUrl": "https://files.example/1.mp3"},
        },
    ),
    "document": (
        BILL,
        {"type": "Document", "data": {"mediaUrl": BILL.url, "fileName": "Bill.pdf"}},
    ),
    "sticker": (
        Media(kind="sticker", url="https://files.example/1.webp"),
        {"type": "Sticker", "data": {"mediaUrl": "https://files.example/1.webp"}},
    ),
    "buttons below a picture": (
        Buttons(body="Which?", buttons=(Button(id="a", title="A"),), header=PICTURE),
        {
            "type": "InteractiveButton",
            "data": {
                "message": {
                    "type": "button",
                    "body": {"text": "Which?"},
                    "header": {"type": "image", "image": {"link": PICTURE.url}},
                    "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "A"}}]},
                }
            },
        },
    ),
    "list": (
        List(
            body="Which?",
            label="Choose",
            sections=(Section(rows=(Row(id="a", title="A"),)),),
            footer="All fresh",
        ),
        {
            "type": "InteractiveList",
            "data": {
                "message": {
                    "type": "list",
                    "body": {"text": "Which?"},
                    "footer": {"text": "All fresh"},
                    "action": {
                        "button": "Choose",
                        "sections": [{"rows": [{"id": "a", "title": "A"}]}],
                    },
                }
            },
        },
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_a_message_becomes_its_body(case: str) -> None:
    content, body = MESSAGES[case]
    assert sent(content) == body


def template(**fields: object) -> Template:
    return Template.model_validate({"name": "order_ready", "language": "en", **fields})


TEMPLATES: dict[str, tuple[Template, Wire]] = {
    "bare": (template(), {}),
    "variables and a text above": (
        template(header="Ana", body=("17", "20:30")),
        {"headerValues": ["Ana"], "bodyValues": ["17", "20:30"]},
    ),
    "a document above": (
        template(header=BILL),
        {"headerValues": [BILL.url], "fileName": "Bill.pdf"},
    ),
    "a picture above": (template(header=PICTURE), {"headerValues": [PICTURE.url]}),
    "buttons": (
        template(
            buttons=(
                ButtonValue(index=1, value="17"),
                ButtonValue(index=0, value="482913", use="copy_code"),
                ButtonValue(index=2, value="ignored", use="quick_reply"),
            )
        ),
        {"buttonValues": {"1": ["17"], "0": ["482913"]}},
    ),
    "cards": (
        template(
            cards=(
                TemplateCard(
                    header=PICTURE, body=("Diavola",), buttons=(ButtonValue(index=1, value="d"),)
                ),
                TemplateCard(),
            )
        ),
        {
            "carouselCards": [
                {
                    "headerValues": [PICTURE.url],
                    "bodyValues": ["Diavola"],
                    "buttonValues": {"1": ["d"]},
                },
                {},
            ]
        },
    ),
    "an order to be paid": (
        template(
            payables=(
                Payable(
                    reference_id="o-17",
                    items=(OrderedItem(name="Diavola", quantity=2, amount=95.5),),
                    subtotal=191,
                    total=201,
                    tax=10,
                    currency="INR",
                    addresses=(
                        ShippingAddress(
                            name="Ana",
                            phone_number="525550000001",
                            address="Calle 1",
                            city="Puebla",
                            state="PUE",
                            in_pin_code="400001",
                            country="IN",
                            landmark_area="By the square",
                        ),
                    ),
                    expires_in_minutes=15,
                ),
            )
        ),
        {
            "order_details": [
                {
                    "reference_id": "o-17",
                    "order_items": [{"name": "Diavola", "quantity": 2, "amount": 95.5}],
                    "shipping_addresses": [
                        {
                            "name": "Ana",
                            "phone_number": "525550000001",
                            "address": "Calle 1",
                            "city": "Puebla",
                            "state": "PUE",
                            "in_pin_code": "400001",
                            "country": "IN",
                            "landmark_area": "By the square",
                        }
                    ],
                    "subtotal": 191,
                    "discount": 0,
                    "tax": 10,
                    "shipping": 0,
                    "total_amount": 201,
                    "currency": "INR",
                    "payment_option_expires_in": {
                        "value": 15,
                        "unit": "minutes",
                        "expiration_message": "",
                    },
                }
            ]
        },
    ),
    "what became of an order": (
        template(order_status=OrderStatus(reference_id="o-17", status="shipped")),
        {"order_status": {"reference_id": "o-17", "order": {"status": "shipped"}}},
    ),
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_template_becomes_its_values(case: str) -> None:
    content, values = TEMPLATES[case]
    assert sent(content) == {
        "type": "Template",
        "template": {"name": "order_ready", "languageCode": "en", **values},
    }


def test_the_guard_the_campaign_and_the_sms_stand_beside_the_template() -> None:
    body = sent(
        template(
            category="utility",
            campaign="campaign-1",
            sms=Sms(
                message="Order {{1}} is ready",
                sender_id="SHOPMX",
                entity_id="1101",
                template_id="1107",
                variables=("17",),
            ),
        )
    )
    assert body["template_category"] == "utility"
    assert body["campaignId"] == "campaign-1"
    assert body["fallback"] == [
        {
            "channel": "sms",
            "sender_id": "SHOPMX",
            "pe_id": "1101",
            "provider_name": "default",
            "content": {
                "message": "Order {{1}} is ready",
                "dlt_te_id": "1107",
                "variables": ["17"],
            },
        }
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(Media(kind="image", external_id="700001"), id="a file by id"),
        pytest.param(
            Buttons(body="?", buttons=(), header=Media(kind="image", external_id="1")),
            id="a header by id",
        ),
        pytest.param(template(header=Media(kind="image", external_id="1")), id="template by id"),
        pytest.param(template(header=Location(latitude=1, longitude=1)), id="a place above"),
        pytest.param(Location(latitude=1, longitude=1), id="a place"),
        pytest.param(Media(kind="voice", url="https://files.example/1.ogg"), id="voice"),
    ],
)
def test_what_interakt_has_not_is_refused(content: Outbound) -> None:
    with pytest.raises(ContentRejected):
        sent(content)


# --- who ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("919000000001", {"countryCode": "+91", "phoneNumber": "9000000001"}),
        ("525550000001", {"countryCode": "+52", "phoneNumber": "5550000001"}),
        ("5215550000001", {"countryCode": "+52", "phoneNumber": "15550000001"}),
        ("390612345678", {"countryCode": "+39", "phoneNumber": "0612345678"}),
        ("12025550101", {"countryCode": "+1", "phoneNumber": "2025550101"}),
        ("9990001", {"fullPhoneNumber": "9990001"}),
        ("1", {"fullPhoneNumber": "1"}),
    ],
)
def test_a_number_goes_in_two_parts_or_whole_never_both(phone: str, address: Wire) -> None:
    assert render_address(phone, "an id") == address


def test_a_masked_contact_is_written_to_by_id() -> None:
    body = render_message(Text(body="Hi"), contact=ANA_WITHOUT_PHONE, message=MessageId(7))
    assert body["userId"] == ANA_WITHOUT_PHONE.user_id
    with pytest.raises(AddressRejected):
        render_message(Text(body="Hi"), contact=Contact(id=ContactId(3)), message=MessageId(7))


# --- deeds -------------------------------------------------------------------------------------------

WHO = {"countryCode": "+52", "phoneNumber": "5550000001"}


def test_deeds_become_their_calls() -> None:
    assert render_deed(Event(name="Ordered", traits={"total": 17}), ANA) == (
        "v1/public/track/events/",
        {**WHO, "event": "Ordered", "traits": {"total": 17}},
    )
    assert render_deed(
        ContactUpdate(name="Ana", traits={"city": "Puebla"}, tags=("new",)), ANA
    ) == (
        "v1/public/track/users/",
        {**WHO, "traits": {"name": "Ana", "city": "Puebla"}, "tags": ["new"]},
    )
    assert render_deed(Assignment(agent="kitchen@shop.example"), ANA) == (
        "v1/public/assignment/",
        {"user_phone_number": "525550000001", "agent_email": "kitchen@shop.example"},
    )


def test_a_deed_never_gives_a_customer_another_id() -> None:
    known = ANA.model_copy(update={"user_id": "00000000-0000-4000-8000-000000000001"})
    assert "userId" not in render_deed(Event(name="Ordered"), known)[1]
    with pytest.raises(AddressRejected, match="masked"):
        render_deed(Event(name="Ordered"), ANA_WITHOUT_PHONE)


def test_a_profile_becomes_a_user() -> None:
    profile = Profile(
        phone="525550000001",
        user_id="c-1",
        name="Ana",
        email="ana@shop.example",
        traits={"city": "Puebla"},
        tags=("regular",),
        created_at=datetime(2026, 9, 21, 15, 0, 0, 123_456, tzinfo=UTC),
        sales_cycle=False,
        gender="female",
    )
    assert render_profile(profile) == {
        **WHO,
        "userId": "c-1",
        "traits": {"name": "Ana", "email": "ana@shop.example", "city": "Puebla"},
        "tags": ["regular"],
        "createdAt": "2026-09-21T15:00:00.123Z",
        "add_to_sales_cycle": False,
    }
    assert render_profile(Profile(user_id="c-1")) == {"userId": "c-1", "traits": {}}
    with pytest.raises(AddressRejected):
        render_profile(Profile(name="Ana"))


# --- templates to be approved ------------------------------------------------------------------------


def draft(**fields: object) -> TemplateDraft:
    return TemplateDraft.model_validate(
        {"name": "order_ready", "language": "en", "category": "utility", "body": "Ready", **fields}
    )


BARE = {
    "display_name": "order_ready",
    "language": "English",
    "category": "Utility",
    "body": "Ready",
}


def test_a_draft_without_a_header_says_so() -> None:
    assert render_draft(draft(footer="Bye")) == {**BARE, "header_format": None, "footer": "Bye"}


def test_a_drafts_header_has_its_examples() -> None:
    text = HeaderDraft(format="text", text="Order {{1}}", example="17")
    assert render_draft(draft(header=text, body="{{1}}", examples=("Ana",))) == {
        **BARE,
        "body": "{{1}}",
        "body_text": ["Ana"],
        "header_format": "TEXT",
        "header": "Order {{1}}",
        "header_text": ["17"],
    }
    file = HeaderDraft(format="image", handle="h", url="https://f.example/1", filename="1.jpg")
    assert render_draft(draft(header=file)) == {
        **BARE,
        "header_format": "IMAGE",
        "header_handle": ["h"],
        "header_handle_file_url": "https://f.example/1",
        "header_handle_file_name": "1.jpg",
    }


def test_a_drafts_buttons_are_of_one_type() -> None:
    link = ButtonDraft(
        kind="url", text="Follow", url="https://s.example/{{1}}", example="https://s.example/17"
    )
    call, quick = (
        ButtonDraft(kind="phone", text="Call", phone="+525550000009"),
        ButtonDraft(kind="quick_reply", text="Fine"),
    )
    body = render_draft(draft(buttons=(link, call)))
    assert body["button_type"] == "Call To Action"
    assert body["button_text"] == "https://s.example/17"
    assert body["buttons"] == [
        {"type": "URL", "text": "Follow", "url": "https://s.example/{{1}}"},
        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+525550000009"},
    ]
    body = render_draft(draft(buttons=(quick,)))
    assert (body["button_type"], body["buttons"]) == (
        "Quick Replies",
        [{"type": "QUICK_REPLY", "text": "Fine"}],
    )
    assert "button_text" not in body
    with pytest.raises(ContentRejected, match="not both"):
        render_draft(draft(buttons=(link, quick)))


def test_a_drafts_cards_are_counted_and_may_mix_buttons() -> None:
    card = CardDraft(
        header=HeaderDraft(format="image", handle="h"),
        title="Diavola",
        body="Hot",
        buttons=(
            ButtonDraft(kind="quick_reply", text="This one"),
            ButtonDraft(kind="url", text="See", url="https://s.example/{{1}}", example="d"),
        ),
    )
    body = render_draft(draft(cards=(card, card)))
    assert "header_format" not in body
    cards = body["carousel_cards"]
    assert isinstance(cards, list)
    assert [one["card_index"] for one in cards] == [0, 1]
    assert cards[0] == {
        "card_index": 0,
        "header": None,
        "header_format": "IMAGE",
        "header_handle": ["h"],
        "cardTitle": "Diavola",
        "body": "Hot",
        "body_text": [],
        "buttons": [
            {"type": "QUICK_REPLY", "text": "This one"},
            {"type": "URL", "text": "See", "url": "https://s.example/{{1}}"},
        ],
        "button_text": ["d"],
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("es", "Spanish"),
        ("hi", "Hindi"),
        ("pt_BR", "Portuguese (BR)"),
        ("xx", "xx"),
        ("?", "?"),
    ],
)
def test_a_language_is_written_by_name(code: str, name: str) -> None:
    assert language_name(code) == name
