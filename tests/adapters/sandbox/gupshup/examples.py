"""Our own example of each message the documents describe, with every key they name."""

from pydantic import JsonValue

from adapters.sandbox.wire import Object

PICTURE = "https://shop.example/pizza.jpg"

BUTTONS: list[JsonValue] = [
    {"type": "text", "title": "Yes", "postbackText": "y"},
    {"type": "text", "title": "No", "postbackText": "n"},
]


def question(content: Object, **more: JsonValue) -> Object:
    return {
        "type": "quick_reply",
        "msgid": "41",
        "content": content,
        "options": list(BUTTONS),
        **more,
    }


EXAMPLES: dict[str, Object] = {
    "text": {"type": "text", "text": "Hello", "previewUrl": False},
    "answer": {"type": "text", "text": "Of course", "context": {"msgId": "wamid.1"}},
    "image": {
        "type": "image",
        "originalUrl": PICTURE,
        "previewUrl": PICTURE,
        "caption": "Our oven",
    },
    "file": {
        "type": "file",
        "url": "https://shop.example/menu.pdf",
        "filename": "menu.pdf",
        "caption": "The menu",
    },
    "audio": {"type": "audio", "url": "https://shop.example/hello.mp3"},
    "video": {"type": "video", "url": "https://shop.example/oven.mp4", "caption": "Hot"},
    "sticker": {"type": "sticker", "url": "https://shop.example/wink.webp"},
    "location": {
        "type": "location",
        "longitude": -99.13,
        "latitude": 19.43,
        "name": "Shop",
        "address": "Calle 1",
    },
    "contact": {
        "type": "contact",
        "contact": {
            "name": {"firstName": "Ana", "lastName": "Ruiz", "formattedName": "Ana Ruiz"},
            "phones": [{"phone": "+52 555 000 4321", "type": "WORK", "wa_id": "5215550004321"}],
            "emails": [{"email": "ana@shop.example", "type": "Work"}],
            "addresses": [{"city": "Puebla", "country": "Mexico", "countryCode": "mx"}],
            "urls": [{"url": "https://shop.example", "type": "WORK"}],
            "org": {"company": "Shop", "department": "Sales", "title": "Lead"},
            "birthday": "1990-02-28",
        },
    },
    "buttons": question(
        {"type": "text", "header": "Order", "text": "Shall we?", "caption": "Open until 9"}
    ),
    "buttons under an image": question(
        {"type": "image", "url": PICTURE, "text": "This one?", "caption": "Fresh"}
    ),
    "buttons under a video": question(
        {"type": "video", "url": "https://shop.example/oven.mp4", "text": "This one?"}
    ),
    "buttons under a file": question(
        {
            "type": "file",
            "url": "https://shop.example/menu.pdf",
            "filename": "menu.pdf",
            "text": "From this?",
        }
    ),
    "list": {
        "type": "list",
        "title": "Menu",
        "body": "What would you like?",
        "footer": "Prices in pesos",
        "msgid": "42",
        "globalButtons": [{"type": "text", "title": "Show"}],
        "items": [
            {
                "title": "Warm",
                "subtitle": "From the oven",
                "options": [
                    {
                        "type": "text",
                        "title": "Soup",
                        "description": "Tomato",
                        "postbackText": "a",
                    },
                    {"type": "text", "title": "Pizza", "postbackText": "b"},
                ],
            },
            {
                "title": "Cold",
                "options": [{"type": "text", "title": "Salad", "postbackText": "c"}],
            },
        ],
    },
    "reaction": {"type": "reaction", "msgId": "wamid.1", "emoji": "👍"},
}
