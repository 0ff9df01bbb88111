"""The flows we ship are models for authors: nothing to complain of, every step drawn."""

from engine.flow.check import check_flows
from engine.flow.compile import CompiledFlow
from engine.flow.draw import draw
from tests.conftest import FLOWS
from tests.talk import PHONE_LINE, PLAIN_LINE, load


def _flows() -> list[CompiledFlow]:
    return list(load((str(FLOWS),)).values())


def test_check_finds_nothing_in_them() -> None:
    problems = check_flows(_flows(), capabilities=[PHONE_LINE, PLAIN_LINE], starts={"shop": None})
    assert [str(problem) for problem in problems] == []


def test_every_step_of_them_is_drawn() -> None:
    for flow in _flows():
        boxes = draw(flow)
        assert all(f" as {flow.name}_{step}\n" in boxes for step in flow.steps)
