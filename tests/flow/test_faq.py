"""The FAQ: what it finds, measured on questions as people write them; its files and their mistakes; its flow."""

import os
import time
from pathlib import Path

import pytest

from engine.core.content import Media, Text
from engine.core.errors import DefinitionError
from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from engine.core.trace import NOT_UNDERSTOOD
from engine.core.words import fold
from engine.flow.check_faq import check_faq
from engine.flow.faq import Faq, read_faq
from engine.flow.load import load_flows
from engine.flow.talk.talk import ANA
from parley.testing import PHONE_LINE, Talk, talk
from tests.flow.faq_rates import (
    PAGE,
    SPOKEN,
    faq,
    published,
    rates,
    read_cases,
    render,
    rewrite,
)

WRITE = "PARLEY_WRITE_ANSWERS"
"""Set it to publish what the FAQ does now; `make answers` does."""

THREE = Languages(tuple(language for language in LANGUAGES if language.code in SPOKEN))
BOTH = Languages(THREE.all[:2])

TOPICS = '''"""A menu of what people ask."""
from parley import END, Flow, Topic, ask, say

class Help(Flow, start=True):
    topic: Topic = ask("What is it?", skip="Nothing")
    done = say("That was {topic|nothing}.", then=END)
'''

ONE = """
[[question]]
name = "hours"
title = "Opening hours"
asks = ["When are you open?"]
answer = "From 9 to 5."
"""


# --- how well it finds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SPOKEN)
def test_there_are_enough_questions_and_none_is_a_wording_of_the_file(code: str) -> None:
    entries = faq().answers[code].entries
    wordings = {fold(w) for entry in entries.values() for w in (entry.title, *entry.asks)}
    cases = read_cases(code)
    said = [fold(case.said) for case in cases]

    assert sum(case.entry is not None for case in cases) >= 60
    assert sum(case.entry is None for case in cases) >= 40
    assert {case.entry for case in cases} == {*entries, None}
    assert len(set(said)) == len(said)
    assert wordings.isdisjoint(said)


@pytest.mark.parametrize(
    ("code", "right", "found"), [("en", 0.74, 0.9), ("es", 0.68, 0.9), ("ar", 0.66, 0.89)]
)
def test_questions_find_their_answers(code: str, right: float, found: float) -> None:
    share = rates(code)
    print(code, share)

    assert share["right"] >= right
    assert share["right"] + share["offered"] >= found
    assert share.get("wrong", 0.0) < 0.02


@pytest.mark.parametrize("code", SPOKEN)
def test_other_talk_is_left_alone(code: str) -> None:
    share = rates(code)

    assert share.get("answered", 0.0) < 0.03
    assert share.get("asked", 0.0) < 0.12


def test_the_published_table_is_what_the_faq_does() -> None:
    if os.environ.get(WRITE):
        rewrite()

    assert published() == render(), f"publish what is better in {PAGE.name} with `make answers`"


@pytest.mark.parametrize("code", SPOKEN)
def test_a_message_is_looked_up_within_two_milliseconds(code: str) -> None:
    said = [case.said for case in read_cases(code)]
    said += [" ".join(said)[:4096], "\x00\u200f" * 100, "pizza " * 60, "ي" * 300]
    for text in said:
        faq().find(text, code)
    began = time.process_time()
    for text in said:
        faq().find(text, code)

    assert (time.process_time() - began) / len(said) < 0.002


@pytest.mark.parametrize(
    ("code", "said", "entry"),
    [
        pytest.param("en", "DELIVERING COST???", "cost", id="another form, capitals"),
        pytest.param("en", "is there a discuont", "vouchers", id="a typing error"),
        pytest.param("en", "Where are you?", "address", id="a wording without a telling word"),
        pytest.param("es", "cupon", "vouchers", id="a plural of the file, without its accent"),
        pytest.param("ar", "والبطاقات", "payment", id="conjunction and article before the word"),
        pytest.param("fr", "opening hours", "hours", id="a language without a file: the author's"),
    ],
)
def test_it_is_found(code: str, said: str, entry: str) -> None:
    found = faq().find(said, code)

    assert found is not None
    assert found.entries[0].name == entry


@pytest.mark.parametrize("said", ["", "   ", "?!", "👍", "how are you", "\ud800", "a" * 4096])
def test_it_finds_nothing_in_nothing(said: str) -> None:
    assert faq().find(said, "en") is None


# --- the files -------------------------------------------------------------------------------------------


def read(folder: Path, text: str, languages: Languages = BOTH, **others: str) -> Faq | None:
    (folder / "faq.toml").write_text(text, "utf-8")
    for code, other in others.items():
        (folder / f"faq.{code}.toml").write_text(other, "utf-8")
    return read_faq(folder, languages)


def test_a_folder_without_the_file_has_no_faq(tmp_path: Path) -> None:
    assert read_faq(tmp_path, BOTH) is None


def test_an_entry_says_its_file_first_and_offers_what_follows(tmp_path: Path) -> None:
    more = 'image = "https://example.com/door.jpg"\nbuttons = ["way"]\nflow = "order"\nflow_title = "Order"\n'
    way = ONE.replace("hours", "way").replace("Opening way", "The way").replace("When", "Where")

    found = read(tmp_path, ONE + more + way)

    assert found is not None
    known = found.get("hours", "en")
    assert known is not None
    assert known.says == (
        Media(kind="image", url="https://example.com/door.jpg"),
        Text(body="From 9 to 5."),
    )
    assert [(way.kind, way.name) for way in known.follow_ups] == [("faq", "way"), ("flow", "order")]
    assert found.get("gone", "en") is None
    assert [topic.name for topic in found.topics("es")] == ["hours", "way"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("[[question", "1: it cannot be read", id="no TOML"),
        pytest.param("question = 1", "1: write each question as a table", id="no tables"),
        pytest.param("[questions]\n", "1: questions is unknown", id="another table"),
        pytest.param(
            ONE.replace("answer", "anser"), "2: faq.hours: answer is missing", id="missing"
        ),
        pytest.param(
            ONE + 'imag = "x"', "2: faq.hours: imag is unknown; did you mean image?", id="key"
        ),
        pytest.param(
            ONE + 'image = "door.jpg"', "2: faq.hours: image must be a web address", id="url"
        ),
        pytest.param(
            ONE + 'video = "ftp://a.b/c"', "2: faq.hours: video must be a web address", id="ftp"
        ),
        pytest.param(
            ONE + 'flow = "order"', "2: faq.hours: flow and flow_title belong", id="no title"
        ),
        pytest.param(
            ONE + 'buttons = ["way"]', "2: faq.hours: buttons: 'way' is no question", id="way"
        ),
        pytest.param(
            ONE + 'buttons = ["hours"]', "2: faq.hours: buttons: it leads to itself", id="self"
        ),
        pytest.param(
            ONE + 'buttons = ["a", "b", "c", "d"]', "2: faq.hours: more than 3", id="many"
        ),
        pytest.param(
            ONE.replace("Opening hours", "Opening hours of the shop"), "20 characters", id="long"
        ),
        pytest.param(
            ONE.replace('"When are you open?"', ""), "asks: Tuple should have", id="no wording"
        ),
        pytest.param(ONE + ONE, "8: faq.hours is already at line 2; rename one", id="twice"),
        pytest.param(
            ONE + ONE.replace("hours", "way", 1), "8: faq.way: another one is called", id="title"
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_line_and_entry(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DefinitionError) as wrong:
        read(tmp_path, text)

    assert f"{tmp_path / 'faq.toml'}:" in str(wrong.value)
    assert told in str(wrong.value)


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as wrong:
        read(tmp_path, ONE.replace("answer", "anser"), es=ONE + 'image = "x"')

    assert "faq.toml:2: " in str(wrong.value)
    assert "faq.es.toml:2: " in str(wrong.value)


# --- check -----------------------------------------------------------------------------------------------


def test_check_names_flows_entries_and_wordings(tmp_path: Path) -> None:
    way = ONE.replace("hours", "way", 1).replace("Opening hours", "The way")
    english = ONE + 'flow = "ordr"\nflow_title = "Order"\n' + way
    spanish = ONE + ONE.replace("hours", "lift", 1).replace("Opening hours", "Ascensor")
    found = read(tmp_path, english, es=spanish)

    told = [str(problem).replace(f"{tmp_path}/", "") for problem in check_faq(found, {}, BOTH)]

    assert told == [
        "faq.toml:2: faq.hours: flow: 'ordr' is no flow; there is none",
        "faq.toml:10: warning: faq.way: 'When are you open?' already asks for 'hours'; leave it to one of the two",
        "faq.es.toml:8: warning: faq.lift: 'When are you open?' already asks for 'hours'; leave it to one of the two",
        "faq.es.toml:1: warning: faq: faq.toml has an entry 'way', and this file has none; "
        "translate it; until then it is not found",
        "faq.es.toml:8: warning: faq.lift: faq.toml has no such entry; name it as there, or add it there",
    ]


def test_check_names_a_language_without_a_file(tmp_path: Path) -> None:
    found = read(tmp_path, ONE, THREE, es=ONE)

    (told,) = check_faq(found, {}, THREE)

    assert "there is no faq.ar.toml" in told.what


def test_check_names_a_topic_without_an_faq(tmp_path: Path) -> None:
    (tmp_path / "help.py").write_text(TOPICS, "utf-8")
    flows = load_flows([str(tmp_path)], tmp_path)

    (told,) = check_faq(None, flows, BOTH)

    assert (told.line, told.severity) == (5, "error")
    assert "there is no faq.toml beside the flows" in told.what


def test_what_we_ship_is_right() -> None:
    folder = Path(__file__).parents[2] / "flows"
    flows = load_flows([str(folder)], folder.parent)

    assert list(check_faq(faq(), flows, THREE)) == []


# --- the flow --------------------------------------------------------------------------------------------

TWO = ONE + ONE.replace("hours", "way", 1).replace("Opening hours", "The way").replace(
    "When are you open?", "Where is the shop?"
).replace("From 9 to 5.", "Old Market 7.")


@pytest.fixture
def user(tmp_path: Path) -> Talk:
    """Return who talks to the flow above."""
    (tmp_path / "help.py").write_text(TOPICS, "utf-8")
    (tmp_path / "faq.toml").write_text(TWO, "utf-8")
    return talk(tmp_path)


def said(user: Talk) -> list[str]:
    return [line for reply in user.replies for line in reply.lines()]


async def test_a_topic_is_offered_by_its_title_and_its_answer_said(user: Talk) -> None:
    await user.says("hi")
    user.sees("[Opening hours] [The way] [Nothing]")
    await user.taps("The way")

    assert said(user) == ["< Old Market 7.", "  .", "  That was The way."]


async def test_a_topic_is_understood_in_ones_own_words(user: Talk) -> None:
    await user.says("hi")
    await user.says("when do you open today")

    assert said(user) == ["< From 9 to 5.", "  .", "  That was Opening hours."]


async def test_two_near_topics_are_asked_back(user: Talk) -> None:
    await user.says("hi")
    await user.says("is the shop open")
    user.sees("Which one do you mean?")
    await user.taps("Opening hours")

    user.sees("That was Opening hours.")


async def test_a_single_doubtful_topic_is_offered(user: Talk) -> None:
    await user.says("hi")
    await user.says("does the shop sell flowers")
    user.sees("Did you mean one of these?")
    await user.taps("The way")

    assert said(user)[:3] == ["< Old Market 7.", "  .", "  So: What is it?"]


async def test_whoever_skips_a_topic_hears_no_answer(user: Talk) -> None:
    await user.says("hi")
    await user.taps("Nothing")

    assert said(user) == ["< That was nothing."]


async def test_a_photo_is_no_topic(user: Talk) -> None:
    await user.says("hi")
    await user.sends(Media(kind="image", external_id="1"))

    user.sees("Please choose one of: Opening hours, The way, Nothing.")


async def test_a_topic_that_is_gone_is_asked_for_again(user: Talk, tmp_path: Path) -> None:
    await user.says("hi")
    (tmp_path / "faq.toml").write_text(ONE, "utf-8")
    await user.publish(load_flows([str(tmp_path)], tmp_path))
    await user.taps("The way")

    assert said(user) == ["< What is it?", "  [Opening hours] [Nothing]"]


async def test_without_an_faq_a_person_takes_over(user: Talk, tmp_path: Path) -> None:
    (tmp_path / "faq.toml").unlink()
    await user.publish(load_flows([str(tmp_path)], tmp_path))
    await user.says("hi")

    assert user.conversation.mode == "waiting"


async def test_what_nobody_answers_is_not_understood_and_says_so() -> None:
    shop = talk(Path(__file__).parents[2] / "flows")
    await shop.says("faq")
    await shop.says("is there wifi")

    assert shop.traces[-1].matched == "retry"
    assert (shop.traces[-1].note or "").startswith(NOT_UNDERSTOOD)


async def test_a_question_in_another_language_is_answered_in_that_one() -> None:
    """A contact whose language nobody knows has now shown it; one who chose a language keeps that."""
    folder = Path(__file__).parents[2] / "flows"
    flows = load_flows([str(folder)], folder.parent)
    ana, ben = (
        Talk(flows, capabilities=PHONE_LINE, contact=ANA.model_copy(update={"locale": locale}))
        for locale in (None, "en")
    )
    for user in (ana, ben):
        await user.says("order")
        await user.says("¿puedo pagar con visa?")
        user.sees("En efectivo o con tarjeta")

    assert ana.conversation.contact.locale == "es"
    assert ben.conversation.contact.locale == "en"
    ben.sees("So: ")


async def test_a_question_before_any_talk_is_answered_with_what_follows() -> None:
    shop = talk(Path(__file__).parents[2] / "flows")
    await shop.says("do you have vegan pizzas")
    shop.sees("[Order a pizza]")
    await shop.taps("Order a pizza")

    shop.sees("Which pizza?")
