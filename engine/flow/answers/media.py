"""`Image`, `Video`, `Audio`, `Document`, `Media`: a file of a kind."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from engine.core.content import Inbound, Media, MediaKind
from engine.core.script import Answer
from engine.flow.answers.reader import Expected, Here, Hint, Reader


@dataclass(frozen=True, slots=True)
class OfKind:
    """Narrows `Media` to some kinds; a file sent "as a document" counts by what it is."""

    kinds: tuple[MediaKind, ...]
    mime: str | None
    """How the mime type of such a document begins."""
    expected: str
    """What it is called, by the name that every language has words for."""

    def fits(self, media: Media) -> bool:
        """Tell whether a file is of these kinds."""
        if media.kind in self.kinds:
            return True
        return self.mime is not None and (media.mime_type or "").startswith(self.mime)

    def check(self, media: Media) -> Media:
        """Return the file. Raises ValueError where it is of another kind."""
        if not self.fits(media):
            raise ValueError(f"expected: {self.expected}, not {media.kind}")
        return media

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check stored answers as well: a type narrowed later makes them unanswered."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))


Image = Annotated[Media, OfKind(("image",), "image/", "image")]
Video = Annotated[Media, OfKind(("video",), "video/", "video")]
Audio = Annotated[Media, OfKind(("audio", "voice"), "audio/", "audio")]
Document = Annotated[Media, OfKind(("document",), None, "document")]

_ANY = OfKind(("image", "video", "audio", "voice", "document", "sticker"), None, "file")


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of files of this kind, else None."""
    if hint.type is not Media:
        return None
    kind = next((item for item in hint.metadata if isinstance(item, OfKind)), _ANY)
    return Reader(Expected(kind.expected), partial(_read, kind))


def _read(kind: OfKind, content: Inbound, here: Here) -> Answer | None:
    if not isinstance(content, Media) or content.error is not None or not kind.fits(content):
        return None
    return Answer(content.model_dump(mode="json", exclude_defaults=True))
