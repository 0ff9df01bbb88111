"""How people tell their names: one module a language, nothing but words."""

from collections.abc import Mapping

from engine.flow.answers.names.ar import ARABIC
from engine.flow.answers.names.de import GERMAN
from engine.flow.answers.names.en import ENGLISH
from engine.flow.answers.names.es import SPANISH
from engine.flow.answers.names.fr import FRENCH
from engine.flow.answers.names.hi import HINDI
from engine.flow.answers.names.pt import PORTUGUESE
from engine.flow.answers.names.words import NameWords

LANGUAGES: Mapping[str, NameWords] = {
    "ar": ARABIC,
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "hi": HINDI,
    "pt": PORTUGUESE,
}
