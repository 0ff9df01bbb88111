"""What flows are tested with, offline: `talk` for tests in Python, `check_transcript` for talks in plain text."""

import difflib
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from adapters.cloud.capabilities import CAPABILITIES as PHONE_LINE
from engine.core.capabilities import Capabilities
from engine.flow.compile import CompiledFlow
from engine.flow.hours import read_hours
from engine.flow.load import load_flows
from engine.flow.opening import teams_with
from engine.flow.talk import Talk, TranscriptError, play

__all__ = [
    "LINES",
    "PHONE_LINE",
    "PLAIN_LINE",
    "WRITE",
    "Talk",
    "TranscriptError",
    "check_transcript",
    "talk",
]

PLAIN_LINE = PHONE_LINE.model_copy(
    update={"kinds": frozenset({"text"}), "markup": False, "window": None}
)
"""A line of plain text without a window, as SMS is."""

LINES: Mapping[str | None, Capabilities] = {
    None: PHONE_LINE,
    "phone": PHONE_LINE,
    "plain": PLAIN_LINE,
}
"""What a transcript's header may name as its `line:`; without one it is a phone."""

WRITE = "PARLEY_WRITE_TRANSCRIPTS"
"""Set to 1 in the environment to have transcripts rewritten instead of compared; review the diff."""


def talk(
    *folders: str | Path,
    start: str | None = None,
    line: str | None = None,
    zone: str | None = None,
    quiet: str | None = None,
    teams: Mapping[str, Sequence[str]] = {},
) -> Talk:
    """Return one contact who talks to the flows in these folders.

    Args:
        folders: Folders with flow files, relative to the working directory.
        start: The flow that begins when nothing else matches; without it the one marked `start=True`.
        line: What the contact holds: "phone" (the default) or "plain".
        zone: The line's `time_zone`.
        quiet: Its `quiet_hours`, such as "21:00-08:00".
        teams: The hours of teams by name, such as `{"kitchen": ["mon-fri 09:00-18:00"]}`, in the line's zone; the
            empty name is of handoffs that name none.
    """
    flows = _load(Path.cwd(), tuple(map(str, folders)))
    return Talk(
        flows,
        capabilities=LINES[line],
        start=start,
        hours=read_hours(zone, quiet),
        teams=teams_with(teams, zone),
    )


async def check_transcript(path: str | Path) -> None:
    """Play a transcript; without a `flows:` header its own folder is loaded.

    Raises:
        AssertionError: The bot says something else than is written; the message is the difference.
        TranscriptError: A line cannot be played.
    """
    path = Path(path)
    written = path.read_text(encoding="utf-8")
    said = await play(written, load=partial(_load, path.parent), lines=LINES)
    if os.environ.get(WRITE) == "1":
        path.write_text(said, encoding="utf-8")
    elif said != written:
        diff = difflib.unified_diff(
            written.splitlines(), said.splitlines(), str(path), "as played", lineterm=""
        )
        raise AssertionError("\n".join(diff))


def _load(base: Path, folders: tuple[str, ...]) -> dict[str, CompiledFlow]:
    """Return the flows, loaded anew: what a flow file keeps in memory never outlives a talk."""
    return load_flows(folders or (".",), base)
