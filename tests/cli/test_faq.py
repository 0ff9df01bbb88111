"""The FAQ beside the flows, in the terminal: its mistakes are told, its answers said."""

from pathlib import Path

from tests.cli.support import run
from tests.web.support import write_flow

FAQ = """# What people ask.
[[question]]
name = "hours"
title = "Opening hours"
asks = ["When are you open?"]
answer = "From 9 to 5."
"""


def write_faq(folder: Path, more: str = "") -> None:
    write_flow(folder)
    (folder / "flows" / "faq.toml").write_text(FAQ + more, "utf-8")


def test_check_tells_the_mistakes_of_the_faq(tmp_path: Path) -> None:
    write_faq(tmp_path, 'flow = "dinks"\nflow_title = "Drinks"\n')

    ended = run(tmp_path, "check")

    assert ended.returncode == 1
    assert (
        "flows/faq.toml:2: faq.hours: flow: 'dinks' is no flow; did you mean drinks?"
        in ended.stdout
    )


def test_a_wrong_entry_keeps_the_program_from_starting(tmp_path: Path) -> None:
    write_faq(tmp_path, 'image = "door.jpg"\n')

    ended = run(tmp_path, "chat")

    assert ended.returncode != 0
    assert "faq.toml:2: faq.hours: image must be a web address" in ended.stderr + ended.stdout


def test_a_question_is_answered_in_the_terminal(tmp_path: Path) -> None:
    write_faq(tmp_path)

    ended = run(tmp_path, "chat", typed="until when are you open\n")

    assert ended.stdout.splitlines()[0] == "From 9 to 5."
