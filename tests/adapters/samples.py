"""One of every message that Parley sends, and who gets it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import strategies as st

from engine.core.content import (
    Actions,
    AddEvent,
    Assignment,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    ContactCard,
    Contacts,
    ContactUpdate,
    Dial,
    Event,
    List,
    Location,
    LocationRequest,
    Media,
    OpenUrl,
    Outbound,
    Phone,
    Product,
    Products,
    ProductSection,
    Reaction,
    ReadMark,
    Row,
    Section,
    ShowLocation,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.ids import ContactId, ExternalId, LineId, MessageId
from engine.ports import Outgoing

NOW = datetime(2026, 9, 21, 15, 0, tzinfo=UTC)
LINE = LineId("shop")
ANA = Contact(id=ContactId(1), phone="525550000001", name="Ana Prueba")
ANA_WITHOUT_PHONE = Contact(id=ContactId(2), user_id="MX.2000000000000001")
OURS = ExternalId("wamid.ours")


def _json(integers: st.SearchStrategy[int]) -> st.SearchStrategy[object]:
    numbers = integers | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        st.none() | st.booleans() | numbers | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    )


JSON = _json(st.integers())
"""Anything that JSON can carry."""

JSON_IN_64_BITS = _json(st.integers(-(2**63), 2**64 - 1))
"""Anything that orjson can write."""

EVERY_OUTBOUND: dict[str, Outbound] = {
    "text": Text(body="Two large ones."),
    "image": Media(kind="image", url="https://files.example/1.jpg", caption="Ours"),
    "video": Media(kind="video", external_id="700001"),
    "audio": Media(kind="audio", url="https://files.example/1.mp3"),
    "voice": Media(kind="voice", external_id="700002"),
    "document": Media(kind="document", url="https://files.example/m.pdf", filename="Menu.pdf"),
    "sticker": Media(kind="sticker", external_id="700003"),
    "location": Location(latitude=19.4326, longitude=-99.1332, name="Zócalo", address="Centro"),
    "contacts": Contacts(
        cards=(ContactCard(name="Luis Gil", phones=(Phone(phone="+525550000003", type="CELL"),)),)
    ),
    "reaction": Reaction(to=OURS, emoji="👍"),
    "buttons": Buttons(
        body="Which size?",
        buttons=(Button(id="p1:1:order.size:s", title="Small"), Button(id="b", title="Large")),
        header="Pizza",
        footer="All with cheese",
    ),
    "list": List(
        body="Which pizza?",
        label="Choose",
        sections=(
            Section(title="Red", rows=(Row(id="a", title="Diavola", description="Hot"),)),
            Section(title="White", rows=(Row(id="b", title="Bianca"),)),
        ),
    ),
    "cta_url": CallToAction(body="The menu", title="Open", url="https://shop.example/menu"),
    "location_request": LocationRequest(body="Where to?"),
    "product": Product(
        sku="pizza-1", body="Our best", catalog_id="800001", url="https://shop.example/pizza-1"
    ),
    "products": Products(
        body="From the oven",
        header="Menu",
        sections=(ProductSection(title="Red", skus=("pizza-1", "pizza-2")),),
        catalog_id="800001",
        url="https://shop.example/menu",
    ),
    "actions": Actions(
        body="How to reach us",
        actions=(
            Dial(id="call", title="Call", phone="+525550000009"),
            ShowLocation(id="map", title="Map", latitude=19.4326, longitude=-99.1332, label="Shop"),
            AddEvent(
                id="event",
                title="Remind me",
                event="Tasting",
                starts_at=NOW,
                ends_at=NOW + timedelta(hours=1),
            ),
        ),
    ),
    "carousel": Carousel(
        body="Two of ours",
        cards=tuple(
            Card(
                title=title,
                body="Fresh",
                media=Media(kind="image", url=f"https://files.example/{title}.jpg"),
                actions=(OpenUrl(id=title, title="See", url=f"https://shop.example/{title}"),),
            )
            for title in ("Diavola", "Bianca")
        ),
    ),
    "template": Template(name="order_ready", language="en_US", body=("Ana", "17")),
    "read_mark": ReadMark(message=ExternalId("wamid.theirs"), typing=True),
    "event": Event(name="Ordered", traits={"total": 17}),
    "contact_update": ContactUpdate(traits={"city": "Puebla"}, tags=("regular",)),
    "assignment": Assignment(agent="kitchen@shop.example"),
}
"""By kind."""

_ids = count(8_000_000_000_000_000_001)


def outgoing(
    content: Outbound,
    *,
    contact: Contact = ANA,
    reply_to: ExternalId | None = None,
    id: MessageId | None = None,
) -> Outgoing:
    """Make a message on its way out, with an id of its own."""
    return Outgoing(
        id=MessageId(next(_ids)) if id is None else id,
        contact=contact,
        content=content,
        reply_to=reply_to,
    )


class MemoryMedia:
    """A media store that is a dict."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.broken: set[str] = set()
        """Keys whose bytes cannot be read just now."""

    async def put(self, data: bytes) -> str:
        """Store under the length: enough for a test."""
        self.files[key := f"file{len(data)}"] = data
        return key

    async def get(self, key: str) -> bytes:
        """Return the bytes. Raises KeyError, OSError."""
        if key in self.broken:
            raise OSError("the disk does not answer")
        return self.files[key]


class Links:
    """Gives every stored file an address that shows what it was asked for."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return it."""
        return f"https://bot.example/media/{stored}/{filename or ''}"
