"""How values are shown that no option was chosen for, and questions that are asked on request."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel

from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.core.languages import ENGLISH, LANGUAGES
from engine.core.script import Asks, Ends
from engine.flow.answers.reader import Here
from engine.flow.catalogue import Catalogue, same
from engine.flow.compile import CompiledFlow
from engine.flow.fields import load
from engine.flow.graph import reachable
from engine.flow.options import load_option, offer_options, store_option
from engine.flow.shows import Eyes, describe, show_value
from engine.flow.talk import Talk
from engine.flow.translatable import texts_of
from parley import END, Chat, Flow, Location, Money, Option, Shows, To, ask, choose, say, step, to
from parley.testing import PHONE_LINE
from tests.flow.walking import Walker

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SPANISH = next(language for language in LANGUAGES if language.code == "es")
IN_ENGLISH = Eyes(Here(NOON, "en", "US"), ENGLISH, same)
IN_SPANISH = Eyes(Here(NOON, "es", "ES"), SPANISH, lambda text: {"Large": "grande"}.get(text, text))


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


@dataclass(frozen=True)
class Item:
    name: str
    size: Literal["Small", "Large"]
    price: Money
    note: str | None = None


class Stay(BaseModel):
    night: date


TENT = Item("Tent", "Large", euros("12.50"))


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        pytest.param(True, "Yes", "Sí", id="bool"),
        pytest.param(euros("1234.5"), "€1,234.50", "1.234,50\N{NO-BREAK SPACE}€", id="money"),
        pytest.param(Decimal("0.5"), "0.5", "0,5", id="decimal"),
        pytest.param(date(2026, 4, 3), "Fri, Apr 3", "vie, 3 abr", id="date"),
        pytest.param(time(17, 30), "5:30 PM", "17:30", id="time"),
        pytest.param(NOON, "Mon, Mar 2, 12:00 PM", "lun, 2 mar, 12:00", id="datetime"),
        pytest.param(
            NOON.replace(tzinfo=None), "Mon, Mar 2, 12:00 PM", "lun, 2 mar, 12:00", id="naive"
        ),
        pytest.param(Location(latitude=1, longitude=2, name="Inn"), "Inn", "Inn", id="place"),
        pytest.param("Large", None, None, id="text"),
        pytest.param(None, None, None, id="none"),
    ],
)
def test_a_value_is_shown_by_locale(
    value: object, english: str | None, spanish: str | None
) -> None:
    assert show_value(value, IN_ENGLISH) == english
    assert show_value(value, IN_SPANISH) == spanish


@pytest.mark.parametrize(
    ("record", "shows", "said"),
    [
        pytest.param(
            TENT, "{size} {name}, {price}", "grande Tent, 12,50\N{NO-BREAK SPACE}€", id="dataclass"
        ),
        pytest.param(Stay(night=date(2026, 4, 3)), "el {night}", "el vie, 3 abr", id="model"),
        pytest.param({"size": "Large"}, "{size}", "grande", id="mapping"),
        pytest.param([TENT, TENT], "{name}", "Tent\nTent", id="list"),
        pytest.param([], "{name}", "", id="empty-list"),
        pytest.param(TENT, "{name} {note|-} {other}", "Tent - {other}", id="none-and-unknown"),
        pytest.param(None, "{name}", None, id="nothing"),
        pytest.param(7, "number {name}", "number {name}", id="no-record"),
    ],
)
def test_a_record_is_shown_in_its_own_words(record: object, shows: str, said: str | None) -> None:
    assert show_value(record, IN_SPANISH, shows) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("Large", "grande", id="text"),
        pytest.param(
            (euros("8.50"), "Large", 3), "8,50\N{NO-BREAK SPACE}€ · grande · 3", id="parts"
        ),
    ],
)
def test_a_description_is_its_parts_in_a_row(parts: object, said: str | None) -> None:
    assert describe(parts, IN_SPANISH) == said


def test_a_waited_for_description_comes_back_as_it_was() -> None:
    tent = Option("t", "Tent", [euros("8.50"), "Large"])
    assert load_option(store_option(tent)) == tent
    odd = load_option({"value": 1, "title": "x", "description": [{"a": 1}], "says": []})
    assert odd.description == ("{'a': 1}",)


def test_parts_of_options_that_never_change_are_text() -> None:
    class Fixed(Flow):
        what: str = ask("What?", options=[Option("t", "Tent", [2, "beds"])])

    (shown,) = CompiledFlow(Fixed).offers["what"]
    assert shown.description == "2 · beds"
    (plain,) = offer_options([Option(1, "One", 5)], None)
    assert plain.description == "5"


class Camp(Flow, starts_on=["camp"]):
    """A summary with what was added on request, and a pitch that code forgets."""

    items: Annotated[list[Item], Shows("{size} {name} · {price}")] = []
    pitch: Literal["Large", "Small"] = ask("Which pitch?")
    when: date | None = ask("Which day?", skip="Any day", on_request=True)
    note: str | None = ask("Anything else?", on_request=True)

    @step
    async def reckon(self, chat: Chat) -> To:
        self.items = [Item("Pitch", self.pitch, euros("9"))]
        return to.confirm

    confirm = choose(
        "{items}\n{pitch} on {when|any day}\nNote: {note}\n\nFine?",
        {"Yes": to.bye, "Add a note": to.note, "A day": to.when, "Another pitch": to.again},
    )

    @step
    async def again(self, chat: Chat) -> To:
        assert self.note is None or self.note
        del self.pitch
        return to.pitch

    bye = say("{pitch}!", then=END)


def compiled() -> CompiledFlow:
    texts = {
        "Large": "Grande",
        "Which pitch?": "¿Qué parcela?",
        "{size} {name} · {price}": "{name} {size} · {price}",
    }
    return CompiledFlow(Camp, catalogues={"es": Catalogue("es", Path("camp.es.po"), texts)})


async def test_what_is_offered_is_asked_on_request_only() -> None:
    ana = Talk({"camp": compiled()}, capabilities=PHONE_LINE)
    await ana.says("camp")
    await ana.taps("Large")
    ana.sees("< Large Pitch · €9.00\n  Large on any day\n  .\n  Fine?")
    await ana.taps("Add a note")
    ana.sees("Anything else?")
    await ana.says("a quiet one")
    ana.sees("Note: a quiet one")
    await ana.taps("A day")
    await ana.says("10 April")
    ana.sees("Large on Fri, Apr 10")
    await ana.says("change the pitch to small")
    ana.sees("< Small Pitch · €9.00\n  Small on Fri, Apr 10\n  Note: a quiet one")


async def test_code_forgets_an_answer_by_deleting_it() -> None:
    ana = Talk({"camp": compiled()}, capabilities=PHONE_LINE)
    await ana.says("camp")
    await ana.taps("Large")
    await ana.taps("Another pitch")
    ana.sees("Which pitch?")
    assert "pitch" not in ana.conversation.runs[-1].answers
    await ana.taps("Small")
    ana.sees("Small Pitch")
    await ana.taps("Another pitch")
    await ana.says("back")
    await ana.taps("Small", older=True)
    ana.sees("That button no longer works.")


class Tea(Flow, starts_on=["tea"]):
    size: Literal["Small", "Large"] = ask("Size?")
    leaf: str = ask("Leaf?", options=lambda: [Option("g", "Green"), Option("b", "Black")])
    confirm = choose("{size} {leaf}?", {"Yes": END})


async def test_what_the_contact_saw_is_said_in_the_language_now_spoken() -> None:
    spanish = {"Large": "Grande", "Small": "Pequeño", "Green": "Verde", "Black": "Negro"}
    french = {"Large": "Grand", "Small": "Petit", "Green": "Vert", "Black": "Vert"}
    texts = {"es": spanish, "fr": french}
    catalogues = {
        code: Catalogue(code, Path(f"tea.{code}.po"), said) for code, said in texts.items()
    }
    talk = Talk({"tea": CompiledFlow(Tea, catalogues=catalogues)}, capabilities=PHONE_LINE)
    await talk.says("tea")
    await talk.taps("Large")
    await talk.taps("Green")
    talk.sees("< Large Green?")
    for language, shown in (("Español", "Grande Verde?"), ("Français", "Grand Vert?")):
        await talk.says("language")
        await talk.says(language)
        talk.sees(shown)
    await talk.says("language")
    await talk.says("English")
    talk.sees("Large Green?")


async def test_a_title_that_stands_for_two_stays_as_it_was_seen() -> None:
    french = {"Green": "Vert", "Black": "Vert"}
    catalogues = {"fr": Catalogue("fr", Path("tea.fr.po"), french)}
    lea = Contact(id=ContactId(3), phone="33600000000", name="Léa", locale="fr")
    talk = Talk(
        {"tea": CompiledFlow(Tea, catalogues=catalogues)}, capabilities=PHONE_LINE, contact=lea
    )
    await talk.says("tea")
    await talk.taps("Large")
    await talk.says("1")
    await talk.says("langue")
    await talk.says("English")
    talk.sees("Large Vert?")


async def test_records_and_literals_speak_the_contacts_language() -> None:
    eva = Contact(id=ContactId(2), phone="34600000000", name="Eva", locale="es")
    talk = Talk({"camp": compiled()}, capabilities=PHONE_LINE, contact=eva)
    await talk.says("camp")
    talk.sees("¿Qué parcela?")
    await talk.says("grande")
    talk.sees("Pitch Grande · 9,00\N{NO-BREAK SPACE}€")


def test_a_field_that_code_set_shows_its_options_title() -> None:
    class Cup(Flow):
        @step
        async def usual(self, chat: Chat) -> To:
            return to.done

        size: Literal["Large"] = ask("Size?")
        done = say("{size} {size.value}", then=END)

    spanish = {"es": Catalogue("es", Path("cup.es.po"), {"Large": "Grande"})}
    walker = Walker(Cup)
    walker.flow = CompiledFlow(Cup, catalogues=spanish)
    walker.scene = walker.scene._replace(language=SPANISH)
    walker.begin()
    visit = walker.returns("done", answers={"size": "Large"})
    assert isinstance(visit.pause, Ends)
    assert [getattr(said, "body", "") for said in visit.said] == ["Grande Large"]


def test_listed_options_speak_the_contacts_language() -> None:
    class Shop(Flow):
        what: str = ask("What?", options=lambda: [Option("t", "Tent", (euros("2"), "new"))])

    spanish = {"es": Catalogue("es", Path("shop.es.po"), {"Tent": "Carpa", "new": "nueva"})}
    walker = Walker(Shop)
    walker.flow = CompiledFlow(Shop, catalogues=spanish)
    walker.scene = walker.scene._replace(language=SPANISH)
    pause = walker.begin().pause
    assert isinstance(pause, Asks)
    (tent,) = pause.question.options
    assert (tent.offered.title, tent.description) == ("Carpa", "€2.00 · nueva")


def test_what_is_listed_without_answers_can_be_translated() -> None:
    def broken() -> list[Option]:
        raise OSError

    class Shop(Flow, starts_on=["shop"]):
        bag: Annotated[list[Item], Shows("{name} {size}")] = []
        last: Annotated[Item | None, Shows("{name}")] = None
        what: str = ask("What?", options=lambda: [Option("t", "Tent", (euros("2"), "new"))])
        which: str = ask("Which?", options=lambda flow: [flow.what])
        other: str = ask("Other?", options=broken)
        count: int = ask("How many?", options=[1, 2])

    texts = dict(texts_of(Shop.__flow__))
    assert list(texts) == [
        "shop",
        "{name} {size}",
        "What?",
        "Tent",
        "new",
        "Which?",
        "Other?",
        "How many?",
    ]
    assert texts["new"] == "shop.what"


def test_a_question_on_request_is_reached_by_a_target_alone() -> None:
    class Loose(Flow):
        first: str = ask("First?")
        extra: str | None = ask("Extra?", on_request=True)
        done = say("Done.", then=END)

    assert reachable(CompiledFlow(Loose)) == {"first", "done"}


def test_deleting_what_is_no_field_is_a_mistake() -> None:
    flow = load(Camp, {"pitch": "Large"})
    del flow.pitch  # type: ignore[attr-defined]  # a field of its class
    with pytest.raises(AttributeError):
        del flow.unknown  # type: ignore[attr-defined]  # what the test is about
