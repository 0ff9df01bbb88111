"""Places, parts of titles, and the words around a choice; what may be two options is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.choosing import Place, match_words, options_at, place_in
from engine.core.conversation import Offer
from engine.core.language import Languages
from engine.core.languages import IN_ENGLISH, LANGUAGES
from engine.core.matching import Match
from engine.core.wording import LAST, Wording
from tests.core.test_matching import offer

ALL = Languages(LANGUAGES).wording
ENGLISH = IN_ENGLISH.wording

SIZES = ("Small (25 cm)", "Medium (28 cm)", "Large (33 cm)")
KITCHEN = ("Cheese pizza", "Cheese fries", "Green salad", "Pizza with no cheese")


def at(shown: Offer, number: int, end: int | None = None, *, counted: bool = False) -> list[str]:
    place = Place(number, counted)
    options = options_at(shown, place, len(shown.options) if end is None else end, ALL)
    return [option.title for option in options]


def meant(shown: Offer, text: str, wording: Wording = ALL) -> list[str]:
    found = match_words(shown, text, wording)
    options = (found.option,) if isinstance(found, Match) else found
    return [option.title for option in options]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2", 2),
        ("2️⃣", 2),
        ("٢", 2),
        ("two", 2),
        ("dos", 2),
        ("दो", 2),
        ("the second one", 2),
        ("Second one, please!", 2),
        ("I'd like the second", 2),
        ("2nd", 2),
        ("the 3rd option", 3),
        ("option 2", 2),
        ("option two please", 2),
        ("number one", 1),
        ("option 2️⃣", 2),
        ("No. 2", None),
        ("first", 1),
        ("last", LAST),
        ("the last one", LAST),
        ("el segundo", 2),
        ("la segunda, por favor", 2),
        ("la 2ª", 2),
        ("quiero el último", LAST),
        ("a última", LAST),
        ("o segundo", 2),
        ("a segunda", 2),
        ("opção 3", 3),
        ("le deuxième", 2),
        ("le 2ème s'il vous plaît", 2),
        ("la première", 1),
        ("der zweite", 2),
        ("das zweite bitte", 2),
        ("den letzten", LAST),
        ("दूसरा", 2),
        ("दूसरा वाला", 2),
        ("doosra", 2),
        ("dusri wali", 2),
        ("आखिरी", LAST),
        ("الثاني", 2),
        ("الثانية من فضلك", 2),
        ("الخيار الثالث", 3),
        ("الأخير", LAST),
        ("رقم ٣", 3),
    ],
)
def test_a_place_is_named(text: str, place: int | None) -> None:
    found = place_in(text, ALL)
    assert (found and found.number) == place


@pytest.mark.parametrize(
    "text",
    [
        "not the second",
        "anything but the first",
        "no la segunda",
        "nicht der zweite",
        "pas le deuxième",
        "ليس الثاني",
        "दूसरा नहीं",
        "the first or the second",
        "the first two",
        "the second last",
        "one second",
        "just a second",
        "give me a second",
        "un segundo",
        "une seconde s'il vous plaît",
        "the second of March",
        "when is the second one ready?",
        "the second one?",
        "two please",
        "I want one",
        "option 2 or 3",
        "number of options",
        "option b",
        "second floor",
        "2 kg",
        "12th floor",
        "",
        "the second " + "really " * 20,
    ],
)
def test_no_place_is_named(text: str) -> None:
    assert place_in(text, ALL) is None


def test_a_language_that_nobody_talks_here_counts_nothing() -> None:
    assert place_in("doosra", ENGLISH) is None


def test_a_word_that_is_two_numbers_is_none() -> None:
    one, other = LANGUAGES[0].choosing, LANGUAGES[1].choosing
    swapped = Wording((one, type(one)(ordinals=("second", "first")), other))
    assert place_in("second", swapped) is None
    assert place_in("third", swapped) == Place(3, counted=True)


@pytest.mark.parametrize(
    ("place", "titles"), [(0, []), (1, ["A"]), (3, ["C"]), (4, []), (LAST, ["C"])]
)
def test_an_option_stands_at_its_place(place: int, titles: list[str]) -> None:
    assert at(offer("A", "B", "C"), place) == titles


def test_places_count_from_the_page_shown_last() -> None:
    assert at(offer("A", "B", "C", first=1), 2) == ["C"]


def test_a_title_that_counts_may_be_meant_by_its_ordinal() -> None:
    floors = offer("Third floor", "2nd floor", "First floor")
    assert at(floors, 1, counted=True) == ["First floor", "Third floor"]
    assert at(floors, 2, counted=True) == ["2nd floor"]
    assert at(offer("2 kg", "5 kg"), 2, counted=True) == ["5 kg"]


def test_where_numbers_were_shown_they_alone_are_meant() -> None:
    shown = offer("2 kg", "5 kg")
    assert options_at(shown, Place(2, counted=False), 2, None) == shown.options[1:]


def test_the_last_of_a_page_may_be_the_last_of_all() -> None:
    assert at(offer("A", "B", "C"), LAST, end=2) == ["B", "C"]


def test_nothing_is_last_where_nothing_is_offered() -> None:
    assert at(offer(), LAST) == []


def test_a_number_is_never_a_place_among_numeric_titles() -> None:
    assert at(offer("2", "4", "6"), 1) == []
    assert at(offer("2", "4", "6"), 2, counted=True) == ["4"]
    assert at(offer("2", "4", "6"), LAST, counted=True) == ["6"]


@pytest.mark.parametrize(
    ("titles", "place", "meant"),
    [
        (("2 kg", "5 kg"), 2, ["5 kg", "2 kg"]),
        (("5 kg", "1 kg"), 1, ["1 kg", "5 kg"]),
        (("1 kg", "2 kg"), 2, ["2 kg"]),
        (("2 kg", "5 kg"), 5, ["5 kg"]),
        (("Two people", "Four people"), 2, ["Four people", "Two people"]),
        (("10:00", "10:30", "11:00"), 10, ["10:00", "10:30"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_title_that_counts_may_be_meant_by_its_number(
    titles: tuple[str, ...], place: int, meant: list[str]
) -> None:
    assert at(offer(*titles), place) == meant


@pytest.mark.parametrize(
    ("titles", "text", "option"),
    [
        (SIZES, "large", "Large (33 cm)"),
        (SIZES, "the large one please", "Large (33 cm)"),
        (SIZES, "make it large", "Large (33 cm)"),
        (SIZES, "I'll have a large one, thanks", "Large (33 cm)"),
        (SIZES, "33 cm", "Large (33 cm)"),
        (SIZES, "33", "Large (33 cm)"),
        (SIZES, "lrage please", "Large (33 cm)"),
        (SIZES, "lagre", "Large (33 cm)"),
        (SIZES, "lart", None),
        (("Small", "Medium", "Large"), "the larg one please", "Large"),
        (("Small", "Medium", "Large"), "mediun please", None),
        (("Margherita", "Quattro"), "una margarita por favor", "Margherita"),
        (("Large (33 cm)", "Extra large (40 cm)"), "large please", "Large (33 cm)"),
        (("Large (33 cm)", "Extra large (40 cm)"), "extra large", "Extra large (40 cm)"),
        (("Yes, order", "Change it", "Ask a person"), "yes", "Yes, order"),
        (("Yes, order", "Change it", "Ask a person"), "yes please", "Yes, order"),
        (("Yes", "No"), "yes please", "Yes"),
        (("Yes", "No, thanks"), "no", "No, thanks"),
        (KITCHEN, "the salad", "Green salad"),
        (KITCHEN, "pizza no cheese", "Pizza with no cheese"),
        (("Café", "Thé vert", "Thé"), "un thé s'il vous plaît", "Thé"),
        (("Grande (33 cm)", "Pequeña"), "la grande por favor", "Grande (33 cm)"),
        (("كبير (33 سم)", "صغير"), "كبير لو سمحت", "كبير (33 سم)"),
        (("बड़ा (33 सेमी)", "छोटा"), "बड़ा वाला चाहिए", "बड़ा (33 सेमी)"),
        (("Groß (33 cm)", "Klein"), "ich möchte die groß bitte", "Groß (33 cm)"),
        (("Grand format", "Petit format"), "le grand s'il vous plaît", "Grand format"),
        (("Well done", "Rare"), "well done please", "Well done"),
    ],
)
def test_words_around_a_title_and_parts_of_it_are_forgiven(
    titles: tuple[str, ...], text: str, option: str | None
) -> None:
    assert meant(offer(*titles), text) == ([] if option is None else [option])


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (SIZES, "not large"),
        (SIZES, "no large"),
        (SIZES, "anything but large"),
        (SIZES, "not the large one please"),
        (SIZES, "I don't want large"),
        (SIZES, "large or small"),
        (SIZES, "no grande, large no"),
        (SIZES, "sin large"),
        (SIZES, "what is large?"),
        (SIZES, "the large one?"),
        (SIZES, "is large ok"),
        (SIZES, "do you have large"),
        (SIZES, "larger than that"),
        (SIZES, "the"),
        (SIZES, "please"),
        (SIZES, ""),
        (SIZES, "large " * 20),
        (("Yes", "No"), "yes no"),
        (("No cheese", "Mushrooms"), "cheese"),
        (("Cheese", "Mushrooms"), "no cheese"),
        (("Margherita", "Pizza without cheese"), "no"),
        (("Change it", "Ask a person"), "it"),
        (("Pick up", "Delivery"), "up"),
        ((), "large"),
    ],
)
def test_what_is_not_named_is_not_chosen(titles: tuple[str, ...], text: str) -> None:
    assert meant(offer(*titles), text) == []


@pytest.mark.parametrize(
    ("titles", "text", "both"),
    [
        (KITCHEN, "cheese", ["Cheese pizza", "Cheese fries"]),
        (KITCHEN, "something with cheese", []),
        (("Yes, order", "Yes, but later", "No"), "yes please", ["Yes, order", "Yes, but later"]),
        (("Small", "Smell"), "smll", ["Small", "Smell"]),  # codespell:ignore smll
        (("Diavola", "Diavolo"), "diavole please", ["Diavola", "Diavolo"]),
    ],
)
def test_what_may_be_several_is_said_to_be(
    titles: tuple[str, ...], text: str, both: list[str]
) -> None:
    assert meant(offer(*titles), text) == both


@given(
    st.sampled_from(
        ["not {}", "no {}", "anything but {}", "sin {}", "pas {}", "nicht {}", "ليس {}"]
    ),
    st.lists(st.sampled_from(["Large (33 cm)", "Cheese", "Grande", "كبير", "Thé"]), unique=True),
)
def test_a_refusal_never_chooses(way: str, titles: list[str]) -> None:
    for title in titles:
        assert meant(offer(*titles), way.format(title)) == []


@given(st.text(max_size=90), st.lists(st.text(), max_size=12))
def test_any_text_may_be_read_against_any_offer(text: str, titles: list[str]) -> None:
    shown = offer(*titles)
    found = match_words(shown, text, ALL)
    options = (found.option,) if isinstance(found, Match) else found
    assert set(options) <= set(shown.options)
    place = place_in(text, ALL)
    if place is not None:
        assert set(options_at(shown, place, len(titles), ALL)) <= set(shown.options)
