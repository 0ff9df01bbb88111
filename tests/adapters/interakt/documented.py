"""What Interakt documents of WhatsApp, what makes it, and every place in which ours differs, with the reason.

A path that begins with `document` names a fault of the example itself.
"""

from tests.adapters.examples import Deviation, Documented

IN_PARTS = "ours go in two parts, as in every other call"
OPTIONAL = "an empty object, called optional: left out"
OURS = "our message id stands there, which finds the message again"
TWO_FORMS = "the text allows one form of the number, and the example has both"
PLACEHOLDER = "a placeholder, not a number; ours is a real one in its place"
CHOICE = "the example names two categories to choose from"
COMMENTS = "comments stand in the JSON"
NO_SCHEME = "the address has no https://"

BOTH_FORMS = (
    "Track Events",
    "Send-Templates-NoHeader",
    "Send-Template-Text Header with Variable",
    "Send-Template-Document-Header",
    "Send-Template-Image-Header",
    "Send-Template-Dynamic-CTA",
    "Send-Template-Dynamic-CTA (SMS Fallback)",
    "Send-Template-Text Header with Variable (SMS Fallback)r",
    "Send-Template-Image-Header (SMS Fallback)",
    "Send-Template-Document-Header Copy",
)

INVALID_JSON = (
    "Track Events",
    "Send-Templates-NoHeader",
    "Send-Template-Text Header with Variable",
    "Send-Template-Document-Header",
    "Send-Template-Image-Header",
    "Send-Template-Dynamic-CTA",
    "Send-Templates-Carousel-with-dynamic-cta",
    "Send-Templates-Carousel-without-dynamic-cta-url",
    "Send-Template-Order Details Single Image",
)

PLACEHOLDERS = (
    "Send Audio Message",
    "Send Image Message",
    "Send Document Message",
    "Send Video Message",
    "Send Button Message",
    "Send List Message",
    "Send Template (SMS Fallback)",
)

CHOICES = (
    "NoHeader Template",
    "TextHeader Template",
    "MediaHeader Template",
    "Call To Action Button Template",
    "Quick Replies Button Template",
)

AUTHENTICATION = ("Send-Authentication-Template", "Send-Authentication-Template (SMS Fallback)")

DEVIATIONS: tuple[Deviation, ...] = (
    Deviation("*", "body.callbackData", OURS),
    *(Deviation(name, "body.fullPhoneNumber", TWO_FORMS) for name in BOTH_FORMS),
    *(Deviation(name, "document.json", COMMENTS) for name in INVALID_JSON),
    *(Deviation(name, "body.phoneNumber", PLACEHOLDER) for name in PLACEHOLDERS),
    *(Deviation(name, "body.category", CHOICE) for name in CHOICES),
    *(Deviation(name, "document.url", NO_SCHEME) for name in AUTHENTICATION),
    Deviation("Send Text Message", "body.fullPhoneNumber", IN_PARTS),
    Deviation("Send Text Message", "body.countryCode", IN_PARTS),
    Deviation("Send Text Message", "body.phoneNumber", IN_PARTS),
    Deviation("Send Text Message", "body.userId", "empty, beside a number"),
    Deviation(
        "Send-Template-Text Header with Variable (SMS Fallback)r",
        "document.list",
        "two bodies in a list; the call takes one, so they are two calls",
    ),
    Deviation(
        "Send-Template-Order Details Carousel",
        "document.json",
        "comments stand in the JSON, and an object ends where one alone stands",
    ),
    Deviation(
        "Send-Template-Order Details Carousel",
        "body.template.carouselCards[0].buttonValues",
        OPTIONAL,
    ),
    Deviation(
        "Send-Template-Order Details Carousel",
        "body.template.carouselCards[1].buttonValues",
        OPTIONAL,
    ),
    Deviation(
        "Get All Templates",
        "query.offset",
        "empty in the example; ours says where the page begins",
    ),
    Deviation(
        "Get All Templates",
        "query.variable_present",
        "a choice of Yes and No that would hide the other half",
    ),
)

DOCUMENTED = Documented(
    title="Interakt, WhatsApp",
    folder="interakt",
    made_by={
        "Track User": "`services.contacts.save`, `ContactUpdate`",
        "Track Events": "`services.events.track`, `Event`",
        "Create API Campaign": "`services.campaigns.create`",
        "Get Users (Bulk)": "`services.contacts.list`",
        "Get User via Phone Number": "`services.contacts.find(phone=...)`",
        "Get User via User ID": "`services.contacts.find(user_id=...)`",
        "Send Text Message": "`Text`",
        "Send Audio Message": '`Media(kind="audio")`',
        "Send Image Message": '`Media(kind="image")`',
        "Send Document Message": '`Media(kind="document")`',
        "Send Video Message": '`Media(kind="video")`',
        "Send Button Message": "`Buttons`",
        "Send List Message": "`List`",
        "Send Sticker Message": '`Media(kind="sticker")`',
        "NoHeader Template": "`services.templates.create`",
        "TextHeader Template": '`services.templates.create`, `HeaderDraft(format="text")`',
        "MediaHeader Template": "`services.templates.create`, `HeaderDraft(handle=...)`",
        "Call To Action Button Template": '`services.templates.create`, `ButtonDraft(kind="url")` and `"phone"`',
        "Quick Replies Button Template": '`services.templates.create`, `ButtonDraft(kind="quick_reply")`',
        "Create Media ID/Handle (Upload)": "`services.uploads.upload`",
        "Carousel Template": "`services.templates.create`, `CardDraft`",
        "Get All Templates": "`services.templates.list`",
        "Send-Templates-NoHeader": "`Template`",
        "Send-Template-Text Header with Variable": '`Template(header="...")`',
        "Send-Template-Document-Header": '`Template(header=Media(kind="document"))`',
        "Send-Template-Image-Header": '`Template(header=Media(kind="image"))`',
        "Send-Authentication-Template": "`Template(buttons=...)` with the code",
        "Send-Template-Dynamic-CTA": "`Template(buttons=...)` with the URL's end",
        "Send-Templates-Carousel-with-dynamic-cta": "`Template(cards=...)`, `TemplateCard(buttons=...)`",
        "Send-Templates-Carousel-without-dynamic-cta-url": "`Template(cards=...)`",
        "Send-Template-Order Details Carousel": "`Template(cards=..., payables=...)`",
        "Send-Template-Order Status": "`Template(order_status=...)`",
        "Send-Template-Order Details Single Image": "`Template(header=..., payables=...)`",
        "Send Template (SMS Fallback)": "`Template(sms=...)`",
        "Send-Template-Dynamic-CTA (SMS Fallback)": "`Template(buttons=..., sms=...)`",
        "Send-Template-Text Header with Variable (SMS Fallback)r": "`Template(header=..., sms=...)`",
        "Send-Template-Image-Header (SMS Fallback)": '`Template(header=Media(kind="image"), sms=...)`',
        "Send-Template-Document-Header Copy": '`Template(header=Media(kind="document"), sms=...)`',
        "Send-Authentication-Template (SMS Fallback)": "`Template(buttons=..., sms=...)`",
        "Chat Assignment": "`services.desk.assign`, `Assignment`",
    },
    deviations=DEVIATIONS,
)
