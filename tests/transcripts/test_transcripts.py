"""Every transcript, of the flows we ship and of the rules, is played; what the bot says must be what is written."""

from pathlib import Path

import pytest

from parley.testing import check_transcript

ROOT = Path(__file__).parents[2]
TRANSCRIPTS = sorted([*ROOT.glob("flows/*.txt"), *ROOT.glob("tests/transcripts/rules/*.txt")])


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
async def test_the_bot_says_what_the_transcript_says(path: Path) -> None:
    try:
        await check_transcript(path)
    except AssertionError as wrong:
        pytest.fail(str(wrong), pytrace=False)
