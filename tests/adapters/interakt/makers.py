"""What makes each of Interakt's documented WhatsApp calls through our own types, from the values of the example."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from yarl import URL

from adapters.interakt.adapter import Interakt
from engine.core.content import (
    Button,
    Buttons,
    ButtonValue,
    List,
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
from engine.core.ids import ContactId
from engine.ports import Accepted, Refused
from engine.ports.services import (
    ButtonDraft,
    CardDraft,
    Filter,
    HeaderDraft,
    Profile,
    TemplateDraft,
)
from tests.adapters.samples import outgoing

Doc: TypeAlias = Any
"""JSON of the documents, whose form each maker knows."""

Maker: TypeAlias = Callable[[Interakt, Doc], Awaitable[object]]

A_NUMBER = {"countryCode": "+91", "phoneNumber": "9000000001"}
"""Stands where an example has a placeholder."""


def bodies_of(example: Doc) -> list[Doc]:
    """Return the bodies of an example; one has two."""
    body = example["body"]
    return body if isinstance(body, list) else [body]


def phone_of(body: Doc) -> str:
    parts = body if body.get("phoneNumber", "").isdigit() else A_NUMBER
    return f"{parts['countryCode']}{parts['phoneNumber']}".removeprefix("+")


def sms_of(body: Doc) -> Sms | None:
    if "fallback" not in body:
        return None
    (fallback,) = body["fallback"]
    assert fallback["channel"] == "sms"
    return Sms(
        message=fallback["content"]["message"],
        sender_id=fallback["sender_id"],
        entity_id=fallback["pe_id"],
        template_id=fallback["content"]["dlt_te_id"],
        variables=fallback["content"]["variables"],
        provider_name=fallback["provider_name"],
    )


def buttons_of(part: Doc) -> tuple[ButtonValue, ...]:
    return tuple(
        ButtonValue(index=int(index), value=value)
        for index, values in part.get("buttonValues", {}).items()
        for value in values
    )


def card_of(card: Doc) -> TemplateCard:
    (url,) = card["headerValues"]
    return TemplateCard(
        header=Media(kind="image", url=url),
        body=tuple(card["bodyValues"]),
        buttons=buttons_of(card),
    )


def payable_of(order: Doc) -> Payable:
    expires = order["payment_option_expires_in"]
    assert expires["unit"] == "minutes"
    return Payable(
        reference_id=order["reference_id"],
        items=tuple(OrderedItem.model_validate(item) for item in order["order_items"]),
        addresses=tuple(
            ShippingAddress.model_validate(place) for place in order["shipping_addresses"]
        ),
        subtotal=order["subtotal"],
        discount=order["discount"],
        tax=order["tax"],
        shipping=order["shipping"],
        total=order["total_amount"],
        currency=order["currency"],
        expires_in_minutes=expires["value"],
        expiration_message=expires["expiration_message"],
    )


def template_of(body: Doc, *, above: str) -> Template:
    part = body["template"]
    header: str | Media | None = None
    if "headerValues" in part:
        (value,) = part["headerValues"]
        match above:
            case "text":
                header = value
            case "document":
                header = Media(kind="document", url=value, filename=part.get("fileName"))
            case _:
                header = Media(kind="image", url=value)
    status = part.get("order_status")
    return Template(
        name=part["name"],
        language=part["languageCode"],
        header=header,
        body=tuple(part["bodyValues"]),
        buttons=buttons_of(part),
        cards=tuple(map(card_of, part.get("carouselCards", []))),
        payables=tuple(map(payable_of, part.get("order_details", []))),
        order_status=None
        if status is None
        else OrderStatus(reference_id=status["reference_id"], **status["order"]),
        category=body.get("template_category"),
        campaign=body.get("campaignId"),
        sms=sms_of(body),
    )


def message_of(body: Doc, above: str) -> Outbound:
    data = body.get("data", {})
    message = data.get("message")
    match body["type"]:
        case "Text":
            return Text(body=message)
        case "Audio" | "Image" | "Document" | "Video" | "Sticker" as kind:
            return Media.model_validate(
                {
                    "kind": kind.lower(),
                    "url": data["mediaUrl"],
                    "caption": message,
                    "filename": data.get("fileName"),
                }
            )
        case "InteractiveButton":
            replies = [Button(**button["reply"]) for button in message["action"]["buttons"]]
            return Buttons(body=message["body"]["text"], buttons=tuple(replies))
        case "InteractiveList":
            sections = tuple(
                Section(title=section["title"], rows=tuple(Row(**row) for row in section["rows"]))
                for section in message["action"]["sections"]
            )
            label = message["action"]["button"]
            return List(body=message["body"]["text"], label=label, sections=sections)
        case "Template":
            return template_of(body, above=above)
        case kind:
            raise AssertionError(f"no content for {kind!r}")


def sends(above: str = "none") -> Maker:
    """Return a maker that sends each body of an example as a message."""

    async def make(interakt: Interakt, example: Doc) -> object:
        result: Accepted | Refused | None = None
        for body in bodies_of(example):
            contact = Contact(id=ContactId(1), phone=phone_of(body))
            result = await interakt.send(outgoing(message_of(body, above), contact=contact))
        assert result is not None
        if isinstance(result, Refused):
            raise result.error
        return result

    return make


def header_of(part: Doc) -> HeaderDraft | None:
    if part.get("header_format") is None:
        return None
    return HeaderDraft(
        format=part["header_format"].lower(),
        text=part.get("header"),
        example=part.get("header_text", [None])[0],
        handle=part.get("header_handle", [None])[0],
        url=part.get("header_handle_file_url"),
        filename=part.get("header_handle_file_name"),
    )


def draft_buttons(part: Doc, *, example: str | None) -> tuple[ButtonDraft, ...]:
    kinds = {"QUICK_REPLY": "quick_reply", "URL": "url", "PHONE_NUMBER": "phone"}
    return tuple(
        ButtonDraft.model_validate(
            {
                "kind": kinds[button["type"]],
                "text": button["text"],
                "url": button.get("url"),
                "phone": button.get("phone_number"),
                "example": example if button["type"] == "URL" else None,
            }
        )
        for button in part.get("buttons", [])
    )


def card_draft(card: Doc) -> CardDraft:
    header = header_of(card)
    assert header is not None
    return CardDraft(
        header=header,
        title=card["cardTitle"],
        body=card["body"],
        examples=tuple(card["body_text"]),
        buttons=draft_buttons(card, example=None),
    )


async def hand_in(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.templates is not None
    body = example["body"]
    assert body["language"] == "English"
    return await interakt.services.templates.create(
        TemplateDraft(
            name=body["display_name"],
            language="en",
            category=body["category"].partition("/")[0].lower(),
            body=body["body"],
            examples=tuple(body["body_text"]),
            header=header_of(body),
            footer=body.get("footer"),
            buttons=draft_buttons(body, example=body.get("button_text")),
            cards=tuple(map(card_draft, body.get("carousel_cards", []))),
        )
    )


async def save_user(interakt: Interakt, example: Doc) -> None:
    assert interakt.services.contacts is not None
    body = example["body"]
    traits = dict(body["traits"])
    await interakt.services.contacts.save(
        Profile(
            phone=phone_of(body),
            name=traits.pop("name"),
            traits=traits,
            tags=tuple(body["tags"]),
            created_at=datetime.fromisoformat(body["createdAt"]),
            sales_cycle=body["add_to_sales_cycle"],
        )
    )


async def track(interakt: Interakt, example: Doc) -> None:
    assert interakt.services.events is not None
    body = example["body"]
    await interakt.services.events.track(
        body["event"], body["traits"], phone=phone_of(body), user_id=body["userId"]
    )


async def make_campaign(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.campaigns is not None
    body = example["body"]
    return await interakt.services.campaigns.create(
        body["campaign_name"], template=body["template_name"], language=body["language_code"]
    )


async def list_users(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.contacts is not None
    query = URL(example["url"]).query
    return await interakt.services.contacts.list(
        filters=tuple(
            Filter(
                trait=one["trait"],
                op=one["op"],
                value=one["val"],
                joined_by=one.get("supr_op", "and"),
            )
            for one in example["body"]["filters"]
        ),
        offset=int(query["offset"]),
        limit=int(query["limit"]),
    )


async def find_by_phone(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.contacts is not None
    return await interakt.services.contacts.find(phone=f"91{URL(example['url']).name}")


async def find_by_id(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.contacts is not None
    return await interakt.services.contacts.find(user_id=URL(example["url"]).name)


async def upload(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.uploads is not None
    return await interakt.services.uploads.upload(
        b"\xff\xd8 a picture", mime_type="image/jpeg", filename="1.jpg"
    )


async def list_templates(interakt: Interakt, example: Doc) -> object:
    assert interakt.services.templates is not None
    name = URL(example["url"]).query["template_name"]
    return await interakt.services.templates.list(name=name, status="approved")


async def assign(interakt: Interakt, example: Doc) -> None:
    assert interakt.services.desk is not None
    body = example["body"]
    await interakt.services.desk.assign(body["user_phone_number"], agent=body["agent_email"])


MAKERS: dict[str, Maker] = {
    "Track User": save_user,
    "Track Events": track,
    "Create API Campaign": make_campaign,
    "Get Users (Bulk)": list_users,
    "Get User via Phone Number": find_by_phone,
    "Get User via User ID": find_by_id,
    "Send Text Message": sends(),
    "Send Audio Message": sends(),
    "Send Image Message": sends(),
    "Send Document Message": sends(),
    "Send Video Message": sends(),
    "Send Button Message": sends(),
    "Send List Message": sends(),
    "Send Sticker Message": sends(),
    "NoHeader Template": hand_in,
    "TextHeader Template": hand_in,
    "MediaHeader Template": hand_in,
    "Call To Action Button Template": hand_in,
    "Quick Replies Button Template": hand_in,
    "Create Media ID/Handle (Upload)": upload,
    "Carousel Template": hand_in,
    "Get All Templates": list_templates,
    "Send-Templates-NoHeader": sends(),
    "Send-Template-Text Header with Variable": sends(above="text"),
    "Send-Template-Document-Header": sends(above="document"),
    "Send-Template-Image-Header": sends(above="image"),
    "Send-Authentication-Template": sends(),
    "Send-Template-Dynamic-CTA": sends(),
    "Send-Templates-Carousel-with-dynamic-cta": sends(),
    "Send-Templates-Carousel-without-dynamic-cta-url": sends(),
    "Send-Template-Order Details Carousel": sends(),
    "Send-Template-Order Status": sends(),
    "Send-Template-Order Details Single Image": sends(above="image"),
    "Send Template (SMS Fallback)": sends(),
    "Send-Template-Dynamic-CTA (SMS Fallback)": sends(),
    "Send-Template-Text Header with Variable (SMS Fallback)r": sends(above="document"),
    "Send-Template-Image-Header (SMS Fallback)": sends(above="image"),
    "Send-Template-Document-Header Copy": sends(above="document"),
    "Send-Authentication-Template (SMS Fallback)": sends(),
    "Chat Assignment": assign,
}
"""Each documented call by its name, and what makes it."""
