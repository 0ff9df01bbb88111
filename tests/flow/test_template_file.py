"""`templates.toml` beside the flows: what may stand in it, and what it does for a talk and for `check`."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from engine.core.content import ButtonValue, Media
from engine.core.errors import DefinitionError
from engine.core.templates import ButtonShape, HeaderShape, KnownTemplate, TemplateShape, by_name
from engine.flow.check_templates import check_templates, check_use
from engine.flow.compile import CompiledFlow
from engine.flow.talk import Talk, TranscriptError, play
from engine.flow.template_file import read_template_file, templates_beside
from engine.flow.templates import TemplateUse, template
from parley.testing import LINES, PHONE_LINE
from tests.flow.written import Written

READY = """
    [[template]]
    name = "ready"
    language = "en"
    category = "utility"
    body = "{{who}}, order {{number}} is ready."
    footer = "Casa Lumbre"
    header = { format = "text", text = "Order {{1}}" }
    buttons = [
      { kind = "url", text = "Track it", url = "https://shop.example/{{1}}" },
      { kind = "quick_reply", text = "Stop" },
    ]

    [[template]]
    name = "ready"
    language = "es_MX"
    category = "utility"
    body = "{{who}}, su pedido {{number}} está listo."
    header = { format = "text", text = "Pedido {{1}}" }
    buttons = [
      { kind = "url", text = "Seguirlo", url = "https://shop.example/{{1}}" },
      { kind = "quick_reply", text = "Alto" },
    ]
"""

BOT = """
    from parley import Template
    from engine.core.content import ButtonValue

    class Shop(Flow, start=True):
        @step
        async def tell(self, chat: Chat) -> To:
            await chat.say(Template(
                name="ready", language="en_US", names=("number", "who"), body=("7", chat.contact.name or ""),
                header="7", buttons=(ButtonValue(index=0, value="o7"),),
            ))
            return to.done

        done = say("Bye.", then=END)
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "templates.toml"
    file.write_text(dedent(text), "utf-8")
    return file


def test_a_file_tells_of_every_language_of_a_template(tmp_path: Path) -> None:
    english, spanish = read_template_file(write(tmp_path, READY))

    assert english == KnownTemplate(
        name="ready",
        language="en",
        status="approved",
        category="utility",
        shape=TemplateShape(
            header=HeaderShape(format="text", text="Order {{1}}"),
            body="{{who}}, order {{number}} is ready.",
            footer="Casa Lumbre",
            buttons=(
                ButtonShape(kind="url", title="Track it", url="https://shop.example/{{1}}"),
                ButtonShape(kind="quick_reply", title="Stop"),
            ),
        ),
    )
    assert spanish.language == "es_MX"


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert read_template_file(tmp_path / "templates.toml") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("[[template]", "cannot be read", id="toml"),
        pytest.param('name = "ready"', "begin each template with [[template]]", id="bare"),
        pytest.param("template = 1", "begin each template with [[template]]", id="no-list"),
        pytest.param("[[template]]\nbody = 1", "[[template]] 1: name: ", id="nameless"),
        pytest.param(
            '[[template]]\nname = "ready"\nlanguage = "en"\ncategory = "loud"\nbody = "Hi"',
            "template 'ready': category: Input should be",
            id="value",
        ),
        pytest.param(
            READY.replace("es_MX", "en"), "template 'ready' is there twice in 'en'", id="twice"
        ),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as wrong:
        read_template_file(write(tmp_path, text))
    assert told in str(wrong.value)
    assert "templates.toml" in str(wrong.value)


# --- in a talk --------------------------------------------------------------------------------------


def compiled(written: Written, source: str = BOT) -> dict[str, CompiledFlow]:
    return {flow.name: flow for flow in written.flows(source)}


async def test_a_talk_shows_a_template_as_the_contact_sees_it(written: Written) -> None:
    write(written.folder, READY)
    flows = compiled(written)

    said = await play("> hello\n", load=lambda _: flows, lines=LINES)

    assert said.splitlines() == [
        "> hello",
        "< [template] Ana, order 7 is ready.",
        "  (header) Order 7",
        "  (footer) Casa Lumbre",
        "  [Track it] -> https://shop.example/o7",
        "  [Stop]",
        "< Bye.",
    ]


async def test_without_the_file_a_talk_shows_its_name_and_variables(written: Written) -> None:
    talk = Talk(compiled(written), capabilities=PHONE_LINE)

    await talk.says("hello")

    talk.sees("[template] ready (en_US): 7, Ana")


async def test_a_template_that_would_not_be_sent_fails_the_talk(written: Written) -> None:
    write(written.folder, READY)
    flows = compiled(
        written, BOT.replace('names=("number", "who"), ', "").replace('("7", ', '("7", "", ')
    )

    with pytest.raises(TranscriptError, match=r"(?s)it would not be sent: template 'ready' \(en\)"):
        await play("> hello\n", load=lambda _: flows, lines=LINES)


# --- in check ---------------------------------------------------------------------------------------


READY_USE = template(
    "ready", "{who}", "{number}", header="{number}", buttons=[ButtonValue(index=0, value="o7")]
)


def using(**changes: Any) -> TemplateUse:
    return replace(READY_USE, **changes)


FITS = using(names=("number", "who"))


@pytest.mark.parametrize(
    ("used", "languages", "told"),
    [
        pytest.param(FITS, ("en", "es"), None, id="fits"),
        pytest.param(using(language="es", names=("who", "number")), ("en",), None, id="named"),
        pytest.param(using(language="pt", names=("who", "number")), ("en",), None, id="falls-back"),
        pytest.param(FITS, ("pt", "en"), None, id="one-of-the-lines"),
        pytest.param(
            FITS, ("pt",), "the template 'ready' is in en, es alone, not in pt", id="no-language"
        ),
        pytest.param(
            using(name="reddy"),
            ("en",),
            "the template 'reddy' is not in templates.toml; did you mean ready?; or write it there",
            id="unknown",
        ),
        pytest.param(
            using(names=("who", "what")),
            ("en",),
            "does not fit the one in templates.toml: nothing fills {{number}}",
            id="variable",
        ),
        pytest.param(
            using(names=("who", "number"), header=Media(kind="image", url="https://x.example/a")),
            ("en",),
            "give `header` the value of {{1}}: a text",
            id="header",
        ),
    ],
)
def test_check_measures_a_use_against_the_file(
    written: Written, used: TemplateUse, languages: tuple[str, ...], told: str | None
) -> None:
    write(written.folder, READY)
    (flow,) = written.flows(BOT)
    known = by_name(templates_beside([flow]))

    problems = list(check_use(flow, flow.source, "tell", used, known=known, languages=languages))

    assert all(problem.severity == "warning" for problem in problems)
    if told is None:
        assert problems == []
    else:
        assert told in str(problems[0])


def test_without_the_file_check_says_nothing_of_templates(written: Written) -> None:
    (flow,) = written.flows(BOT)

    assert list(check_use(flow, flow.source, None, using(), known={}, languages=("en",))) == []


async def test_check_looks_at_what_is_said_and_at_every_plan(written: Written) -> None:
    write(written.folder, READY)
    flows = written.flows("""
        from parley import template

        class Shop(Flow, start=True, closed=template("flows")):
            size: str = ask("Size?", closed=template("asked"))
            told = say(template("said", "{size}"))
            done = say("Bye.", closed=template("ready", "{size}", "7", header="7"), then=END)
    """)

    found = list(check_templates(flows, templates_beside(flows), ("en",)))

    assert [(problem.step, problem.what.split("'")[1]) for problem in found] == [
        (None, "flows"),
        ("size", "asked"),
        ("told", "said"),
        ("done", "ready"),
    ]
    assert "needs a value" in found[-1].what
