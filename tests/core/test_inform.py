"""Questions asked beside the talk: answered, offered where it is not clear which, and back to what was open."""

from dataclasses import dataclass

from engine.core.book import Book
from engine.core.content import Media, Outbound, Text
from engine.core.known import Finding, FollowUp, Known
from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from tests.builders import make_contact
from tests.core.chat import Chat, titles_of
from tests.core.small import ORDER, WELCOME, make_book

PHOTO = Media(kind="image", url="https://example.com/door.jpg")


@dataclass(frozen=True)
class Desk:
    """Knows hours and a way to the shop, in English and in Spanish."""

    entries: tuple[str, ...] = ("hours", "way", "door")

    def find(self, text: str, language: str) -> Finding | None:
        match text.split():
            case ["sure", name]:
                return Finding((self._known(name),), is_sure=True)
            case ["seguro", name]:
                return Finding((self._known(name),), is_sure=True, language="es")
            case ["near", *names]:
                return Finding(tuple(map(self._known, names)), is_sure=False)
            case _:
                return None

    def get(self, name: str, language: str) -> Known | None:
        return self._known(name) if name in self.entries else None

    def topics(self, language: str) -> tuple[Known, ...]:
        return tuple(map(self._known, self.entries))

    def _known(self, name: str) -> Known:
        said: tuple[Outbound, ...] = (Text(body=f"The {name}."),)
        ways = (FollowUp("faq", "way", "The way"), FollowUp("flow", "order", "Order now"))
        match name:
            case "hours":
                return Known(name, "Hours", said, ways)
            case "door":
                return Known(name, "Door", (*said, PHOTO), ways)
            case _:
                return Known(name, name.title(), (PHOTO, *said))


def book() -> Book:
    spoken = tuple(language for language in LANGUAGES if language.code in ("en", "es"))
    return make_book(WELCOME, ORDER, languages=Languages(spoken), understand=Desk())


def asked(*said: str) -> Chat:
    chat = Chat(book(), contact=make_contact(locale="en"))
    for text in said:
        chat.says(text)
    return chat


def test_a_question_in_the_middle_is_answered_and_the_open_one_asked_again() -> None:
    chat = asked("order", "Quattro", "sure hours")

    assert chat.texts == ["The hours.\n\nSo: Which size?"]
    assert titles_of(chat.sent[0].content) == ["Small", "Medium", "Large"]
    assert (chat.trace.matched, chat.trace.note) == ("faq", "hours")
    assert chat.says("large").run.answers == {"pizza": "Quattro", "size": "Large"}


def test_the_retries_of_the_open_question_stay_counted() -> None:
    chat = asked("order", "Quattro", "what", "sure hours")

    assert chat.run.retries == 1


def test_a_file_comes_before_the_words() -> None:
    chat = asked("order", "sure way")

    assert [message.content.kind for message in chat.sent][:1] == ["image"]
    assert chat.texts[1].startswith("The way.")


def test_before_any_talk_an_answer_offers_what_follows() -> None:
    chat = asked("sure hours")

    assert chat.texts == ["The hours."]
    assert titles_of(chat.sent[0].content) == ["The way", "Order now"]
    assert chat.taps("The way").texts == ["image", "The way."]
    assert chat.conversation.runs == ()


def test_a_flow_begins_from_an_answer() -> None:
    assert asked("sure hours").taps("Order now").asked == "order.pizza"


def test_an_answer_that_ends_in_a_file_offers_nothing() -> None:
    assert asked("sure door").texts == ["The door.", "image"]


def test_near_ones_are_offered_with_a_way_out() -> None:
    chat = asked("order", "Quattro", "near hours way")

    assert chat.texts == ["Did you mean one of these?"]
    assert titles_of(chat.sent[0].content) == ["Hours", "Way", "None of these"]
    assert chat.asked == "order.size"
    assert chat.taps("Hours").texts == ["The hours.\n\nSo: Which size?"]


def test_none_of_these_comes_back_to_the_open_question() -> None:
    chat = asked("order", "Quattro", "near hours way").taps("None of these")

    assert chat.texts == ["Which size?"]


def test_none_of_these_with_nothing_open_begins_as_ever() -> None:
    assert asked("near hours way").taps("None of these").asked == "welcome.hello"


def test_an_entry_that_is_gone_is_a_button_that_no_longer_works() -> None:
    chat = asked("near hours way")
    chat.book = make_book(WELCOME, ORDER, understand=Desk(entries=("way",)))
    assert chat.taps("Hours").texts[0].startswith("That button no longer works.")

    chat = asked("near hours way")
    chat.book = make_book(WELCOME, ORDER)
    assert chat.taps("Hours").texts[0].startswith("That button no longer works.")


def test_whoever_asks_in_another_language_is_spoken_to_in_it() -> None:
    chat = Chat(book(), contact=make_contact(locale=None))
    chat.says("order").says("seguro hours")

    assert chat.texts == ["The hours.\n\nEntonces: Which pizza?"]
    assert chat.conversation.contact.locale == "es"


def test_whoever_chose_a_language_keeps_it() -> None:
    chat = asked("order", "seguro hours")

    assert chat.conversation.contact.locale == "en"
