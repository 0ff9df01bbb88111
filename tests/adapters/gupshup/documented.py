"""What Gupshup documents, what makes it, and where ours differs, with the reason."""

from tests.adapters.examples import Deviation, Documented

OWN_ID = "ours is the message's own id, so that a tap names the message it was made on"
NO_SUBTITLE = "WhatsApp shows no subtitle of a section, so ours has none"
PURPOSE = "a card of ours keeps the address, not what it is used for"
COMPANY = "a card of ours names the company alone"

DEVIATIONS = (
    *(Deviation(f"quick-reply-{n}", "body.message.msgid", OWN_ID) for n in (1, 2, 3, 4)),
    Deviation("list-1", "body.message.msgid", OWN_ID),
    Deviation("list-1", "body.message.items[0].subtitle", NO_SUBTITLE),
    Deviation("list-1", "body.message.items[1].subtitle", NO_SUBTITLE),
    Deviation(
        "list-1",
        "body.message.items[1].options[0].postbackText",
        "the example gives two rows one postback, and nobody could tell them apart; ours differ",
    ),
    Deviation(
        "contact-1",
        "body.message.contact.addresses[0]",
        "an address of ours is one line, and goes as the street",
    ),
    Deviation("contact-1", "body.message.contact.emails[0].type", PURPOSE),
    Deviation("contact-1", "body.message.contact.urls[0].type", PURPOSE),
    Deviation("contact-1", "body.message.contact.org.department", COMPANY),
    Deviation("contact-1", "body.message.contact.org.title", COMPANY),
)

DOCUMENTED = Documented(
    title="Gupshup",
    folder="gupshup",
    made_by={
        "audio-1": "`Media`, audio",
        "contact-1": "`Contacts`",
        "file-1": "`Media`, document",
        "form-session-1": "the whole form of a `Text`",
        "form-template-1": "the whole form of a `Template(id=...)`",
        "image-1": "`Media`, image",
        "list-1": "`List`",
        "location-1": "`Location`",
        "quick-reply-1": "`Buttons`",
        "quick-reply-2": "`Buttons` below an image",
        "quick-reply-3": "`Buttons` below a video",
        "quick-reply-4": "`Buttons` below a document",
        "sticker-1": "`Media`, sticker",
        "text-1": "`Text`",
        "video-1": "`Media`, video",
    },
    deviations=DEVIATIONS,
)
