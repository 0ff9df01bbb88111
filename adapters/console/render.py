"""A message -> the lines of text that a terminal shows. Pure."""

from adapters.degrade import as_text, without_markup
from engine.core.content import Outbound


def render(content: Outbound) -> str:
    """Return the message as text: options numbered, WhatsApp's markup left out; "" shows nothing."""
    return without_markup(as_text(content))
