"""What no flow can be made of: each mistake ends in one line with its place, the step and what to write instead.

The line is the one marked `# here`; nothing else is told.
"""

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from engine.core.errors import DefinitionError
from engine.flow.check import check_flows
from engine.flow.load import load_flows

HEAD = """\
import enum
import functools
from typing import Literal
from parley import END, Chat, Flow, Location, Option, To, ask, choose, handoff, say, step, to
"""


@pytest.fixture(autouse=True)
def _same_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


def problems(folder: Path, source: str) -> list[str]:
    """Return what is told of a flow file, in the author's folder."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "flows" / "bot.py").write_text(HEAD + source, encoding="utf-8")
    try:
        flows = load_flows(["flows"], folder)
    except DefinitionError as wrong:
        told = str(wrong).splitlines()
    else:
        told = [str(problem) for problem in check_flows(flows.values())]
    return [line.replace(f"{folder}/flows/bot.py:", "") for line in told]


def in_body(*lines: str) -> str:
    """Return a flow with these lines in its body, and a step that all of them may name."""
    return "\n".join(
        ["class Shop(Flow):", *(f"    {line}" for line in lines), '    end = say("x")']
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['a = say("x", then="end")'], "shop.a: then='end' is no target; write to.end"),
        (
            ['a = say("x", then="other")'],
            "shop.a: then='other' is no target; write to.other, or to[\"other\"] for a flow",
        ),
        (
            ['b = say("b")', 'a = say("x", then=b)'],
            "shop.a: then=say(...) is no target; write to.b",
        ),
        (
            ['a = say("x", then=to)'],
            'is no target; write to.x, to["flow"] or END',
        ),
        (['a = say("x", then="END")'], 'write to.x, to["flow"] or END'),
        (['a = handoff("x", then=Flow)'], "shop.a: then=Flow is no target; write to"),
        (['a = handoff("x", team=3)'], 'shop.a: team=3 is no text; write it in quotes: team="..."'),
        (['a: str = ask(" ")'], "shop.a: its text is empty; write what to ask"),
        (['a = choose("", {"Yes": END})'], "shop.a: its text is empty; write what to ask"),
        (["a = say(3)"], "shop.a: its text is 3; write a text in quotes, or a function"),
        (
            ["a = say(lambda one, two: 'x')"],
            "shop.a: the text's function takes 2 arguments; it gets the flow",
        ),
        (
            ['a = choose("?", {"Yes": "end"})'],
            "shop.a: 'Yes': 'end' is no target; write to.end",
        ),
        (
            ['a = choose("?", {"Yes": None})'],
            "shop.a: 'Yes' leads nowhere; write END to end the talk there",
        ),
        (['a = choose("?", {2: END})'], "shop.a: the title 2 is no text; write it in quotes"),
        (['a = choose("?", {" ": END})'], "shop.a: the title ' ' is no text"),
        (['a = choose("?", {})'], "shop.a: it has no option; write titles with their targets"),
        (
            ['a = choose("?", ["Yes", "No"])'],
            "shop.a: its options are ['Yes', 'No']; write titles with their targets",
        ),
        (
            ['a = choose("?", {"Yes": END}, returning="end")'],
            "shop.a: returning='end' is no target; write to.end",
        ),
        (['a: str = choose("?", {"Yes": END})'], "shop.a: only `ask` fills a field, and this has"),
        (['a: str = ask("?", options="abc")'], "shop.a: options='abc' is no list; write a list"),
        (['a: str = ask("?", options={"S": 1})'], "shop.a: options={'S': 1} is no list"),
        (['a: str = ask("?", options=3)'], "shop.a: options=3 is no list"),
        (['a: str = ask("?", options=[])'], "shop.a: it has no option; write a list"),
        (
            ['a: str = ask("?", options=lambda one, two: [])'],
            "shop.a: options= takes 2 arguments; it gets the flow",
        ),
        (
            ['a: str = ask("?", when="size == \'Large\' and not paid for it yet")'],
            "shop.a: when=\"size == 'Large' and not paid for it ye… is no function; write one",
        ),
        (['a: str = ask("?", when=True)'], "write one that takes the answers: when=lambda answers"),
        (
            ['a: str = ask("?", skip=True)'],
            "shop.a: skip=True is no text; write it in quotes: skip",
        ),
        (['a: str = ask("?", retry=3)'], "shop.a: retry=3 is no text"),
        (['a: str = ask("?", button=3)'], "shop.a: button=3 is no text"),
        (['a: str = ask("?", was=to.b)'], "is no text; write it in quotes: was="),
        (['a: str = ask("?", empty="end")'], "shop.a: empty='end' is no target; write to.end"),
        (['a: str = ask("?", lost="end")'], "shop.a: lost='end' is no target; write to.end"),
        (['a = choose("?", {"A": END}, lost=3)'], "shop.a: lost=3 is no target"),
        (['a: int = ask("?", join="2s")'], "shop.a: join= is for free text alone; take join= out"),
        (['a: str = ask("?", join="2s", options=["A"])'], "shop.a: join= is for free text alone"),
        (['a: Location | str = ask("?", join="2s")'], "shop.a: join= is for free text alone"),
        (['_a: str = ask("?")'], "shop._a: a name that begins with _ is no field; call it a"),
        (['a: float = ask("?")'], "shop.a: no answer type reads float; use Literal, bool"),
        (['a: "Words" = ask("?")'], "no answer type reads 'Words', which is nothing this file"),
        (['END: str = ask("?")'], "shop.END: END is the end of a run; name it otherwise"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_a_part_that_cannot_be_used_is_told(tmp_path: Path, lines: list[str], said: str) -> None:
    source = in_body(*lines[:-1], f"{lines[-1]}  # here")
    here = (HEAD + source).splitlines().index(f"    {lines[-1]}  # here") + 1

    (told,) = problems(tmp_path, source)

    assert told.startswith(f"{here}: ")
    assert said in told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            ["@step", "def go(self, chat):", "    return END"],
            "shop.go: the step's function is not async; write async def go(self, chat)",
        ),
        (
            ["@step", "async def go(self):", "    return END"],
            "shop.go: a step takes its flow and the chat, no more and no less; write async def go",
        ),
        (
            ["@step", "async def go(self, chat, more):", "    return END"],
            "shop.go: a step takes its flow and the chat, no more",
        ),
        (
            ['@step(exits="end")', "async def go(self, chat):", "    return END"],
            "shop.go: exits='end' is no list; write exits=[to.x, END]",
        ),
        (
            ['@step(exits=["end"])', "async def go(self, chat):", "    return END"],
            "shop.go: exits='end' is no target; write to.end",
        ),
        (
            ['@step(on_error="end")', "async def go(self, chat):", "    return END"],
            "shop.go: on_error='end' is no target; write to.end",
        ),
        (
            ['@step(timeout="soon")', "async def go(self, chat):", "    return END"],
            "'soon' is no length of time; write '30s', '5m', '2h' or '1d'",
        ),
        (
            ['@step("30s")', "async def go(self, chat):", "    return END"],
            "'30s' is no function; write @step above it",
        ),
    ],
    ids=lambda value: value[0] + value[1] if isinstance(value, list) else "",
)
def test_a_code_step_that_cannot_be_called_is_told(
    tmp_path: Path, code: list[str], said: str
) -> None:
    (told,) = problems(tmp_path, in_body(*code))

    assert told.startswith("6: ")
    assert said in told


def test_a_step_may_be_wrapped(tmp_path: Path) -> None:
    source = """
        def logged(function):
            @functools.wraps(function)
            def wrapper(*args):
                return function(*args)
            return wrapper

        class Shop(Flow):
            @step
            @logged
            async def go(self, chat):
                return END
    """
    assert problems(tmp_path, dedent(source)) == []


def test_every_mistake_of_every_flow_is_told_at_once(tmp_path: Path) -> None:
    source = """
        class Shop(Flow):
            a = say("x", then="b")
            b = say(3)

        class Other(Flow):
            one: float = ask("?")
            two: set[int] = ask("?")
    """
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.py").write_text("1 / 0")
    (tmp_path / "flows" / "z.py").write_text("from .a import x")

    told = problems(tmp_path, dedent(source))

    assert [line.rpartition(";")[0] for line in told[1:]] == [
        "7: shop.a: then='b' is no target",
        "8: shop.b: its text is 3",
        "11: other.one: no answer type reads float",
        "12: other.two: no answer type reads set[int]",
    ]
    assert told[0].endswith("a.py:1: cannot be loaded: ZeroDivisionError: division by zero")


# --- the class itself --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keyword", "said"),
    [
        ("start_on=['x']", "shop: start_on= is unknown; did you mean starts_on=?"),
        ("qqq=1", "shop: qqq= is unknown; there are closed, expires, moved, start, starts_on"),
        ("starts_on='pizza'", "shop: starts_on='pizza' is one text; write a list: starts_on=['piz"),
        ("starts_on=3", "shop: starts_on=3 is no list; write one"),
        ("starts_on=['ok', '?']", "shop: starts_on holds '?', which nobody can say"),
        ("starts_on=[3]", "shop: starts_on holds 3, which nobody can say"),
        ("start='yes'", "shop: start='yes' is neither True nor False; write start=True"),
        ("moved=['a']", "shop: moved=['a'] does not say what took the place of what; write {"),
        ("moved={'a': 3}", "shop: moved={'a': 3} does not lead to a step; write {"),
        ("expires='soon'", "'soon' is no length of time; write '30s', '5m', '2h' or '1d'"),
        ("expires=2", "2 is no length of time; write '30s'"),
    ],
    ids=lambda value: value,
)
def test_a_class_keyword_that_is_wrong_is_told(tmp_path: Path, keyword: str, said: str) -> None:
    (told,) = problems(tmp_path, f'class Shop(Flow, {keyword}):\n    a = say("x")\n')

    assert told.startswith(f"5: {said}")


def test_a_flow_may_start_on_an_emoji(tmp_path: Path) -> None:
    assert problems(tmp_path, 'class Shop(Flow, starts_on=["🍕"]):\n    a = say("x")\n') == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            'class Shop(Flow):\n    a = say("x")\n    a = say("y")  # here',
            "a is there already, at line 6; give one of the two another name",
        ),
        (
            'class Shop(Flow):\n    a = say("x")\nclass Shop(Flow):  # here\n    b = say("x")',
            "the class Shop is there already, at line 5; give one of the two another name",
        ),
        (
            'class Shop(Flow):\n    n: str = ask("?")\n    b = say(f"It is {n}")  # here',
            "an f-string knows no answer yet; write",
        ),
        (
            'class Shop(Flow):  # here\n    items = ["a"]\n    a = say("x")',
            "shop: `items = ['a']` has no type; write one, as in limit: int = 3, or move it above",
        ),
        (
            'class Shop(Flow):  # here\n    chat: Chat = None\n    a = say("x")',
            "shop: no field can hold <class 'engine.flow.chat.Chat'>; give it another type",
        ),
        (
            'class Shop(Flow):  # here\n    model_config = say("x")',
            "shop.model_config: the name is pydantic's own; choose another name",
        ),
        (
            'class Shop(Flow):  # here\n    model_config: str = ask("x")',
            "shop.model_config: the name is pydantic's own; choose another name",
        ),
        (
            'class Shop(Flow):\n    a: str = ask("?", option=["x"])  # here',
            "ask() got an unexpected keyword argument 'option'; did you mean options=?",
        ),
        (
            'class Shop(Flow):\n    n: int = "three"\n    a = say("x")  # here',
            "shop.n: it begins as 'three', which its type refuses: Input should be a valid integer",
        ),
        (
            "class Shop(Flow):\n    a: str = Strange()  # here",
            "cannot be loaded: NameError: name 'Strange' is not defined",
        ),
        (
            'del END\nclass Shop(Flow):\n    a = say("x", then=END)  # here',
            "name 'END' is not defined; write `from parley import END` above",
        ),
        (
            "from parley import askk  # here",
            "cannot import name 'askk' from 'parley'",
        ),
        ("from parley import Assignment  # here", "; there are Chat, END, Flow, Location,"),
        ("from bot import x  # here", "stands beside this file: write `from .bot import ...`"),
        ("import sys\nsys.exit(3)  # here", "cannot be loaded: SystemExit: 3"),
        (
            "class Shop(Flow):\n    a: int = Option(1, unknown=2)  # here",
            "got an unexpected keyword argument 'unknown'",
        ),
        (
            'class Shop(Flow):\n    a: str = ask("?", options=[Option(1, says="one")])  # here',
            "says='one' is one text; write a list: says=['one']",
        ),
    ],
    ids=[
        "step",
        "class",
        "f-string",
        "data",
        "type",
        "config",
        "config field",
        "ask",
        "default",
        "name",
        "import missing",
        "import misspelt",
        "import unlike any",
        "import beside",
        "exit",
        "option",
        "says",
    ],
)
def test_a_body_that_cannot_be_read_is_told(tmp_path: Path, source: str, said: str) -> None:
    here = next(n for n, line in enumerate((HEAD + source).splitlines(), 1) if "# here" in line)

    (told,) = problems(tmp_path, source)

    assert told.startswith(f"{here}: ")
    assert said in told


def test_a_circular_import_is_told_without_the_loaders_own_names(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "other.py").write_text("from .bot import Shop\nx = 1\n")

    told = problems(tmp_path, 'from .other import x\nclass Shop(Flow):\n    a = say("x")\n')

    assert any("cannot import name" in line and "circular import" in line for line in told)
    assert not any("_parley_flows" in line for line in told)


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_file_may_have_either_line_end(tmp_path: Path, ends: str) -> None:
    (tmp_path / "flows").mkdir()
    source = HEAD + 'class Shop(Flow):\n    a = say("x", then=to.b)\n'
    (tmp_path / "flows" / "bot.py").write_bytes(source.replace("\n", ends).encode())

    (problem,) = check_flows(load_flows(["flows"], tmp_path).values())

    assert str(problem).endswith("bot.py:6: shop.a: to.b is no step of this flow; there are a")


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bot.py").write_bytes("x = 1\nname = 'Café'\n".encode("latin-1"))

    with pytest.raises(DefinitionError) as refused:
        load_flows(["flows"], tmp_path)

    (told,) = str(refused.value).splitlines()
    assert "bot.py:" in told
    assert told.endswith("; save the file as UTF-8")


def test_a_file_with_a_dot_in_its_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "my.bot.py").write_text(HEAD)

    with pytest.raises(
        DefinitionError, match=r"my\.bot\.py:1: no file with a dot .* call it my_bot\.py$"
    ):
        load_flows(["flows"], tmp_path)


def test_titles_and_descriptions_may_be_numbers(tmp_path: Path) -> None:
    source = 'class Shop(Flow):\n    a: int = ask("?", options=[Option(1, 10, 2.5), Option(2)])\n'
    assert problems(tmp_path, source) == []


def test_a_flow_class_is_no_target(tmp_path: Path) -> None:
    source = 'class Other(Flow):\n    a = say("x")\n' + in_body('b = say("x", then=Other)')

    (told,) = problems(tmp_path, source)

    assert told.endswith('shop.b: then=Other is no target; write to["other"]')


def test_a_function_that_cannot_be_read_is_left_to_the_talk(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, in_body("a = say(max)  # written in C, and without a signature")) == []
    )
