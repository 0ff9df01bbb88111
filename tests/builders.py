"""Valid values to begin a test with; name only what matters to it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from engine.core.capabilities import Capabilities
from engine.core.content import ButtonReply, Inbound, Media, Text
from engine.core.conversation import Contact, Conversation
from engine.core.ids import ContactId, ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, MessageReceived, Sender, Signal

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)

_numbers = count(1)

PHONE = Capabilities(
    kinds=frozenset(
        {
            "text",
            "image",
            "video",
            "audio",
            "document",
            "location",
            "reaction",
            "buttons",
            "list",
            "location_request",
            "cta_url",
            "product",
            "products",
            "carousel",
            "template",
            "read_mark",
        }
    ),
    text_length=4096,
    body_length=1024,
    caption_length=1024,
    buttons=3,
    button_title_length=20,
    rows=10,
    row_title_length=24,
    row_description_length=72,
    list_label_length=20,
    header_length=60,
    footer_length=60,
    media_header=True,
    markup=True,
    window=DAY,
    redelivers=True,
    reports_delivery=True,
    typing=True,
    callback_length=256,
    messages_per_second=80,
    pair_interval=timedelta(seconds=6),
    pair_burst=45,
    media_bytes={"image": 5_000_000},
)
"""A line that can show all that WhatsApp can."""

PLAIN = PHONE.model_copy(
    update={
        "kinds": frozenset({"text"}),
        "markup": False,
        "window": None,
        "text_length": 160,
        "media_header": False,
    }
)
"""A line of plain short texts, such as SMS."""


def make_contact(**changes: object) -> Contact:
    """Return Ana, who writes from Mexico."""
    contact = Contact(id=ContactId(7), phone="5215550001111", name="Ana", locale="es-MX")
    return contact.model_copy(update=changes)


def make_conversation(**changes: object) -> Conversation:
    """Return a conversation in which nothing has happened."""
    conversation = Conversation(id=ConversationId(1), line=LineId("shop"), contact=make_contact())
    return conversation.model_copy(update=changes)


def make_message(
    content: Inbound | str = "hello", *, at: datetime = NOW, group_id: str | None = None
) -> MessageReceived:
    """Return a message of the contact, as a new one each time."""
    return MessageReceived(
        external_id=ExternalId(f"wamid.{next(_numbers)}"),
        content=Text(body=content) if isinstance(content, str) else content,
        sent_at=at,
        group_id=group_id,
    )


def make_tap(id: str | None, title: str = "") -> ButtonReply:
    """Return a tap on a button."""
    return ButtonReply(id=id, title=title)


def make_photo() -> Media:
    """Return an inbound photo."""
    return Media(kind="image", external_id=f"media.{next(_numbers)}", mime_type="image/jpeg")


def make_arrival(signal: Signal | None = None, *, at: datetime = NOW) -> Arrival:
    """Return the signal on its way into `make_conversation()`'s conversation."""
    return Arrival(
        line=LineId("shop"),
        key=f"key.{next(_numbers)}",
        signal=signal or make_message(at=at),
        received_at=at,
        sender=Sender(phone="5215550001111", name="Ana"),
        conversation=ConversationId(1),
    )
