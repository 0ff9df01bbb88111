"""A template on its way out -> the body of Karbot's own call; everything else is Gupshup's form. Pure.

Source: public clients of Karbot, read 2026-08; the vendor prints no body.
"""

import phonenumbers

from adapters.gupshup.render import parameters_of
from adapters.wire import write_json
from engine.core.content import Template
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected


def fits_own_call(template: Template) -> bool:
    """Tell whether Karbot's call can carry the template: it has room for texts alone."""
    taps = any(button.use == "quick_reply" for button in template.buttons)
    return not taps and (template.header is None or isinstance(template.header, str))


def render_template(template: Template, *, id: str, contact: Contact) -> bytes:
    """Return the body that sends a template.

    Raises:
        AddressRejected: The contact has no phone, or one of no country.
        ContentRejected: A text cannot be written as JSON.
    """
    code, rest = split_phone(contact.phone)
    body = {
        "countryCode": code,
        "to": rest,
        "templateId": id,
        "variables": list(parameters_of(template)),
    }
    return write_json(body)


def split_phone(phone: str | None) -> tuple[str, str]:
    """Return a number's country code and all that follows it, digit for digit.

    Raises:
        AddressRejected: There is no number, or no country has it.
    """
    if phone is None:
        raise AddressRejected("Karbot sends to phone numbers, and this contact has none")
    try:
        code = str(phonenumbers.parse(f"+{phone}").country_code)
    except phonenumbers.NumberParseException as error:
        raise AddressRejected("no country has such a number") from error
    # What the parser makes of the rest leaves out Mexico's 1, under which WhatsApp may know the contact.
    return code, phone.removeprefix(code)
