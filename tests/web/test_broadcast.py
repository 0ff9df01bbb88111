"""A template filled for each contact of a list, checked before anything is stored."""

from pathlib import Path

import pytest

from engine.core.content import ButtonValue, Media, Sms, Template
from engine.core.errors import DefinitionError
from engine.core.templates import ButtonShape, HeaderShape, TemplateShape
from engine.ports.services import TemplateInfo
from web.broadcast import Prepared, prepare
from web.contact_file import read_contacts
from web.sms_file import read_sms

RECEIPT = TemplateInfo(
    name="receipt", language="en", status="approved", body="Thanks, {{1}}: {{2}} is on its way."
)
NAMED = RECEIPT.model_copy(update={"body": "Hi {{first_name}}, order {{ order }}, {{first_name}}!"})
SMS = Sms(message="Hi {{1}}", sender_id="SHOP", entity_id="1", template_id="2", variables=("Name",))


def made(text: str, template: TemplateInfo = RECEIPT, sms: Sms | None = None) -> Prepared:
    return prepare(read_contacts(text.encode(), where="x.csv"), template, sms=sms)


def only(prepared: Prepared) -> Template:
    (one,) = prepared.recipients
    assert one.content is not None
    return one.content


@pytest.mark.parametrize(
    ("text", "template", "body", "unused"),
    [
        ("phone,name,order,city\n{},Ana,7,Lima", RECEIPT, ("Ana", "7"), ("city",)),
        ("2,1,phone,name\n7,Ana,{},x", RECEIPT, ("Ana", "7"), ("name",)),
        ("Order,First Name,phone\n7,Ana,{}", NAMED, ("Ana", "7"), ()),
        ('a,phone,b\n" A\n  b ",{},c', RECEIPT, ("A b", "c"), ()),
        (
            "a,phone,b\n1,{},2",
            RECEIPT.model_copy(update={"body": None, "id": "9", "namespace": "n"}),
            ("1", "2"),
            (),
        ),
        ("phone,a\n{},1", RECEIPT.model_copy(update={"body": "No place"}), (), ("a",)),
    ],
    ids=["in order", "by number", "by name", "folded", "unknown body", "no place"],
)
def test_columns_fill_the_places(
    text: str, template: TemplateInfo, body: tuple[str, ...], unused: tuple[str, ...]
) -> None:
    prepared = made(text.replace("{}", "5215550000001"), template)
    content = only(prepared)
    assert (content.name, content.language, content.id) == ("receipt", "en", template.id)
    assert content.namespace == template.namespace
    assert content.body == body
    assert prepared.unused == unused


@pytest.mark.parametrize(
    ("column", "header"),
    [
        ("header", "https://x.test/a.png"),
        ("header_image", Media(kind="image", url="https://x.test/a.png")),
        ("Header Document", Media(kind="document", url="https://x.test/a.png")),
    ],
)
def test_header_and_buttons_have_columns_of_their_own(column: str, header: str | Media) -> None:
    text = (
        f"phone,a,b,{column},button_1,button_0_quick_reply,button_2 copy code\n"
        "5215550000001,1,2,https://x.test/a.png,o/7,yes,C7\n"
    )
    content = only(made(text))
    assert content.header == header
    assert content.body == ("1", "2")
    assert content.buttons == (
        ButtonValue(index=0, value="yes", use="quick_reply"),
        ButtonValue(index=1, value="o/7"),
        ButtonValue(index=2, value="C7", use="copy_code"),
    )


def test_an_sms_is_filled_by_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "sms.toml"
    file.write_text(
        'message = "Hi {{1}}"\nsender_id = "SHOP"\nentity_id = "1"\ntemplate_id = "2"\n'
        'variables = ["Name"]\n'
    )
    assert read_sms(file) == SMS
    content = only(made("phone,name,b\n5215550000001,Ana,2\n", sms=read_sms(file)))
    assert content.sms == SMS.model_copy(update={"variables": ("Ana",)})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('message = "Hi"\nsms = 1\n', "sms.toml: sender_id: "),
        ("message =", "sms.toml: cannot be read"),
    ],
)
def test_a_wrong_sms_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "sms.toml").write_text(text)
    with pytest.raises(DefinitionError) as error:
        read_sms(tmp_path / "sms.toml")
    assert told in str(error.value)


def test_wrong_rows_and_doubles_are_told_and_the_others_stay() -> None:
    prepared = made(
        "phone,a,b\n"
        "5215550000001,1,2\n"
        "12,1,2\n"
        "+52 555 000 0001,3,4\n"
        "5215550000002,,2\n"
        "5215550000003,1,2\n"
    )
    assert prepared.right == 2
    assert [one.number for one in prepared.recipients] == [2, 3, 5, 6]
    assert [(one.number, one.problem) for one in prepared.wrong] == [
        (3, "'12' is no phone number with its country code, such as 5215550001"),
        (5, "nothing in column 'a'"),
    ]
    assert prepared.duplicates == [(4, 2)], "Mexico's 1 is no other number"


def test_what_the_template_does_not_take_makes_a_row_wrong() -> None:
    shape = TemplateShape(
        header=HeaderShape(format="image"),
        body="Hi {{first_name}}",
        buttons=(ButtonShape(kind="url", title="See", url="https://x.test/{{1}}"),),
    )
    known = RECEIPT.model_copy(update={"body": None, "shape": shape})
    right = made(
        "phone,First Name,header_image,button_0\n5215550000001,Ana,https://x.test/a.png,7\n", known
    )
    assert only(right).names == ("first_name",)
    (wrong,) = made("phone,First Name,header\n5215550000001,Ana,Hi\n", known).wrong
    assert wrong.problem is not None
    assert "give `header` an image; button 0 needs a value" in wrong.problem


@pytest.mark.parametrize(
    ("text", "template", "sms", "told"),
    [
        (
            "phone,a\n5215550000001,1\n",
            RECEIPT,
            None,
            "the template 'receipt' (en) needs a column '1'; the contacts have 'a'",
        ),
        ("phone\n5215550000001\n", NAMED, None, "'first_name'; the contacts have none but the"),
        ("phone,a,b\n5215550000001,1,2\n", RECEIPT, SMS, "the SMS needs a column 'Name'"),
    ],
)
def test_columns_that_do_not_fit_are_told(
    text: str, template: TemplateInfo, sms: Sms | None, told: str
) -> None:
    with pytest.raises(DefinitionError) as error:
        made(text, template, sms)
    assert told in str(error.value)
