"""What words are to the engine: how texts are compared, what a word that works anywhere can mean."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Word = Literal["menu", "back", "cancel", "restart", "help", "agent", "language"]
"""What a word that works anywhere means."""

# Latin, Greek and Cyrillic accents, Arabic vowel signs, hamzas and the stretching sign, and Devanagari's dot below,
# which is left out as often as it is typed; other scripts spell with marks.
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u0655\u0670\u0640\u093c]")
_DIGIT = re.compile(r"[^\D0-9]")
# What is written either way: the ends of Arabic words, Devanagari's two signs for a nasal, joined Latin letters.
_VARIANTS = str.maketrans(
    {
        "\u0629": "\u0647",
        "\u0649": "\u064a",
        "\u06cc": "\u064a",
        "\u0901": "\u0902",
        "œ": "oe",
        "æ": "ae",
    }
)
_EDGES = " .,;:!?¡¿…\"'“”‘’«»()[]*_~`؟،؛।"


def fold(text: str) -> str:
    """Return the text as it is compared: digits as ours; case, accents, outer punctuation, runs of spaces gone."""
    if text.isascii():
        plain = text.lower()
    else:
        # Decomposed first: only then are mathematical letters and the like letters that casefold knows.
        letters = unicodedata.normalize("NFKD", text).casefold()
        plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", letters)).translate(_VARIANTS)
        plain = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), plain)
    return " ".join(plain.split()).strip(_EDGES)


fold_known = lru_cache(maxsize=8192)(fold)
"""`fold` for what authors wrote (titles, synonyms, starting words), which comes up at every message."""


def is_emoji(text: str) -> bool:
    """Tell whether the text is made of emoji alone."""
    if text.isascii():
        return False
    signs = [sign for sign in text if not sign.isspace()]
    return any(unicodedata.category(sign) == "So" for sign in signs) and all(
        unicodedata.category(sign) in _EMOJI_PARTS for sign in signs
    )


# Symbols, skin tones (Sk), variation selectors (Mn), the keycap (Me), joiners and tags (Cf).
_EMOJI_PARTS = frozenset({"So", "Sk", "Mn", "Me", "Cf"})
