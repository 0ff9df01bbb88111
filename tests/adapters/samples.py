"""One of every message that Parley sends, and who gets it."""

from datetime import UTC, datetime
from itertools import count

from hypothesis import strategies as st

from engine.core.content import (
    Button,
    Buttons,
    CallToAction,
    ContactCard,
    Contacts,
    List,
    Location,
    LocationRequest,
    Media,
    Outbound,
    Phone,
    Reaction,
    ReadMark,
    Row,
    Section,
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

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
"""Anything that JSON can carry."""

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
    "template": Template(name="order_ready", language="en_US", body=("Ana", "17")),
    "read_mark": ReadMark(message=ExternalId("wamid.theirs"), typing=True),
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
