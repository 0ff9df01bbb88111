"""One form for every way a phone number is written, so that a contact is found again however its provider spells it."""

import re
from functools import lru_cache

_NOT_DIGITS = re.compile(r"\D+")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=4096)  # whoever writes will write again
def canonical_phone(phone: str) -> str:
    """Return the number's digits with country code in the one form used to find its contact.

    WhatsApp's ids differ from the numbers that people dial in three countries; sends keep the provider's own form.

    - Mexico: `52 1 …` (mobile, before 2019) and `52 …` are the same line.
    - Argentina: `54 9 …` (mobile, from abroad) and `54 …` likewise.
    - Brazil: mobile numbers written without their ninth digit get it back.
    """
    digits = phone
    if not phone.isdecimal():  # nearly all that providers write is
        digits = _NOT_DIGITS.sub("", phone)
        if not digits or _LETTER.search(phone):
            return phone.strip()  # not a number after all
    if phone.lstrip().startswith("00"):
        digits = digits[2:]
    if len(digits) == 13 and digits.startswith("521"):
        return "52" + digits[3:]
    if len(digits) == 13 and digits.startswith("549"):
        return "54" + digits[3:]
    if len(digits) == 12 and digits.startswith("55") and digits[4] in "6789":
        return digits[:4] + "9" + digits[4:]
    return digits


def spellings_of(phone: str) -> tuple[str, ...]:
    """Return the number as it is given and, in those three countries, as it may be written as well.

    For asking a provider, which finds a person by the very digits it was given.
    """
    digits = canonical_phone(phone)
    given = _NOT_DIGITS.sub("", phone) or phone
    other = digits
    if len(digits) == 12 and digits.startswith(("52", "54")):
        other = f"{digits[:2]}{'1' if digits.startswith('52') else '9'}{digits[2:]}"
    elif len(digits) == 13 and digits.startswith("55") and digits[4] == "9":
        other = digits[:4] + digits[5:]
    return tuple(dict.fromkeys((given.removeprefix("00"), digits, other)))
