"""What is known of each line's templates: kept in the database, looked at before a message is stored and sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from engine.core.content import Template
from engine.core.ids import LineId
from engine.core.templates import KnownTemplate, TemplateChange
from engine.ports.services import TemplateInfo


class StoredTemplates(NamedTuple):
    """What was last synced."""

    templates: list[TemplateInfo]
    synced_at: datetime | None
    """None where nothing ever was, or the provider had none."""


class TemplateShapes(Protocol):
    """What is known of templates, without any wait."""

    def known(self, line: LineId, name: str) -> Sequence[KnownTemplate]:
        """Return every language of a template on a line; empty where nothing is known of it."""

    def fitted(self, line: LineId, template: Template) -> Template:
        """Return a message as it may leave (see `engine.core.templates.fit`).

        A template that nobody knows passes as it is.

        Raises:
            ContentRejected: It may not go; the text says what to do.
        """


class TemplateStore(Protocol):
    """Where templates are kept as they were last synced. Every method may raise StoreUnavailable."""

    async def stored(self, line: LineId) -> StoredTemplates:
        """Return a line's templates."""

    async def save(self, line: LineId, templates: Sequence[TemplateInfo], *, now: datetime) -> None:
        """Keep these templates of a line and forget those that its provider has no more."""

    async def change(self, line: LineId, change: TemplateChange) -> None:
        """Keep what a provider told of a template; one that is not there is left to the next sync."""

    async def marks(self) -> dict[LineId, object]:
        """Return by line what is another value once another process has synced it."""
