"""Titles, emoji, synonyms, numbers, typing errors, and the words that work anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.conversation import Offer, OfferedOption
from engine.core.matching import match_exact, match_fuzzy, match_number, number_in
from engine.core.words import WORDS, fold, is_emoji, needs_no_answer, word_of


def offer(*titles: str, says: tuple[str, ...] = (), first: int = 0) -> Offer:
    options = tuple(
        OfferedOption(key=str(index), title=title, value=title, says=says if index == 0 else ())
        for index, title in enumerate(titles)
    )
    return Offer(step="q", turn=1, options=options, first=first)


def exact(shown: Offer, text: str) -> tuple[str, str] | None:
    match = match_exact(shown, text)
    return None if match is None else (match.option.title, match.how)


def fuzzy(shown: Offer, text: str) -> str | None:
    match = match_fuzzy(shown, text)
    return None if match is None else match.option.title


def test_case_and_accents_do_not_matter() -> None:
    assert exact(offer("Café", "Té"), "CAFE") == ("Café", "title")


def test_vowel_marks_of_other_scripts_do_matter() -> None:
    assert exact(offer("दिन", "दान"), "दिन") == ("दिन", "title")
    assert fold("दिन") != fold("दान")


def test_the_exact_title_wins_where_folding_makes_two_equal() -> None:
    shown = offer("Resume", "Résumé")
    assert exact(shown, "Résumé") == ("Résumé", "title")
    assert exact(shown, "RESUME") is None


def test_equal_titles_are_never_picked_by_title() -> None:
    assert exact(offer("Red", "Red"), "Red") is None


def test_a_synonym_of_two_options_is_never_picked() -> None:
    two = Offer(
        step="q",
        turn=1,
        options=tuple(
            OfferedOption(key=title, title=title, value=title, says=("it",))
            for title in ("One", "Two")
        ),
    )
    assert exact(two, "it") is None


def test_an_emoji_may_be_a_synonym() -> None:
    assert exact(offer("Yes", "No", says=("👍",)), "👍") == ("Yes", "synonym")
    assert exact(offer("Yes", "No", says=("👍️",)), "👍") == ("Yes", "emoji")


def test_an_emoji_of_two_options_is_never_picked() -> None:
    assert exact(offer("🍕 Small", "🍕 Large"), "🍕") is None
    assert exact(offer("Small", "Large"), "🍕") is None


def test_nothing_is_no_option() -> None:
    assert exact(offer("Small", "..."), "  ") is None
    assert exact(offer("Small", "?"), "!!!") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        (" 2. ", 2),
        ("2)", 2),
        ("#2", 2),
        ("٢", 2),
        ("2️⃣", 2),
        ("two", None),
        ("2 please", None),
        ("", None),
        ("1234567890", None),
        ("½", None),
        ("-2", None),
    ],
)
def test_a_number_is_the_whole_text(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(("number", "title"), [(0, None), (1, "A"), (3, "C"), (4, None)])
def test_a_number_is_a_place(number: int, title: str | None) -> None:
    match = match_number(offer("A", "B", "C"), number)
    assert (None if match is None else match.option.title) == title


def test_a_number_counts_from_the_page_shown_last() -> None:
    match = match_number(offer("A", "B", "C", first=1), 2)
    assert match is not None
    assert match.option.title == "C"


def test_a_number_is_never_a_place_among_numeric_titles() -> None:
    assert match_number(offer("2", "4", "6"), 1) is None
    assert exact(offer("2", "4", "6"), "4") == ("4", "title")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("margerita", "Margherita", id="letter-missing"),
        pytest.param("Margherits", "Margherita", id="letter-wrong"),
        pytest.param("quatro", "Quattro", id="double-letter"),
        pytest.param("Qauttro", "Quattro", id="letters-swapped"),
        pytest.param("Quattra", "Quattro", id="another-letter"),
        pytest.param("pizza", None, id="something-else"),
        pytest.param("ma", None, id="too-short"),
        pytest.param("x" * 4096, None, id="very-long"),
    ],
)
def test_a_typing_error_is_forgiven(text: str, title: str | None) -> None:
    assert fuzzy(offer("Margherita", "Quattro", "Diavola 🌶️"), text) == title


def test_a_typing_error_in_a_synonym_is_forgiven() -> None:
    assert fuzzy(offer("Large", "Small", says=("grande",)), "grnde") == "Large"


def test_a_near_tie_is_never_picked() -> None:
    assert fuzzy(offer("Monday morning", "Monday mornings"), "monday mornin") is None


def test_another_number_is_no_typing_error() -> None:
    assert fuzzy(offer("Room 12", "Suite"), "Room 13") is None
    assert fuzzy(offer("Room 12", "Suite"), "Rom 12") == "Room 12"


def test_letters_swapped_in_a_short_title_are_forgiven_and_another_letter_is_not() -> None:
    assert fuzzy(offer("Fruit", "Bread"), "friut") == "Fruit"
    assert fuzzy(offer("Boat", "Train"), "coat") is None


def test_nothing_offered_matches_nothing() -> None:
    assert fuzzy(offer(), "anything") is None
    assert exact(offer(), "anything") is None


@given(st.text(), st.lists(st.text(), max_size=12))
def test_any_text_may_be_matched_against_any_offer(text: str, titles: list[str]) -> None:
    shown = offer(*titles)
    for match in (match_exact(shown, text), match_fuzzy(shown, text)):
        assert match is None or match.option in shown.options
    number = number_in(text)
    assert number is None or number >= 0


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("MENU", "menu"),
        ("cancel.", "cancel"),
        ("Start  over", "restart"),
        ("cancel my order", None),
        ("", None),
    ],
)
def test_only_a_whole_message_is_a_word(text: str, word: str | None) -> None:
    assert word_of(text) == word


def test_every_word_is_written_as_it_is_compared() -> None:
    assert all(fold(word) == word for word in WORDS)


@pytest.mark.parametrize("text", ["Thanks!", "OK", "👍", "🙏🏽", "👩‍👩‍👧", "❤️ 🔥"])
def test_what_needs_no_answer(text: str) -> None:
    assert needs_no_answer(text)


@pytest.mark.parametrize("text", ["Thanks for nothing", "ok?why", "", "\N{VARIATION SELECTOR-16}"])
def test_what_needs_an_answer(text: str) -> None:
    assert not needs_no_answer(text)


def test_digits_are_no_emoji() -> None:
    assert not is_emoji("2")
    assert is_emoji("🇲🇽")
