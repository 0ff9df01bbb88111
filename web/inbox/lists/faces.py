"""What stands in a contact's avatar."""

import unicodedata

TONES = 6
"""Pairs of colours in tokens.css."""

_JOINED = ("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "THAI")
"""Scripts of which two letters side by side would be read as a syllable."""


def initials(name: str | None) -> str:
    """Return one letter or two of a name; empty where it has none, such as a name of emoji alone."""
    words = [letter for word in (name or "").split() if (letter := _first_letter(word))]
    if not words:
        return ""
    if len(words) == 1 or unicodedata.name(words[0][0], "").startswith(_JOINED):
        return words[0]
    return words[0] + words[-1]


def tone(conversation: int) -> int:
    """Return which colours a chat has, the same everywhere."""
    # Ids count time in their upper bits: neighbours would have one colour without the mixing.
    return (conversation * 0x9E3779B97F4A7C15 >> 40) % TONES


def _first_letter(word: str) -> str:
    """Return a word's first letter with the marks that stand on it."""
    for place, sign in enumerate(word):
        if not unicodedata.category(sign).startswith("L"):
            continue
        end = place + 1
        while end < len(word) and unicodedata.category(word[end]).startswith("M"):
            end += 1
        return word[place:end].upper()
    return ""
