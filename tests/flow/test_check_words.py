"""Each mistake that `check` names in words: of options, of what begins a flow, in every language of a line."""

from pathlib import Path
from textwrap import dedent

import pytest

from engine.core.languages import LANGUAGES
from engine.flow.check import check_flows
from engine.flow.compile import CompiledFlow
from parley.testing import PHONE_LINE, PLAIN_LINE
from tests.flow.written import Written

ENGLISH, SPANISH = LANGUAGES[0], LANGUAGES[1]


def translated(written: Written, source: str, **catalogues: dict[str, str]) -> list[CompiledFlow]:
    """Return the flows of a file with catalogues beside it, by language."""
    for code, texts in catalogues.items():
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        entries = [f'\nmsgid "{text}"\nmsgstr "{said}"\n' for text, said in texts.items()]
        Path(written.folder / f"bot.{code}.po").write_text(head + "".join(entries))
    return written.flows(dedent(source))


def whats(flows: list[CompiledFlow], *languages: str) -> list[str]:
    spoken = [one for one in LANGUAGES if one.code in ("en", *languages)]
    return [problem.what for problem in check_flows(flows, languages=spoken)]


@pytest.mark.parametrize(
    ("title", "word"),
    [("Menu", "menu"), ("HELP!", "help"), ("Start over", "restart"), ("A person", "agent")],
)
def test_an_option_that_is_a_word_for_anywhere_is_a_warning(
    written: Written, title: str, word: str
) -> None:
    flows = written.flows(f"""
        class Shop(Flow):
            which = choose("Which?", {{"{title}": END, "Other": END}})  # here
    """)
    problem = written.the_problem(check_flows(flows, languages=[ENGLISH]))
    assert problem.what == (
        f"the option {title!r} is also the word for {word!r} in English; here it is the option"
    )
    assert problem.severity == "warning"


def test_a_synonym_that_is_a_word_for_anywhere_is_a_warning(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            which: str = ask("?", options=[Option("a", "A", says=["back"]), "B"])  # here
    """)
    problem = written.the_problem(check_flows(flows, languages=[ENGLISH]))
    assert "the option 'back' is also the word for 'back'" in problem.what


def test_an_option_that_stops_all_messages_is_a_warning(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow):
            which = choose("Which?", {"Stop": END, "Other": END})  # here
    """)
    problem = written.the_problem(check_flows(flows, languages=[ENGLISH]))
    assert problem.what == (
        "the option 'Stop' is also a word that stops all messages; here it is the option"
    )
    assert problem.severity == "warning"


def test_a_starting_word_that_stops_all_messages_is_an_error(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow, starts_on=["baja"]):
            hello = say("Hello.")  # here
    """)
    problem = written.the_problem(check_flows(flows, languages=[ENGLISH]))
    assert problem.what == "'baja' stops all messages to the contact and comes before any starts_on"


SHOP = """
    class Shop(Flow, starts_on=["order"]):
        which = choose("Which?", {"Small": END, "Large": END})
"""
WORDS = {"order": "pedir", "Which?": "¿Cuál?", "Small": "Pequeño", "Large": "Grande"}


def test_a_good_translation_has_no_problem(written: Written) -> None:
    assert whats(translated(written, SHOP, es=WORDS), "es") == []


def test_a_translated_option_that_is_a_word_for_anywhere_is_a_warning(written: Written) -> None:
    flows = translated(written, SHOP, es={**WORDS, "Small": "Atrás"})
    assert whats(flows, "es") == [
        "the option 'Atrás' is also the word for 'back' in Español; here it is the option"
    ]


def test_translated_titles_that_look_the_same_are_a_warning(written: Written) -> None:
    flows = translated(written, SHOP, es={**WORDS, "Small": "Único", "Large": "unico"})
    problems = check_flows(flows, languages=[ENGLISH, SPANISH])
    assert [p.what for p in problems] == [
        "2 options are called 'unico', which nobody can tell apart by typing"
    ]
    assert problems[0].file.endswith("bot.es.po")


def test_a_starting_word_that_works_anywhere_in_another_language_is_an_error(
    written: Written,
) -> None:
    flows = written.flows("""
        class Shop(Flow, starts_on=["ayuda"]):
            hello = say("Hello.")  # here
    """)
    assert whats(flows) == []
    problem = written.the_problem(check_flows(flows, languages=[ENGLISH, SPANISH]))
    assert problem.what.startswith("'ayuda' works anywhere as 'help' in Español")


def test_a_translated_starting_word_that_works_anywhere_stands_in_the_catalogue(
    written: Written,
) -> None:
    flows = translated(written, SHOP, es={**WORDS, "order": "Menú"})
    (problem,) = check_flows(flows, languages=[ENGLISH, SPANISH])
    assert problem.what == "'Menú' works anywhere as 'menu' and comes before any starts_on"
    assert (problem.file, problem.line) == (str(written.folder / "bot.es.po"), 4)


def test_two_flows_that_start_on_one_translated_word_clash(written: Written) -> None:
    two = (
        SHOP
        + """
    class Other(Flow, starts_on=["buy"]):
        hello = say("Hello.")
"""
    )
    flows = translated(written, two, es={**WORDS, "buy": "PEDIR", "Hello.": "Hola."})
    (what,) = whats(flows, "es")
    assert what.startswith("'PEDIR' already starts 'shop'")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (
            '[Option("a", "Large", says=["big"]), Option("b", "Huge", says=["Big!"])]',
            "'big' is to mean 'Large', and is a word for 'Huge' too",
        ),
        (
            '[Option("a", "Large", says=["small"]), "Small"]',
            "'small' is to mean 'Large', and is a word for 'Small' too",
        ),
    ],
)
def test_a_synonym_of_two_options_is_a_warning(written: Written, options: str, what: str) -> None:
    flows = written.flows(f"""
        class Shop(Flow):
            size: str = ask("?", options={options})
    """)
    assert what in whats(flows)


def test_more_options_than_a_list_shows_are_a_warning(written: Written) -> None:
    titles = ", ".join(f'"Option {n}": END' for n in range(11))
    flows = written.flows(f"""
        class Shop(Flow):
            which = choose("Which?", {{{titles}}})  # here
    """)
    problem = written.the_problem(check_flows(flows, capabilities=[PHONE_LINE, PLAIN_LINE]))
    assert problem.what == "its 11 options are more than the 10 of a list, so they come in pages"
    assert problem.severity == "warning"


def test_as_many_options_as_a_list_shows_are_none(written: Written) -> None:
    titles = ", ".join(f'"Option {n}": END' for n in range(10))
    flows = written.flows(f"""
        class Shop(Flow):
            which = choose("Which?", {{{titles}}})
    """)
    assert check_flows(flows, capabilities=[PHONE_LINE]) == []
