"""The engine's own languages, one file each; a translator needs nothing else."""

from collections.abc import Mapping

from engine.core.language import Language, Languages
from engine.core.languages.ar import ARABIC
from engine.core.languages.de import GERMAN
from engine.core.languages.en import ENGLISH
from engine.core.languages.es import SPANISH
from engine.core.languages.fr import FRENCH
from engine.core.languages.hi import HINDI
from engine.core.languages.pt import PORTUGUESE

__all__ = ["CANCELS", "ENGLISH", "INTERRUPTS", "IN_ENGLISH", "LANGUAGES", "STARTS", "STOPS"]

LANGUAGES: tuple[Language, ...] = (ENGLISH, SPANISH, PORTUGUESE, FRENCH, HINDI, ARABIC, GERMAN)
"""All of them; a line talks those that its configuration names, an author's files may change them."""

IN_ENGLISH = Languages((ENGLISH,))
"""What a line talks that names no language."""

CANCELS = frozenset(
    said for language in LANGUAGES for said, word in language.meant.items() if word == "cancel"
)
"""What stops a code step that runs, folded: told apart before anybody knows which line it came on."""

STOPS: Mapping[str, Language] = {
    said: language for language in reversed(LANGUAGES) for said in language.stops
}
"""What stops all messages, folded, and the language it is said in: on every line, whatever that talks."""

STARTS: Mapping[str, Language] = {
    said: language for language in reversed(LANGUAGES) for said in language.starts
}
"""What lets messages come again, folded, and the language it is said in: on every line."""

INTERRUPTS = CANCELS.union(STOPS)
"""What does not wait for a code step that runs."""
