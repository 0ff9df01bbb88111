"""`check` names each place that may speak in a closed window and has no plan for it."""

from pathlib import Path

import pytest

from engine.core.capabilities import Capabilities
from engine.flow.check import check_flows
from engine.flow.load import load_flows
from parley.testing import PHONE_LINE, PLAIN_LINE

HEAD = (
    "from parley import END, Chat, Flow, after, ask, before_close, choose, handoff, in_days, say, step, template, to"
    "\n\n"
)
BEGUN = "class Shop(Flow, start=True{flow}):\n"


def told(
    folder: Path,
    body: str,
    *,
    flow: str = "",
    line: Capabilities = PHONE_LINE,
    has_plan: bool = False,
    start: str | None = None,
) -> list[str]:
    """Return the places that `check` names in a flow with this body, as `line:step why`."""
    flows = folder / "flows"
    flows.mkdir(exist_ok=True)
    (flows / "bot.py").write_text(HEAD + BEGUN.format(flow=flow) + body)
    found = check_flows(
        load_flows(["flows"], folder).values(),
        capabilities=[line],
        has_plan=has_plan,
        starts={"shop": start} if start else None,
    )
    assert all(one.severity == "warning" for one in found)
    return [
        f"{one.line}:{one.flow}.{one.step} {one.what.partition(' the window')[0]}" for one in found
    ]


RELEASED = """\
    size: str = ask("Which size?")
    person = handoff("One moment.", then=to.back)
    back = say("Let us go on.")
    more = choose("Anything else?", {"Yes": to.size, "No": END})
"""

LONG = """\
    size: str = ask("Which size?")

    @step(timeout="2h")
    async def bake(self, chat: Chat) -> None:
        pass

    note = say(template("ready"))
    done = say("It is ready.", then=END)
"""


def test_what_follows_a_handoff_is_named_up_to_the_next_answer(tmp_path: Path) -> None:
    assert told(tmp_path, RELEASED) == [
        "6:shop.back after the handoff 'person'",
        "7:shop.more after the handoff 'person'",
    ]


def test_what_follows_a_long_step_is_named_but_no_template(tmp_path: Path) -> None:
    assert told(tmp_path, LONG) == ["11:shop.done after 'bake', which may take 2:00:00,"]
    assert told(tmp_path, LONG.replace("2h", "59m")) == []


@pytest.mark.parametrize("plan", ['"hold"', '"fail"', 'template("ready", "{size}")'])
def test_a_plan_of_the_flow_or_of_the_message_is_enough(tmp_path: Path, plan: str) -> None:
    assert told(tmp_path, LONG, flow=f", closed={plan}") == []
    assert told(tmp_path, LONG.replace('y.", then', f'y.", closed={plan}, then')) == []


def test_a_plan_of_every_line_is_enough_and_a_line_without_a_window_needs_none(
    tmp_path: Path,
) -> None:
    assert told(tmp_path, LONG, has_plan=True) == []
    assert told(tmp_path, LONG, line=PLAIN_LINE) == []


ALONE = """\
    done = say("Hello.", then=END)

class News(Flow):
    tell = say("There is news.", then=END)
"""


def test_a_flow_that_only_the_business_begins_is_named(tmp_path: Path) -> None:
    why = "nothing but your own systems begins this flow:"
    assert told(tmp_path, ALONE) == [f"7:news.tell {why}"]
    assert told(tmp_path, ALONE, start="news") == []
    assert told(tmp_path, ALONE.replace("then=END)\n\n", 'then=to["news"])\n\n')) == []


def test_placeholders_of_a_template_are_checked_as_those_of_a_text(tmp_path: Path) -> None:
    body = '    size: str = ask("Which?", closed=template("which", "{sise}"))\n'
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bot.py").write_text(HEAD + BEGUN.format(flow="") + body)
    (problem,) = check_flows(load_flows(["flows"], tmp_path).values(), capabilities=[PHONE_LINE])
    assert "{sise} is no field of this flow" in problem.what


TIMED = """\
    size: str = ask("Which size?", remind=[after("2h", "Still there?"), in_days(1, "9:00", "Good morning!")])
    far: str = ask("How far?", remind=after("2d", template("come_back")), expires="3d", then=to.sorry)
    near: str = ask("How near?", nudge=before_close("1h", "Quick!"), expires="3h", then=to.soon)
    ready = say("It is ready.", at=in_days(2, "10:00"))
    planned = say("It is ready.", at=in_days(2, "10:00"), closed="fail")
    approved = say(template("ready"), at=in_days(2, "10:00"))
    tonight = say("Good night.", at="22:00")
    done = say("Thank you.", at=after("3h"), then=END)
    soon = say("Another time.", then=END)
    sorry = say("Another time.", then=END)
"""


def test_what_comes_at_a_time_of_its_own_is_named_where_a_day_has_passed_by_then(
    tmp_path: Path,
) -> None:
    assert told(tmp_path, TIMED) == [
        "4:shop.size when it reminds",
        "7:shop.ready by then",
        "13:shop.sorry when 'far' has expired",
    ]
    assert told(tmp_path, TIMED, flow=', closed="hold"') == []
