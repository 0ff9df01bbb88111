"""Every string of the inbox stands in one place, and what is asked for is there."""

import re
from pathlib import Path

import web.inbox
from web.inbox.texts import ENGLISH
from web.inbox.texts.lists import ENGLISH as LISTS
from web.inbox.texts.lists import IN_SCRIPTS
from web.inbox.texts.side import ENGLISH as SIDE
from web.inbox.texts.supervise import ENGLISH as SUPERVISE

PACKAGE = Path(web.inbox.__file__).parent
TEMPLATES = {path.name: path.read_text() for path in sorted((PACKAGE / "templates").glob("*.html"))}
SCRIPTS = "\n".join(path.read_text() for path in sorted((PACKAGE / "static").glob("*.js")))
CODE = "\n".join(path.read_text() for path in sorted(PACKAGE.rglob("*.py")))

NO_WORDS = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
"""What a template's own language takes."""

SHELL = tuple(
    f"{name}.html"
    for name in (
        *("plain", "base", "inbox", "open", "parts", "keys"),
        *("list", "list_body", "rows", "row", "nothing", "found", "hits"),
    )
)

BY_VALUE = ("view_", "none_", "count_", "by_", "ended_", "place_", "key_")
"""Looked up by a value: of a list, an author, an end."""


def named(template: str) -> set[str]:
    return set(re.findall(r"\bt\.(\w+)", template))


def test_every_string_that_a_template_asks_for_is_there() -> None:
    for name, template in TEMPLATES.items():
        assert named(template) - set(ENGLISH) == set(), name


def test_every_string_that_a_script_shows_is_sent_to_it() -> None:
    assert set(IN_SCRIPTS) <= set(ENGLISH)
    in_lists = "\n".join(
        (PACKAGE / "static" / name).read_text() for name in ("times.js", "rows.js", "list.js")
    )
    assert set(re.findall(r'\bt\("(\w+)"', in_lists)) <= set(IN_SCRIPTS)


def test_every_string_of_the_lists_is_shown_somewhere() -> None:
    asked = set().union(*map(named, TEMPLATES.values())) | set(
        re.findall(r'"(\w+)"', CODE + SCRIPTS)
    )
    left = {key for key in LISTS if key not in asked and not key.startswith(BY_VALUE)}
    assert left - set(IN_SCRIPTS) == set()


def test_the_templates_of_the_shell_hold_no_words_of_their_own() -> None:
    for name in SHELL:
        plain = NO_WORDS.sub(" ", TEMPLATES[name])
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", plain))
        labels = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', plain)
        assert [word for word in words if word not in ("Enter",)] == [], name
        assert [label for label in labels if label.strip()] == [], name


def test_nothing_is_loaded_from_another_host() -> None:
    styles = "\n".join(path.read_text() for path in (PACKAGE / "static").glob("*.css"))
    loads = re.compile(
        r"""(?:\bsrc=|\burl\(|\bfrom |\bimport[ (]|<(?:link|use)\b[^>]*\bhref=)\s*["']?(?:https?:)?//"""
    )
    for text in (SCRIPTS, styles, *TEMPLATES.values()):
        assert loads.findall(text) == []
    assert loads.search('<link rel="stylesheet" href="https://example.org/a.css">')


def test_every_string_of_the_side_and_of_supervisors_is_shown_somewhere() -> None:
    asked = set().union(*map(named, TEMPLATES.values())) | set(re.findall(r'"(\w+)"', CODE))
    begins = ("reason_", "past_", "snooze_", "colour_", "column_", "per_", "period_", "did_")
    left = {key for key in {**SIDE, **SUPERVISE} if key not in asked}
    assert {key for key in left if not key.startswith(begins)} == set()
