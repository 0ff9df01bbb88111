"""What was typed with what cannot be seen taken out, and letters and digits in their plain form."""

import re
import unicodedata

_KEPT = frozenset("\u200c\u200d")
"""Joiners: Hindi and Persian spell with them."""

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")


class _Plain(dict[int, str]):
    """What each character becomes; filled in as they come up."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain_character(chr(code))
        return plain


def _plain_character(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign in _KEPT or (category == "Mn" and not "\ufe00" <= sign <= "\ufe0f"):
        return sign
    if sign in "\n\u2028\u2029":
        return "\n"
    if category == "Zs" or sign in "\t\r":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if "\uff01" <= sign <= "\uff5e":  # full-width forms
        return chr(ord(sign) - 0xFEE0)
    # Control characters, text direction, lone halves of surrogates; the selector and the box of a keycap.
    return "" if category in ("Cc", "Cf", "Cs", "Cn", "Co", "Me", "Mn") else sign


_PLAIN = _Plain()


def plain(text: str) -> str:
    """Return the text with digits of every script as 0-9, full-width signs as usual ones, one kind of dash and space.

    Marks of text direction, control characters and lone surrogates are gone; line breaks stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return _DASHES.sub("-", text.translate(_PLAIN))
