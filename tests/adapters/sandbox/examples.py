"""One valid body of every kind the Cloud API documents, and the keys none of them can do without."""

from pydantic import JsonValue

Object = dict[str, JsonValue]


def _to(kind: str, content: JsonValue, **more: JsonValue) -> Object:
    frame: Object = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    return frame | {"to": "+5215550001111", "type": kind, kind: content} | more


def _interactive(kind: str, action: Object, **more: JsonValue) -> Object:
    return _to(
        "interactive", {"type": kind, "body": {"text": "Shall we?"}, "action": action, **more}
    )


def _template(*components: JsonValue) -> Object:
    named: Object = {"name": "ready", "language": {"code": "en_US"}}
    return _to("template", named | ({"components": [*components]} if components else {}))


def _card(index: int) -> Object:
    return {
        "card_index": index,
        "type": "cta_url",
        "header": {"type": "image", "image": {"link": "https://shop.example/a.jpg"}},
        "body": {"text": "Basil"},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Look", "url": "https://shop.example/a"},
        },
    }


EXAMPLES: dict[str, Object] = {
    "text": _to("text", {"body": "Hello", "preview_url": True}),
    "text reply": _to("text", {"body": "Yes"}, context={"message_id": "wamid.1"}),
    "text to a user id": {
        "messaging_product": "whatsapp",
        "recipient": "MX.1234567890",
        "type": "text",
        "text": {"body": "Hello"},
    },
    "image by link": _to("image", {"link": "https://shop.example/p.jpg", "caption": "Ours"}),
    "image by id": _to("image", {"id": "77"}),
    "video": _to("video", {"link": "https://shop.example/v.mp4"}),
    "audio": _to("audio", {"id": "78"}),
    "voice note": _to("audio", {"id": "78", "voice": True}),
    "document": _to("document", {"link": "https://shop.example/d.pdf", "filename": "d.pdf"}),
    "sticker": _to("sticker", {"id": "79"}),
    "location": _to("location", {"latitude": 19.43, "longitude": "-99.13", "name": "Shop"}),
    "contacts": _to(
        "contacts",
        [
            {
                "name": {"formatted_name": "Ana Ruiz", "first_name": "Ana"},
                "phones": [{"phone": "+52 55 5000", "type": "WORK", "wa_id": "52555000"}],
                "birthday": "1990-02-03",
            }
        ],
    ),
    "reaction": _to("reaction", {"message_id": "wamid.1", "emoji": "👍"}),
    "reaction taken back": _to("reaction", {"message_id": "wamid.1", "emoji": ""}),
    "buttons": _interactive(
        "button",
        {
            "buttons": [
                {"type": "reply", "reply": {"id": "y", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "n", "title": "No"}},
            ]
        },
        header={"type": "text", "text": "Order"},
        footer={"text": "Anna's"},
    ),
    "list": _interactive(
        "list",
        {
            "button": "Choose",
            "sections": [
                {"title": "Warm", "rows": [{"id": "a", "title": "Soup", "description": "Tomato"}]},
                {"title": "Cold", "rows": [{"id": "b", "title": "Salad"}]},
            ],
        },
    ),
    "cta url": _interactive(
        "cta_url",
        {
            "name": "cta_url",
            "parameters": {"display_text": "Open", "url": "https://shop.example"},
        },
    ),
    "location request": _interactive("location_request_message", {"name": "send_location"}),
    "form": _interactive(
        "flow",
        {
            "name": "flow",
            "parameters": {"flow_message_version": "3", "flow_id": "5", "flow_cta": "Fill in"},
        },
    ),
    "product": _interactive("product", {"catalog_id": "9", "product_retailer_id": "sku"}),
    "product list": _interactive(
        "product_list",
        {
            "catalog_id": "9",
            "sections": [{"title": "New", "product_items": [{"product_retailer_id": "sku"}]}],
        },
        header={"type": "text", "text": "New"},
    ),
    "catalogue": _interactive("catalog_message", {"name": "catalog_message"}),
    "carousel": _interactive("carousel", {"cards": [_card(0), _card(1)]}),
    "order details": _interactive(
        "order_details", {"name": "review_and_pay", "parameters": {"currency": "INR"}}
    ),
    "template": _template(),
    "template with variables": _template(
        {
            "type": "body",
            "parameters": [
                {"type": "text", "text": "Ana"},
                {
                    "type": "currency",
                    "currency": {"fallback_value": "$5", "code": "USD", "amount_1000": 5000},
                },
            ],
        },
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "more"}],
        },
    ),
    "template carousel": _template(
        {
            "type": "carousel",
            "cards": [
                {
                    "card_index": 0,
                    "components": [
                        {
                            "type": "header",
                            "parameters": [{"type": "image", "image": {"id": "5"}}],
                        }
                    ],
                }
            ],
        }
    ),
    "read mark": {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"},
    "typing": {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    },
}

BUTTON = ("interactive", "action", "buttons", 0)
ROW = ("interactive", "action", "sections", 0, "rows", 0)
PRODUCT = ("interactive", "action", "sections", 0, "product_items", 0)
CARD = ("interactive", "action", "cards", 0)
FORM = ("interactive", "action", "parameters")

Path = tuple[str | int, ...]

REQUIRED: dict[str, list[Path]] = {
    "text": [("text", "body")],
    "location": [("location", "latitude"), ("location", "longitude")],
    "contacts": [("contacts", 0, "name"), ("contacts", 0, "name", "formatted_name")],
    "reaction": [("reaction", "message_id"), ("reaction", "emoji")],
    "interactive": [("interactive", "type"), ("interactive", "action")],
    "template": [
        ("template", "name"),
        ("template", "language"),
        ("template", "language", "code"),
        ("template", "components", 0, "type"),
        ("template", "components", 0, "parameters", 0, "type"),
        ("template", "components", 0, "parameters", 0, "text"),
        ("template", "components", 0, "cards"),
        ("template", "components", 1, "sub_type"),
        ("template", "components", 1, "index"),
    ],
    "button": [
        ("interactive", "body"),
        ("interactive", "body", "text"),
        ("interactive", "action", "buttons"),
        (*BUTTON, "type"),
        (*BUTTON, "reply"),
        (*BUTTON, "reply", "id"),
        (*BUTTON, "reply", "title"),
        ("interactive", "header", "type"),
        ("interactive", "header", "text"),
        ("interactive", "footer", "text"),
    ],
    "list": [
        ("interactive", "body"),
        ("interactive", "action", "button"),
        ("interactive", "action", "sections"),
        ("interactive", "action", "sections", 0, "title"),
        ("interactive", "action", "sections", 0, "rows"),
        (*ROW, "id"),
        (*ROW, "title"),
    ],
    "cta_url": [
        ("interactive", "body"),
        ("interactive", "action", "name"),
        ("interactive", "action", "parameters"),
        ("interactive", "action", "parameters", "display_text"),
        ("interactive", "action", "parameters", "url"),
    ],
    "location_request_message": [("interactive", "body"), ("interactive", "action", "name")],
    "flow": [
        ("interactive", "body"),
        ("interactive", "action", "name"),
        FORM,
        (*FORM, "flow_message_version"),
        (*FORM, "flow_cta"),
    ],
    "product": [
        ("interactive", "action", "catalog_id"),
        ("interactive", "action", "product_retailer_id"),
    ],
    "product_list": [
        ("interactive", "header"),
        ("interactive", "body"),
        ("interactive", "action", "catalog_id"),
        ("interactive", "action", "sections"),
        (*PRODUCT, "product_retailer_id"),
    ],
    "catalog_message": [("interactive", "body"), ("interactive", "action", "name")],
    "carousel": [
        ("interactive", "body"),
        ("interactive", "action", "cards"),
        (*CARD, "card_index"),
        (*CARD, "type"),
        (*CARD, "header"),
        (*CARD, "action"),
    ],
    "order_details": [("interactive", "body"), ("interactive", "action", "name")],
    "order_status": [("interactive", "body"), ("interactive", "action", "name")],
}
"""Message type or interactive type -> the paths that must be there."""


def has(body: JsonValue, path: Path) -> bool:
    """Whether something stands at the path."""
    match body, path:
        case _, ():
            return True
        case dict(), (key, *rest) if key in body:
            return has(body[str(key)], tuple(rest))
        case list(), (int(place), *rest) if place < len(body):
            return has(body[place], tuple(rest))
        case _:
            return False


def without(body: JsonValue, path: Path) -> JsonValue:
    """Return the body with what stands at the path taken out."""
    match body, path:
        case dict(), (key,):
            return {name: value for name, value in body.items() if name != key}
        case dict(), (key, *rest):
            return body | {str(key): without(body[str(key)], tuple(rest))}
        case list(), (int(place), *rest):
            return [*body[:place], without(body[place], tuple(rest)), *body[place + 1 :]]
        case _:
            raise LookupError(path)


def required_paths(body: Object) -> list[Path]:
    """Return the paths of this body that must be there, by what kind of body it is."""
    if "status" in body:
        paths: list[Path] = [("messaging_product",), ("message_id",)]
        return [*paths, *([("typing_indicator", "type")] if "typing_indicator" in body else [])]
    address = "to" if "to" in body else "recipient"
    kind = str(body.get("type", "text"))
    paths = [("messaging_product",), (address,), (kind,), *REQUIRED.get(kind, [])]
    match body:
        case {"interactive": {"type": str(inner)}}:
            paths += REQUIRED[inner]
        case {"context": _}:
            paths.append(("context", "message_id"))
    if kind != "text":  # a body without a type is a text
        paths.append(("type",))
    match body.get(kind):
        case {"link": _}:
            paths.append((kind, "link"))
        case {"id": _}:
            paths.append((kind, "id"))
    return [path for path in paths if has(body, path)]
