"""An answer in several messages: kept in the run until nothing more comes, then one answer."""

from datetime import timedelta

from engine.core import limits
from engine.core.content import Media
from engine.core.effects import StartTimer
from engine.core.signals import AgentReleased, AgentTookOver
from tests.builders import NOW
from tests.core.chat import Chat
from tests.core.small import END, Ask, Small, Tell, make_book

SECOND = timedelta(seconds=1)
MAIL = Small(
    "mail",
    {
        "topic": Ask("What about?", reads="words"),
        "text": Ask("Tell us all about it.", ("Nothing",), reads="words", join=2 * SECOND),
        "number": Ask("How many?", reads="number", join=2 * SECOND, lost="sorry"),
        "thanks": Tell("Thank you!", then=END),
        "sorry": Tell("Then without it.", then=END),
    },
    starts_on=("mail",),
)
ASIDE = Small("aside", {"why": Ask("Why?", reads="words")}, starts_on=("aside",))
PHOTO = Media(kind="image", external_id="1")


def at_text() -> Chat:
    return Chat(make_book(MAIL, ASIDE)).says("mail").says("a pizza")


def timer(chat: Chat) -> StartTimer:
    (found,) = chat.timers()
    return found


def test_texts_are_kept_in_silence_and_each_one_sets_the_timer_anew() -> None:
    chat = at_text().says("It was cold")
    assert (chat.texts, chat.trace.matched, chat.run.kept) == ([], "kept", ("It was cold",))
    assert timer(chat).due_at == NOW + 2 * SECOND
    chat.waits(seconds=1).says("and late")
    assert (chat.texts, chat.run.kept) == ([], ("It was cold", "and late"))
    assert timer(chat).due_at == NOW + 3 * SECOND


def test_when_nothing_more_comes_the_texts_are_one_answer() -> None:
    chat = at_text().says("It was cold").says("and late")
    chat.waits(seconds=2).rings(timer(chat))
    assert chat.texts == ["How many?"]
    assert chat.run.answers["text"] == "It was cold\nand late"
    assert (chat.run.kept, chat.trace.matched, chat.trace.note) == ((), "typed", "2 texts together")


def test_a_burst_of_ten_is_one_answer() -> None:
    chat = at_text()
    for number in range(10):
        chat.says(f"line {number}")
    chat.waits(seconds=2).rings(timer(chat))
    assert chat.run.answers["text"] == "\n".join(f"line {number}" for number in range(10))


def test_a_timer_that_a_message_overtook_waits_for_what_may_follow_it() -> None:
    chat = at_text().says("It was cold")
    early = timer(chat)
    chat.waits(seconds=1.9).says("and late").waits(seconds=0.1).rings(early)
    assert (chat.texts, chat.run.kept) == ([], ("It was cold", "and late"))
    assert timer(chat).due_at == NOW + 3.9 * SECOND
    chat.waits(seconds=1.9).rings(timer(chat))
    assert chat.run.answers["text"] == "It was cold\nand late"


def test_what_is_no_answer_when_joined_is_asked_for_again() -> None:
    chat = at_text().taps("Nothing").says("two")
    assert chat.texts == []
    chat.says("or three").waits(seconds=2).rings(timer(chat))
    assert chat.texts == ["Please, something else."]
    chat.says("2")
    assert chat.texts == []
    chat.waits(seconds=2).rings(timer(chat))
    assert chat.texts == ["Thank you!"]


def test_a_tap_answers_at_once_and_what_was_kept_is_gone() -> None:
    chat = at_text().says("It was cold")
    past = timer(chat)
    chat.taps("Nothing")
    assert chat.texts == ["How many?"]
    assert (chat.run.answers["text"], chat.run.kept) == ("Nothing", ())
    chat.waits(seconds=2).rings(past)
    assert (chat.texts, chat.trace.note) == ([], "the visit is past")


def test_a_word_means_what_it_means_at_once_and_an_open_question_keeps_its_texts() -> None:
    chat = at_text().says("It was cold")
    chat.says("help")
    assert chat.texts[-1].endswith("Tell us all about it.")
    assert chat.run.kept == ("It was cold",)
    chat.says("and late").waits(seconds=2).rings(timer(chat))
    assert chat.run.answers["text"] == "It was cold\nand late"


def test_a_word_written_over_two_messages_is_a_word() -> None:
    chat = at_text().says("start").says("over")
    chat.waits(seconds=2).rings(timer(chat))
    assert chat.texts == ["What about?"]


def test_going_back_and_cancelling_leave_what_was_kept_behind() -> None:
    chat = at_text().says("It was cold")
    past = timer(chat)
    chat.says("back").says("a bike")
    assert (chat.asked, chat.run.kept) == ("mail.text", ())
    chat.says("cancel").waits(seconds=2).rings(past)
    assert (chat.texts, chat.trace.note) == ([], "the visit is past")


def test_a_photo_beside_the_texts_is_no_misunderstanding() -> None:
    chat = at_text().says("It was cold").says(PHOTO)
    assert (chat.texts, chat.run.kept, chat.run.retries) == ([], ("It was cold",), 0)
    chat.says("and late").waits(seconds=2).rings(timer(chat))
    assert chat.run.answers["text"] == "It was cold\nand late"


def test_a_person_who_takes_over_ends_the_waiting() -> None:
    chat = at_text().says("It was cold")
    past = timer(chat)
    chat.gets(AgentTookOver(agent="kim")).waits(seconds=2).rings(past)
    assert (chat.texts, chat.run.answers) == ([], {"topic": "a pizza"})
    chat.gets(AgentReleased(agent="kim"))
    assert (chat.texts, chat.run.kept) == (["Tell us all about it."], ())
    chat.rings(past)
    assert (chat.texts, chat.trace.note) == ([], "the visit is past")


def test_an_answer_without_end_is_taken_as_it_is() -> None:
    chat = at_text()
    longest = "x" * 4096
    for _ in range(limits.JOINED_LENGTH // 4096 - 1):
        assert chat.says(longest).texts == []
    assert chat.says(longest).texts == ["How many?"]
    assert chat.timers() == []


def test_a_flow_that_changed_meanwhile_goes_on_as_ever() -> None:
    chat = at_text().says("It was cold")
    chat.book = make_book(ASIDE)
    chat.waits(seconds=2).rings(timer(chat))
    assert chat.conversation.runs == ()


def test_a_question_that_no_longer_joins_takes_what_was_kept() -> None:
    chat = at_text().says("It was cold")
    now = {**MAIL.places, "text": Ask("Tell us all about it.", reads="words")}
    chat.book = make_book(Small("mail", now))
    chat.rings(timer(chat))
    assert chat.run.answers["text"] == "It was cold"


def test_a_talk_about_something_else_leaves_what_was_kept_behind() -> None:
    routes = Small(
        "mail",
        {**MAIL.places, "number": Ask("How many?", reads="number", join=2 * SECOND)},
        starts_on=("mail",),
    )
    chat = Chat(make_book(routes, ASIDE)).says("mail").says("a pizza").says("Nothing")
    chat.says("x").says("aside")
    assert chat.asked == "aside.why"
    assert [run.kept for run in chat.conversation.runs] == [(), ()]


def test_the_third_misunderstanding_goes_where_the_author_says() -> None:
    chat = at_text().taps("Nothing")
    for _ in range(3):
        chat.says("many").waits(seconds=2).rings(timer(chat))
    assert chat.texts == ["Then without it."]
    assert chat.conversation.runs == ()
    assert chat.handoffs() == []
