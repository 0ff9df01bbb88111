"""What a phone shows of a Cloud content: its words, and what can be tapped."""

from collections.abc import Iterator

from pydantic import JsonValue

from adapters.sandbox.phone import Option


def words_in(content: JsonValue) -> str:
    """Return the words one reads: the text, the body above buttons, the caption; "" where none."""
    match content:
        case {"body": str(words)} | {"caption": str(words)} | {"body": {"text": str(words)}}:
            return words
        case _:
            return ""


def options_in(content: JsonValue) -> tuple[Option, ...]:
    """Return what can be tapped, in the order shown."""
    return tuple(_options(content))


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
