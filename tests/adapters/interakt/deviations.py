"""Every place in which we do not send what Interakt's documents show, and why.

A path that begins with `document` names a fault of the example itself.
"""

from tests.adapters.examples import Deviation

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
    Deviation(
        "Send Text Message", "body.fullPhoneNumber", "ours go in two parts, as in every other call"
    ),
    Deviation("Send Text Message", "body.countryCode", "the same"),
    Deviation("Send Text Message", "body.phoneNumber", "the same"),
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
        "an empty object, called optional: left out",
    ),
    Deviation(
        "Send-Template-Order Details Carousel",
        "body.template.carouselCards[1].buttonValues",
        "the same",
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
