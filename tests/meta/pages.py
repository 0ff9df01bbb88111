"""The repository's pages taken apart: their code blocks, headings, tables and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "bench").glob("*.md")])
"""Every page people read."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(
    r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"|!\[[^\]]*\]\(([^)\s]+)\)"
)
_SIGNS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    """Where its fence stands."""
    language: str
    text: str

    @property
    def name(self) -> str:
        """What the block is called in a test's id."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2])
        for found in _FENCE.finditer(text)
    ]


def all_blocks(*languages: str) -> list[Block]:
    """Return the blocks in these languages of every page."""
    return [block for page in PAGES for block in blocks(page) if block.language in languages]


def headings(page: Path) -> list[str]:
    """Return a page's headings without their marks; what stands in a fenced block is none."""
    return _HEADING.findall(_FENCE.sub("", page.read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """Return what a link to a heading of the page may name, as GitHub makes it."""
    return {_SIGNS.sub("", heading.lower()).replace(" ", "-") for heading in headings(page)}


def links(page: Path) -> list[str]:
    """Return where a page's links and pictures lead."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    return ["".join(found) for found in _LINK.findall(text)]


def rows(page: Path) -> list[list[str]]:
    """Return the cells of every row of every table of a page."""
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("|")
    ]


def code_in(text: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", text)


def repository_files() -> list[Path]:
    """Return every file that belongs to the repository: all but those `.gitignore` leaves out. Needs no git."""
    patterns = [".git/", *(ROOT / ".gitignore").read_text("utf-8").split()]
    return sorted(_walk(ROOT, patterns))


def _walk(folder: Path, patterns: list[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(_is_left_out(path, pattern) for pattern in patterns):
            continue
        if path.is_dir():
            yield from _walk(path, patterns)
        else:
            yield path


def _is_left_out(path: Path, pattern: str) -> bool:
    """Tell whether one line of `.gitignore` is about the path: `name/` is a folder, `/name` stands at the top."""
    if pattern.endswith("/") and not path.is_dir():
        return False
    if pattern.startswith("/") and path.parent != ROOT:
        return False
    return fnmatch(path.name, pattern.strip("/"))
