"""Adapters are alike: the same files, of a size that is read in one sitting, each with its page, sandbox and tests."""

import ast
import io
import tokenize
import tomllib
from pathlib import Path

import pytest

from adapters.registry import ADAPTERS, SETTINGS
from adapters.sandbox.providers import SANDBOXES
from tests.adapters.webhooks import WEBHOOKS
from tests.meta.pages import ROOT, code_in, rows

ADAPTERS_AT = ROOT / "adapters"
FOLDERS = sorted({path.parent.name for path in ADAPTERS_AT.glob("*/adapter.py")} - {"console"})
"""The terminal's has no provider behind it."""

PRINTED = {one.name for one in WEBHOOKS if one.published} | {"rcs"}
"""Whose webhooks somebody published; Interakt's page prints those of its other channel."""

ALIKE = {
    "adapter",
    "capabilities",
    "client",
    "parse",
    "payloads",
    "render",
    "settings",
    "signature",
}
MAY = {"errors", "services"}
LACKS = {"rcs": {"client", "settings", "signature"}}
"""Interakt's other channel: its account, its webhooks' signature and its calls are Interakt's."""
OWN = {"gupshup": {"templates"}, "interakt": {"twins"}, "rcs": {"limits"}, "sobot": {"templates"}}

MOST = 600
"""Lines of code of one folder. Blank ones, comments, docstrings and imports are not counted."""

SHARED = ("interakt/account",)
"""A folder of its own, since both of Interakt's channels use it."""

LONGEST_FILE = 400
"""Lines of any kind."""

_SILENT = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


def lines_of_code(path: Path) -> int:
    text = path.read_text("utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if words or isinstance(node, ast.Import | ast.ImportFrom):
            assert isinstance(node, ast.stmt)
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    running = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in _SILENT
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(running - told)


def test_every_folder_is_in_the_registry() -> None:
    registered = {adapter.__module__.split(".")[1] for adapter in ADAPTERS.values()}

    assert registered | set(LACKS) == {*FOLDERS, "console"}


def test_no_sandbox_may_stand_on_any_adapter() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    (forbidden,) = (
        set(contract["forbidden_modules"])
        for contract in tools["importlinter"]["contracts"]
        if contract.get("source_modules") == ["adapters.sandbox"]
    )

    assert {f"adapters.{name}" for name in FOLDERS} <= forbidden, "add it in pyproject.toml"


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_has_the_same_files_as_the_others(name: str) -> None:
    files = {path.stem for path in (ADAPTERS_AT / name).glob("*.py")} - {"__init__"}

    assert files - MAY == (ALIKE - LACKS.get(name, set())) | OWN.get(name, set())


@pytest.mark.parametrize("name", [*FOLDERS, *SHARED])
def test_an_adapter_is_read_in_one_sitting(name: str) -> None:
    counted = {path.stem: lines_of_code(path) for path in (ADAPTERS_AT / name).glob("*.py")}

    assert sum(counted.values()) <= MOST, counted


def test_code_is_what_does_something(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text('"""Words.\n\nMore."""\n\nimport ast\n\n# why\nx = (\n    1\n)\n', "utf-8")

    assert lines_of_code(file) == 3


def test_no_file_hides_a_second_idea() -> None:
    long = {
        path.relative_to(ADAPTERS_AT).as_posix(): lines
        for path in ADAPTERS_AT.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    }

    assert long == {}


@pytest.mark.parametrize("provider", sorted(set(SETTINGS) - {"console"}))
def test_a_provider_has_a_page_and_a_sandbox(provider: str) -> None:
    assert (ROOT / "docs" / "howto" / f"{provider}.md").exists()
    assert provider in SANDBOXES


@pytest.mark.parametrize("page", ["howto/sandbox.md", "reference/commands.md"])
def test_every_sandbox_is_named_where_one_looks_for_it(page: str) -> None:
    named = {word for row in rows(ROOT / "docs" / page) for cell in row for word in code_in(cell)}

    assert set(SANDBOXES) <= named


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_is_held_to_the_contract_and_to_what_is_published(name: str) -> None:
    tests = {path.name for path in (ROOT / "tests" / "adapters" / name).glob("test_*.py")}

    wanted = {"test_contract.py", "test_parse.py", "test_send.py"}
    if name in PRINTED:
        wanted.add("test_published_payloads.py")
    assert wanted <= tests
