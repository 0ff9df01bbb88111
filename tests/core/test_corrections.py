"""An earlier answer is changed in words: named or not, in any of the line's languages, only where it is certain."""

import pytest

from engine.core.book import Book
from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from tests.core.chat import Chat
from tests.core.small import ORDER, Ask, Call, Small, make_book

ALL = Languages(LANGUAGES)

SHOP = Small(
    "shop",
    {
        "size": Ask("Which size?", ("Small (25 cm)", "Large (33 cm)")),
        "colour": Ask("Which colour?", ("Red", "Blue"), says={"Blue": ("azul", "bleu", "blau")}),
        "quantity": Ask("How many?", reads="number"),
        "note": Ask("A note?", reads="words"),
        "confirm": Ask("Shall we?", routes={"Yes": "END", "No": "size"}),
    },
    start=True,
)

TAMANOS = Small(
    "talla",
    {
        "tamaño": Ask("¿Qué tamaño?", ("Pequeño", "Grande")),
        "taille": Ask("Quelle taille ?", ("Petit", "Moyen")),
        "größe": Ask("Welche Größe?", ("Klein", "Groß")),
        "tamanho": Ask("Que tamanho?", ("Menor", "Maior")),
        "حجم": Ask("أي حجم؟", ("صغير", "كبير")),
        "आकार": Ask("कौन सा आकार?", ("छोटा", "बड़ा")),
        "sure": Ask("?", ("Yes", "No")),
    },
    start=True,
)


def shopping(*answers: str, book: Book | None = None) -> Chat:
    """Return a contact who gave these answers, one after the other."""
    chat = Chat(book or make_book(SHOP, languages=ALL)).says("hi")
    for answer in answers:
        chat.says(answer)
    return chat


def everywhere() -> Chat:
    """Return a contact who chose the first option in each of six languages."""
    return shopping(*"111111", book=make_book(TAMANOS, languages=ALL))


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("change the size to large", {"size": "Large (33 cm)"}),
        ("Change the size to Large (33 cm), please", {"size": "Large (33 cm)"}),
        ("make the size large", {"size": "Large (33 cm)"}),
        ("can you change the colour to blue?", {"colour": "Blue"}),
        ("change the color to blue", {"colour": "Blue"}),
        ("set quantity to 3", {"quantity": 3}),
        ("change the quantity to 3", {"quantity": 3}),
        ("actually blue", {"colour": "Blue"}),
        ("blue instead", {"colour": "Blue"}),
        ("no, blue", {"colour": "Blue"}),
        ("No. Blue!", {"colour": "Blue"}),
        ("no - blue", {"colour": "Blue"}),
        ("sorry, large", {"size": "Large (33 cm)"}),
        ("perdón, azul", {"colour": "Blue"}),
        ("bleu plutôt", {"colour": "Blue"}),
        ("doch lieber blau", {"colour": "Blue"}),
    ],
)
def test_an_answer_is_corrected(said: str, changed: dict[str, object]) -> None:
    before = {"size": "Small (25 cm)", "colour": "Red", "quantity": 2, "note": "x"}
    chat = shopping("small", "red", "2", "x").says(said)
    assert chat.run.answers == before | changed
    assert chat.asked == "shop.confirm"
    assert chat.trace.matched == "changed"


@pytest.mark.parametrize(
    ("said", "step", "answer"),
    [
        ("cambia el tamaño a grande", "tamaño", "Grande"),
        ("change la taille en moyen", "taille", "Moyen"),
        ("ändere die Größe auf groß", "größe", "Groß"),
        ("muda o tamanho para maior", "tamanho", "Maior"),
        ("غيّر الحجم إلى كبير", "حجم", "كبير"),
        ("आकार बड़ा कर दो", "आकार", "बड़ा"),
        ("no, grande", "tamaño", "Grande"),
        ("plutôt moyen", "taille", "Moyen"),
        ("nein, groß", "größe", "Groß"),
        ("na verdade maior", "tamanho", "Maior"),
        ("لا، كبير", "حجم", "كبير"),
        ("नहीं, बड़ा", "आकार", "बड़ा"),
    ],
)
def test_an_answer_is_corrected_in_any_language(said: str, step: str, answer: str) -> None:
    chat = everywhere()
    before = dict(chat.run.answers)
    assert chat.says(said).run.answers == {**before, step: answer}
    assert chat.asked == "talla.sure"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("no blue", id="a-no-without-a-pause-refuses"),
        pytest.param("actually green", id="no-such-option"),
        pytest.param("change the weather to large", id="no-such-question"),
        pytest.param("change it to 3", id="a-number-alone-is-no-question"),
        pytest.param("sorry, red", id="what-it-is-already"),
        pytest.param("change the size to purple", id="not-an-answer-to-it"),
        pytest.param("change the quantity to many", id="not-read-by-its-type"),
        pytest.param("sorry, not large", id="a-no-in-the-value"),
        pytest.param("change the size to large " + "and so on " * 12, id="a-story"),
        pytest.param("to large", id="no-way-of-correcting"),
        pytest.param("change a to large", id="a-name-that-tells-nothing"),
        pytest.param("make the size extra large", id="more-than-the-title"),
    ],
)
def test_what_is_not_certain_is_no_correction(said: str) -> None:
    chat = shopping("small", "red", "2", "x")
    before = dict(chat.run.answers)
    assert chat.says(said).run.answers == before
    assert chat.trace.matched == "retry"


def test_a_short_name_must_be_the_whole_name() -> None:
    flow = Small("a", {"qty": Ask("Qty?", ("Six", "Ten")), "b": Ask("B?", ("Yes",))}, start=True)
    chat = shopping("six", book=make_book(flow)).says("change qty to ten")
    assert chat.run.answers == {"qty": "Ten"}


TWINS = Small(
    "twins",
    {
        "first_size": Ask("First?", ("Small", "Large")),
        "second_size": Ask("Second?", ("Small", "Large")),
        "sure": Ask("Sure?", ("Yes", "No")),
    },
    start=True,
)


@pytest.mark.parametrize("said", ["sorry, large", "change the size to large"])
def test_a_correction_that_two_questions_could_take_is_not_taken(said: str) -> None:
    chat = shopping("small", "small", book=make_book(TWINS)).says(said)
    assert chat.run.answers == {"first_size": "Small", "second_size": "Small"}


def test_a_correction_that_one_of_two_questions_has_already_is_the_others() -> None:
    chat = shopping("small", "large", book=make_book(TWINS)).says("sorry, large")
    assert chat.run.answers == {"first_size": "Large", "second_size": "Large"}


# --- while the open question would take any text ---


def test_a_named_correction_comes_before_free_text() -> None:
    chat = shopping("small", "red", "2").says("change the quantity to 3")
    assert chat.run.answers["quantity"] == 3
    assert chat.asked == "shop.note"


@pytest.mark.parametrize("said", ["blue instead", "change the sauce to hot", "sorry, blue"])
def test_anything_else_is_the_free_text(said: str) -> None:
    chat = shopping("small", "red", "2").says(said)
    assert chat.run.answers["note"] == said
    assert chat.run.answers["colour"] == "Red"


def test_naming_the_open_question_answers_it() -> None:
    assert shopping().says("set the size to large").run.answers == {"size": "Large (33 cm)"}
    chat = shopping("small", "red", "2").says("change the note to no onions")
    assert chat.run.answers["note"] == "no onions"


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("Change the note to Rua da Prata 12, 3º andar!", "Rua da Prata 12, 3º andar"),
        ("cambia note a Calle Ñandú 5", "Calle Ñandú 5"),
        ("change the note to A \u0301 B", "a b"),  # what folding takes away leaves no place to find
    ],
)
def test_a_corrected_text_is_kept_as_it_was_written(said: str, note: str) -> None:
    chat = shopping("small", "red", "2", "x").says(said)
    assert chat.run.answers["note"] == note


def test_the_open_question_is_answered_before_an_earlier_one_is_corrected() -> None:
    chat = shopping("small", book=make_book(TWINS)).says("actually large")
    assert chat.run.answers == {"first_size": "Small", "second_size": "Large"}


# --- on runs below ---

CALLER = Small(
    "caller",
    {
        "size": Ask("Which size?", ("Small", "Large")),
        "call": Call("side", "sure"),
        "sure": Ask("Sure?", ("Yes", "No")),
    },
    start=True,
)
SIDE = Small("side", {"city": Ask("Where?", ("Rome", "Lima")), "day": Ask("When?", ("Mon", "Tue"))})


def test_a_question_of_the_caller_is_corrected_while_nothing_is_lost() -> None:
    chat = shopping("small", book=make_book(CALLER, SIDE)).says("change the size to large")
    assert chat.conversation.runs[0].answers == {"size": "Large"}
    assert chat.asked == "side.city"


def test_a_correction_never_throws_answers_away() -> None:
    chat = shopping("small", "rome", book=make_book(CALLER, SIDE)).says("change the size to large")
    assert chat.conversation.runs[0].answers == {"size": "Small"}
    assert chat.asked == "side.day"
    assert chat.trace.matched == "retry"


def test_a_caller_whose_flow_is_gone_is_not_corrected() -> None:
    chat = shopping("small", book=make_book(CALLER, SIDE))
    chat.book = make_book(SIDE)
    chat.says("change the size to large")
    assert chat.asked == "side.city"
    assert chat.trace.matched == "retry"


def test_a_caller_that_must_begin_anew_is_not_corrected() -> None:
    chat = shopping("small", book=make_book(CALLER, SIDE))
    anew = Small("caller", CALLER.places, gone=frozenset({"call"}), start=True)
    chat.book = make_book(anew, SIDE)
    chat.says("change the size to large")
    assert chat.asked == "caller.size"
    assert "Let us go on from here" in chat.texts[0]


def test_a_callers_question_that_is_gone_is_not_corrected() -> None:
    chat = shopping("small", book=make_book(CALLER, SIDE))
    less = {name: place for name, place in CALLER.places.items() if name != "size"}
    chat.book = make_book(Small("caller", less, start=True), SIDE)
    assert chat.says("change the size to large").asked == "side.city"
    assert chat.says("sorry, large").texts == ["Let us go on from here.\n\nWhere?"]


def test_nothing_is_corrected_where_nothing_goes_on() -> None:
    assert Chat(make_book(ORDER)).says("change the size to large").trace.matched == "no_flow"
