"""Translations of a flow: gettext catalogues beside its file, `order.es.po` beside `order.py`.

The author's own text is the key (msgid), so a flow file reads the same in one language or in ten.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from engine.core.errors import DefinitionError

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Catalogue:
    """What a flow says in one language."""

    code: str
    """ISO 639-1, such as `es`."""
    file: Path
    texts: Mapping[str, str] = field(default_factory=dict)
    """The author's text -> the translation; empty and fuzzy ones are left out."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The author's text -> its line in the catalogue."""

    def __call__(self, text: str) -> str:
        """Return the translation; the text itself where there is none."""
        return self.texts.get(text, text)


NO_CATALOGUES: Mapping[str, Catalogue] = {}

Translate = Callable[[str], str]
"""From an author's text to what is said in a language; the text itself where there is no translation."""


def same(text: str) -> str:
    """Translate nothing: the author's own language."""
    return text


def read_catalogues(flow_file: Path) -> Mapping[str, Catalogue]:
    """Return the catalogues beside a flow file, by language.

    Raises:
        DefinitionError: One of them is no catalogue; a line each.
    """
    found: dict[str, Catalogue] = {}
    wrong: list[str] = []
    for file in sorted(flow_file.parent.glob(f"{flow_file.stem}.*.po")):
        code = file.name.removeprefix(f"{flow_file.stem}.").removesuffix(".po")
        if not _LANGUAGE.fullmatch(code):
            wrong.append(
                f"{file}:1: {code!r} is no language; name it {flow_file.stem}.es.po, by ISO 639"
            )
            continue
        try:
            found[code] = _read(code, file)
        except (PoFileError, ValueError, OSError) as error:
            wrong.append(f"{file}:1: no gettext catalogue: {' '.join(str(error).split())}")
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return found


def _read(code: str, file: Path) -> Catalogue:
    with file.open("rb") as stream:
        catalog = read_po(stream, locale=code, abort_invalid=True)
    messages = [message for message in catalog if isinstance(message.id, str) and message.id]
    return Catalogue(
        code,
        file,
        {str(m.id): str(m.string) for m in messages if m.string and not m.fuzzy},
        {str(m.id): m.lineno or 1 for m in messages},
    )


def write_catalogue(file: Path, code: str, texts: Iterator[tuple[str, str]]) -> tuple[int, int]:
    """Write a catalogue anew: every text of the flow, with the translations it had; return how many, and how many lack.

    Args:
        file: Where; what is there already is kept as far as the flow still says it.
        code: The language.
        texts: Each text with where it stands (`order.size`), in the flow's order.
    """
    before: Mapping[str, Message] = {}
    if file.exists():
        with file.open("rb") as stream:
            before = {str(m.id): m for m in read_po(stream, locale=code) if m.id}
    catalog = Catalog(locale=code, charset="utf-8", fuzzy=False)
    for text, place in texts:
        known = before.get(text)
        catalog.add(
            text,
            known.string if known is not None else "",
            auto_comments=[place],
            flags=known.flags if known is not None else (),
            user_comments=known.user_comments if known is not None else (),
        )
    messages = [message for message in catalog if message.id]
    with file.open("wb") as stream:
        # Babel's own header is ten lines of blanks to fill in; readers of the format need this one alone.
        stream.write(b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n')
        write_po(stream, catalog, width=100, omit_header=True)
    return len(messages), sum(not message.string for message in messages)
