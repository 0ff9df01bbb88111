"""`parley draw`: the picture of a flow, and what is said where there is no such flow."""

from pathlib import Path

from tests.cli.support import run
from tests.web.support import write_flow


def test_a_flow_is_drawn_as_mermaid(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "draw", "drinks")

    assert ended.returncode == 0
    assert "stateDiagram" in ended.stdout
    assert "coffee" in ended.stdout


def test_an_unknown_flow_is_told_with_what_was_meant(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "draw", "drink")

    assert ended.returncode == 1
    assert ended.stderr == "parley: no flow 'drink'; did you mean 'drinks'?\n"
