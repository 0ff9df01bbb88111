"""Makes a template for each contact of a list, before anything of it is stored or sent."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from engine.core.addresses import canonical_phone
from engine.core.content import ButtonValue, Media, Sms, Template
from engine.core.errors import ContentRejected, DefinitionError
from engine.core.templates import fit, places
from engine.ports.services import TemplateInfo
from storage.broadcasts import Recipient
from web.contact_file import ContactFile, ContactRow, folded

_HEADER = re.compile(r"header(?: (image|video|document))?")
_BUTTON = re.compile(r"button (\d+)(?: (url|quick reply|copy code))?")

PROVIDERS_WITH_SMS = frozenset({"interakt"})
"""Who sends an SMS where it cannot deliver a template."""

Cells = Mapping[str, str]


class Prepared(NamedTuple):
    """A list of contacts with what each of them gets."""

    recipients: list[Recipient]
    """One a contact, in the order of the list; those that get nothing too."""
    duplicates: list[tuple[int, int]]
    """Rows with a number that an earlier row has, and that row; a contact gets one message."""
    unused: tuple[str, ...]
    """Columns that nothing of the template asks for."""

    @property
    def wrong(self) -> list[Recipient]:
        """Those that get nothing."""
        return [one for one in self.recipients if one.problem is not None]

    @property
    def right(self) -> int:
        """How many get a message."""
        return len(self.recipients) - len(self.wrong)


def prepare(contacts: ContactFile, template: TemplateInfo, *, sms: Sms | None = None) -> Prepared:
    """Fill a template for each contact.

    A place of the body takes the column of its name. Where the places are numbers and no column is called so, they take
    the columns in their order. The columns `header`, `header_image`, `header_video`, `header_document` (an address),
    `button_0`, `button_1`, … fill the header and the buttons.

    Args:
        contacts: The list.
        template: Whose body's places are filled; without a known body, every column is a variable.
        sms: What goes out where WhatsApp does not reach; its variables are names of columns.

    Raises:
        DefinitionError: The columns do not fit the template.
    """
    columns = {folded(name): name for name in contacts.columns}
    parts = {
        name for key, name in columns.items() if _HEADER.fullmatch(key) or _BUTTON.fullmatch(key)
    }
    body = _body_columns(template, columns, [n for n in contacts.columns if n not in parts])
    texts = [_column(columns, name, "the SMS") for name in sms.variables] if sms else []

    named = places_of(template) or ()
    names = () if all(map(str.isdecimal, named)) else named

    def fill(cells: Cells) -> Template:
        content = Template(
            name=template.name,
            language=template.language,
            id=template.id,
            namespace=template.namespace,
            body=tuple(_value(cells, name) for name in body),
            names=names,
            header=_header(cells, columns),
            buttons=tuple(_buttons(cells, columns)),
            sms=sms and sms.model_copy(update={"variables": tuple(map(cells.__getitem__, texts))}),
        )
        return fit([template.known], content, language=None)

    used = {*body, *parts, *texts}
    unused = tuple(name for name in contacts.columns if name not in used)
    return _prepared(contacts.rows, fill, unused)


def sms_problem(provider: str, sms: Sms | None) -> str | None:
    """Return why this, or anything, cannot go out by SMS in place of a message; None if it can."""
    if provider not in PROVIDERS_WITH_SMS:
        return f"the provider {provider!r} sends no SMS"
    if sms is None:
        return None
    wanted = len(places(sms.message))
    if len(sms.variables) != wanted:
        return f"the SMS has {wanted} variables to fill, {len(sms.variables)} given"
    return None


def _prepared(
    rows: Sequence[ContactRow], fill: Callable[[Cells], Template], unused: tuple[str, ...]
) -> Prepared:
    recipients: list[Recipient] = []
    duplicates: list[tuple[int, int]] = []
    first: dict[str, int] = {}
    for row in rows:
        if row.problem is not None:
            recipients.append(Recipient(row.number, row.phone, None, row.problem))
            continue
        known = first.setdefault(canonical_phone(row.phone), row.number)
        if known != row.number:
            duplicates.append((row.number, known))
            continue
        try:
            recipients.append(Recipient(row.number, row.phone, fill(row.values)))
        except _Missing as missing:
            problem = f"nothing in column {missing}"
            recipients.append(Recipient(row.number, row.phone, None, problem))
        except ContentRejected as rejected:
            recipients.append(Recipient(row.number, row.phone, None, str(rejected)))
    return Prepared(recipients, duplicates, unused)


class _Missing(Exception):
    """A contact has no value for a place of the template."""


def _value(cells: Cells, name: str) -> str:
    """Return what goes into a place: WhatsApp takes no line breaks there and no runs of spaces."""
    value = " ".join(cells[name].split())
    if not value:
        raise _Missing(repr(name))
    return value


def places_of(template: TemplateInfo) -> tuple[str, ...] | None:
    """Return the names of the body's places, each once; None where the body is not known."""
    if template.shape is not None:
        return template.shape.variables
    return None if template.body is None else places(template.body)


def _body_columns(
    template: TemplateInfo, columns: Mapping[str, str], plain: Sequence[str]
) -> list[str]:
    wanted = places_of(template)
    if wanted is None:
        return list(plain)
    known = [columns.get(folded(place)) for place in wanted]
    if all(map(str.isdecimal, wanted)) and not any(known) and len(plain) >= len(wanted):
        return list(plain[: len(wanted)])
    return [
        _column(columns, place, f"the template {template.name!r} ({template.language})")
        for place in wanted
    ]


def _column(columns: Mapping[str, str], name: str, what: str) -> str:
    found = columns.get(folded(name))
    if found is None:
        told = ", ".join(map(repr, columns.values())) or "none but the number's"
        raise DefinitionError(f"{what} needs a column {name!r}; the contacts have {told}")
    return found


def _header(cells: Cells, columns: Mapping[str, str]) -> str | Media | None:
    for key, name in columns.items():
        found = _HEADER.fullmatch(key)
        if found is None:
            continue
        value = _value(cells, name)
        match found[1]:
            case "image" | "video" | "document" as kind:
                return Media(kind=kind, url=value)
            case _:
                return value
    return None


def _buttons(cells: Cells, columns: Mapping[str, str]) -> list[ButtonValue]:
    buttons: list[ButtonValue] = []
    for key, name in columns.items():
        found = _BUTTON.fullmatch(key)
        if found is None:
            continue
        value = _value(cells, name)
        match found[2]:
            case "quick reply":
                buttons.append(ButtonValue(index=int(found[1]), value=value, use="quick_reply"))
            case "copy code":
                buttons.append(ButtonValue(index=int(found[1]), value=value, use="copy_code"))
            case _:
                buttons.append(ButtonValue(index=int(found[1]), value=value))
    return sorted(buttons, key=lambda button: button.index)
