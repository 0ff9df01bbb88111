"""Each mistake of a question that `check` names; the line is the one marked `# here`."""

import pytest

from engine.flow.check import check_flows
from parley.testing import PHONE_LINE, PLAIN_LINE
from tests.flow.written import Find, Written


@pytest.mark.parametrize(
    ("question", "what"),
    [
        pytest.param(
            'choose("Which?", {"A title of thirty characters!!": END, "Short": END})',
            "the title 'A title of thirty characters!!' is longer than 24 characters",
            id="long title of choose",
        ),
        pytest.param(
            'choose("Which?", {"A": END, "B": END, "C": END, "D": END}, button="Have a look at all")',
            None,
            id="label that fits",
        ),
        pytest.param(
            'choose("Which?", {"A": END, "B": END, "C": END, "D": END}, button="Have a look at all of it")',
            "button='Have a look at all of it' is longer than 20",
            id="long label",
        ),
        pytest.param(
            f'choose("{"x" * 1025}", {{"A": END}})',
            "the text is longer than 1024 characters",
            id="long text",
        ),
    ],
)
def test_a_fixed_question_that_falls_to_numbered_text_is_a_warning(
    written: Written, question: str, what: str | None
) -> None:
    flows = written.flows(f"""
        class Shop(Flow):
            which = {question}  # here
    """)
    problems = check_flows(flows, capabilities=[PHONE_LINE, PLAIN_LINE, PHONE_LINE])
    if what is None:
        assert problems == []
        return
    problem = written.the_problem(problems)
    assert problem.what == f"{what}, so the options become numbered text"
    assert problem.severity == "warning"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(
            'size: Literal["Small", "An option of more than 24"] = ask("?")', id="literal"
        ),
        pytest.param('size: str = ask("?", options=["An option of more than 24"])', id="listed"),
        pytest.param(
            'size: Literal["A"] | None = ask("?", skip="A skip of far more than 24")', id="skip"
        ),
        pytest.param(
            f'size: str = ask("?", options=[Option("a", "A", "{"x" * 73}")])', id="description"
        ),
    ],
)
def test_titles_of_a_field_are_measured_too(find: Find, question: str) -> None:
    problem = find(f"""
        class Shop(Flow):
            {question}  # here
    """)
    assert "is longer than" in problem.what


@pytest.mark.parametrize(
    "question",
    [
        pytest.param('size = choose("Size?", {"none": END, "None": END})', id="but for case"),
        pytest.param('size: str = ask("Size?", options=["None", "None"])', id="listed"),
        pytest.param('size: Literal["None"] | None = ask("Size?", skip="None")', id="skip"),
    ],
)
def test_equal_titles_are_a_warning(find: Find, question: str) -> None:
    problem = find(f"""
        class Shop(Flow):
            {question}  # here
    """)
    assert problem.what.startswith("2 options are called 'none'")
    assert problem.severity == "warning"


def test_every_brace_that_is_no_placeholder_is_told(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            size: str = ask("Size?")
            done = say("{ size } {size.upper()} {} {size}")
    """)
    told = [problem.what for problem in check_flows(flows)]
    assert told == [
        "{ size } is no placeholder",
        "{size.upper()} is no placeholder",
        "{} is no placeholder",
    ]


def test_a_placeholder_for_the_contact_is_suggested(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            done = say("Hi {name}")  # here
    """)
    assert problem.todo == "write {contact.name}"


def test_a_type_that_allows_none_without_a_way_to_leave_it_out_is_a_warning(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            note: str | None = ask("A note?")  # here
    """)
    assert problem.severity == "warning"
    assert problem.what == "its type allows None, but nothing lets the contact leave it out"


def test_an_emoji_in_a_title_is_told_as_it_is(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            a = choose("Who?", {"👨‍👩‍👧 The family with three": END})  # here
    """)
    assert "the title '👨‍👩‍👧 The family with three' is longer than" in problem.what
