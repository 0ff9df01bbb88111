"""The flows we ship are models for authors: nothing to complain of, every step drawn."""

from engine.flow.check import check_flows
from engine.flow.compile import CompiledFlow
from engine.flow.draw import draw
from engine.flow.languages import read_languages
from engine.flow.load import load_flows
from parley.testing import PHONE_LINE, PLAIN_LINE
from tests.conftest import FLOWS


def _flows() -> list[CompiledFlow]:
    return list(load_flows([str(FLOWS)], FLOWS.parent).values())


def test_check_finds_nothing_in_them() -> None:
    problems = check_flows(_flows(), capabilities=[PHONE_LINE, PLAIN_LINE], starts={"shop": None})
    assert [str(problem) for problem in problems] == []


def test_every_step_of_them_is_drawn() -> None:
    for flow in _flows():
        boxes = draw(flow)
        assert all(f" as {flow.name}_{step}\n" in boxes for step in flow.steps)


def test_they_speak_three_languages() -> None:
    """Nothing lacks a translation, breaks its placeholders, or collides with a word that works anywhere."""
    problems = check_flows(
        _flows(),
        capabilities=[PHONE_LINE, PLAIN_LINE],
        starts={"shop": None},
        languages=read_languages(("en", "es", "ar")).all,
    )
    assert [str(problem) for problem in problems] == []
