"""What is known beside the flows, such as a FAQ: what it finds in people's own words."""

from typing import Literal, NamedTuple, Protocol

from engine.core.content import Outbound


class FollowUp(NamedTuple):
    """What may be asked or begun after an answer, as a button."""

    kind: Literal["faq", "flow"]
    name: str
    """The entry's, or the flow's."""
    title: str
    """At most 20 UTF-16 units."""


class Known(NamedTuple):
    """The answer to a question that people ask in their own words."""

    name: str
    """The entry's, the same in every language."""
    title: str
    """The question in short, at most 20 UTF-16 units."""
    says: tuple[Outbound, ...]
    follow_ups: tuple[FollowUp, ...] = ()


class Finding(NamedTuple):
    """What a text seems to ask."""

    entries: tuple[Known, ...]
    """The nearest first; one or two."""
    is_sure: bool
    """Whether the first is the answer; else the contact is asked which was meant, or whether any."""
    language: str | None = None
    """ISO 639-1 of the language it was asked in, where that is not the one the contact is spoken to in."""


class Understand(Protocol):
    """Finds the answers to questions in people's own words.

    Ours compares words (engine/flow/faq.py); a model could stand here, as long as it is pure and answers within some
    milliseconds: a slow one is better asked by an async step of a flow.
    """

    def find(self, text: str, language: str) -> Finding | None:
        """Return what a text asks, None where nothing is near."""

    def get(self, name: str, language: str) -> Known | None:
        """Return an entry by its name, None if it is gone."""

    def topics(self, language: str) -> tuple[Known, ...]:
        """Return every entry, as a menu would offer them."""
