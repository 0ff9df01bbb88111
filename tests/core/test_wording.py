"""How people of each language name an option: what stands around it, how it is spelt, what it counts."""

import pytest

from engine.core.choosing import Place, place_in
from engine.core.matching import match_exact, match_fuzzy
from engine.core.words import fold
from tests.core.test_choosing import ALL, SIZES, at, meant
from tests.core.test_matching import offer

HOURS = ("18:00–19:00", "19:00–20:00", "20:00–21:00")
SPACED = ("18:00 – 19:00", "19:00 – 20:00")
FILLINGS = ("Margherita", "Salami", "Four cheeses", "Spinach and ricotta", "Tuna and onion")
TAMANOS = ("Pequeña (25 cm)", "Mediana (28 cm)", "Grande (33 cm)")
PEOPLE = ("2 people", "4 people", "6 people")
WAYS = ("Delivery", "Pick up at the shop")
PAY = ("Pay now", "Pay at the door", "Cancel order")
ARABIC = ("صغيرة (25 سم)", "وسط (28 سم)", "كبيرة (33 سم)")
HINDI = ("छोटा (25 cm)", "मीडियम (28 cm)", "बड़ा (33 cm)")
COLOURS = ("أحمر", "أزرق", "أزرق غامق")


@pytest.mark.parametrize(
    ("titles", "text", "option"),
    [
        # around it
        (TAMANOS, "me pones una mediana porfa", "Mediana (28 cm)"),
        (TAMANOS, "regálame la grande", "Grande (33 cm)"),
        (("Pequena", "Média", "Grande"), "manda a grande vlw", "Grande"),
        (("Petite", "Moyenne", "Grande"), "je vais prendre la moyenne merci bcp", "Moyenne"),
        (("Klein", "Mittel", "Groß (33 cm)"), "ich nehm die große", "Groß (33 cm)"),
        (("Mit Karte", "Bar"), "ich zahl bar", "Bar"),
        (("Lundi", "Vendredi"), "vendredi ça marche", "Vendredi"),
        (ARABIC, "الصغيره يا باشا", "صغيرة (25 سم)"),
        (HINDI, "बड़ा ठीक रहेगा भाई", "बड़ा (33 cm)"),
        # how it is spelt
        (HINDI, "बडा", "बड़ा (33 cm)"),
        (ARABIC, "الكبيرة", "كبيرة (33 سم)"),
        (ARABIC, "٢٨ سم", "وسط (28 سم)"),
        (COLOURS, "الأزرق", "أزرق"),
        (SIZES, "28cm", "Medium (28 cm)"),
        (("Burger poulet", "Burger bœuf"), "boeuf", "Burger bœuf"),
        (WAYS, "pickup", "Pick up at the shop"),
        (WAYS, "pick up", "Pick up at the shop"),
        (("Épinards et ricotta", "Thon"), "epinard", "Épinards et ricotta"),
        (("By card", "Cash"), "crad", "By card"),
        # what it counts
        (FILLINGS, "4 cheese", "Four cheeses"),
        (HOURS, "18-19", "18:00–19:00"),
        (HOURS, "18 to 19", "18:00–19:00"),
        (HOURS, "von 19 bis 20 uhr", "19:00–20:00"),
        (HOURS, "de 19h à 20h", "19:00–20:00"),
        (HOURS, "من ١٩ الى ٢٠", "19:00–20:00"),
        (HOURS, "20 से 21 बजे", "20:00–21:00"),
        (HOURS, "at 18:00", "18:00–19:00"),
        (PEOPLE, "four of us", "4 people"),
        (PEOPLE, "somos 4", "4 people"),
        (PAY, "cancel", "Cancel order"),
        (("By card", "Cash"), "i'll pay cash", "Cash"),
        (("Yes, order", "Change it"), "order please", "Yes, order"),
    ],
)
def test_an_option_is_named_as_people_do(titles: tuple[str, ...], text: str, option: str) -> None:
    shown = offer(*titles)
    near = match_exact(shown, text) or match_fuzzy(shown, text)
    assert ([near.option.title] if near else meant(shown, text)) == [option]


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (TAMANOS, "dos grandes"),  # another language's "of the" is a number here
        (TAMANOS, "la grande no"),
        (TAMANOS, "una grande y una pequeña"),
        (("Klein", "Groß (33 cm)"), "beide"),
        (ARABIC, "كبيرة وصغيرة"),
        (ARABIC, "ما ابي الكبيرة"),
        (ARABIC, "الاثنين"),
        (HINDI, "बड़ा या छोटा"),
        (FILLINGS, "tuna without onion"),
        (FILLINGS, "half salami half tuna"),
        (FILLINGS, "the 3 cheeses"),
        (HOURS, "before 19:00"),
        (HOURS, "bis 19 uhr"),
        (HOURS, "18 to 21"),
        (HOURS, "to 18"),
        (HOURS, "18:30"),
        (PEOPLE, "we're 5"),
        (PEOPLE, "for 2 or 4"),
        (("Two pizzas", "Salad"), "for 3"),
        (WAYS, "at the"),
        (("For you alone", "Off"), "for you"),
        (("To go without lid", "Here"), "to go"),
        (("Pears and nuts", "Salad"), "pear"),
        (("Manhã", "Tarde"), "amanhã"),
        (PAY, "the"),
        (("Ham pizza", "Cheese pizza"), "ham and cheese"),
        (("Ham pizza", "Cheese pizza"), "cheese with ham"),
        (("Hoje", "Semana que vem"), "essa semana"),
        (("Heute", "Morgen"), "übermorgen"),
    ],
)
def test_what_may_mean_something_else_is_not_chosen(titles: tuple[str, ...], text: str) -> None:
    shown = offer(*titles)
    assert match_exact(shown, text) is None
    assert match_fuzzy(shown, text) is None
    assert meant(shown, text) == []


@pytest.mark.parametrize(
    ("titles", "text", "options"),
    [
        (HOURS, "19:00", list(HOURS[:2])),
        (HOURS, "um 19 uhr", list(HOURS[:2])),
        (SPACED, "19:00", list(SPACED)),
        (PAY, "pay", list(PAY[:2])),
        (
            ("Jetzt zahlen", "Bei Abholung zahlen"),
            "zahlen",
            ["Jetzt zahlen", "Bei Abholung zahlen"],
        ),
        (("Beef burger", "Veggie burger", "Fries"), "burgers", ["Beef burger", "Veggie burger"]),
        (("10:00", "10:30", "11:00"), "at 10", ["10:00", "10:30"]),
    ],
)
def test_what_may_mean_several_options_names_them(
    titles: tuple[str, ...], text: str, options: list[str]
) -> None:
    assert meant(offer(*titles), text) == options


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("la 3", 3),
        ("quiero la 2 porfa", 2),
        ("a 3", 3),
        ("die 2. bitte", 2),
        ("le 2 svp", 2),
        ("la primera franja", 1),
        ("first slot", 1),
        ("der erste termin", 1),
        ("le premier créneau", 1),
        ("الموعد الاول", 1),
        ("पहला स्लॉट", 1),
        ("2 number wala", 2),
        ("a la 1", None),
        ("à 1", None),
        ("a las 2", None),
        ("las 2", None),
        ("la 2 y la 3", None),
        ("die zwei", None),
        ("la 2 pizzas", None),
    ],
)
def test_digits_after_an_article_are_a_place(text: str, number: int | None) -> None:
    found = place_in(text, ALL)
    assert (found and found.number) == number


def test_a_number_that_no_title_counts_is_no_place_where_titles_count() -> None:
    assert at(offer(*PEOPLE), 3) == []
    assert at(offer(*PEOPLE), 6) == ["6 people"]
    assert at(offer(*HOURS), 2) == []
    assert at(offer("Two people", "Four people"), 1) == []
    assert at(offer(*FILLINGS), 2) == ["Salami"]  # one title that counts is no list of numbers


def test_a_day_named_by_its_number_is_no_place_where_it_is_not_offered() -> None:
    days = offer("Segunda", "Quarta", "Sexta", "Sábado", "Domingo")
    assert at(days, 5, counted=True) == []
    assert at(days, 4, counted=True) == ["Sábado", "Quarta"]


def test_a_title_with_an_article_counts_too() -> None:
    assert place_in("اثنين", ALL) == Place(2, counted=False)
    assert at(offer("الاثنين", "الأربعاء", "الجمعة"), 2) == ["الأربعاء", "الاثنين"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("बड़ा", "बडा"), ("हाँ", "हां"), ("٣٣ सेमी", "33 सेमी"), ("३३", "33"), ("Cœur", "coeur")],
)
def test_spellings_of_one_word_are_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)
