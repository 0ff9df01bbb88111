"""`parley chat`: a talk in the terminal, and what its author is told of their mistakes."""

from pathlib import Path

from tests.cli.support import run
from tests.web.support import DRINKS, write_flow

NO_OPTION = """
from parley import Flow, ask


class Fragile(Flow, start=True):
    size: str = ask("Which size?", options=lambda: [])
"""

BROKEN_STEP = """
from parley import Chat, Flow, step


class Fragile(Flow, start=True):
    @step
    async def work(self, chat: Chat) -> None:
        1 / 0
"""

BROKEN_CONDITION = """
from parley import Flow, ask


class Fragile(Flow, start=True):
    size: str = ask("Which size?", when=lambda answers: {}["missing"])
"""


def test_a_talk_in_the_terminal_takes_numbers_and_words(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "chat", typed="hi\n2\nhello\ntea\n")

    assert (ended.returncode, ended.stderr) == (0, "")
    said = [line for line in ended.stdout.splitlines() if line.startswith(("Tea or", "Here is"))]
    assert said == [
        "Tea or coffee?",
        "Here is your coffee.",
        "Tea or coffee?",
        "Here is your tea.",
    ]
    assert "2. Coffee" in ended.stdout


def test_a_talk_in_the_terminal_may_have_people_in_it(tmp_path: Path) -> None:
    write_flow(tmp_path)

    typed = "= agent\nhi\n= agent\n2\n= agent: Tea is out.\n= bot\n2\n= nobody\n"
    ended = run(tmp_path, "chat", typed=typed)

    said = [line for line in ended.stdout.splitlines() if line.startswith(("Tea", "Here is"))]
    assert said == ["Tea or coffee?", "Tea is out.", "Tea or coffee?", "Here is your coffee."]
    nobody, nothing = ended.stderr.splitlines()
    assert nobody == "(Nobody has written yet.)"
    assert nothing.startswith("('= nobody' is none of: = agent, ")


def test_a_talk_leaves_nothing_behind(tmp_path: Path) -> None:
    write_flow(tmp_path)

    run(tmp_path, "chat", typed="hi\n")

    assert [file.name for file in tmp_path.iterdir()] == ["flows"]


def test_a_pizza_is_ordered_in_the_terminal(tmp_path: Path) -> None:
    typed = "hi\n1\nLarge\ntwo\n2\nPick up\nNo, thanks\nYes, order\n"

    ended = run(tmp_path, "chat", "order", typed=typed)

    assert ended.returncode == 0
    assert "Thank you!" in ended.stdout


def test_an_author_is_told_what_their_code_step_raised(tmp_path: Path) -> None:
    write_flow(tmp_path, BROKEN_STEP)

    ended = run(tmp_path, "chat", typed="hi\n")

    assert ended.returncode == 0
    assert "(fragile.work: ZeroDivisionError: division by zero (at talk.py:8))" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_author_is_told_where_a_condition_raised(tmp_path: Path) -> None:
    write_flow(tmp_path, BROKEN_CONDITION)

    ended = run(tmp_path, "chat", typed="hi\n")

    assert ended.returncode == 0
    assert "flows/talk.py:6: KeyError: 'missing'" in ended.stderr


def test_a_talk_that_nothing_begins_says_so(tmp_path: Path) -> None:
    write_flow(tmp_path, DRINKS.replace("start=True", "starts_on=['thirsty']"))

    ended = run(tmp_path, "chat", typed="thirsty\n")

    assert ended.stderr.startswith("(No flow is marked start=True: thirsty begins one; ")
    assert "Tea or coffee?" in ended.stdout


def test_an_author_is_told_which_question_has_no_option(tmp_path: Path) -> None:
    write_flow(tmp_path, NO_OPTION)

    ended = run(tmp_path, "chat", typed="hi\n")

    assert "(fragile.size: the question has no option; a person takes over)" in ended.stderr


def test_an_unknown_flow_to_chat_with_is_one_line(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "chat", "drink")

    assert ended.returncode == 1
    assert "did you mean 'drinks'?" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
