"""Every transcript, of the flows we ship and of the rules, is played; what the bot says must be what is written."""

import difflib
import os
from functools import partial
from pathlib import Path

import pytest

from engine.flow.talk import play
from engine.flow.talk.transcript import Flows
from tests.talk import LINES, ROOT, load

WRITE = os.environ.get("PARLEY_WRITE_TRANSCRIPTS") == "1"
TRANSCRIPTS = sorted([*ROOT.glob("flows/*.txt"), *ROOT.glob("tests/transcripts/rules/*.txt")])


def _load_beside(folder: Path, names: tuple[str, ...]) -> Flows:
    return load(tuple(str(folder / name) for name in names) or (str(folder),))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
async def test_the_bot_says_what_the_transcript_says(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    said = await play(written, load=partial(_load_beside, path.parent), lines=LINES)
    if WRITE:
        path.write_text(said, encoding="utf-8")
        return
    if said != written:
        name = str(path.relative_to(ROOT))
        diff = difflib.unified_diff(
            written.splitlines(), said.splitlines(), name, "as played", lineterm=""
        )
        pytest.fail("\n".join(diff), pytrace=False)
