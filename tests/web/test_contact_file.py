"""Lists of contacts as people export them."""

import pytest

from engine.core.errors import DefinitionError
from web.contact_file import PHONE_COLUMNS, ContactRow, folded, read_contacts, read_phone

PLAIN = "phone,name,order\n5215550000001,Ana,7\n+52 1 555 000 0002,Béa,8\n"
ROWS = [
    ContactRow(2, "5215550000001", {"name": "Ana", "order": "7"}),
    ContactRow(3, "5215550000002", {"name": "Béa", "order": "8"}),
]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN.encode(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="utf-8 with its mark"),
        pytest.param(PLAIN.encode("utf-16"), id="utf-16"),
        pytest.param(PLAIN.encode("cp1252"), id="windows"),
        pytest.param(PLAIN.replace(",", ";").encode(), id="semicolons"),
        pytest.param(PLAIN.replace(",", "\t").encode(), id="tabs"),
        pytest.param(PLAIN.replace(",", "|").encode(), id="bars"),
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), id="windows' line ends"),
        pytest.param(PLAIN.replace("7", " 7 ").replace("phone", " Phone ").encode(), id="spaces"),
        pytest.param(PLAIN.replace("Ana", '"Ana"').encode(), id="quotes"),
        pytest.param((PLAIN + "\n,,\n").encode(), id="empty rows"),
    ],
)
def test_a_list_is_read_whatever_wrote_it(data: bytes) -> None:
    found = read_contacts(data, where="x.csv")
    assert found.columns == ("name", "order")
    assert found.rows == ROWS


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'sep=;\nname;phone\n"Ana\nMaría";5215550000001\n\nBen;12\nEva;5215550000003;x\nZoe\n'
    rows = read_contacts(text.encode(), where="x.csv").rows
    assert [(row.number, row.values["name"]) for row in rows] == [
        (3, "Ana\nMaría"),
        (6, "Ben"),
        (7, "Eva"),
        (8, "Zoe"),
    ]
    assert [row.problem for row in rows] == [
        None,
        "'12' is no phone number with its country code, such as 5215550001",
        "3 cells where the header has 2; is a text not in quotes?",
        "no number",
    ]


@pytest.mark.parametrize("name", ["Teléfono", "TELEFONO", "Phone_Number", "رقم الهاتف", "Handy"])
def test_the_column_of_numbers_is_found_by_its_name(name: str) -> None:
    found = read_contacts(f"a,{name}\n1,5215550000001\n".encode(), where="x.csv")
    assert found.columns == ("a",)


def test_the_plainest_name_wins_and_the_other_is_a_variable() -> None:
    found = read_contacts(b"number,phone\n7,5215550000001\n", where="x.csv")
    assert found.rows == [ContactRow(2, "5215550000001", {"number": "7"})]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            b"",
            "x.csv: there is nothing in it; its first row names the columns, one of them 'phone'",
        ),
        (b"name,order\nAna,7\n", "the header has 'name', 'order'; call it 'phone'"),
        (b"phone,a,a\n1,2,3\n", "x.csv: two columns are called 'a'"),
        (b"phone,a\n", "x.csv: there is no contact below the header"),
        (b'phone,a\n1,"' + b"x" * 200_000 + b'"\n', "x.csv: line 2 cannot be read"),
    ],
    ids=["nothing", "no numbers", "twice", "no contact", "a cell without end"],
)
def test_what_is_no_list_is_told(data: bytes, told: str) -> None:
    with pytest.raises(DefinitionError) as error:
        read_contacts(data, where="x.csv")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("+52 (1) 555-000-0001", None, "5215550000001"),
        ("0052 1 555 000 0001", None, "5215550000001"),
        ('="5215550000001"', None, "5215550000001"),
        ("'5215550000001", None, "5215550000001"),
        ("5215550000001.0", None, "5215550000001"),
        ("whatsapp:+5215550000001", None, "5215550000001"),
        ("٥٢١٥٥٥٠٠٠٠٠٠١", None, "5215550000001"),
        ("\u202a+52 1 555 000 0001\u202c", None, "5215550000001"),
        ("55 5000 0001", "mx", "525550000001"),
        ("+49 171 5550000", "MX", "491715550000"),
        ("5.21555E+12", None, None),
        ("0171 5550000", None, None),
        ("12", "MX", None),
        ("Ana", "MX", None),
        ("1234567890123456", None, None),
    ],
)
def test_numbers_come_to_one_form(text: str, country: str | None, digits: str | None) -> None:
    found, problem = read_phone(text, country)
    assert (found, problem is None) == (digits or text, digits is not None)


def test_a_number_that_a_spreadsheet_cut_is_told_as_that() -> None:
    assert read_phone("5,2E+12")[1] == (
        "'5,2E+12' was cut by a spreadsheet: format its column as text"
    )


def test_every_name_of_the_column_is_its_own() -> None:
    names = [folded(name) for name in PHONE_COLUMNS]
    assert all(names)
