"""The length of a text as WhatsApp's clients count it: in UTF-16 units."""


def utf16_length(text: str) -> int:
    """Return the length as WhatsApp's clients count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str, limit: int) -> bool:
    """Tell whether the text is within the limit; most are so short that nothing need be counted."""
    return len(text) * 2 <= limit or utf16_length(text) <= limit
