"""The usual capitals of a name that was typed without them, or in capitals alone; by nameparser."""

import re

from engine.flow.answers.names.speech import PARTICLES, TITLES

INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?")
"""`T.J.`"""

CONJUNCTIONS = frozenset({"y", "e", "i", "und"})
_SHORT = frozenset({"ng", "jr", "sr", "st", "md"})
"""Words without a vowel that are no initials."""
_VOWEL = re.compile("[aeiouyæœø]")


def cased(words: list[str], language: str) -> str:
    """Return the name with its usual capitals where it was typed without, or in capitals alone."""
    from nameparser import Role  # 90 ms, for those who ask for a name
    from nameparser import parse as parse_name

    parsed = parse_name(" ".join(words))
    fixed = parsed.capitalized(force=True)
    if [token.text for token in parsed.tokens] != words:
        return " ".join(words)
    kept: list[str] = []
    for typed, token in zip(words, fixed.tokens, strict=True):
        if (
            token.role is Role.TITLE
            and typed is not words[-1]
            and typed.casefold().strip(".") in TITLES
        ):
            continue
        kept.append(_repaired(typed, token.text, kept, language))
    return " ".join(kept)


def _repaired(typed: str, fixed: str, before: list[str], language: str) -> str:
    small = typed.casefold()
    letters = re.sub(r"\W", "", small)
    if not (typed.islower() or typed.isupper()) or (INITIALS.fullmatch(typed) and typed.isupper()):
        return typed
    if len(letters) == 2 and letters not in _SHORT and _VOWEL.search(letters) is None:
        return typed.upper()
    if small.startswith(("al-", "el-")) or (not before and small not in ("von", "zu")):
        return fixed[0].upper() + fixed[1:]
    if not before and typed.islower():
        return typed
    if before and language == "fr" and small in ("le", "la") and before[-1] != "de":
        return fixed.capitalize()
    if before and language == "fr" and small.startswith("d'"):
        return fixed[0].lower() + fixed[1:]
    return small if before and small in PARTICLES else fixed
