"""Every string of the page stands in one place, and only strings that are shown."""

import re
from itertools import chain
from pathlib import Path
from typing import get_args

import web.simulator
import web.transcript
from engine.core.content import MediaKind
from engine.core.conversation import Mode
from engine.core.effects import Origin, Unwanted
from engine.core.watch import Reached
from engine.ports import MessageStatus
from web.simulator.texts import ENGLISH

PACKAGE = Path(web.simulator.__file__).parent
SCRIPTS = "\n".join(path.read_text() for path in sorted((PACKAGE / "static").glob("*.js")))
TEMPLATE = (PACKAGE / "templates" / "simulator.html").read_text()
VIEW = "\n".join(path.read_text() for path in Path(web.transcript.__file__).parent.glob("*.py"))

BY_CODE = {key for key in ENGLISH if key.startswith("error_")}
"""Looked up by the code of an answer."""

BY_VALUE = set(
    chain(
        (f"status_{status}" for status in get_args(MessageStatus)),
        (f"mode_{mode}" for mode in get_args(Mode)),
        (f"from_{author}" for author in (*get_args(Origin), "contact", "phone")),
        (f"waits_for_{status}" for status in get_args(Reached)),
        get_args(Unwanted),
        ("busy",),
        get_args(MediaKind),
    )
)
"""Looked up by a value of the state."""


def named() -> set[str]:
    calls = re.findall(r"\bt\(([^)]*)\)", SCRIPTS)
    in_scripts = {key for call in calls for key in re.findall(r'"(\w+)"', call)}
    in_template = set(re.findall(r"\bt\.(\w+)", TEMPLATE))
    in_view = set(re.findall(r'AsideView\(\s*"(\w+)"', VIEW))
    return (in_scripts & set(ENGLISH)) | in_template | in_view


def test_every_string_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r'\bt\("(\w+)"', SCRIPTS)) | named() | BY_VALUE
    assert asked - set(ENGLISH) == set()


def test_every_string_is_shown_somewhere() -> None:
    assert set(ENGLISH) - named() - BY_VALUE - BY_CODE == set()


def test_the_template_holds_no_words_of_its_own() -> None:
    without_tags = re.sub(r"<[^>]*>", " ", TEMPLATE)
    assert re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\{.*?\}\}", " ", without_tags)) == []
    labels = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', TEMPLATE)
    assert [label for label in labels if not label.startswith("{{")] == []


def test_nothing_comes_from_another_host() -> None:
    styles = "\n".join(path.read_text() for path in (PACKAGE / "static").glob("*.css"))
    for text in (SCRIPTS, TEMPLATE, styles):
        addresses = set(re.findall(r"https?://[\w.]+", text))
        assert addresses <= {"http://www.w3.org"}  # the name of SVG, not an address
