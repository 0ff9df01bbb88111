"""A flow's diagram as shapes: where a box stands, how an arrow runs. The template writes the SVG."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from engine.flow.compile import CompiledFlow
from engine.flow.functions import Function
from engine.flow.plan import Step
from engine.flow.steps import Code
from engine.flow.targets import END, To
from engine.flow.templates import TemplateUse
from engine.flow.text import Template
from engine.flow.ways import Way, ways
from web.inbox.side.placing import BESIDE, PATH, Key, Place, place

BoxKind = Literal["ask", "choose", "say", "code", "handoff", "flow", "end"]
BoxState = Literal["here", "visited", "ahead"]
Weight = Literal["path", "branch", "jump"]
"""An arrow down the happy path, one that is a box's own way in, or one of the many others."""


class Look(NamedTuple):
    """The sizes of a diagram, in pixels."""

    widths: tuple[float, float]
    """Of the boxes in the two columns."""
    height: float
    pitch: float
    """From one row to the next."""
    margins: tuple[float, float]
    """Beside the columns: arrows between boxes of one column run there."""
    gap: float
    """Between the columns."""
    lines: int
    """Of a box's words."""
    name_size: float
    words_size: float
    labels: bool = False
    """Whether the words that lead along an arrow are written beside it."""


NARROW: Final = Look((130, 106), 42, 58, (16, 16), 28, 1, 11, 10)
"""For the side bar: 296 pixels wide."""

WIDE: Final = Look((250, 230), 62, 94, (48, 112), 176, 2, 13, 12, labels=True)
"""For a dialog of its own."""

_PADDING: Final = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """One step, another flow, or the end."""

    key: Key
    kind: BoxKind
    state: BoxState
    name: str
    """The author's name for it."""
    lines: tuple[str, ...]
    """What it says, cut to the box."""
    words: str
    """What it says, whole."""
    x: float
    y: float
    width: float
    height: float
    rtl: bool
    """Whether its words are read from the right."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way from a box to another."""

    source: Key
    target: Key
    label: str
    weight: Weight
    active: bool
    """Whether it leads on from where the run stands."""
    walked: bool
    """Whether both its boxes were visited, and no other on the way between them."""
    path: str
    """As SVG's `d`."""
    label_at: tuple[float, float, Literal["start", "end"]] | None
    """Where its words stand, and to which side they are set; None writes none."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A step of the same diagram as a list, for those who cannot see it."""

    name: str
    words: str
    state: BoxState
    ways: tuple[tuple[str, str], ...]
    """Each way on: the words that lead there, and where."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything there is to draw."""

    width: float
    height: float
    look: Look
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    steps: tuple[Listed, ...]


def draw(flow: CompiledFlow, *, here: str | None, visited: Collection[str], look: Look) -> Diagram:
    """Return the flow's diagram.

    Args:
        flow: The flow, in the language its words shall be in.
        here: The step a run stands at; None marks none.
        visited: The steps it has come through.
        look: The sizes.
    """
    every = ways(flow)
    placed = place(flow, every)
    boxes = {key: _box(flow, key, placed[key], here, visited, look) for key in placed}
    first = _first_ways(every, placed)
    arrows = [_arrow(way, boxes, placed, first, look) for way in _once(every)]
    rows = 1 + max(cell.row for cell in placed.values())
    columns = {cell.column for cell in placed.values()}
    return Diagram(
        width=sum(look.margins)
        + look.widths[PATH]
        + (look.gap + look.widths[BESIDE] if BESIDE in columns else 0),
        height=rows * look.pitch,
        look=look,
        boxes=tuple(boxes.values()),
        # What matters is drawn last, above the rest.
        arrows=tuple(
            sorted(arrows, key=lambda one: (one.active, one.walked, one.weight != "jump"))
        ),
        steps=tuple(_listed(step, boxes, every) for step in flow.steps.values()),
    )


def words_of(step: Step) -> str:
    """Return what a step says or does, on one line: of a text of several lines the last that has words.

    What would be filled in is `…`, WhatsApp's markup is left out; code is told by its docstring.
    """
    match step.text:
        case Template() as text:
            lines = [_plain(line) for line in text.lines]
            return next((line for line in reversed(lines) if _has_words(line)), "…")
        case TemplateUse(name=name):
            return name
        case Function():
            return "…"
        case None:
            told = step.body.function.__doc__ if isinstance(step.body, Code) else None
            return (told or "").strip().partition("\n")[0]


def _plain(text: Template) -> str:
    written = (part if isinstance(part, str) else part.otherwise or "…" for part in text.parts)
    whole = "".join(written).strip()
    last = next((line for line in reversed(whole.split("\n")) if _has_words(line)), whole)
    return " ".join(last.replace("*", "").split()).replace("….", "…")


def _has_words(line: str) -> bool:
    return any(map(str.isalpha, line))


def _box(
    flow: CompiledFlow,
    key: Key,
    cell: Place,
    here: str | None,
    visited: Collection[str],
    look: Look,
) -> Box:
    step = flow.steps.get(key)
    words = "" if step is None else words_of(step)
    width = look.widths[cell.column]
    height = look.height * (0.6 if key == str(END) else 1)
    state: BoxState = "here" if key == here else "visited" if key in visited else "ahead"
    return Box(
        key=key,
        kind=step.kind if step is not None else "end" if key == str(END) else "flow",
        state=state,
        name=(step.name if step is not None else key.lstrip("@")).replace("_", " "),
        lines=wrap(words, (width - 2 * _PADDING) / look.words_size, look.lines),
        words=words,
        x=look.margins[PATH] + (0 if cell.column == PATH else look.widths[PATH] + look.gap),
        y=cell.row * look.pitch + (look.pitch - look.height) / 2,
        width=width,
        height=height,
        rtl=_is_rtl(words),
    )


def _listed(step: Step, boxes: Mapping[Key, Box], every: list[Way]) -> Listed:
    box = boxes[step.name]
    return Listed(
        name=box.name,
        words=box.words,
        state=box.state,
        ways=tuple(
            (way.label, boxes[str(way.target)].name)
            for way in every
            if way.source == To(step=step.name)
        ),
    )


def _once(every: list[Way]) -> list[Way]:
    """Return one arrow for each two boxes; its label has all the words that lead there."""
    found: dict[tuple[To, To], list[str]] = {}
    for way in every:
        found.setdefault((way.source, way.target), []).append(way.label)
    return [
        Way(source, target, " · ".join(filter(None, labels)))
        for (source, target), labels in found.items()
    ]


def _first_ways(every: list[Way], placed: Mapping[Key, Place]) -> dict[Key, Key]:
    """Return by which box each one beside the path is first come to."""
    first: dict[Key, Key] = {}
    for way in every:
        if placed[str(way.target)].column == BESIDE:
            first.setdefault(str(way.target), str(way.source))
    return first


def _arrow(
    way: Way,
    boxes: Mapping[Key, Box],
    placed: Mapping[Key, Place],
    first: Mapping[Key, Key],
    look: Look,
) -> Arrow:
    source, target = str(way.source), str(way.target)
    from_, to = boxes[source], boxes[target]
    here, there = placed[source], placed[target]
    is_next = here.column == there.column and there.row == here.row + 1
    weight: Weight = "jump"
    passes = _passed(here, there, boxes, placed)
    if is_next and here.column == PATH:
        weight = "path"
    elif first.get(target) == source:
        weight = "branch"
    return Arrow(
        source=source,
        target=target,
        label=way.label,
        weight=weight,
        active=from_.state == "here",
        walked=passes and from_.state != "ahead" and to.state != "ahead",
        path=_down(from_, to) if is_next else _round(from_, to, here, there, look),
        label_at=_label_at(from_, to, here, there, is_next) if look.labels else None,
    )


def _passed(
    here: Place, there: Place, boxes: Mapping[Key, Box], placed: Mapping[Key, Place]
) -> bool:
    """Tell whether no visited step lies between the two, so that a walk may have gone straight on."""
    between = range(min(here.row, there.row) + 1, max(here.row, there.row))
    return there.row > here.row and not any(
        boxes[key].state != "ahead"
        for key, cell in placed.items()
        if cell.column == PATH and cell.row in between
    )


def _label_at(
    from_: Box, to: Box, here: Place, there: Place, is_next: bool
) -> tuple[float, float, Literal["start", "end"]]:
    if is_next:
        return (
            from_.x + min(from_.width, to.width) / 2 + 9,
            (from_.y + from_.height + to.y) / 2 + 3,
            "start",
        )
    if here.column != there.column:
        if there.column == BESIDE:
            return to.x - 10, to.y + to.height * 0.42 - 5, "end"
        return to.x + to.width + 10, to.y + to.height * 0.66 - 5, "start"
    if there.column == BESIDE:
        return to.x + to.width + 10, to.y + to.height * 0.34 - 5, "start"
    return to.x - 10, to.y + to.height * 0.34 - 5, "end"


def _down(from_: Box, to: Box) -> str:
    x = from_.x + min(from_.width, to.width) / 2
    return f"M{x:.1f} {from_.y + from_.height:.1f}V{to.y - 2:.1f}"


def _round(from_: Box, to: Box, here: Place, there: Place, look: Look) -> str:
    """Return a curve from one box's side to the other's; within a column it swings out as far as it goes."""
    if here.column == there.column:
        out = here.column == BESIDE
        start = from_.x + from_.width if out else from_.x
        end = to.x + to.width if out else to.x
        swing = min(look.margins[here.column] * 1.2, 8 + 5 * abs(here.row - there.row)) * (
            1 if out else -1
        )
        y1, y2 = from_.y + from_.height * 0.66, to.y + to.height * 0.34
        x = max(start, end) + swing if out else min(start, end) + swing
        return f"M{start:.1f} {y1:.1f}C{x:.1f} {y1:.1f} {x:.1f} {y2:.1f} {end:.1f} {y2:.1f}"
    rightwards = here.column == PATH
    start = from_.x + from_.width if rightwards else from_.x
    end = to.x - 2 if rightwards else to.x + to.width + 2
    # Out above the middle and in below it, so that two boxes that lead to each other have two arrows.
    y1 = from_.y + from_.height * (0.42 if rightwards else 0.66)
    y2 = to.y + to.height * (0.42 if rightwards else 0.66)
    bend = look.gap * 0.55 * (1 if rightwards else -1)
    return f"M{start:.1f} {y1:.1f}C{start + bend:.1f} {y1:.1f} {end - bend:.1f} {y2:.1f} {end:.1f} {y2:.1f}"


def wrap(words: str, ems: float, lines: int) -> tuple[str, ...]:
    """Return the words in at most so many lines of a width, cut with `…` where they are more.

    A server measures no fonts: a letter counts as half of the font's size, wide scripts and emoji as the whole.
    """
    found: list[str] = []
    rest = words
    while rest and len(found) < lines:
        end = _fits(rest, ems)
        if end >= len(rest):
            found.append(rest)
            return tuple(found)
        space = rest.rfind(" ", 0, end + 1)
        if len(found) == lines - 1:
            found.append(rest[: _fits(rest, ems - 0.8)].rstrip(" …") + "…")
            return tuple(found)
        cut = space if space > 0 else end
        found.append(rest[:cut])
        rest = rest[cut:].lstrip()
    return tuple(found)


def _fits(text: str, ems: float) -> int:
    """Return how many of its characters fit."""
    room = ems
    for index, char in enumerate(text):
        room -= _ems(char)
        if room < 0:
            return index
    return len(text)


def _ems(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.3
    if char in "il.,:;!|' jtf()":
        return 0.3
    return 0.7 if char.isupper() or char in "mw" else 0.56


def _is_rtl(text: str) -> bool:
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
