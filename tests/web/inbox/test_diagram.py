"""A flow's diagram: the happy path downwards, what branches off beside it, where the run stands marked."""

import pytest

from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow
from engine.flow.load import load_flows
from engine.flow.steps import ask, choose, handoff, say
from engine.flow.targets import END, to
from engine.flow.ways import ways
from tests.conftest import FLOWS
from web.inbox.side.diagram import NARROW, WIDE, Look, draw, words_of, wrap
from web.inbox.side.placing import BESIDE, PATH, happy_path, place


@pytest.fixture(scope="module")
def flows() -> dict[str, CompiledFlow]:
    return dict(load_flows([str(FLOWS)], FLOWS.parent))


def test_the_happy_path_of_an_order_goes_down_its_body(flows: dict[str, CompiledFlow]) -> None:
    path = "recall again repeat pizza size quantity how address reckon confirm place done"
    assert happy_path(flows["order"]) == path.split()


def test_a_choice_whose_first_option_leads_up_goes_where_the_next_leads_down(
    flows: dict[str, CompiledFlow],
) -> None:
    assert happy_path(flows["faq"]) == ["topic", "more", "bye"]


@pytest.mark.parametrize("name", ["order", "faq", "welcome", "complaint"])
def test_every_step_has_a_cell_of_its_own(flows: dict[str, CompiledFlow], name: str) -> None:
    flow = flows[name]
    placed = place(flow, ways(flow))
    assert len(set(placed.values())) == len(placed)
    assert set(flow.steps) <= set(placed)
    on_path = [placed[step].row for step in happy_path(flow)]
    assert on_path == list(range(len(on_path)))
    assert {cell.column for key, cell in placed.items() if key not in happy_path(flow)} <= {
        BESIDE,
        PATH,  # the end
    }


@pytest.mark.parametrize("look", [NARROW, WIDE], ids=["narrow", "wide"])
def test_boxes_do_not_touch_and_lie_within(flows: dict[str, CompiledFlow], look: Look) -> None:
    diagram = draw(flows["order"], here=None, visited=(), look=look)
    for box in diagram.boxes:
        assert 0 <= box.x < box.x + box.width <= diagram.width
        assert 0 <= box.y < box.y + box.height <= diagram.height
    for one in diagram.boxes:
        for other in diagram.boxes:
            apart = (
                one.x + one.width < other.x
                or other.x + other.width < one.x
                or one.y + one.height < other.y
                or other.y + other.height < one.y
            )
            assert apart or one is other


def test_the_narrow_one_fits_beside_a_chat(flows: dict[str, CompiledFlow]) -> None:
    assert draw(flows["order"], here=None, visited=(), look=NARROW).width <= 320


def test_it_says_where_the_run_stands_what_it_passed_and_what_comes(
    flows: dict[str, CompiledFlow],
) -> None:
    passed = {"recall", "pizza", "size"}
    diagram = draw(flows["order"], here="quantity", visited=passed, look=WIDE)
    states = {box.key: box.state for box in diagram.boxes}
    assert (states["quantity"], states["size"], states["how"]) == ("here", "visited", "ahead")
    active = {(one.source, one.target) for one in diagram.arrows if one.active}
    assert active == {("quantity", "how")}
    walked = {(one.source, one.target) for one in diagram.arrows if one.walked}
    assert walked == {("recall", "pizza"), ("pizza", "size"), ("size", "quantity")}


def test_the_same_is_there_as_a_list(flows: dict[str, CompiledFlow]) -> None:
    diagram = draw(flows["order"], here="confirm", visited=(), look=NARROW)
    assert [step.name for step in diagram.steps] == [
        name.replace("_", " ") for name in flows["order"].steps
    ]
    confirm = next(step for step in diagram.steps if step.name == "confirm")
    assert confirm.state == "here"
    assert ("Yes, order", "place") in confirm.ways


def test_a_box_says_the_question_without_what_would_be_filled_in(
    flows: dict[str, CompiledFlow],
) -> None:
    steps = flows["order"].steps
    assert words_of(steps["confirm"]) == "Shall we make it?"
    assert words_of(steps["sold_out"]) == "Sorry, the last … has just gone."
    assert words_of(steps["done"]) == "Thank you! Order …, about 30 minutes. 🛵"
    assert words_of(steps["reckon"]) == "Put together what is ordered and what it costs."


class Lost(Flow):
    first = choose("Which?", {"Left": to.left, "Another": to["order"]})
    left = say(lambda: "made by code", then=END)
    never = say("Nothing leads here.", then=to.first)
    person = handoff("שלום", then=to.first)
    late: str = ask("{first}")


def test_what_nothing_leads_to_and_other_flows_are_drawn_too() -> None:
    diagram = draw(CompiledFlow(Lost), here="first", visited=(), look=WIDE)
    boxes = {box.key: box for box in diagram.boxes}
    assert boxes["@order"].kind == "flow"
    assert {"never", "person", "late", "END"} <= set(boxes)
    assert boxes["person"].rtl
    assert boxes["left"].words == "…"
    assert boxes["late"].words == "…"


@pytest.mark.parametrize(
    ("words", "ems", "lines", "shown"),
    [
        ("Which size?", 20, 1, ("Which size?",)),
        ("", 20, 1, ()),
        ("Where to? Send your location or type it.", 10, 1, ("Where to? Send yo…",)),
        ("One two three forty five", 5.5, 2, ("One two", "three fort…")),
        ("Pneumonoultramicroscopic", 5, 2, ("Pneumono", "ultramic…")),
        ("Sorry, the last … has gone", 8, 1, ("Sorry, the last…",)),
    ],
    ids=["fits", "nothing", "cut", "two lines", "one long word", "no two ellipses"],
)
def test_words_are_cut_to_their_box(
    words: str, ems: float, lines: int, shown: tuple[str, ...]
) -> None:
    assert wrap(words, ems, lines) == shown
