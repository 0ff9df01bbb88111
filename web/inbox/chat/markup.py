"""What people wrote as safe HTML: links that open apart, and WhatsApp's bold, italic, strike and code. Pure.

All that is not one of these stays text and is escaped; no address but http and https becomes a link.
"""

import re
from typing import Final

from markupsafe import Markup, escape

LINK_CHARS: Final = 2000
"""A longer address stays text: browsers and people alike do nothing with it."""

NESTED_MOST: Final = 3
"""Bold within italic within strike; deeper than the three there is nothing to find."""

# The bidirectional controls end an address: within one they would show another than is opened.
_ADDRESS = r"https?://[^\s<>\"'`\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]+"

_FOUND = re.compile(
    r"```(?P<block>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    rf"|(?P<link>(?i:{_ADDRESS}))"
    r"|(?<![^\W_*])\*(?P<strong>(?!\s)[^*\n]+(?<!\s))\*(?![^\W_*])"
    r"|(?<![^\W_])_(?P<em>(?!\s)[^_\n]+(?<!\s))_(?![^\W_])"
    r"|(?<![^\W_~])~(?P<s>(?!\s)[^~\n]+(?<!\s))~(?![^\W_~])",
    re.DOTALL,
)

_SENTENCE_ENDS = ".,;:!?*_~…»”’"
_BRACKETS = {")": "(", "]": "["}

_LINK = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
_CODE = Markup("<code>{}</code>")
_TAGS: Final = {name: Markup(f"<{name}>{{}}</{name}>") for name in ("strong", "em", "s")}  # noqa: S704 - our own tags


def marked_up(text: str, *, depth: int = 0) -> Markup:
    """Return a text as a transcript shows it."""
    parts: list[Markup] = []
    at = 0
    for found in _FOUND.finditer(text):
        kind = found.lastgroup
        assert kind is not None
        end = found.end()
        match kind:
            case "link":
                address = _without_sentence(found["link"])
                end = found.start() + len(address)
                shown = _link(address)
            case "block" | "code":
                shown = _CODE.format(found[kind])
            case _:
                inner = found[kind]
                shown = _TAGS[kind].format(
                    escape(inner) if depth == NESTED_MOST else marked_up(inner, depth=depth + 1)
                )
        parts += [escape(text[at : found.start()]), shown]
        at = end
    parts.append(escape(text[at:]))
    return Markup().join(parts)


def _link(address: str) -> Markup:
    return escape(address) if len(address) > LINK_CHARS else _LINK.format(address, address)


def _without_sentence(address: str) -> str:
    """Return an address without what ends the sentence around it; a bracket that it opens itself is its own."""
    while True:
        shorter = address.rstrip(_SENTENCE_ENDS)
        opens = _BRACKETS.get(shorter[-1:])
        if opens is not None and shorter.count(opens) < shorter.count(shorter[-1]):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
