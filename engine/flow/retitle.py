"""Titles the contact saw in another language: a text shows them in the one now spoken."""

from collections.abc import Mapping
from functools import cached_property

from engine.core.question import Options
from engine.core.value import Json
from engine.flow.catalogue import Catalogue, Translate


class Retitled:
    """What a flow's titles are called in each of its languages.

    A run keeps what the contact saw, in the language of that time; an option's value says which title was meant where
    it never changes, else the catalogues do, which translated what a function had listed.
    """

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        """Take the flow's translations, by language."""
        self._catalogues = catalogues

    @cached_property
    def _sources(self) -> Mapping[str, frozenset[str]]:
        """Every text in any language -> the author's texts that it stands for."""
        sources: dict[str, set[str]] = {}
        for catalogue in self._catalogues.values():
            for source, said in catalogue.texts.items():
                sources.setdefault(source, set()).add(source)
                sources.setdefault(said, set()).add(source)
        return {said: frozenset(meant) for said, meant in sources.items()}

    def say(self, shown: str, value: Json, offered: Options, translate: Translate) -> str:
        """Return a title as it reads in a language; what no catalogue knows is as the contact saw it.

        Args:
            shown: What the contact saw.
            value: What it stands for.
            offered: The question's options in that language, where they never change.
            translate: Into that language.
        """
        sources = self._sources.get(shown)
        if sources is None:
            return shown
        titles = [option.title for option in offered.offered if option.value == value]
        if titles:
            return titles[0]
        said = {translate(source) for source in sources}
        return said.pop() if len(said) == 1 else shown
