"""Templates in a flow: how they are written, what fills them, and what is told of one that is written wrong."""

from datetime import date
from decimal import Decimal

import pytest

from engine.core.closed import Planned
from engine.core.content import ButtonValue, Location, Media, Text
from engine.core.content import Template as Approved
from engine.core.errors import DefinitionError, FlowError
from engine.core.ids import VisitId
from engine.flow.chat import Chat
from engine.flow.code import FlowSteps
from engine.flow.compile import CompiledFlow
from engine.flow.templates import TemplateUse, compile_plan, filled, wrong_plan
from engine.flow.text import Known, fill
from parley import Flow, ask, say, step, template
from tests.flow.desk import Desk, busy
from tests.flow.walking import ANA

SAID = Known({"size": "L"}, {"size": "Large"}, ANA, frozenset({"size"}))


def made(used: TemplateUse) -> Approved:
    compiled = compile_plan(used, str)
    assert isinstance(compiled, TemplateUse)
    return filled(
        compiled,
        fill=lambda text: fill(text, SAID),
        say=lambda value: f"{value:%d.%m.}" if isinstance(value, date) else None,
        language="es",
    )


def test_texts_are_filled_in_and_plain_values_shown() -> None:
    used = template("ready", "{size}", "{contact.name|there}", date(2026, 3, 2), 7, True, None)
    assert made(used).body == ("Large", "Ana", "02.03.", "7", "Yes", "")


def test_line_breaks_and_runs_of_spaces_fold() -> None:
    assert made(template("ready", " High Street 5\n\n second   floor ")).body == (
        "High Street 5 second floor",
    )


def test_variables_may_have_names() -> None:
    used = made(template("ready", number="7", size="{size}", price=Decimal("8.50")))
    assert (used.names, used.body) == (("number", "size", "price"), ("7", "Large", "8.50"))


def test_it_speaks_the_contacts_language_unless_it_names_one() -> None:
    assert made(template("ready")).language == "es"
    assert made(template("ready", language="en_US")).language == "en_US"


@pytest.mark.parametrize(
    "header",
    [Media(kind="image", url="https://shop.example/a.jpg"), Location(latitude=1, longitude=2)],
    ids=["file", "place"],
)
def test_headers_and_buttons_go_along(header: Media | Location) -> None:
    button = ButtonValue(index=0, value="orders/7")
    used = made(template("ready", header=header, buttons=[button]))
    assert (used.header, used.buttons) == (header, (button,))
    assert made(template("ready", header="For {size}")).header == "For Large"


def test_a_template_with_some_names_or_without_its_own_is_refused() -> None:
    with pytest.raises(DefinitionError, match="some variables have a name"):
        template("ready", "7", size="L")
    with pytest.raises(DefinitionError, match="names none"):
        template(" ")


@pytest.mark.parametrize("plan", ["drop", 7, "ready"])
def test_what_is_no_plan_is_told(plan: object) -> None:
    ((what, todo),) = wrong_plan(plan)
    assert repr(plan) in what
    assert "template(" in todo
    assert list(wrong_plan(template("ready"))) == list(wrong_plan(None)) == []


# --- in a code step ---------------------------------------------------------------------------------


class Parcel(Flow, closed=template("news", "{street}")):
    street: str = ask("Where to?")

    @step
    async def pack(self, chat: Chat) -> None:
        ready = template("ready", "{street}", Decimal("8.5"), date(2026, 3, 2))
        await chat.say("It is packed.", closed=ready)
        await chat.say("At once.", now=True)
        await chat.say("Held.", now=True, closed="hold")
        await chat.say(ready)

    sent = say("It is on its way.")


async def test_code_takes_variables_as_they_are_and_the_flows_plan_as_written() -> None:
    desk = Desk()
    flow = CompiledFlow(Parcel)
    talk = busy("parcel", "pack", {"street": "High Street 5"})
    returned = await FlowSteps({"parcel": flow}).perform(talk, VisitId(7), desk)

    news = Approved(name="news", language="en", body=("High Street 5",))
    assert desk.said_now == [
        (1, Planned(content=Text(body="At once."), closed=news)),
        (2, Planned(content=Text(body="Held."), closed="hold")),
    ]
    planned, said = returned.said
    assert isinstance(said, Approved)
    assert planned == Planned(content=Text(body="It is packed."), closed=said)
    assert (said.name, said.language) == ("ready", "en")
    assert said.body == ("{street}", "8.5", "Mon, Mar 2")


class Wrong(Flow):
    @step
    async def speak(self, chat: Chat) -> None:
        await chat.say("Hello", closed="drop")  # type: ignore[arg-type]  # what a mistake looks like


async def test_code_that_plans_what_is_no_plan_has_broken_the_rules() -> None:
    steps = FlowSteps({"wrong": CompiledFlow(Wrong)})
    returned = await steps.perform(busy("wrong", "speak"), VisitId(7), Desk())
    assert FlowError.__name__ in (returned.error or "")
    assert "is no plan for a closed window" in (returned.error or "")
