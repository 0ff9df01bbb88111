"""Each mistake that `check` names, in a flow that has exactly that one; the line is the one marked `# here`."""

import pytest

from engine.flow.check import check_flows
from engine.flow.lock import Lock
from parley.testing import PHONE_LINE, PLAIN_LINE
from tests.flow.written import Find, Written


def test_a_flow_without_mistakes_has_no_problem(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow, start=True, starts_on=["shop"], moved={"gone": to.size}):
            size: Literal["Small", "Large"] = ask("Which size, {contact.name|you}?", was="width")
            confirm = choose("{size} ({size.value})?", {"Yes": to.place, "No": to.size})

            @step
            async def place(self, chat: Chat) -> To:
                return to["other"].then(to.done)

            done = say("Done.")

        class Other(Flow):
            done = say("Other.")
    """)
    assert check_flows(flows, capabilities=[PHONE_LINE, PLAIN_LINE], starts={"shop": None}) == []


def test_an_unknown_target_is_named_with_the_nearest_step(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size: str = ask("Size?")
            confirm = choose("Sure?", {"Yes": END, "No": to.sise})  # here
    """)
    assert problem.what == "to.sise is no step of this flow"
    assert problem.todo == "did you mean to.size?"
    assert (problem.flow, problem.step, problem.severity) == ("shop", "confirm", "error")


def test_an_unknown_target_like_no_step_lists_the_steps(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size: str = ask("Size?")
            done = say("Done.", then=to.qqqqq)  # here
    """)
    assert problem.todo == "there are done, size"


def test_an_unknown_flow_is_named_with_the_nearest_flow(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            done = say("Done.", then=to["chekout"])  # here

        class Checkout(Flow):
            pay = say("Pay.")
    """)
    assert problem.what == 'to["chekout"] is no flow'
    assert problem.todo == 'did you mean to["checkout"]?'


@pytest.mark.parametrize(
    "call",
    [
        pytest.param('then=to["other"].then(to.dome)', id="after a called flow"),
        pytest.param("then=to.dome.fresh", id="fresh"),
    ],
)
def test_an_unknown_target_is_found_inside_another(find: Find, call: str) -> None:
    problem = find(f"""
        class Shop(Flow):
            done = say("Done.", {call})  # here

        class Other(Flow):
            pay = say("Pay.")
    """)
    assert problem.todo == "did you mean to.done?"


def test_an_unknown_returning_is_named(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size: str = ask("Size?")
            change = choose("What?", {"Size": to.size}, returning=to.confrim)  # here
    """)
    assert problem.what == "to.confrim is no step of this flow"


def test_an_unknown_exit_of_a_code_step_is_named(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            @step  # here
            async def place(self, chat: Chat) -> To | None:
                if chat.key:
                    return to.dome
                return None
            done = say("Done.")
    """)
    assert problem.what == "to.dome is no step of this flow"


def test_a_step_that_nothing_leads_to_is_unreachable(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            hello = say("Hello.", then=END)
            lost = say("Nobody comes here.")  # here
    """)
    assert (problem.step, problem.what) == ("lost", "nothing leads here")


def test_where_a_correction_returns_to_is_reached(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            size: str = ask("Size?")
            change = choose("What?", {"Size": to.size}, returning=to.confirm)
            confirm = choose("Sure?", {"Yes": END})
    """)
    assert check_flows(flows) == []


def test_an_untyped_question_is_named(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size = ask("Size?")  # here
    """)
    assert problem.what == "the question has no type"
    assert problem.todo == "annotate the field, such as size: str = ask(...)"


@pytest.mark.parametrize(
    ("placeholder", "todo"),
    [
        pytest.param("{sise}", "did you mean {size}?", id="unknown field"),
        pytest.param("{size.title}", "write {size} for", id="unknown part"),
        pytest.param("{contact.age}", "there are {contact.name}", id="unknown of the contact"),
        pytest.param("{size!r}", "write {field}", id="no placeholder at all"),
        pytest.param("{contact.name.first}", "write {field}", id="too deep"),
    ],
)
def test_an_unknown_placeholder_is_named(find: Find, placeholder: str, todo: str) -> None:
    problem = find(f"""
        class Shop(Flow):
            size: str = ask("Size?")
            done = say("You chose {placeholder}.")  # here
    """)
    assert placeholder in problem.what
    assert problem.todo.startswith(todo)


def test_an_unknown_placeholder_in_a_retry_is_named(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size: str = ask("Size?", retry="No {sise}, please.")  # here
    """)
    assert problem.what == "{sise} is no field of this flow"


def test_texts_that_lead_to_each_other_are_a_loop(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            hello = say("Hello.")
            one = say("One", then=to.two)  # here
            two = say("Two", then=to.one)
    """)
    assert "one -> two -> one" in problem.what
    assert problem.severity == "error"


def test_a_loop_over_a_question_that_is_passed_over_once_answered(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            hello = say("Hello.")  # here
            name: str = ask("Your name?")
            bye = say("Bye, {name}.", then=to.hello)
    """)
    assert "hello -> bye -> hello" in problem.what


def test_a_loop_through_code_is_a_warning_because_code_may_leave_it(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            again = say("Trying.")  # here
            @step
            async def attempt(self, chat: Chat) -> To:
                return END if self.model_fields_set else to.again
    """)
    assert "again -> attempt -> again" in problem.what
    assert problem.severity == "warning"


def test_a_way_round_that_asks_by_name_is_no_loop(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            name: str = ask("Your name?")
            bye = say("Bye, {name}.", then=to.name)
    """)
    assert check_flows(flows) == []


def test_two_flows_that_start_on_one_word_clash(find: Find) -> None:
    problem = find("""
        class Shop(Flow, starts_on=["Order"]):
            hello = say("Hello.")

        class Other(Flow, starts_on=["order!"]):
            hello = say("Hello.")  # here
    """)
    assert "'order!' already starts 'shop'" in problem.what
    assert problem.flow == "other"


def test_a_start_word_that_works_anywhere_never_starts_a_flow(find: Find) -> None:
    problem = find("""
        class Shop(Flow, starts_on=["menu"]):
            hello = say("Hello.")  # here
    """)
    assert problem.what.startswith("'menu' works anywhere as 'menu'")


TWO_STARTS = """
    class Shop(Flow, start=True):
        hello = say("Hello.")

    class Other(Flow, start=True):
        hello = say("Hello.")  # here
"""


def test_two_starts_are_a_problem_where_a_line_names_none(written: Written) -> None:
    flows = written.flows(TWO_STARTS)
    problem = written.the_problem(check_flows(flows, starts={"a": "shop", "b": None}))
    assert problem.what.startswith("it is marked start=True, and so is 'shop'")
    assert '[lines.b]: start = "shop"' in problem.todo


def test_two_starts_are_a_problem_without_any_line(find: Find) -> None:
    assert "each line" in find(TWO_STARTS).todo


def test_two_starts_are_no_problem_where_every_line_names_its_own(written: Written) -> None:
    flows = written.flows(TWO_STARTS)
    assert check_flows(flows, starts={"a": "shop", "b": "other"}) == []


@pytest.mark.parametrize(
    "step",
    [
        pytest.param('copy: str = ask("Which copy?")  # here', id="field"),
        pytest.param('json = say("Hello.")  # here', id="step"),
    ],
)
def test_a_name_of_pydantics_own_is_refused(find: Find, step: str) -> None:
    problem = find(f"""
        class Shop(Flow):
            {step}
    """)
    assert "from pydantic" in problem.what


def test_a_data_field_of_pydantics_own_name_is_refused(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            hello = say("Hello.")  # here
            dict: str | None = None
    """)
    assert (problem.step, problem.todo) == ("dict", "choose another name, such as dict_")


def test_options_listed_when_asked_want_an_empty(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size: str = ask("Size?", options=lambda: [])  # here
    """)
    assert problem.severity == "warning"
    assert problem.todo.startswith("add empty=to.x")


def test_a_code_step_whose_exits_cannot_be_read_is_named(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            @step  # here
            async def place(self, chat: Chat) -> To:
                return getattr(to, "done")
            done = say("Done.")
    """)
    assert problem.what == "where it goes cannot be read from its source"


def test_moved_must_not_name_a_step_that_is_still_there(find: Find) -> None:
    problem = find("""
        class Shop(Flow, moved={"hello": to.bye}):
            hello = say("Hello.")  # here
            bye = say("Bye.")
    """)
    assert problem.what == "`moved` names a step that is still there"


def test_moved_must_lead_to_a_step(find: Find) -> None:
    problem = find("""
        class Shop(Flow, moved={"hello": to.bya}):
            bye = say("Bye.")  # here
    """)
    assert problem.todo == "did you mean to.bye?"


def test_was_must_not_name_a_field_that_is_still_there(find: Find) -> None:
    problem = find("""
        class Shop(Flow):
            size: str = ask("Size?")
            width: str = ask("Width?", was="size")  # here
    """)
    assert problem.what == 'was="size" names a field that is still there'


def test_a_flow_without_steps_is_named(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            pass
    """)
    (problem,) = check_flows(flows)
    assert (problem.flow, problem.step, problem.what) == ("shop", None, "it has no step")


def test_a_published_step_that_is_gone_wants_a_moved(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow, moved={"old": to.hello}):
            hello = say("Hello.")  # here
    """)
    published = Lock(serial=3, flows={"shop": {"hello": "say", "old": "say", "older": "ask"}})
    problem = written.the_problem(check_flows(flows, published=published))
    assert (problem.step, problem.severity) == ("older", "warning")
    assert 'moved={"older": to.x}' in problem.todo


def test_a_published_flow_that_is_gone_is_a_warning(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            hello = say("Hello.")
    """)
    published = Lock(serial=3, flows={"shop": {"hello": "say"}, "old": {"bye": "say"}})
    (problem,) = check_flows(flows, published=published)
    assert str(problem).startswith("flows.lock:1: warning: old: this flow was published")


def test_problems_come_by_line_and_say_where_what_and_what_to_do(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            one = say("{nothing}", then=END)
            two = say("Two", then=to.nowhere)
    """)
    file = written.folder / "bot.py"
    assert [str(problem) for problem in check_flows(flows)] == [
        f"{file}:6: shop.one: {{nothing}} is no field of this flow; there is none",
        f"{file}:7: shop.two: nothing leads here; lead to it by to.two, or take it out",
        f"{file}:7: shop.two: to.nowhere is no step of this flow; there are one, two",
    ]
