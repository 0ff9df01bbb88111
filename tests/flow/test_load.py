"""Finding flows: folders, packages, private names, and what is said when a file is wrong."""

import os
import sys
from pathlib import Path

import pytest

from engine.core.errors import DefinitionError
from engine.flow.load import load_flows

HELLO = """
from parley import Flow, say

class Hello(Flow):
    hello = say("Hi")
"""


@pytest.fixture(autouse=True)
def _same_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_every_flow_of_a_folder_is_found_by_name(tmp_path: Path) -> None:
    write(tmp_path / "flows", a=HELLO, b=HELLO.replace("Hello", "TwoWords"))
    flows = load_flows(["flows"], tmp_path)
    assert sorted(flows) == ["hello", "two_words"]
    assert flows["hello"].source.file == str(tmp_path / "flows" / "a.py")
    assert flows["hello"].steps["hello"].source.line == 5


def test_a_flow_file_reaches_its_neighbours_and_the_modules_beside_the_configuration(
    tmp_path: Path,
) -> None:
    write(tmp_path, business_hours_of_this_test='HOURS = "9 to 5"')
    code = "from .shared import WORD\nfrom business_hours_of_this_test import HOURS\n"
    write(tmp_path / "flows", shared='WORD = "x"', a=code + HELLO)
    assert list(load_flows(["flows"], tmp_path)) == ["hello"]


def test_an_edit_within_the_second_of_the_last_look_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (file,) = write(tmp_path / "flows", a=HELLO).glob("a.py")
    seen = file.stat()
    assert load_flows(["flows"], tmp_path).keys() == {"hello"}

    file.write_text(HELLO.replace("Hello", "Howdy"), encoding="utf-8")
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    assert load_flows(["flows"], tmp_path).keys() == {"howdy"}


def test_an_authors_folder_never_meets_the_flows_we_ship(tmp_path: Path) -> None:
    write(tmp_path / "flows", order=HELLO)
    before = sys.modules.get("flows")
    assert list(load_flows(["flows"], tmp_path)) == ["hello"]
    assert sys.modules.get("flows") is before


def test_two_folders_of_one_name_do_not_meet(tmp_path: Path) -> None:
    write(tmp_path / "one" / "flows", a=HELLO)
    write(tmp_path / "two" / "flows", a=HELLO.replace("Hello", "Other"))
    assert sorted(load_flows(["one/flows", "two/flows"], tmp_path)) == ["hello", "other"]


def test_the_flows_we_ship_are_found_as_a_package(tmp_path: Path) -> None:
    shipped = ["complaint", "faq", "order", "welcome"]
    assert sorted(load_flows(["flows"], tmp_path)) == shipped


def test_files_with_an_underscore_and_imported_flows_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "flows", _draft="raise ValueError", a=HELLO, b="from .a import Hello")
    assert list(load_flows(["flows"], tmp_path)) == ["hello"]


def test_a_flow_without_steps_is_a_base(tmp_path: Path) -> None:
    base = "from parley import Flow\nclass Base(Flow):\n    number: str | None = None\n"
    write(tmp_path / "flows", a=base + HELLO)
    assert list(load_flows(["flows"], tmp_path)) == ["hello"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("x = 1\nraise ValueError('no')", r"a\.py:2: .*ValueError: no", id="raises"),
        pytest.param("x = 1\nclass (", r"a\.py:2: invalid syntax", id="syntax"),
        pytest.param("import nothing_of_this_name", r"a\.py:1: .*No module named", id="import"),
        pytest.param(
            "from parley import Flow\nclass A(Flow, expires='soon'):\n    x: int = 1\n",
            r"a\.py:2: 'soon' is no length of time",
            id="definition",
        ),
        pytest.param(
            "from parley import Flow, ask\nclass A(Flow):\n    x: set[int] = ask('?')\n",
            r"a\.py:3: a\.x: no answer type reads",
            id="type",
        ),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(tmp_path: Path, code: str, said: str) -> None:
    write(tmp_path / "flows", a=code)
    with pytest.raises(DefinitionError, match=said):
        load_flows(["flows"], tmp_path)


def test_an_error_in_a_neighbour_is_told_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path / "flows", a="from .z import x", z="\n\n1 / 0")
    with pytest.raises(DefinitionError, match=r"z\.py:3: .*ZeroDivisionError"):
        load_flows(["flows"], tmp_path)


def test_two_flows_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "flows", a=HELLO, b=HELLO)
    with pytest.raises(DefinitionError, match=r"b\.py:5: a flow 'hello' is already in .*a\.py:5"):
        load_flows(["flows"], tmp_path)


@pytest.mark.parametrize("path", ["nowhere", "not/there", "no.such.package", "parley.__main__"])
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, path: str) -> None:
    with pytest.raises(DefinitionError, match="is no folder in"):
        load_flows([path], tmp_path)
