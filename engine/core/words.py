"""The words a contact may say anywhere, and those that need no answer; English as data, by meaning."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

Word = Literal["menu", "back", "cancel", "restart", "help", "agent", "language"]
"""What a word that works anywhere means."""

WORDS: Mapping[str, Word] = {
    "menu": "menu",
    "main menu": "menu",
    "back": "back",
    "go back": "back",
    "cancel": "cancel",
    "restart": "restart",
    "start over": "restart",
    "help": "help",
    "agent": "agent",
    "human": "agent",
    "talk to a person": "agent",
}

THANKS = frozenset(
    {
        "thanks",
        "thank you",
        "thank you very much",
        "thanks a lot",
        "many thanks",
        "thx",
        "ty",
        "ok",
        "okay",
        "ok thanks",
        "ok thank you",
        "great",
        "perfect",
        "cool",
        "bye",
    }
)
"""What people say when a talk is over and nothing is asked."""

MORE = frozenset({"more", "next", "next page"})
"""What turns the page of a long list, beside its own row."""

_ACCENTS = re.compile("[̀-ͯ]")  # Latin, Greek and Cyrillic; other scripts spell with their marks
_EDGES = " .,;:!?¡¿…\"'“”‘’«»()[]*_~`"


def fold(text: str) -> str:
    """Return the text as it is compared: case, accents, outer punctuation and runs of spaces gone."""
    if text.isascii():
        plain = text.lower()
    else:
        # Decomposed first: only then are mathematical letters and the like letters that casefold knows.
        letters = unicodedata.normalize("NFKD", text).casefold()
        plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", letters))
    return " ".join(plain.split()).strip(_EDGES)


fold_known = lru_cache(maxsize=8192)(fold)
"""`fold` for what authors wrote (titles, synonyms, starting words), which comes up at every message."""


def word_of(text: str) -> Word | None:
    """Return what the text means anywhere, or None; only the whole message counts."""
    return WORDS.get(fold(text))


def needs_no_answer(text: str) -> bool:
    """Tell whether the text is a thanks, an ok or nothing but emoji."""
    return fold(text) in THANKS or is_emoji(text)


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
