"""What pages that show a transcript share: its bubbles as data, their words, and the look all pages begin with."""

from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
"""`tokens.css`: the palette, buttons and avatars; `icons.svg`: a symbol by name."""
