"""The adapters are alike: the same files under the same names, and none so large that it hides a second idea."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

from adapters.registry import SETTINGS
from adapters.sandbox.providers import SANDBOXES
from tests.meta.pages import ROOT

FOLDER = ROOT / "adapters"

FILES = {
    "adapter", "capabilities", "client", "parse", "payloads", "render", "settings", "signature",
}  # fmt: skip
"""What an adapter consists of."""

BESIDE = {"errors", "services", "templates"}
"""Where there is something to say."""

OWN = {
    "console": set[str](),
    "interakt": {"twins"},
    "rcs": {"limits"},
}
"""Files that one adapter alone needs."""

WITHOUT = {
    "console": {"client", "settings", "signature"},  # talks to nobody, signs nothing
    "rcs": {"client", "settings", "signature"},  # Interakt's, whose other channel it is
}

ADAPTERS = sorted(path.parent for path in FOLDER.glob("*/adapter.py"))

MOST = 600
"""Lines of code of one folder; `interakt/account` is a folder of its own, since both of Interakt's channels use it."""

NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def lines_of_code(text: str) -> int:
    """Count lines without blank ones, comments, docstrings and imports."""
    silent: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        said = node.value if isinstance(node, ast.Expr) else None
        words = isinstance(said, ast.Constant) and isinstance(said.value, str)
        if words or isinstance(node, ast.Import | ast.ImportFrom):
            assert isinstance(node, ast.stmt)
            silent |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = {
        line
        for token in tokens
        if token.type not in NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - silent)


def test_lines_of_code_are_what_says_something() -> None:
    text = '"""Words.\n\nMore."""\n\nimport ast\n\n# why\nx = (\n    1\n)\n'

    assert lines_of_code(text) == 3


def test_every_adapter_is_found() -> None:
    assert {path.name for path in ADAPTERS} == {
        "cbot", "cloud", "console", "gupshup", "interakt", "karbot", "rcs", "sobot",
    }  # fmt: skip


@pytest.mark.parametrize("folder", ADAPTERS, ids=name)
def test_an_adapter_has_the_files_that_all_have(folder: Path) -> None:
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    wanted = FILES - WITHOUT.get(folder.name, set())

    assert wanted - files == set()
    assert files - wanted - BESIDE == OWN.get(folder.name, set())


@pytest.mark.parametrize("folder", [*ADAPTERS, FOLDER / "interakt" / "account"], ids=name)
def test_an_adapter_stays_small(folder: Path) -> None:
    counted = {path.stem: lines_of_code(path.read_text("utf-8")) for path in folder.glob("*.py")}

    assert sum(counted.values()) <= MOST, counted


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=name)
def test_a_file_stays_readable(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("provider", sorted(set(SETTINGS) - {"console"}))
def test_a_provider_has_a_page_and_a_sandbox(provider: str) -> None:
    assert (ROOT / "docs" / "howto" / f"{provider}.md").exists()
    assert provider in SANDBOXES


@pytest.mark.parametrize("name", [path.name for path in ADAPTERS if path.name != "console"])
def test_an_adapter_is_held_to_the_contract_and_to_what_is_published(name: str) -> None:
    tests = {path.name for path in (ROOT / "tests" / "adapters" / name).glob("test_*.py")}

    assert {
        "test_contract.py",
        "test_parse.py",
        "test_published_payloads.py",
        "test_send.py",
    } <= tests
