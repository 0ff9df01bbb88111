"""What a message means: options, words, old taps, retries, media, no flow."""

from datetime import timedelta

import pytest

from engine.core.content import (
    Buttons,
    Edited,
    Inbound,
    List,
    ListReply,
    Location,
    Reaction,
    Revoked,
    System,
    TemplateButton,
    Text,
    Welcome,
)
from engine.core.ids import ExternalId
from engine.core.script import Book
from tests.builders import NOW, PHONE, make_message, make_photo, make_tap
from tests.core.chat import Chat, titles_of
from tests.core.small import END, ORDER, WELCOME, Ask, Call, Small, Tell, make_book


def at_size() -> Chat:
    return Chat().says("order").taps("Funghi 🍄")


def at_confirm() -> Chat:
    return at_size().taps("Large").says("2")


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer", "how"),
    [
        pytest.param("Funghi 🍄", "Funghi 🍄", "title", id="exact-title"),
        pytest.param("  funghi! ", "Funghi 🍄", "title", id="title-without-emoji"),
        pytest.param("🍕", "Margherita 🍕", "emoji", id="emoji"),
        pytest.param("🌶", "Diavola 🌶️", "emoji", id="emoji-without-selector"),
        pytest.param("4", "Quattro", "number", id="number"),
        pytest.param("2️⃣", "Funghi 🍄", "number", id="keycap"),
        pytest.param("margerita", "Margherita 🍕", "fuzzy", id="typing-error"),
    ],
)
def test_an_option_is_chosen_by(typed: str, answer: str, how: str) -> None:
    chat = Chat().says("order").says(typed)
    assert chat.run.answers == {"pizza": answer}
    assert chat.trace.matched == how
    assert (chat.trace.score is not None) == (how == "fuzzy")


def test_an_option_is_chosen_by_its_synonym() -> None:
    assert at_size().says("GRANDE").trace.matched == "synonym"


def test_a_typed_number_is_the_value_where_the_question_takes_numbers() -> None:
    ask = Ask("How many?", ("One for me", "A dozen"), reads="number")
    chat = Chat(make_book(Small("a", {"n": ask, "m": ask}), start="a")).says("hi").says("2")
    assert chat.run.answers == {"n": 2}


def test_a_number_beyond_the_options_is_not_understood() -> None:
    assert at_size().says("4").trace.matched == "retry"


def test_a_tap_without_an_id_is_taken_by_title_on_the_open_question() -> None:
    chat = at_size().says(ListReply(id=None, title="Large"))
    assert chat.run.answers["size"] == "Large"
    assert chat.trace.matched == "tap"


def test_a_template_button_without_our_payload_is_what_it_says() -> None:
    assert Chat().says(TemplateButton(payload="PROMO", title="Order")).asked == "order.pizza"


def test_a_template_button_may_carry_an_option_id() -> None:
    chat = at_size()
    asked = chat.shown[-1]
    assert isinstance(asked, Buttons)
    chat.says(TemplateButton(payload=asked.buttons[0].id, title="Small"))
    assert chat.run.answers["size"] == "Small"


# --- pages ---------------------------------------------------------------------------------------

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


# --- words ---------------------------------------------------------------------------------------


def test_menu_begins_the_start_flow_and_ends_the_rest() -> None:
    chat = at_size().says("Menu")
    assert [run.flow for run in chat.conversation.runs] == ["welcome"]
    assert chat.trace.matched == "word"


def test_menu_without_a_start_flow_says_so() -> None:
    chat = Chat(make_book(ORDER)).says("order").says("menu")
    assert chat.conversation.runs == ()
    assert "received" in chat.texts[0]


def test_back_asks_the_question_before() -> None:
    chat = at_size().taps("Large").says("back")
    assert chat.asked == "order.size"
    assert chat.says("back").asked == "order.pizza"
    assert chat.says("back").texts == ["There is nothing before this.\n\nWhich pizza?"]


def test_going_back_keeps_the_other_answers() -> None:
    chat = at_size().taps("Large").says("back")
    assert chat.run.answers == {"pizza": "Funghi 🍄"}
    assert chat.says("Small").asked == "order.quantity"


def test_cancel_ends_everything() -> None:
    chat = Chat().says("hello").taps("Order a pizza").says("cancel")
    assert chat.conversation.runs == ()
    assert chat.conversation.ended_at == NOW
    assert chat.says("ok").sent == []


def test_restart_begins_the_flow_anew() -> None:
    chat = at_confirm().says("restart")
    assert chat.asked == "order.pizza"
    assert chat.run.answers == {}


def test_restart_leaves_the_caller_waiting() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Quattro").says("start over")
    assert [run.flow for run in chat.conversation.runs] == ["welcome", "order"]
    assert chat.asked == "order.pizza"


def test_restart_with_nothing_going_on_begins_the_start_flow() -> None:
    assert Chat().says("restart").asked == "welcome.hello"


def test_help_tells_the_words_and_asks_again() -> None:
    chat = at_size().says("help")
    assert chat.texts[0].startswith("You can write *menu*")
    assert chat.texts[0].endswith("Which size?")
    assert chat.asked == "order.size"


def test_help_with_nothing_going_on_tells_the_words() -> None:
    assert Chat().says("help").texts[0].endswith("talk to a person.")


def test_agent_hands_off_and_keeps_the_place() -> None:
    chat = at_size().says("agent")
    assert chat.handoffs() == ["word"]
    assert chat.conversation.resume == "size"
    assert Chat().says("human").conversation.resume is None


@pytest.mark.parametrize("word", ["back", "cancel"])
def test_a_word_about_a_talk_means_nothing_where_none_is(word: str) -> None:
    assert Chat().says(word).asked == "welcome.hello"


def test_an_option_wins_over_a_word() -> None:
    ask = Ask("Next?", routes={"Help": "told", "Back": "told"})
    chat = Chat(make_book(Small("a", {"q": ask, "told": Tell("Told.")}), start="a"))
    assert chat.says("hi").says("help").texts == ["Told."]


def test_a_word_wins_over_free_text() -> None:
    free = Small("a", {"q": Ask("Your note?", reads="words")})
    assert Chat(make_book(free, WELCOME, start="welcome")).says("menu").trace.matched == "word"


# --- starts --------------------------------------------------------------------------------------


def test_a_flow_begins_on_its_words() -> None:
    assert Chat().says("pizza").asked == "order.pizza"
    assert Chat().says("PIZZA!").trace.matched == "starts_on"


def test_a_flow_named_in_a_menu_takes_its_place() -> None:
    chat = Chat().says("hello").says("order")
    assert [run.flow for run in chat.conversation.runs] == ["order"]


def test_a_flow_named_among_answers_returns_to_the_question() -> None:
    side = Small("side", {"q": Ask("Which city?", ("Rome", "Lima"))}, starts_on=("cities",))
    chat = Chat(make_book(WELCOME, ORDER, side))
    chat.says("order").taps("Funghi 🍄").says("cities")
    assert [run.flow for run in chat.conversation.runs] == ["order", "side"]
    assert chat.says("Rome").asked == "order.size"
    assert chat.run.answers == {"pizza": "Funghi 🍄"}


def test_a_flow_that_is_going_on_is_not_begun_again_by_its_words() -> None:
    assert at_size().says("order").trace.matched == "retry"


def test_the_lines_own_start_flow_wins() -> None:
    assert Chat(make_book(WELCOME, ORDER, start="order")).says("hello").asked == "order.pizza"


@pytest.mark.parametrize(
    "book",
    [
        pytest.param(make_book(ORDER), id="none-marked"),
        pytest.param(make_book(WELCOME, Small("b", {"b": Tell("b")}, start=True)), id="two-marked"),
        pytest.param(make_book(WELCOME, start="gone"), id="named-one-missing"),
    ],
)
def test_without_a_start_flow_the_contact_is_told_once_a_day(book: Book) -> None:
    chat = Chat(book).says("hello")
    assert len(chat.sent) == 1
    assert chat.sent[0].origin == "engine"
    assert chat.waits(hours=23).says("hello?").sent == []
    assert chat.trace.matched == "quiet"
    assert len(chat.waits(hours=1).says("hello??").sent) == 1


@pytest.mark.parametrize("said", ["Thanks!", "ok", "👍", "❤️ 🙏🏽"])
def test_a_thanks_after_the_end_gets_no_reply(said: str) -> None:
    chat = Chat().says("hello").taps("Hours").taps("No, thanks")
    assert chat.waits(minutes=10).says(said).sent == []
    assert chat.trace.matched == "quiet"
    assert chat.waits(seconds=1).says(said).asked == "welcome.hello"


def test_more_than_a_thanks_after_the_end_gets_its_reply() -> None:
    chat = Chat().says("hello").taps("Hours").taps("No, thanks")
    assert chat.says("Thanks, and when do you open?").asked == "welcome.hello"


def test_a_first_contact_is_welcomed_before_writing() -> None:
    assert Chat().says(Welcome()).asked == "welcome.hello"
    assert Chat(make_book(ORDER)).says(Welcome()).sent == []
    assert at_size().says(Welcome()).sent == []


def test_a_closed_conversation_opens_with_the_next_message() -> None:
    chat = Chat(mode="closed").says("hello")
    assert chat.conversation.mode == "bot"
    assert chat.asked == "welcome.hello"


# --- old taps ------------------------------------------------------------------------------------


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
    chat = at_size().says("menu").taps("Large")
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


# --- not understood ------------------------------------------------------------------------------


def test_not_understood_is_retried_then_spelled_out_then_handed_off() -> None:
    chat = at_size().says("the blue one")
    assert chat.texts == ["Please, something else."]
    assert chat.trace.note == "expected something else"
    chat.says("really blue")
    assert chat.texts == [
        "Please, something else.\n\nWhich size?\n\n1. Small\n2. Medium\n3. Large\n\n"
        "Reply with the number of your choice."
    ]
    before = chat.run.answers
    assert chat.says("blue!").handoffs() == ["not_understood"]
    assert chat.run.answers == before
    assert chat.conversation.resume == "size"


def test_an_answer_forgets_the_retries() -> None:
    chat = at_size().says("blue").says("blue").says("2")
    assert chat.run.answers["size"] == "Medium"
    assert chat.run.retries == 0


def test_help_does_not_forget_the_retries() -> None:
    chat = at_size().says("blue").says("help").says("blue").says("blue")
    assert chat.handoffs() == ["not_understood"]


# --- media and the unusual -----------------------------------------------------------------------


def test_a_photo_answers_the_question_that_asks_for_one() -> None:
    flow = Small("a", {"photo": Ask("A photo?", reads="photo"), "n": Ask("How many?")})
    chat = Chat(make_book(flow, start="a")).says("hi").says(make_photo())
    assert chat.asked == "a.n"
    assert chat.run.shown == {"photo": "photo"}


def test_unasked_photos_get_one_retry_a_burst() -> None:
    chat = at_size().says(make_photo())
    assert chat.texts == ["Please, something else."]
    assert chat.waits(seconds=9).says(make_photo()).sent == []
    assert chat.waits(seconds=9).says(make_photo()).sent == []
    assert chat.run.retries == 1
    assert len(chat.waits(seconds=11).says(make_photo()).sent) == 1


def test_an_album_as_the_first_message_begins_one_flow() -> None:
    chat = Chat().says(make_photo())
    assert chat.asked == "welcome.hello"
    assert chat.says(make_photo()).sent == []
    assert chat.run.retries == 0


def test_the_rest_of_an_album_after_an_end_begins_nothing() -> None:
    flow = Small("a", {"photo": Ask("A photo?", reads="photo")})
    chat = Chat(make_book(flow, start="a")).says("hi").says(make_photo()).says(make_photo())
    assert chat.conversation.runs == ()


def test_a_place_is_no_option() -> None:
    assert at_size().says(Location(latitude=19.4, longitude=-99.1)).trace.matched == "retry"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(Reaction(to=ExternalId("w"), emoji="👍"), id="reaction"),
        pytest.param(Edited(original=ExternalId("w"), body="Large"), id="edited"),
        pytest.param(Revoked(original=ExternalId("w")), id="revoked"),
        pytest.param(System(event="user_changed_number"), id="system"),
    ],
)
def test_what_is_no_message_is_recorded_alone(content: Inbound) -> None:
    chat = at_size()
    before = chat.conversation
    assert chat.waits(hours=1).says(content).conversation == before
    assert chat.trace.matched == "recorded"


def test_a_group_message_is_recorded_alone() -> None:
    chat = at_size()
    before = chat.conversation
    chat.waits(hours=1).gets(make_message("Large", group_id="group"))
    assert chat.conversation == before


# --- the window ----------------------------------------------------------------------------------


def test_a_message_opens_the_window() -> None:
    chat = Chat().says("hello")
    assert chat.conversation.window_closes_at == NOW + timedelta(hours=24)
    assert not chat.sent[0].held


def test_what_a_flow_says_in_a_closed_window_is_held() -> None:
    chat = at_confirm().taps("Yes").waits(hours=25).returns()
    assert [message.held for message in chat.sent] == [True]


def test_a_line_without_a_window_holds_nothing() -> None:
    chat = Chat()
    chat.book = Book(chat.book.scripts, PHONE.model_copy(update={"window": None}), None)
    chat.says("order").taps("Quattro").taps("Large").says("1").taps("Yes")
    chat.waits(hours=99).returns()
    assert [message.held for message in chat.sent] == [False]
    assert chat.conversation.window_closes_at is None


def test_a_message_older_than_the_window_starts_no_flow() -> None:
    late = NOW + timedelta(hours=24)
    chat = Chat().gets(make_message("order"), received_at=late)
    assert chat.sent == []
    assert chat.conversation.runs == ()
    assert chat.conversation.last_inbound_at == late


def test_a_message_older_than_the_window_may_answer_but_not_switch() -> None:
    chat = at_size().waits(hours=24)
    chat.gets(make_message("menu"), received_at=chat.now)
    assert chat.asked == "order.size"
    assert chat.sent == []
    chat.gets(make_message("Large"), received_at=chat.now)
    assert chat.asked == "order.quantity"
    assert [message.held for message in chat.sent] == [True]


def test_a_time_from_the_future_does_not_stretch_the_window() -> None:
    chat = Chat().gets(make_message("hello", at=NOW + timedelta(days=9)))
    assert chat.conversation.window_closes_at == NOW + timedelta(hours=24)


def test_an_older_message_does_not_turn_the_clock_back() -> None:
    chat = at_size()
    chat.gets(make_message("Large"), received_at=NOW - timedelta(minutes=5))
    assert chat.conversation.last_inbound_at == NOW


# --- changed flows -------------------------------------------------------------------------------


def test_a_run_whose_flow_is_gone_begins_with_the_start_flow() -> None:
    chat = at_size()
    chat.book = make_book(WELCOME)
    assert chat.says("Large").texts == ["Let us go on from here.\n\nHi! How can we help?"]


def test_a_run_whose_flow_is_gone_and_nothing_to_begin_is_let_go() -> None:
    chat = at_size()
    chat.book = make_book(Small("other", {"a": Tell("a")}))
    assert "received" in chat.says("Large").texts[0]
    assert chat.conversation.runs == ()


def test_a_called_flow_that_is_gone_returns_to_its_caller() -> None:
    chat = Chat().says("hello").taps("Order a pizza")
    chat.book = make_book(WELCOME)
    assert chat.says("Quattro").texts == ["Let us go on from here.\n\nAnything else?"]


def test_a_caller_that_is_gone_is_not_returned_to() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Quattro").taps("Large").says("2")
    chat.taps("Yes")
    chat.book = make_book(ORDER)
    chat.returns()
    assert chat.texts == ["Thank you!"]
    assert chat.conversation.runs == ()


def test_a_run_that_cannot_be_fitted_begins_its_flow_anew() -> None:
    chat = at_size()
    chat.book = make_book(Small("order", ORDER.places, gone=frozenset({"size"})))
    assert chat.says("Large").texts == ["Let us go on from here.\n\nWhich pizza?"]
    assert chat.run.answers == {}


def test_a_run_whose_question_is_gone_goes_on_elsewhere() -> None:
    chat = at_size()
    places = {step: place for step, place in ORDER.places.items() if step != "size"}
    chat.book = make_book(Small("order", places))
    assert chat.says("Large").texts == ["Let us go on from here.\n\nWhich pizza?"]


def test_a_code_step_returns_into_a_flow_that_is_gone() -> None:
    chat = at_confirm().taps("Yes")
    chat.book = make_book(WELCOME)
    assert chat.returns().asked == "welcome.hello"


def test_the_flow_that_ends_after_its_caller_changed_skips_it() -> None:
    outer = Small("outer", {"go": Call("middle", "end"), "end": Ask("Outer?", ("Yes", "No"))})
    middle = Small("middle", {"go": Call("inner", END), "never": Tell("never")})
    inner = Small("inner", {"q": Ask("Inner?", ("Yes", "No"))})
    chat = Chat(make_book(outer, middle, inner, start="outer")).says("hi")
    chat.book = make_book(outer, inner)
    assert chat.says("Yes").asked == "outer.end"


def test_a_question_shown_as_a_list_names_its_rows() -> None:
    chat = Chat().says("order")
    assert isinstance(chat.shown[-1], List)
