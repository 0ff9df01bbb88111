"""The engine's languages: each complete, each word telling one thing, each found whatever way it is typed."""

import pytest

from engine.core.language import TEXT_NAMES, TITLES, Language, Languages
from engine.core.languages import CANCELS, ENGLISH, IN_ENGLISH, LANGUAGES
from engine.core.lengths import utf16_length
from engine.core.limits import BUTTON_TITLE
from engine.core.words import fold
from engine.flow.text import parse_text

ALL = Languages(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_language_says_everything(language: Language) -> None:
    assert set(language.texts) == set(TEXT_NAMES)
    assert set(language.expected) == set(ENGLISH.expected)
    assert set(language.words) == set(ENGLISH.words)
    assert all(language.words.values())
    assert language.more
    assert language.thanks
    assert language.change


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_titles_fit_on_buttons(language: Language) -> None:
    assert [name for name in TITLES if utf16_length(language.texts[name]) > BUTTON_TITLE] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_text_has_the_placeholders_of_the_english_one(language: Language) -> None:
    for here, english in ((language.texts, ENGLISH.texts), (language.expected, ENGLISH.expected)):
        for name, text in english.items():
            assert _placeholders(here[name]) == _placeholders(text), name  # type: ignore[index]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_way_of_correcting_says_what_to(language: Language) -> None:
    assert all(way.count("{value}") == 1 for way in language.change)
    assert all(way.count("{field}") <= 1 for way in language.change)


def test_a_word_means_the_same_in_every_language() -> None:
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for said, word in language.meant.items():
            meanings.setdefault(said, set()).add(word)
    assert {said: words for said, words in meanings.items() if len(words) > 1} == {}


@pytest.mark.parametrize(
    ("locale", "said", "word"),
    [
        (None, "MENU", "menu"),
        (None, "Start  over", "restart"),
        ("es-MX", "atras", "back"),
        ("es", "help", "help"),
        ("ar", "الْغِي", "cancel"),
        ("de", "ZURUCK", "back"),
        (None, "cancel my order", None),
        (None, "", None),
    ],
)
def test_only_a_whole_message_is_a_word(locale: str | None, said: str, word: str | None) -> None:
    found = ALL.word(locale, fold(said))
    assert (found and found[0]) == word


def test_the_contacts_own_language_is_asked_first() -> None:
    found = ALL.word("pt", "menu")
    assert found is not None
    assert found[1].code == "pt"


def test_a_locale_without_its_language_talks_the_lines_own() -> None:
    assert IN_ENGLISH.of("es-MX") is ENGLISH
    assert ALL.of("es_MX").code == "es"
    assert ALL.of(None) is ENGLISH


@pytest.mark.parametrize("said", ["Thanks!", "OK", "gracias", "شكراً"])
def test_what_ends_a_talk(said: str) -> None:
    assert ALL.ends(fold(said))


@pytest.mark.parametrize("said", ["Thanks for nothing", "ok?why", ""])
def test_what_does_not(said: str) -> None:
    assert not ALL.ends(fold(said))


def test_a_page_is_turned_in_any_of_the_languages() -> None:
    assert ALL.turns_page("mas")
    assert not IN_ENGLISH.turns_page("mas")


def test_a_running_step_is_cancelled_in_every_language() -> None:
    assert {"cancel", "cancelar", "annuler", "abbrechen"} <= CANCELS


def _placeholders(text: str) -> set[str]:
    return {placeholder.name for placeholder in parse_text(text).placeholders}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_language_knows_the_words_that_tell_nothing(language: Language) -> None:
    assert len(language.small_words) > 50
    assert not any(" " in word for word in language.small_words)
    assert language.asking_words
    assert language.suffixes
