"""Option ids: what a button or row carries to the contact's phone and, perhaps months later, back."""

import re
from typing import Literal, NamedTuple

from engine.core import limits
from engine.core.conversation import Offer, OfferedOption
from engine.core.question import Question

VERSION = "p1"

ENGINE = "!"
"""The flow's name in the ids of the engine's own questions; no flow is called so."""

_OPTION_ID = re.compile(VERSION + r":([0-9]{1,18}):([^.:]*)\.([^:]*):(.*)", re.DOTALL)
_MORE = "!more"


class OptionId(NamedTuple):
    """An option id taken apart."""

    turn: int
    flow: str
    step: str
    key: str


def build_option_id(turn: int, flow: str, step: str, key: str) -> str:
    """Return `p1:<turn>:<flow>.<step>:<key>`."""
    return f"{VERSION}:{turn}:{flow}.{step}:{key}"


def parse_option_id(text: str | None) -> OptionId | None:
    """Return the parts of an option id; None for anything that is not ours."""
    parts = _OPTION_ID.fullmatch(text or "")
    if parts is None:
        return None
    turn, flow, step, key = parts.groups()
    return OptionId(int(turn), flow, step, key)


EngineKey = Literal["flow", "language", "faq", "switch", "leave", "stay"]
"""What a button of the engine's own does: begin a flow anew, change the language, say an entry, leave for a flow or for
none, go on."""


def engine_key(kind: EngineKey, name: str = "") -> str:
    """Return the key of one of the engine's own options; a flow's is its plain name, as phones carry it."""
    return name if kind == "flow" else f"{kind}:{name}"


def parse_engine_key(key: str) -> tuple[str, str]:
    """Return what a button of the engine's own does, and to what."""
    kind, colon, name = key.partition(":")
    return (kind, name) if colon else ("flow", key)


def more_key(first: int) -> str:
    """Return the key of the row that shows the page beginning at option `first`."""
    return f"{_MORE}{first}"


def page_of(key: str) -> int | None:
    """Return the index of the first option on the page that the key asks for; None for an ordinary option."""
    digits = key.removeprefix(_MORE)
    return int(digits) if digits != key and digits.isascii() and digits.isdigit() else None


def make_offer(question: Question, *, flow: str, turn: int, first: int = 0) -> Offer:
    """Return the offer to store with a question; keys too long for an option id become their place in it."""
    room = limits.OPTION_ID_BYTES - len(build_option_id(turn, flow, question.step, "").encode())
    options = question.options.offered
    if question.options.longest_key > room:
        options = tuple(_with_room(option, index, room) for index, option in enumerate(options))
    start = first if first < len(options) else 0
    return Offer.trusted(step=question.step, turn=turn, options=options, first=start, chosen=None)


def find_option(offer: Offer, key: str) -> OfferedOption | None:
    """Return the option of this key, if it was offered."""
    for option in offer.options:
        if option.key == key:
            return option
    return None


def _with_room(option: OfferedOption, index: int, room: int) -> OfferedOption:
    if len(option.key.encode()) <= room:
        return option
    return option.model_copy(update={"key": f"!{index}"})
