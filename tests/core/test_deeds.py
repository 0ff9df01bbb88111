"""What is told to the provider beside the talk."""

import pytest

from engine.core.content import Assignment, ContactUpdate, Deed, Event, Text, in_words
from engine.core.signals import AgentTookOver, StepReturned
from tests.core.chat import Chat
from tests.core.small import Ask, Code, Place, Small, make_book

ADDED = Event(name="Product added", traits={"sku": "red", "total": 17})


def at_step() -> Chat:
    places: dict[str, Place] = {"work": Code(), "more": Ask("More?", ("Yes", "No"))}
    return Chat(make_book(Small("a", places, start=True))).says("hi")


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (ADDED, "event Product added: sku=red, total=17"),
        (Event(name="Ordered"), "event Ordered"),
        (
            ContactUpdate(name="Ana", traits={"city": "Puebla"}, tags=("regular",)),
            "contact Ana: city=Puebla, #regular",
        ),
        (ContactUpdate(tags=("regular",)), "contact: #regular"),
        (Assignment(agent="kim@shop.example"), "assigned to kim@shop.example"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_deed_is_said_in_a_line(deed: Deed, words: str) -> None:
    assert in_words(deed) == words


def test_what_a_step_tells_the_provider_goes_before_what_it_says() -> None:
    chat = at_step().returns(said=(Text(body="Done."), ADDED))
    assert [(one.content.kind, one.question, one.met) for one in chat.sent] == [
        ("event", False, None),
        ("buttons", False, None),
    ]
    assert chat.trace.effects[0] == "send event"


def test_a_step_of_a_past_visit_says_nothing_but_what_it_tells_the_provider_has_happened() -> None:
    chat = at_step()
    busy = chat.conversation.busy
    assert busy is not None
    chat.gets(AgentTookOver(agent="kim"))
    said = (Text(body="Done."), ADDED)
    chat.gets(StepReturned(run=busy.run, visit=busy.visit, said=said))
    assert [(one.content, one.origin) for one in chat.sent] == [(ADDED, "flow")]
    assert chat.trace.note == "the visit is past"
