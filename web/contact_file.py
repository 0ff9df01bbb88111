"""Reads a list of contacts as spreadsheets write it: CSV of any usual kind, a header, one contact a row."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import phonenumbers

from engine.core.errors import DefinitionError

SEPARATORS = (",", ";", "\t", "|")

PHONE_COLUMNS = (
    *("phone", "phone number", "whatsapp", "whatsapp number", "wa id", "msisdn", "mobile"),
    *("mobile number", "mobile phone", "cell", "cell phone", "cellphone", "telephone", "tel"),
    *("phone no", "mobile no", "contact number", "number", "recipient", "to"),
    *("teléfono", "numero de teléfono", "celular", "móvil", "número"),
    *("telefone", "número de telefone", "telemóvel"),
    *("téléphone", "numéro de téléphone", "portable", "numéro"),
    *("telefon", "telefonnummer", "handy", "handynummer", "mobilnummer", "rufnummer"),
    *(
        "الهاتف",
        "هاتف",
        "رقم الهاتف",
        "جوال",
        "رقم الجوال",
        "फ़ोन",
        "फ़ोन नंबर",
        "मोबाइल",
        "मोबाइल नंबर",
    ),
)
"""What the column of numbers is called, the plainest first."""

_NUMBER = re.compile(r"[1-9][0-9]{6,14}")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")


class ContactRow(NamedTuple):
    """One row of the file."""

    number: int
    """Its line in the file, from 1."""
    phone: str
    """Digits with country code; as it was written where it is no number."""
    values: dict[str, str]
    """The other cells by their column; "" where a row is short."""
    problem: str | None = None
    """Why nobody can be reached by it."""


class ContactFile(NamedTuple):
    """A list of contacts."""

    columns: tuple[str, ...]
    """All but the one with the numbers, as the header names them."""
    rows: list[ContactRow]


def read_contacts(data: bytes, *, where: str, country: str | None = None) -> ContactFile:
    """Read a list of contacts.

    Args:
        data: UTF-8 with or without a mark, UTF-16 with one, else what Windows writes in the west; separated by comma,
            semicolon, tab or bar.
        where: What an error's message begins with.
        country: Two letters, such as `MX`: what numbers without a country code belong to.

    Raises:
        DefinitionError: It has no header, or none of its columns is called as numbers are.
    """
    records = _records(_decoded(data), where)
    _, header = next(records, (0, []))
    columns = [_tidy(name) for name in header]
    place = _phone_column(columns, where)
    repeated = {name for name in columns if name and columns.count(name) > 1}
    if repeated:
        raise DefinitionError(f"{where}: two columns are called {sorted(repeated)[0]!r}")
    names = [name for at, name in enumerate(columns) if name and at != place]
    rows = [_row(number, cells, columns, place, country) for number, cells in records]
    if not rows:
        raise DefinitionError(f"{where}: there is no contact below the header")
    return ContactFile(tuple(names), rows)


def _row(
    number: int, cells: list[str], columns: list[str], place: int, country: str | None
) -> ContactRow:
    padded = chain(cells, [""] * len(columns))
    values = {name: cell.strip() for name, cell in zip(columns, padded, strict=False) if name}
    raw = cells[place].strip() if place < len(cells) else ""
    values.pop(columns[place])
    phone, problem = read_phone(raw, country)
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if extra:
        problem = (
            f"{len(cells)} cells where the header has {len(columns)}; is a text not in quotes?"
        )
    return ContactRow(number, phone, values, problem)


# --- numbers ----------------------------------------------------------------------------------------------


def read_phone(text: str, country: str | None = None) -> tuple[str, str | None]:
    """Return a number's digits with country code, and what is wrong with it if it is none."""
    if not text:
        return "", "no number"
    if _SCIENTIFIC.fullmatch(text):
        return text, f"{text!r} was cut by a spreadsheet: format its column as text"
    plain = "".join(_ascii(sign) for sign in text)
    plain = re.sub(r"^(?:tel|whatsapp):", "", plain, flags=re.IGNORECASE).strip(
        "=\"' \u200e\u202a\u202c"
    )
    plain = plain.removesuffix(".0")
    if country is not None and not plain.startswith(("+", "00")):
        return _national(plain, country)
    found = re.sub(r"[\s()./\u2010-\u2015-]|^\+", "", plain).removeprefix("00")
    if not _NUMBER.fullmatch(found):
        return text, f"{text!r} is no phone number with its country code, such as 5215550001"
    return found, None


def _national(text: str, country: str) -> tuple[str, str | None]:
    """Read a number as people of a country dial it."""
    try:
        number = phonenumbers.parse(text, country.upper())
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        return text, f"{text!r} is no phone number of {country.upper()}"
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}", None


def _ascii(sign: str) -> str:
    """Return a digit of any script as we write it, anything else as it is."""
    if sign.isascii() or not sign.isdecimal():
        return sign
    return str(unicodedata.decimal(sign))


# --- the file ---------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _records(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not empty, with the line that it begins on."""
    lines = text.splitlines(keepends=True)
    skipped = 0
    separator = None
    told = re.fullmatch(r'"?sep=(.)"?', lines[0].strip("\r\n")) if lines else None
    if told is not None:  # a spreadsheet's own first line
        separator, skipped = told[1], 1
    head = next((line for line in lines[skipped:] if line.strip()), "")
    reader = csv.reader(
        io.StringIO("".join(lines[skipped:]), newline=""), delimiter=separator or _separator(head)
    )
    begins = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        raise DefinitionError(f"{where}: line {begins} cannot be read: {error}") from None


def _separator(head: str) -> str:
    """Return what stands between the header's names, quoted texts apart."""
    bare = re.sub(r'"[^"]*"', "", head)
    return max(SEPARATORS, key=bare.count)


def _tidy(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split())


def folded(name: str) -> str:
    """Return a column's name without what is not the same everywhere: case, accents, signs between words."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(re.split(r"[\W_]+", kept)).strip()


def _phone_column(columns: list[str], where: str) -> int:
    known = [folded(name) for name in columns]
    for name in PHONE_COLUMNS:
        if folded(name) in known:
            return known.index(folded(name))
    told = ", ".join(repr(name) for name in columns if name)
    if not told:
        raise DefinitionError(
            f"{where}: there is nothing in it; its first row names the columns, one of them 'phone'"
        )
    raise DefinitionError(
        f"{where}: no column of phone numbers; the header has {told}; call it 'phone'"
    )
