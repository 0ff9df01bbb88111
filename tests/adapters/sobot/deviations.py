"""Where we do not send what an example of Sobot's page shows, and why."""

from tests.adapters.examples import Deviation

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
    *(Deviation(name, "json", LINE_ENDS) for name in HANDED_IN[:4]),
    *(Deviation(name, "json", NO_COMMA) for name in MEDIA),
    Deviation("Add Template with CTA", "body.example_webiste", MISSPELLED),
    Deviation("Add Template with CTA", "body.example_website", MISSPELLED),
    Deviation(
        "Send Text Message with CTA",
        "json",
        "a comma is missing behind the button's index: no JSON; we send the same number",
    ),
)
