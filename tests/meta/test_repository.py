"""The repository as a whole: links lead somewhere, packages carry their types, no file holds what only passes by."""

import ast
import re
import tomllib
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from hatchling.builders.wheel import WheelBuilder

from engine.ports import MessageStatus
from tests.meta.pages import (
    DOCS,
    PAGES,
    ROOT,
    all_blocks,
    anchors,
    code_in,
    links,
    repository_files,
    rows,
)

PACKAGES: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"][
    "build"
]["targets"]["wheel"]["packages"]

FILES = repository_files()
TEXTS = [path for path in FILES if path.suffix not in {".png", ".jpg", ".ico", ".woff2", ".wav"}]
CODE = [path for path in FILES if path.suffix in {".py", ".js"}]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target) | named_places(target), link


def named_places(page: Path) -> set[str]:
    return set(re.findall(r'<a id="([^"]+)">', page.read_text("utf-8")))


def test_the_index_names_every_page() -> None:
    index = DOCS / "index.md"
    named = {(DOCS / link).resolve() for link in links(index)}
    decisions = DOCS / "decisions"

    assert {page for page in DOCS.rglob("*.md") if page.parent != decisions} - {index} <= named
    assert decisions / "README.md" in named


def test_every_decision_is_listed() -> None:
    folder = DOCS / "decisions"
    listed = {folder / link for link in links(folder / "README.md")}

    assert set(folder.glob("[0-9]*.md")) == listed


def test_the_invariants_name_tests_that_are_there() -> None:
    named = [
        code
        for row in rows(DOCS / "architecture.md")
        for cell in row[1:]
        for code in code_in(cell)
        if code.startswith("tests/")
    ]
    assert named
    for reference in named:
        path, _, test = reference.partition("::")
        assert (ROOT / path).exists(), reference
        if test:
            assert re.search(rf"def {test}\(", (ROOT / path).read_text("utf-8")), reference


def test_every_state_of_a_send_is_told() -> None:
    states = (DOCS / "architecture.md").read_text("utf-8").partition("## States of a send")[2]
    outbox = next(row[1] for row in rows(DOCS / "glossary.md") if row[0] == "outbox")
    expected = set(get_args(MessageStatus)) - {"received"}

    assert expected <= set(code_in(states))
    assert set(code_in(outbox)) == expected


def test_the_architecture_names_every_package() -> None:
    named = {code for row in rows(DOCS / "architecture.md") for code in code_in(row[0])}

    assert {
        package for package in PACKAGES if not any(one.startswith(package) for one in named)
    } == set()


def test_the_readme_fits_two_screens() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


def test_paths_that_pages_name_are_there() -> None:
    """`engine/core/step.py`, `adapters/console/`: what stands in backticks and begins with one of our folders."""
    folders = "|".join([*PACKAGES, "tests", "bench", "docs"])
    missing = [
        f"{name(page)}: {code}"
        for page in PAGES
        for code in code_in(page.read_text("utf-8"))
        if re.fullmatch(rf"(?:{folders})/[\w./-]*", code) and not (ROOT / code).exists()
    ]

    assert [
        one for one in missing if not re.search(r": (flows/(pizza|coffee|booking|order)\.)", one)
    ] == []


# --- the Makefile ------------------------------------------------------------------------------------------

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def test_every_target_says_what_it_does_and_is_phony() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))
    helped = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)

    assert targets == helped == set(phony.split())


def test_pages_name_only_targets_that_are_there() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))
    named = {
        target
        for page in PAGES
        for code in [
            *code_in(page.read_text("utf-8")),
            *(block.text for block in all_blocks("console") if block.page == page),
        ]
        for command in re.findall(r"(?:^|\$ )make ((?:[a-z-]+ ?)+)", code, re.MULTILINE)
        for target in command.split()
    }

    assert named
    assert named <= targets


# --- files --------------------------------------------------------------------------------------------------

PASSING = {
    "registry": re.compile(
        r"pypi\.org|pythonhosted|npmjs|yarnpkg|crates\.io|proxy\.golang|/simple/", re.IGNORECASE
    ),
    "machine": re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp)/\w"),
    "promise": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b|NotImplemented" r"Error"),
    "coverage": re.compile(r"pragma: " r"no cover"),
    "skip": re.compile(
        r"mark\.(?:skip|xfail)|pytest\.(?:skip|xfail|importorskip)|unittest\.skip|@skip"
    ),
}
"""What no file may hold; written in two parts where this file itself would."""


@pytest.mark.parametrize("kind", PASSING)
def test_no_file_holds(kind: str) -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in TEXTS
        if path != Path(__file__) and path.suffix != ".lock"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if PASSING[kind].search(line)
    ]

    assert found == []


def test_the_locked_requirements_name_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")

    assert (
        re.search(r"^\s*(--(extra-)?index-url|--find-links|https?:|\S+ @ )", lock, re.MULTILINE)
        is None
    )


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in FILES
        if path.suffix == ".py"
        and path.stat().st_size
        and path.is_relative_to(ROOT)
        and not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip()
    ]

    assert silent == []


def test_no_source_is_longer_than_can_be_read_at_once() -> None:
    long = [name(path) for path in CODE if len(path.read_text("utf-8").splitlines()) > 500]

    assert long == []


# --- types ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel built from the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(built).namelist()


def test_the_wheel_carries_the_types_of_every_package(wheel: list[str]) -> None:
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(wheel)


def test_the_wheel_carries_every_file_of_its_packages_and_nothing_else(wheel: list[str]) -> None:
    tracked = {name(path) for path in FILES if path.relative_to(ROOT).parts[0] in PACKAGES}
    inside = {file for file in wheel if ".dist-info/" not in file}

    assert inside == tracked
