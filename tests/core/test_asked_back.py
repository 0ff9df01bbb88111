"""What may mean several answers is asked back; the way out of it is the same as of not understanding."""

import pytest

from engine.core.book import Book
from engine.core.content import Buttons
from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from tests.builders import PLAIN
from tests.core.chat import Chat, at_size, titles_of
from tests.core.small import Ask, Small, make_book

VISIT = Small(
    "visit",
    {
        "hour": Ask("At what hour?", ("Any time",), reads="hour"),
        "guests": Ask("How many guests?", reads="number"),
        "sure": Ask("Sure?", ("Yes", "No")),
    },
    start=True,
)

KITCHEN = Small(
    "kitchen",
    {
        "dish": Ask("Which dish?", ("Cheese pizza", "Cheese fries", "Green salad")),
        "sure": Ask("Sure?", ("Yes", "No")),
    },
    start=True,
)


def visiting(book: Book | None = None) -> Chat:
    """Return a contact who said 7 and is asked whether in the evening or in the morning."""
    return Chat(book or make_book(VISIT)).says("hi").says("7")


def test_two_readings_are_offered_as_buttons() -> None:
    chat = visiting()
    assert chat.texts == ["Which one do you mean?"]
    assert titles_of(chat.shown[-1]) == ["7 pm", "7 am"]
    assert chat.trace.matched == "unsure"
    assert chat.asked == "visit.hour"


@pytest.mark.parametrize("how", ["taps", "says"])
def test_the_one_that_was_meant_is_the_answer(how: str) -> None:
    chat = getattr(visiting(), how)("7 am")
    assert chat.run.answers == {"hour": "07:00"}
    assert chat.run.shown == {"hour": "7 am"}
    assert chat.asked == "visit.guests"


def test_another_answer_may_be_given_instead() -> None:
    chat = visiting().says("8")
    assert titles_of(chat.shown[-1]) == ["8 pm", "8 am"]
    assert chat.taps("8 pm").run.answers == {"hour": "20:00"}


def test_a_button_of_an_earlier_reading_never_means_another_one() -> None:
    assert visiting().says("8").taps("7 am").run.answers == {"hour": "07:00"}


@pytest.mark.parametrize("how", ["taps", "says"])
def test_the_questions_own_options_stay_good(how: str) -> None:
    chat = getattr(visiting(), how)("Any time")
    assert chat.run.answers == {"hour": "Any time"}


def test_a_reading_may_be_changed_by_an_old_tap() -> None:
    chat = visiting().taps("7 am").says("4").taps("7 pm")
    assert chat.run.answers == {"hour": "19:00", "guests": 4}
    assert chat.asked == "visit.sure"


def test_misreading_after_asking_back_spells_the_question_out() -> None:
    chat = visiting().says("sometime")
    assert "At what hour?" in chat.texts[-1]
    assert chat.run.retries == 2
    assert chat.says("whenever").handoffs() == ["not_understood"]


def test_asking_back_has_an_end() -> None:
    chat = visiting().says("7")
    assert chat.texts == ["Which one do you mean?"]
    assert chat.says("7").handoffs() == ["not_understood"]
    assert chat.trace.matched == "retry"
    assert chat.conversation.resume == "hour"


def test_asking_back_ends_where_the_author_says() -> None:
    hour = Ask("At what hour?", reads="hour", lost="guests")
    lost = Small("visit", {**VISIT.places, "hour": hour}, start=True)
    assert visiting(make_book(lost)).says("7").says("7").asked == "visit.guests"


def test_where_only_numbers_are_shown_a_number_says_which_was_meant() -> None:
    chat = visiting(make_book(VISIT, capabilities=PLAIN))
    assert "1. 7 pm\n2. 7 am" in chat.texts[0]
    assert chat.says("2").run.answers == {"hour": "07:00"}


def test_a_number_that_was_not_shown_is_read_anew() -> None:
    chat = visiting(make_book(VISIT, capabilities=PLAIN)).says("8")
    assert "1. 8 pm" in chat.texts[0]


# --- options ---


def test_a_word_of_two_titles_is_asked_back() -> None:
    chat = Chat(make_book(KITCHEN)).says("hi").says("the cheese please")
    assert titles_of(chat.shown[-1]) == ["Cheese pizza", "Cheese fries"]
    assert chat.taps("Cheese fries").run.answers == {"dish": "Cheese fries"}


def test_the_other_options_may_still_be_typed() -> None:
    chat = Chat(make_book(KITCHEN)).says("hi").says("cheese").says("green salad")
    assert chat.run.answers == {"dish": "Green salad"}


def test_a_place_counts_in_what_was_asked_back() -> None:
    chat = Chat(make_book(KITCHEN)).says("hi").says("cheese").says("the second one")
    assert chat.run.answers == {"dish": "Cheese fries"}


def test_a_part_of_one_title_chooses_it() -> None:
    chat = Chat(make_book(KITCHEN)).says("hi").says("I'd like the salad, please")
    assert chat.run.answers == {"dish": "Green salad"}
    assert chat.trace.matched == "fuzzy"
    assert chat.trace.score is not None


def test_a_slip_that_may_be_two_titles_is_asked_back() -> None:
    flow = Small("a", {"way": Ask("Which?", ("Diavola", "Diavolo", "Funghi"))}, start=True)
    chat = Chat(make_book(flow)).says("hi").says("diavole")
    assert titles_of(chat.shown[-1]) == ["Diavola", "Diavolo"]


def test_a_word_of_many_titles_tells_nothing() -> None:
    cities = Small("a", {"city": Ask("Where?", tuple(f"Port {i}" for i in "ABCDEF"))}, start=True)
    assert Chat(make_book(cities)).says("hi").says("port").trace.matched == "retry"


def test_titles_that_look_the_same_are_told_apart_by_number_alone() -> None:
    flow = Small("a", {"who": Ask("Which Kim?", ("Kim Jo", "kim jo"))}, start=True)
    assert Chat(make_book(flow)).says("hi").says("kim").trace.matched == "retry"


def test_a_number_that_titles_begin_with_is_asked_back() -> None:
    flow = Small("a", {"flour": Ask("How much?", ("2 kg", "5 kg", "10 kg"))}, start=True)
    chat = Chat(make_book(flow)).says("hi").says("2")
    assert titles_of(chat.shown[-1]) == ["5 kg", "2 kg"]
    assert chat.says("2").trace.after is None
    assert chat.trace.matched == "number"


@pytest.mark.parametrize("said", ["the last one", "el último"])
def test_an_option_is_chosen_by_its_place(said: str) -> None:
    chat = at_size()
    chat.book = make_book(languages=Languages(LANGUAGES))
    assert chat.says(said).run.answers["size"] == "Large"
    assert chat.trace.matched == "number"


def test_the_last_of_a_page_is_asked_back() -> None:
    cities = tuple(f"City {letter}" for letter in "ABCDEFGHIJKLMN")
    chat = Chat(make_book(Small("a", {"city": Ask("Where?", cities)}, start=True))).says("hi")
    chat.says("last")
    asked = chat.shown[-1]
    assert isinstance(asked, Buttons)
    assert titles_of(asked) == ["City I", "City N"]


@pytest.mark.parametrize("said", ["not large", "anything but large", "no, not the large one"])
def test_a_no_is_never_a_choice(said: str) -> None:
    assert at_size().says(said).trace.matched == "retry"
