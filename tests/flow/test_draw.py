"""Flows as mermaid diagrams."""

from typing import Literal

from engine.flow.chat import Chat
from engine.flow.compile import CompiledFlow
from engine.flow.draw import draw
from engine.flow.fields import Flow
from engine.flow.steps import ask, choose, handoff, say, step
from engine.flow.targets import END, To, to


class Order(Flow):
    size: Literal["Small", "Large"] = ask("Which size?")
    note: str = ask("Any note?", when=lambda order: order.size == "Large")
    end: str = ask("When shall we be there; at the latest, that is: before the end of the day?")
    confirm = choose(
        "{size}: right?",
        {
            "Yes": to.place,
            "Another": to["catalogue"].then(to.size),
            'A #1 "person"': to.person,
            "Leave": to["goodbye"],
            "All again": to.size.fresh,
        },
    )

    @step(on_error=to.person)
    async def place(self, chat: Chat) -> To:
        return to.done

    done = say(lambda: "Thank you.", then=END)
    person = handoff("One moment.")


def test_a_flow_is_drawn_with_every_way_out() -> None:
    lines = [line.strip() for line in draw(CompiledFlow(Order)).splitlines()]
    arrows = [line for line in lines if "-->" in line]
    assert arrows == [
        "order_size --> order_note",
        "order_note --> order_end",
        "order_end --> order_confirm",
        "order_confirm --> order_place: Yes",
        "order_confirm --> order__flow_catalogue: Another",
        "order_confirm --> order_person: A #35;1 #quot;person#quot;",
        "order_confirm --> order__flow_goodbye: Leave",
        "order_confirm --> order_size: All again",
        "order__flow_catalogue --> order_size: returns",
        "order_place --> order_done",
        "order_place --> order_person: on_error",
        "order_done --> order_END",
        "order_person --> order_END: released",
        "[*] --> order_size",
    ]


def test_boxes_say_what_the_step_says() -> None:
    lines = [line.strip() for line in draw(CompiledFlow(Order)).splitlines()]
    assert [line for line in lines if line.startswith("state ")] == [
        'state "size · Which size?" as order_size',
        'state "note (if due) · Any note?" as order_note',
        'state "end · When shall we be there#59; at the latest, …" as order_end',
        'state "confirm · {size}#58; right?" as order_confirm',
        'state "place · code" as order_place',
        'state "done · …" as order_done',
        'state "person · One moment." as order_person',
        'state "flow catalogue" as order__flow_catalogue',
        'state "flow goodbye" as order__flow_goodbye',
        'state "END" as order_END',
    ]


def test_a_diagram_is_a_titled_mermaid_state_diagram() -> None:
    text = draw(CompiledFlow(Order))
    assert text.startswith("---\ntitle: order\n---\nstateDiagram-v2\n")
    assert "Class order_size s_default" in text


def test_the_body_order_is_drawn_to_its_end() -> None:
    class Short(Flow):
        hello = say("Hello.")
        name: str = ask("Your name?")

    lines = [line.strip() for line in draw(CompiledFlow(Short)).splitlines()]
    assert "short_name --> short_END" in lines
