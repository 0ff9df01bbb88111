"""What is said beside the open question: languages, the FAQ, a change of flow, buttons of the engine's own."""

from datetime import timedelta

import pytest

from engine.core import limits
from engine.core.content import Text
from engine.core.known import Finding, FollowUp, Known
from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from tests.builders import make_contact, make_tap
from tests.core.chat import Chat, at_size, titles_of
from tests.core.small import ORDER, WELCOME, Ask, Call, Change, Small, make_book

ALL = Languages(LANGUAGES)
SOME = Languages((LANGUAGES[0], LANGUAGES[1], LANGUAGES[5]))
"""English, Spanish and Arabic."""


def stranger(**changes: object) -> Chat:
    """Return a contact whose language nobody knows."""
    return Chat(make_book(languages=SOME), contact=make_contact(locale=None, **changes))


# --- languages ---


def test_a_word_of_another_language_tells_the_contacts() -> None:
    chat = stranger().says("ayuda")
    assert chat.conversation.contact.locale == "es"
    assert chat.texts[0].startswith("Puedes escribir *menú*")


def test_a_known_language_is_not_changed_by_a_word() -> None:
    chat = Chat(make_book(languages=SOME)).says("help")
    assert chat.conversation.contact.locale == "es-MX"
    assert chat.texts[0].startswith("Puedes escribir")


def test_a_word_of_the_lines_own_language_tells_nothing() -> None:
    assert stranger().says("help").conversation.contact.locale is None


def test_a_flow_begun_by_a_word_of_one_language_speaks_it() -> None:
    bread = Small(
        "bread",
        {"size": Ask("Which size?", ("Small", "Large"))},
        starts_on=("bread",),
        translated_starts={"es": ("pan",), "ar": ("خبز",)},
    )
    chat = stranger()
    chat.book = make_book(bread, languages=SOME)
    assert chat.says("pan").conversation.contact.locale == "es"
    known = Chat(make_book(bread, languages=SOME)).says("خبز")
    assert known.conversation.contact.locale == "es-MX"


def test_help_names_the_word_for_another_language() -> None:
    assert "language" in stranger().says("help").texts[0]
    assert "language" not in at_size().says("help").texts[0]


@pytest.mark.parametrize("how", ["taps", "says"])
def test_a_language_is_chosen_by_its_name(how: str) -> None:
    chat = stranger().says("language")
    assert titles_of(chat.shown[-1]) == ["English", "Español", "العربية"]
    chat = getattr(chat, how)("Español")
    assert chat.conversation.contact.locale == "es"
    assert "español" in chat.texts[0]


@pytest.mark.parametrize("said", ["2", "the second one", "el segundo", "español!"])
def test_a_language_is_chosen_by_its_place(said: str) -> None:
    assert stranger().says("language").says(said).conversation.contact.locale == "es"


def test_choosing_a_language_goes_on_with_the_question() -> None:
    chat = stranger().says("order").says("language").says("العربية")
    assert chat.texts[0].endswith("Which pizza?")
    assert chat.asked == "order.pizza"


def test_a_language_asked_beside_a_question_leaves_the_question_open() -> None:
    chat = stranger().says("order").says("language").says("Quattro")
    assert chat.run.answers == {"pizza": "Quattro"}


def test_with_one_language_there_is_nothing_to_choose() -> None:
    chat = at_size().says("language")
    assert chat.texts[0].startswith("You can write *menu*")


def test_a_language_button_works_months_later() -> None:
    chat = stranger().says("language").waits(days=90).says("hello").waits(days=1)
    assert chat.taps("العربية").conversation.contact.locale == "ar"


def test_a_language_that_the_line_talks_no_more_is_explained() -> None:
    chat = stranger().says("language")
    chat.book = make_book()
    assert chat.taps("Español").texts[0].startswith("That button no longer works.")


# --- leaving for another flow ---

SIDE = Small(
    "side",
    {"city": Ask("Where?", ("Rome", "Lima")), "day": Ask("When?", ("Mon", "Tue"))},
    starts_on=("cities",),
)


def test_whoever_stayed_may_still_leave_by_the_old_button() -> None:
    chat = at_size().says("menu").taps("Go on here").taps("Large")
    assert chat.taps("Leave it").asked == "welcome.hello"


def test_staying_with_nothing_open_begins_as_ever() -> None:
    chat = at_size().says("menu").says("cancel").taps("Go on here")
    assert chat.asked == "welcome.hello"


def test_a_flow_to_leave_for_that_is_gone_is_explained() -> None:
    chat = at_size().says("menu")
    chat.book = make_book(ORDER)
    assert chat.taps("Leave it").texts == ["That button no longer works.\n\nWhich size?"]


def test_starting_an_ended_flow_again_is_confirmed_where_answers_would_be_lost() -> None:
    chat = Chat(make_book(ORDER, SIDE)).says("order").taps("Quattro").says("cancel")
    chat.says("cities").taps("Rome").taps("Small")
    assert chat.texts == ["That talk is over. Would you like to start it again?"]
    chat.taps("Start again")
    assert "would be lost" in chat.texts[0]
    assert chat.asked == "side.day"
    assert chat.taps("Go on here").texts == ["When?"]
    assert chat.taps("Start again").taps("Leave it").asked == "order.pizza"
    assert len(chat.conversation.runs) == 1


def test_naming_a_flow_that_waits_goes_back_to_it() -> None:
    chat = Chat(make_book(WELCOME, ORDER, SIDE)).says("order").taps("Quattro").says("cities")
    assert chat.says("pizza!").asked == "order.size"
    assert [run.flow for run in chat.conversation.runs] == ["order"]


def test_naming_a_flow_that_waits_throws_no_answers_away() -> None:
    chat = Chat(make_book(WELCOME, ORDER, SIDE)).says("order").taps("Quattro").says("cities")
    assert chat.taps("Rome").says("pizza").asked == "side.day"
    assert len(chat.conversation.runs) == 2


def many_flows() -> list[Small]:
    return [
        Small(
            f"f{n}",
            {"a": Ask(f"A{n}?", ("Yes",)), "b": Ask(f"B{n}?", ("No",))},
            starts_on=(f"flow {n}",),
        )
        for n in range(limits.RUNS_PER_CONVERSATION + 1)
    ]


def test_flows_wait_on_each_other_up_to_a_ceiling_and_then_the_contact_is_asked() -> None:
    chat = Chat(make_book(*many_flows()))
    for n in range(limits.RUNS_PER_CONVERSATION):
        chat.says(f"flow {n}").says("Yes")
    assert len(chat.conversation.runs) == limits.RUNS_PER_CONVERSATION
    chat.says(f"flow {limits.RUNS_PER_CONVERSATION}")
    assert "would be lost" in chat.texts[0]
    assert len(chat.conversation.runs) == limits.RUNS_PER_CONVERSATION
    assert chat.taps("Leave it").asked == f"f{limits.RUNS_PER_CONVERSATION}.a"
    assert len(chat.conversation.runs) == 1


def test_the_stack_unwinds_question_by_question() -> None:
    chat = Chat(make_book(*many_flows())).says("flow 0").says("Yes").says("flow 1").says("Yes")
    chat.says("flow 2").says("Yes").says("No")
    assert chat.asked == "f1.b"
    assert chat.says("No").asked == "f0.b"
    assert chat.says("No").conversation.runs == ()


def test_the_way_back_counts_the_expiry_of_what_waited() -> None:
    side = Small("side", {"city": Ask("Where?", ("Rome",))}, starts_on=("cities",))
    brief = Small("side", side.places, starts_on=("cities",), expires=timedelta(minutes=5))
    chat = Chat(make_book(WELCOME, ORDER, brief)).says("order").taps("Quattro").says("cities")
    assert [timer.due_at - chat.now for timer in chat.timers()] == [timedelta(minutes=5)]
    assert chat.cancelled() == ["run_expires"]
    chat.waits(minutes=1).taps("Rome")
    assert chat.asked == "order.size"
    assert [timer.due_at - chat.now for timer in chat.timers()] == [timedelta(hours=2)]


# --- the FAQ ---

HOURS = Known("hours", "Opening hours", (Text(body="From 11 to 23."),))
AREAS = Known(
    "areas",
    "Where we deliver",
    (Text(body="A map:"), Text(body="Within 5 km.")),
    (FollowUp("flow", "order", "Order now"), FollowUp("faq", "hours", "Opening hours")),
)


class Answers:
    """Knows entries by a word of theirs; a question mark makes it sure."""

    def __init__(self, *entries: Known) -> None:
        self.entries = {entry.name: entry for entry in entries}

    def find(self, text: str, language: str) -> Finding | None:
        found = tuple(entry for name, entry in self.entries.items() if name in text.lower())
        return Finding(found, is_sure=text.endswith("?")) if found else None

    def get(self, name: str, language: str) -> Known | None:
        return self.entries.get(name)

    def topics(self, language: str) -> tuple[Known, ...]:
        return tuple(self.entries.values())


def asking(*entries: Known) -> Chat:
    known = Answers(*(entries or (HOURS, AREAS)))
    return Chat(make_book(WELCOME, ORDER, understand=known))


def test_an_answer_in_the_middle_offers_nothing_that_leads_away() -> None:
    chat = asking().says("order").taps("Quattro").says("which areas?")
    assert titles_of(chat.shown[-1]) == ["Small", "Medium", "Large"]


def test_what_may_follow_can_be_typed() -> None:
    assert asking().says("areas?").says("order now").asked == "order.pizza"
    assert asking().says("areas?").says("2").texts == ["From 11 to 23."]


def test_a_near_one_chosen_in_the_middle_comes_back_to_the_question() -> None:
    chat = asking().says("order").says("the hours").says("opening hours")
    assert chat.texts == ["From 11 to 23.\n\nSo: Which pizza?"]


def test_the_question_may_be_answered_instead_of_choosing_a_near_one() -> None:
    chat = asking().says("order").says("the hours").says("Quattro")
    assert chat.run.answers == {"pizza": "Quattro"}


def test_an_option_is_no_question() -> None:
    flow = Small("a", {"q": Ask("What?", ("Opening hours", "Prices"))}, start=True)
    chat = asking()
    chat.book = make_book(flow, understand=chat.book.understand)
    assert chat.says("hi").says("opening hours").trace.matched == "title"


def test_an_answer_may_be_tapped_months_later() -> None:
    chat = asking().says("areas and hours").says("order").waits(days=90)
    assert chat.taps("Opening hours").texts == ["From 11 to 23.\n\nSo: Which pizza?"]


def test_a_flow_begun_from_an_old_answer_is_confirmed_where_answers_would_be_lost() -> None:
    chat = asking().says("areas?").says("order").taps("Quattro").taps("Order now")
    assert "would be lost" in chat.texts[0]


def test_an_unknown_button_of_the_engines_own_is_explained() -> None:
    chat = at_size().says(make_tap("p1:1:!.later:sing:high", "Sing"))
    assert chat.texts == ["That button no longer works.\n\nWhich size?"]


def test_a_call_goes_back_to_its_caller_when_its_flow_is_named() -> None:
    caller = Small(
        "caller",
        {"a": Ask("A?", ("Yes",)), "call": Call("side", "z"), "z": Ask("Z?", ("Ok",))},
        starts_on=("caller",),
        start=True,
    )
    chat = Chat(make_book(caller, SIDE)).says("hi").says("yes").says("caller")
    assert [run.flow for run in chat.conversation.runs] == ["caller"]
    assert chat.asked == "caller.z"


def test_a_way_to_the_flow_that_was_interrupted_leads_back_to_it() -> None:
    ask = Small(
        "ask", {"q": Ask("Which?", routes={"Order": "leave"}), "leave": Change("order")}, ("ask",)
    )
    chat = Chat(make_book(WELCOME, ORDER, ask)).says("order").says("Quattro").says("ask")
    assert chat.taps("Order").asked == "order.size"
    assert chat.run.answers == {"pizza": "Quattro"}
    assert [run.flow for run in chat.conversation.runs] == ["order"]
