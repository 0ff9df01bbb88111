"""What a contact's phone shows: the bubbles of one chat, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

Choice = Literal["button", "row", "quick_reply"]


@dataclass(frozen=True, slots=True)
class Option:
    """Something on a bubble that can be tapped."""

    kind: Choice
    id: str
    title: str
    description: str | None = None


class Bubble(BaseModel):
    """One message of the chat, whoever wrote it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    by: Literal["business", "contact"]
    at: datetime
    type: str
    """The wire's name of the kind: `text`, `image`, `interactive`, `template` ..."""
    content: JsonValue
    """What the wire carries under that name."""
    reply_to: str | None = None
    status: Literal["sent", "delivered", "read", "failed"] = "sent"
    reaction: str | None = None
    """The emoji the other side put on it."""
    callback_data: str | None = None
    """What the business wants back with each status."""

    shown: str | None = None
    """What stands in place of the content's words: an approved template with its variables filled."""

    @property
    def text(self) -> str:
        """The words one reads: the text, the body above buttons, the caption, the title tapped; "" where none."""
        if self.shown is not None:
            return self.shown
        match self.content:
            case {"body": str(words)} | {"caption": str(words)} | {"body": {"text": str(words)}}:
                return words
            case {"button_reply": {"title": str(words)}} | {"list_reply": {"title": str(words)}}:
                return words
            case {"payload": str(), "text": str(words)}:
                return words
            case _:
                return ""

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be tapped, in the order shown."""
        if self.by == "contact":
            return ()
        return tuple(_options(self.content))


def _options(content: JsonValue) -> Iterator[Option]:
    match content:
        case {"type": "button", "action": {"buttons": list(buttons)}}:
            for button in buttons:
                match button:
                    case {"reply": {"id": str(id_), "title": str(title)}}:
                        yield Option("button", id_, title)
        case {"type": "list", "action": {"sections": list(sections)}}:
            for section in sections:
                yield from _rows(section)
        case {"name": str(), "components": list(components)}:
            for component in components:
                yield from _quick_replies(component)


def _rows(section: JsonValue) -> Iterator[Option]:
    match section:
        case {"rows": list(rows)}:
            for row in rows:
                match row:
                    case {"id": str(id_), "title": str(title), "description": str(words)}:
                        yield Option("row", id_, title, words)
                    case {"id": str(id_), "title": str(title)}:
                        yield Option("row", id_, title)


def _quick_replies(component: JsonValue) -> Iterator[Option]:
    match component:
        case {
            "type": "button",
            "sub_type": "quick_reply",
            "parameters": [{"payload": str(payload)}],
        }:
            # The request names the payload alone; the button's title stands in the approved template.
            yield Option("quick_reply", payload, payload)
