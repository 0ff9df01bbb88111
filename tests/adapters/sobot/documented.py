"""What Sobot's page documents, what makes it, and where ours differs, with the reason."""

from tests.adapters.examples import Deviation, Documented

HANDED_IN = (
    "Add Text Template",
    "Add Text Template with Variables",
    "Add Button Template",
    "Add Template with CTA",
    "Add Image Template",
    "Add Video Template",
    "Add document Template",
)
MEDIA = HANDED_IN[4:]

NO_LANGUAGE = (
    "the table below each example asks for lang_code and the example leaves it out: we always send it, since a "
    "template in the wrong language is rejected"
)
LINE_ENDS = "the text runs over several lines inside a JSON string, which JSON forbids: we escape the same line ends"
NO_COMMA = "a comma is missing behind template_type, and the text holds bare line ends: no JSON"
MISSPELLED = (
    "the example writes example_webiste, its own table example_website: we send what the table says"
)

DEVIATIONS = (
    *(Deviation(name, "body.lang_code", NO_LANGUAGE) for name in HANDED_IN),
    *(Deviation(name, "document.json", LINE_ENDS) for name in HANDED_IN[:4]),
    *(Deviation(name, "document.json", NO_COMMA) for name in MEDIA),
    Deviation("Add Template with CTA", "body.example_webiste", MISSPELLED),
    Deviation("Add Template with CTA", "body.example_website", MISSPELLED),
    Deviation(
        "Send Text Message with CTA",
        "document.json",
        "a comma is missing behind the button's index: no JSON; we send the same number",
    ),
)

DOCUMENTED = Documented(
    title="Sobot",
    folder="sobot",
    made_by={
        "Add Customer": "`services.contacts.save`",
        "Update Customer": "`services.contacts.save`, where the number is there already",
        "Get All Customers": "`services.contacts.list`",
        "Text Message": "`Text`",
        "Image Message": "`Media`, image",
        "Sticker Message": "`Media`, sticker",
        "Video Message": "`Media`, video",
        "Document Message": "`Media`, document",
        "Location Message": "`Location`",
        "Button Message": "`Buttons`",
        "List Message": "`List`",
        "Single Product Message": "`Product`",
        "Multi-product Message": "`Products`",
        "Add Text Template": "`services.templates.create`",
        "Add Text Template with Variables": "`services.templates.create` with `examples`",
        "Add Button Template": "`services.templates.create` with `quick_reply` buttons",
        "Add Template with CTA": "`services.templates.create` with a `url` and a `phone` button",
        "Add Image Template": "`services.templates.create` with an image header",
        "Add Video Template": "`services.templates.create` with a video header",
        "Add document Template": "`services.templates.create` with a document header",
        "Get All Templates": "`services.templates.list`",
        "Get Pending Templates": '`services.templates.list`, `status="pending"`',
        "Get Approved Templates": '`services.templates.list`, `status="approved"`',
        "Get Rejected Templates": '`services.templates.list`, `status="rejected"`',
        "Send Text Message": "`Template`",
        "Send Text Message with Variables": "`Template(body=...)`",
        "Send Text Message with CTA": "`Template(buttons=...)`",
        "Send Image Message": "`Template(header=Media)`, image",
        "Send Video Message": "`Template(header=Media)`, video",
        "Send Document Message": "`Template(header=Media)`, document",
    },
    deviations=DEVIATIONS,
)
