"""Titles, emoji, synonyms, numbers, typing errors, and the words that work anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.conversation import Offer, OfferedOption
from engine.core.matching import match_exact, match_fuzzy, number_in
from engine.core.words import fold, is_emoji


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


def test_another_number_is_no_typing_error() -> None:
    assert fuzzy(offer("Room 12", "Suite"), "Room 13") is None
    assert fuzzy(offer("Room 12", "Suite"), "Rom 12") == "Room 12"


PIZZAS = ("Margherita", "Marinara", "Diavola", "Funghi", "Tartufo")
SIZES = ("Small", "Medium", "Large")
WAYS = ("Delivery", "Pick up")
CONFIRM = ("Yes, order", "Change it", "Ask a person")
CHANGE = ("Pizza", "Size", "How many", "Delivery", "Note")
WELCOME = ("Order a pizza", "Opening hours", "Talk to a person")
DINER = ("Cappuccino", "Espresso", "Spaghetti", "Mozzarella", "Lasagna", "Tiramisu", "Calzone")
GROCER = ("Fruit", "Bread", "Milk", "Cheese", "Rice", "Tea", "Ham")
DAYS = ("Monday", "Wednesday", "Thursday", "Saturday")
BOOKING = ("Call me back", "Book a table", "With cheese", "Room 12", "Quattro stagioni")


@pytest.mark.parametrize(
    ("titles", "slips"),
    [
        (
            PIZZAS,
            {
                "margarita": "Margherita",
                "margerita": "Margherita",
                "margharita": "Margherita",
                "magherita": "Margherita",
                "margheritta": "Margherita",
                "magheritta": "Margherita",
                "amrgherita": "Margherita",
                "MARGHERITTAA": "Margherita",
                "marinera": "Marinara",
                "marinarra": "Marinara",
                "diavolo": "Diavola",
                "diabola": "Diavola",
                "fungi": "Funghi",
                "fugnhi": "Funghi",
                "tartuffo": "Tartufo",
                "tartofo": "Tartufo",
            },
        ),
        (
            SIZES,
            {
                "smal": "Small",  # codespell:ignore smal
                "samll": "Small",  # codespell:ignore samll
                "meduim": "Medium",
                "lareg": "Large",
            },
        ),
        (WAYS, {"delivry": "Delivery", "dilivery": "Delivery", "pickup": "Pick up"}),
        (
            CONFIRM,
            {
                "chnage it": "Change it",  # codespell:ignore chnage
                "ask person": "Ask a person",
                "yes oder": "Yes, order",  # codespell:ignore oder
            },
        ),
        (CHANGE, {"piza": "Pizza", "sizes": "Size", "how mayn": "How many", "noet": "Note"}),
        (
            WELCOME,
            {
                "oder a piza": "Order a pizza",  # codespell:ignore oder
                "opnening hours": "Opening hours",
            },
        ),
        (
            DINER,
            {
                "capuccino": "Cappuccino",
                "cappucino": "Cappuccino",
                "capucino": "Cappuccino",
                "expresso": "Espresso",  # codespell:ignore expresso
                "spageti": "Spaghetti",  # codespell:ignore spageti
                "mozarela": "Mozzarella",
                "lasagne": "Lasagna",
                "tiramisù": "Tiramisu",
                "tiramissu": "Tiramisu",
                "calzne": "Calzone",
            },
        ),
        (GROCER, {"friut": "Fruit", "chese": "Cheese", "mlik": "Milk", "breaad": "Bread"}),
        (DAYS, {"wendesday": "Wednesday", "thrusday": "Thursday"}),  # codespell:ignore wendesday
        (
            BOOKING,
            {
                "cal me back": "Call me back",
                "book table": "Book a table",
                "rom 12": "Room 12",
                "quatro stagioni": "Quattro stagioni",
                "quattrostagioni": "Quattro stagioni",
            },
        ),
        (("Évènement", "Größe"), {"evenment": "Évènement", "grosse": "Größe", "gröse": "Größe"}),
        (("Доставка", "Самовывоз"), {"доствка": "Доставка", "самавывоз": "Самовывоз"}),
        (("दिन", "शाकाहारी"), {"शाकाहरी": "शाकाहारी"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_slip_of_the_finger_is_understood(titles: tuple[str, ...], slips: dict[str, str]) -> None:
    shown = offer(*titles)
    found = {
        text: found[0] if (found := exact(shown, text)) else fuzzy(shown, text) for text in slips
    }
    assert found == slips


@pytest.mark.parametrize(
    ("titles", "others"),
    [
        (PIZZAS, ["mare", "funny", "tart", "marble", "quattro", "pizza", "margaret", "margin"]),
        (SIZES, ["smell", "mall", "small one", "larger than", "media", "barge", "medicine"]),
        (WAYS, ["delivered to", "no delivery", "livery", "lick up", "pick it", "deliver now"]),
        (CONFIRM, ["no, order", "yes, older", "charge me", "not a person", "on order"]),
        (CHANGE, ["pisa", "side", "how man", "not", "vote", "redelivery"]),
        (WELCOME, ["order a pita", "closing hours", "walk to a person"]),
        (GROCER, ["price", "rise", "team", "seat", "hams", "beard", "mild", "ik"]),
        (DAYS, ["tuesday", "sunday", "friday", "today"]),
        (("Thursday",), ["tuesday"]),
        (("With cheese",), ["without cheese", "with cherries"]),
        (("Without cheese",), ["with cheese"]),
        (("Tomorrow morning",), ["tomorrow evening"]),
        (("Available", "Subscribe", "Confirmed"), ["unavailable", "unsubscribe", "unconfirmed"]),
        (("Two people", "Room 12", "Plan A"), ["ten people", "room 21", "plan b"]),
        (("Twenty-five",), ["twenty-nine"]),
        (("Sessanta", "Seiscientos"), ["settanta", "setecientos"]),
        (("istiyorum",), ["istemiyorum"]),
        (("Boat", "Food", "Soon", "Meet"), ["coat", "fond", "song", "melt"]),
        (("我要辣椒酱", "매운맛으로"), ["我不要辣椒酱", "안매운맛으로"]),
        (("Tea", "Yes", "No"), ["teas", "yet", "on", "not", "yess"]),
    ],
    ids=lambda value: value[0],
)
def test_another_word_is_no_typing_error(titles: tuple[str, ...], others: list[str]) -> None:
    shown = offer(*titles)
    assert {text: fuzzy(shown, text) for text in others} == dict.fromkeys(others)


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (("Small", "Smell"), "smll"),  # codespell:ignore smll
        (("Diavola", "Diavolo"), "diavole"),
        (("Monday morning", "Monday mornings"), "monday mornin"),
        (("Red", "Green", "Green"), "gren"),
        (("Chicken curry mild", "Chicken curry wild"), "chiken curry ild"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_be_two_options_is_neither(titles: tuple[str, ...], text: str) -> None:
    assert fuzzy(offer(*titles), text) is None


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


def test_digits_are_no_emoji() -> None:
    assert not is_emoji("2")
    assert is_emoji("🇲🇽")
