"""What an author's own file changes of a language."""

from pathlib import Path

import pytest

from engine.core.choosing import Place, place_in
from engine.core.errors import DefinitionError
from engine.core.languages import ENGLISH
from engine.flow.languages import read_languages


def written(folder: Path, text: str, code: str = "en") -> Path:
    (folder / f"{code}.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_a_language_is_the_engines() -> None:
    assert read_languages(("en",)).first is ENGLISH


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    folder = written(
        tmp_path, 'more = ["onward"]\n[words]\nagent = []\n[texts]\nmore = "Onward…"\n'
    )
    language = read_languages(("en",), folder).first
    assert (language.more, language.texts["more"]) == (("onward",), "Onward…")
    assert "agent" not in language.meant.values()
    assert language.words["menu"] == ENGLISH.words["menu"]


def test_a_file_teaches_how_options_are_named(tmp_path: Path) -> None:
    folder = written(
        tmp_path, '[choosing]\nordinals = ["prima", "seconda"]\naround = ["la"]\n', "it"
    )
    languages = read_languages(("it",), folder)
    assert place_in("la seconda", languages.wording) == Place(2, counted=True)
    assert place_in("the last one", languages.wording) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[choosing]\nfirsts = ["prima"]\n', "choosing.firsts is unknown"),
        ('[choosing]\nordinals = "prima"\n', "choosing.ordinals must be a list of texts"),
        ("choosing = 1\n", "choosing is unknown, or of the wrong kind"),
        ('[words]\nmenus = ["m"]\n', "words.menus is unknown"),
        ('[words]\nmenu = "m"\n', "words.menu must be a list of texts"),
        ('small = "m"\n', "small must be a list of texts"),
        ('[texts]\nmore = "' + "x" * 21 + '"\n', "longer than 20 characters"),
        ("[texts]\nmore = 1\n", "texts.more must be a text"),
        ("[texts", "it cannot be read"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(DefinitionError, match=wrong):
        read_languages(("en",), written(tmp_path, text))


def test_a_language_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no language 'it'"):
        read_languages(("it",), tmp_path)
