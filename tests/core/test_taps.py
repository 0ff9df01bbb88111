"""Taps on buttons and rows, old and new."""

import pytest

from engine.core.book import Book
from engine.core.content import (
    Inbound,
    Text,
)
from tests.builders import PHONE, make_tap
from tests.core.chat import Chat, at_confirm, at_size, titles_of
from tests.core.small import ORDER, Ask, Small, make_book

# --- old taps ---


def test_an_old_tap_changes_that_answer() -> None:
    chat = at_confirm().taps("Quattro")
    assert chat.run.answers == {"pizza": "Quattro", "size": "Large", "quantity": 2}
    assert chat.asked == "order.confirm"
    assert chat.trace.matched == "old_tap"


def test_an_old_tap_that_repeats_its_answer_is_ignored() -> None:
    chat = at_confirm().taps("Funghi 🍄")
    assert chat.sent == []
    assert chat.asked == "order.confirm"


def test_an_old_tap_that_repeats_a_typed_answer_is_ignored() -> None:
    ask = Ask("Which size?", ("Small", "Large"), reads="words")
    flow = Small("a", {"size": ask, "sure": Ask("Sure?", ("Yes", "No"))})
    chat = Chat(make_book(flow, start="a")).says("hi")
    chat.says("Large ones, please")
    large = chat.run.model_copy(update={"answers": {"size": "Large"}})
    chat.conversation = chat.conversation.model_copy(update={"runs": (large,)})
    assert chat.taps("Large").sent == []
    assert chat.taps("Small").run.answers == {"size": "Small"}


def test_a_double_tap_counts_once() -> None:
    chat = at_size().taps("Large").taps("Large")
    assert chat.asked == "order.quantity"
    assert chat.sent == []


def test_a_tap_on_the_same_question_asked_earlier_answers_it() -> None:
    chat = at_size().says("???").says("????").taps("Large")
    assert chat.run.answers["size"] == "Large"


def test_a_tap_on_a_renamed_question_finds_it() -> None:
    chat = at_size()
    places = {
        "pizza": ORDER.places["pizza"],
        "how_big": ORDER.places["size"],
        "n": ORDER.places["quantity"],
    }
    renamed = Small("order", places, renamed={"size": "how_big"})
    chat.book = make_book(renamed)
    chat.taps("Large")
    assert chat.run.answers == {"pizza": "Funghi 🍄", "how_big": "Large"}


def test_a_tap_on_an_ended_run_is_offered_a_fresh_start() -> None:
    chat = at_size().says("cancel").taps("Large")
    assert chat.texts == ["That talk is over. Would you like to start it again?"]
    assert chat.conversation.runs == ()
    assert chat.taps("Start again").asked == "order.pizza"


@pytest.mark.parametrize("said", ["start again", "Start again!"])
def test_a_fresh_start_may_be_typed(said: str) -> None:
    assert at_size().says("cancel").taps("Large").says(said).asked == "order.pizza"


def test_a_fresh_start_may_be_tapped_where_ids_are_not_echoed() -> None:
    chat = at_size().says("cancel").taps("Large")
    assert chat.says(make_tap(None, "Start again")).asked == "order.pizza"


def test_a_fresh_start_offered_in_another_talk_leaves_its_question_open() -> None:
    chat = at_size().says("menu").taps("Leave it").taps("Large")
    assert chat.texts == ["That talk is over. Would you like to start it again?"]
    assert chat.asked == "welcome.hello"
    assert chat.taps("Hours").asked == "welcome.more"
    assert chat.taps("Start again").asked == "order.pizza"
    assert len(chat.conversation.runs) == 1


def test_a_tap_on_an_earlier_run_of_the_same_flow_is_over() -> None:
    chat = at_size().says("restart").taps("Large")
    assert chat.texts == ["That talk is over. Would you like to start it again?"]


@pytest.mark.parametrize(
    "tap",
    [
        pytest.param(make_tap("somebody-elses", "Huge"), id="alien-id"),
        pytest.param(make_tap("p1:1:gone.size:large", "Huge"), id="flow-gone"),
        pytest.param(make_tap("p1:99:order.size:large", "Huge"), id="turn-to-come"),
        pytest.param(make_tap("p1:2:order.size:huge", "Huge"), id="option-gone"),
        pytest.param(make_tap("p1:!:order.size:large", "Huge"), id="broken"),
        pytest.param(make_tap("p1:1:!.start:gone", "Huge"), id="flow-to-start-gone"),
        pytest.param(make_tap(None, "Huge"), id="title-alone"),
    ],
)
def test_a_tap_that_means_nothing_is_explained(tap: Inbound) -> None:
    chat = at_size().says(tap)
    assert chat.texts == ["That button no longer works.\n\nWhich size?"]
    assert chat.asked == "order.size"


def test_a_tap_on_a_step_that_the_live_run_never_asked_is_explained() -> None:
    chat = at_size().says(Text(body="???")).says(make_tap("p1:3:order.gone:large", "Huge"))
    assert chat.texts == ["That button no longer works.\n\nWhich size?"]


def test_a_tap_that_means_nothing_with_nothing_going_on_begins_the_start_flow() -> None:
    chat = Chat().says(make_tap(None, "Large"))
    assert chat.texts == ["That button no longer works.\n\nHi! How can we help?"]


def test_a_tap_by_title_never_reaches_an_older_question() -> None:
    chat = at_confirm().says(make_tap(None, "Small"))
    assert chat.run.answers["size"] == "Large"
    assert chat.asked == "order.confirm"


def test_a_tap_on_the_caller_while_nothing_would_be_lost_goes_back_to_it() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Hours")
    assert [run.flow for run in chat.conversation.runs] == ["welcome"]
    assert chat.asked == "welcome.more"


def test_a_tap_on_the_caller_never_throws_answers_away() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Quattro").taps("Hours")
    assert chat.texts == ["That button no longer works.\n\nWhich size?"]
    assert chat.run.answers == {"pizza": "Quattro"}


# --- pages ---

MANY = Small("many", {"city": Ask("Which city?", tuple(f"City {chr(65 + i)}" for i in range(23)))})


def choosing() -> Chat:
    return Chat(make_book(MANY, start="many")).says("hi")


def test_a_long_list_has_pages() -> None:
    chat = choosing()
    assert titles_of(chat.shown[-1]) == [*(f"City {c}" for c in "ABCDEFGHI"), "More…"]
    chat.taps("More…")
    assert titles_of(chat.shown[-1]) == [*(f"City {c}" for c in "JKLMNOPQR"), "More…"]
    chat.says("more")
    assert titles_of(chat.shown[-1]) == [f"City {c}" for c in "STUVW"]
    assert chat.says("more").trace.matched == "retry"


def test_a_number_counts_on_the_page_shown_last() -> None:
    assert choosing().taps("More…").says("2").trace.before == "many.city"
    assert choosing().taps("More…").says("2").conversation.runs == ()


def test_an_option_of_another_page_can_be_typed_and_tapped() -> None:
    assert choosing().says("city w").trace.matched == "title"
    assert choosing().taps("More…").taps("City A").trace.matched == "tap"


def test_a_page_of_an_answered_list_is_explained() -> None:
    flow = Small("many", {**MANY.places, "sure": Ask("Sure?", ("Yes", "No"))})
    chat = Chat(make_book(flow, start="many")).says("hi").says("City A").taps("More…")
    assert chat.texts == ["That button no longer works.\n\nSure?"]


def test_a_page_that_is_no_list_any_more_begins_at_its_first_option() -> None:
    chat = choosing()
    chat.book = Book(
        chat.book.scripts, PHONE.model_copy(update={"rows": 2, "kinds": frozenset()}), None
    )
    chat.taps("More…")
    assert chat.run.offers["city"].first == 0


# --- buttons that an author made ---


def test_a_button_of_a_card_answers_the_open_question_by_the_option_it_names() -> None:
    chat = at_size().says(make_tap("large", "The big one"))
    assert chat.run.answers["size"] == "Large"
    assert chat.trace.matched == "tap"


def test_a_button_of_a_card_means_what_its_title_means() -> None:
    assert Chat().says(make_tap("card-7", "order")).trace.matched == "starts_on"
    assert at_size().says(make_tap("card-7", "help")).trace.matched == "word"


@pytest.mark.parametrize(
    "chat",
    [pytest.param(Chat(), id="no-question"), pytest.param(at_size(), id="a-question")],
)
def test_a_button_of_a_card_that_leads_nowhere_is_explained(chat: Chat) -> None:
    assert "That button no longer works." in chat.says(make_tap("card-7", "Moon")).texts[0]


@pytest.mark.parametrize("id_", [None, "0", "2"])
def test_a_providers_own_number_is_no_authors_id(id_: str | None) -> None:
    tables = Small("a", {"q": Ask("How many?", ("0", "2", "4"))}, start=True)
    chat = Chat(make_book(tables)).says("hi").says(make_tap(id_, "Large"))
    assert chat.asked == "a.q"
    assert "That button no longer works." in chat.texts[0]


def test_a_title_typed_long_ago_begins_no_flow_without_an_authors_id() -> None:
    assert "That button no longer works." in at_size().says(make_tap(None, "faq")).texts[0]
