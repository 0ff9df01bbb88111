"""Messages, times and lengths as one line of a terminal shows them."""

from datetime import datetime, timedelta

from adapters.degrade import as_text
from engine.core.content import (
    Assignment,
    ButtonReply,
    ContactUpdate,
    Content,
    Edited,
    Event,
    FormReply,
    Interaction,
    ListReply,
    Order,
    Revoked,
    System,
    Template,
    TemplateButton,
    Unsupported,
    Welcome,
    in_words,
)


def in_one_line(content: Content) -> str:
    """Return what a message says, line breaks shown as ` / `."""
    return " / ".join(part.strip() for part in _words(content).splitlines() if part.strip())


def _words(content: Content) -> str:
    match content:
        case ButtonReply() | ListReply() | TemplateButton():
            return f"[tap] {content.title}"
        case Order():
            items = ", ".join(f"{item.quantity} x {item.sku}" for item in content.items)
            return f"[order] {items}"
        case FormReply():
            return f"[form] {content.name or ''} {content.response}"
        case Interaction():
            return f"[{content.type}] {content.data}"
        case System():
            return f"[{content.event}] {content.body or ''}"
        case Template():
            return f"[template {content.name}] {', '.join(content.body)}"
        case Welcome():
            return "[opened the chat]"
        case Edited():
            return f"[edited] {content.body or ''}"
        case Revoked():
            return "[taken back]"
        case Event() | ContactUpdate() | Assignment():
            return f"[{in_words(content)}]"
        case Unsupported():
            return f"[unsupported: {content.type or 'unknown'}] {content.reason or ''}"
        case _:
            return as_text(content)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return how many there are, such as "1 template"; `many` is `one` with an s unless it is given."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def clock_time(at: datetime) -> str:
    """Return a time to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def length(time: timedelta) -> str:
    """Return a length of time in its two largest units."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
