"""One template as each provider lists it is one shape; what webhooks tell of templates reads the same everywhere."""

from collections.abc import Callable

import orjson
import pytest

from adapters.gupshup.templates import read_change as read_gupshup_change
from adapters.gupshup.templates import read_template as read_gupshup
from adapters.interakt.account.templates import read_template as read_interakt
from adapters.sobot.templates import read_template as read_sobot
from adapters.whatsapp.templates import read_change, read_template
from adapters.wire import Wire
from engine.core.templates import (
    ButtonShape,
    CardShape,
    HeaderShape,
    TemplateChange,
    TemplateShape,
)
from engine.ports.services import TemplateInfo

Read = Callable[[Wire], TemplateInfo | None]

TRACK = ButtonShape(kind="url", title="Track it", url="https://shop.example/{{1}}")
CALL = ButtonShape(kind="phone", title="Call us", phone="+525550001111")
YES, NO = (ButtonShape(kind="quick_reply", title=title) for title in ("Yes", "No"))

LINKS = TemplateShape(
    header=HeaderShape(format="text", text="Order {{1}}"),
    body="{{1}}, it is on its way.",
    footer="Casa Lumbre",
    buttons=(CALL, TRACK),
)
PICTURE = TemplateShape(
    header=HeaderShape(format="image"), body="Do you like it?", buttons=(YES, NO)
)
CARDS = TemplateShape(
    body="New today, {{1}}:",
    cards=(
        CardShape(header=HeaderShape(format="video"), body="Bread at {{1}}", buttons=(YES, TRACK)),
        CardShape(header=HeaderShape(format="video"), body="Cake", buttons=(NO, TRACK)),
    ),
)


def _meta_buttons(buttons: tuple[ButtonShape, ...]) -> list[Wire]:
    kinds = {"quick_reply": "QUICK_REPLY", "url": "URL", "phone": "PHONE_NUMBER"}
    return [
        {
            "type": kinds[one.kind],
            "text": one.title,
            **({"url": one.url, "example": ["https://shop.example/7"]} if one.url else {}),
            **({"phone_number": one.phone} if one.phone else {}),
        }
        for one in buttons
    ]


def _meta_components(shape: TemplateShape | CardShape) -> list[Wire]:
    components: list[Wire] = [{"type": "BODY", "text": shape.body}]
    if shape.header is not None:
        format_ = shape.header.format.upper()
        text = {"text": shape.header.text} if format_ == "TEXT" else {}
        components.insert(0, {"type": "HEADER", "format": format_, **text})
    if shape.buttons:
        components.append({"type": "BUTTONS", "buttons": _meta_buttons(shape.buttons)})
    if isinstance(shape, TemplateShape) and shape.footer:
        components.append({"type": "FOOTER", "text": shape.footer})
    if isinstance(shape, TemplateShape) and shape.cards:
        cards = [{"components": _meta_components(card)} for card in shape.cards]
        components.append({"type": "carousel", "cards": cards})
    return components


def meta(shape: TemplateShape) -> Wire:
    return {"name": "ready", "language": "en", "components": _meta_components(shape)}


def gupshup(shape: TemplateShape) -> Wire:
    header = shape.header or HeaderShape(format="text")
    kind = "CAROUSEL" if shape.cards else header.format.upper()
    meta = {
        "appId": "a-1",
        "data": shape.body,
        "sampleText": "Noor, it is on its way.",
        "buttons": _meta_buttons(shape.buttons),
        **({"header": header.text} if header.text else {}),
        **({"footer": shape.footer} if shape.footer else {}),
        "cards": [
            {
                "headerType": card.header.format.upper() if card.header else None,
                "body": card.body,
                "buttons": _meta_buttons(card.buttons),
            }
            for card in shape.cards
        ],
    }
    return {
        "elementName": "ready",
        "languageCode": "en",
        "templateType": kind,
        "data": f"{shape.body}\n{shape.footer} | [Track it,https://shop.example/{{1}}]",
        "containerMeta": orjson.dumps(meta).decode(),
    }


def interakt(shape: TemplateShape) -> Wire:
    def parts(one: TemplateShape | CardShape) -> dict[str, object]:
        return {
            "header_format": one.header.format.upper() if one.header else None,
            "header": one.header.text or None if one.header else None,
            "body": one.body,
        }

    def twice(value: object) -> str:
        return orjson.dumps(orjson.dumps(value).decode()).decode()

    cards = [
        {"card_index": at, **parts(card), "buttons": _meta_buttons(card.buttons)}
        for at, card in enumerate(shape.cards)
    ]
    return {
        "name": "ready",
        "language": "en",
        **parts(shape),
        "footer": shape.footer,
        "buttons": twice(_meta_buttons(shape.buttons) or {}),
        "carousel_cards": orjson.dumps(cards).decode() if cards else None,
    }


def sobot(shape: TemplateShape) -> Wire:
    replies = [one.title for one in shape.buttons if one.kind == "quick_reply"]
    phones = [one for one in shape.buttons if one.kind == "phone"]
    links = [one for one in shape.buttons if one.kind == "url"]
    return {
        "entity_name": "ready",
        "lang_code": "en",
        "template": shape.body,
        "header_type": shape.header.format.upper() if shape.header else None,
        "header": shape.header.text or None if shape.header else None,
        "footer": shape.footer,
        "sub_type": "CTA" if phones or links else None,
        "buttons": replies or None,
        "phone_numbers": [{"phone_number": one.phone, "text": one.title} for one in phones] or None,
        "url": "https://shop.example/" if links else None,
        "example_website": "https://shop.example/7" if links else None,
        "url_name": links[0].title if links else None,
    }


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(LINKS, id="links"),
        pytest.param(PICTURE, id="picture"),
        pytest.param(CARDS, id="cards"),
    ],
)
@pytest.mark.parametrize(
    ("read", "listed"),
    [
        pytest.param(read_template, meta, id="meta"),
        pytest.param(read_gupshup, gupshup, id="gupshup"),
        pytest.param(read_interakt, interakt, id="interakt"),
        pytest.param(read_sobot, sobot, id="sobot"),
    ],
)
def test_a_template_has_one_shape_whoever_lists_it(
    read: Read, listed: Callable[[TemplateShape], Wire], shape: TemplateShape
) -> None:
    if shape.cards and read is read_sobot:
        shape = shape.model_copy(update={"cards": ()})  # Sobot has no carousels

    info = read(listed(shape))

    assert info is not None
    assert (info.name, info.language, info.shape) == ("ready", "en", shape)


def test_what_a_list_does_not_tell_of_is_unknown() -> None:
    gupshup = read_gupshup({"elementName": "ready", "data": "Hi | [Yes]"})
    meta = read_template({"name": "ready", "language": "en"})

    assert (gupshup.shape, gupshup.body) == (None, "Hi | [Yes]")
    assert meta is not None
    assert meta.shape is None


def test_parts_that_nobody_knows_keep_their_place() -> None:
    flow: Wire = {"type": "FLOW", "text": "Fill it in", "flow_id": "1"}
    code: Wire = {"type": "COPY_CODE", "example": "SAVE10"}
    components: list[Wire] = [
        {"type": "HEADER", "format": "PRODUCT"},
        {"type": "BODY", "text": "Hi"},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "soon"}},
        {"type": "BUTTONS", "buttons": [flow, code]},
    ]

    info = read_template({"name": "sale", "language": "en", "components": components})

    assert info is not None
    assert info.shape == TemplateShape(
        header=HeaderShape(format="other"),
        body="Hi",
        buttons=(
            ButtonShape(kind="other", title="Fill it in"),
            ButtonShape(kind="copy_code", title="copy_code"),
        ),
    )


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        pytest.param(
            "message_template_status_update",
            {"event": "REJECTED", "reason": "INVALID_FORMAT", "message_template_language": "en-US"},
            TemplateChange(
                name="sale", language="en-US", status="rejected", reason="INVALID_FORMAT"
            ),
            id="rejected",
        ),
        pytest.param(
            "message_template_status_update",
            {"event": "FLAGGED", "reason": "NONE", "message_template_category": "UTILITY"},
            TemplateChange(name="sale", status="approved", category="utility"),
            id="flagged-may-go",
        ),
        pytest.param(
            "template_category_update",
            {"new_category": "UTILITY", "correct_category": "MARKETING"},
            TemplateChange(name="sale", category="utility"),
            id="category-announced",
        ),
        pytest.param(
            "message_template_components_update",
            {"message_template_element": "Hi {{1}}"},
            TemplateChange(name="sale"),
            id="components",
        ),
        pytest.param("message_template_quality_update", {}, None, id="quality"),
    ],
)
def test_metas_webhooks_tell_what_became_of_a_template(
    field: str, value: Wire, told: TemplateChange | None
) -> None:
    assert read_change(field, {"message_template_name": "sale", **value}) == told


def test_gupshups_events_tell_what_became_of_a_template() -> None:
    paused = {"elementName": "sale", "languageCode": "es", "status": "paused"}
    moved = {"elementName": "sale", "category": {"old": "UTILITY", "new": "MARKETING"}}

    assert read_gupshup_change(paused) == TemplateChange(
        name="sale", language="es", status="paused"
    )
    assert read_gupshup_change(moved) == TemplateChange(name="sale", category="marketing")
    assert read_gupshup_change({"status": "approved"}) is None
