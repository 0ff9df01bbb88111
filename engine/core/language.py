"""What the engine says and hears in one language: its texts, the words that work anywhere, how people correct."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from engine.core.wording import NOT_SAID, Choosing, Wording, bared
from engine.core.words import Word, fold

TextName = Literal[
    "cancelled",
    "choose",
    "first_question",
    "go_on",
    "go_on_here",
    "handoff",
    "help",
    "help_language",
    "language",
    "language_set",
    "leave",
    "more",
    "near",
    "no",
    "no_flow",
    "none_of_these",
    "opens_on",
    "opens_today",
    "opens_tomorrow",
    "opted_in",
    "opted_out",
    "outside",
    "please_answer",
    "please_choose",
    "please_send",
    "reply_with_number",
    "so",
    "start_again",
    "still_waiting",
    "switch",
    "tap_ended",
    "tap_unknown",
    "unclaimed",
    "which",
    "yes",
]
"""The engine's own texts; each stands in every language's file."""

TITLES: tuple[TextName, ...] = (
    "choose",
    "go_on_here",
    "leave",
    "more",
    "no",
    "none_of_these",
    "start_again",
    "yes",
)
"""Those that stand on buttons: 20 UTF-16 units at most."""

TEXT_NAMES: tuple[TextName, ...] = get_args(TextName)


@dataclass(frozen=True)
class Language:
    """One language of the engine, as its file says."""

    code: str
    """ISO 639-1, such as `es`."""
    name: str
    """What its speakers call it."""
    texts: Mapping[TextName, str]
    expected: Mapping[str, str]
    """What a question waits for, by the reader's name for it; with placeholders such as `{least}`."""
    words: Mapping[Word, tuple[str, ...]]
    more: tuple[str, ...]
    """What turns the page of a long list, beside its own row."""
    thanks: tuple[str, ...]
    """What people say when a talk is over and nothing is asked."""
    stop: tuple[str, ...]
    """What people write who want no more messages; nothing but these words, exactly."""
    start: tuple[str, ...]
    """What they write who want them again; these are words only then."""
    change: tuple[str, ...]
    """How a correction is worded, with `{field}` and `{value}`."""
    reopen: tuple[str, ...] = ()
    """How people ask to change or add an answer without saying it, with `{field}` and without the words around."""
    right_to_left: bool = False
    small: tuple[str, ...] = ()
    """Words that tell nothing of what is asked ("how", "are", "want"); each text holds some of a kind."""
    asking: tuple[str, ...] = ()
    """Words that questions begin with or are told by ("what", "can"); written as `small` is."""
    prefixes: tuple[str, ...] = ()
    """What hangs before a word and leaves it the same one, such as an article; written as `small` is."""
    suffixes: tuple[str, ...] = ()
    """What hangs behind a word and leaves it the same one: plurals, verbs' endings; written as `small` is."""
    before: tuple[str, ...] = ()
    """Letters that forms of a word begin with, such as those of Arabic verbs; written as `small` is."""
    weak: tuple[str, ...] = ()
    """Letters inside a word that its forms change: the long vowels of Arabic; written as `small` is."""

    choosing: Choosing = NOT_SAID
    """How people say which of several options they mean."""

    @cached_property
    def meant(self) -> Mapping[str, Word]:
        """The words that work anywhere, folded -> what they mean."""
        return {fold(said): word for word, words in self.words.items() for said in words}

    @cached_property
    def pages(self) -> frozenset[str]:
        """What turns a page, folded."""
        return frozenset(map(fold, self.more))

    @cached_property
    def stops(self) -> frozenset[str]:
        """What stops all messages, folded."""
        return frozenset(map(fold, self.stop))

    @cached_property
    def starts(self) -> frozenset[str]:
        """What lets them come again, folded."""
        return frozenset(map(fold, self.start))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words that tell nothing, folded."""
        return frozenset(folded_words(self.small))

    @cached_property
    def asking_words(self) -> frozenset[str]:
        """The words that questions are told by, folded."""
        return frozenset(folded_words(self.asking))

    @cached_property
    def endings(self) -> frozenset[str]:
        """The thanks, folded."""
        return frozenset(map(fold, self.thanks))


@dataclass(frozen=True)
class Languages:
    """The languages a line talks in; the first one is for contacts whose language nobody knows."""

    all: tuple[Language, ...] = field(default=())

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO 639-1 of each, the line's own first."""
        return tuple(language.code for language in self.all)

    @property
    def first(self) -> Language:
        """The line's own language."""
        return self.all[0]

    @cached_property
    def _by_code(self) -> Mapping[str, Language]:
        return {language.code: language for language in self.all}

    def of(self, locale: str | None) -> Language:
        """Return the language of a locale such as `es-MX`; the line's own where it has no such language."""
        return self._by_code.get(code_of(locale), self.first) if locale else self.first

    def word(self, locale: str | None, said: str) -> tuple[Word, Language] | None:
        """Return what a folded message means anywhere, and in which language: the contact's own comes first."""
        own = self.of(locale)
        for language in (own, *self.all):
            word = language.meant.get(said)
            if word is not None:
                return word, language
        return None

    def word_within(self, locale: str | None, wish: str) -> tuple[Word, Language] | None:
        """Return the word that works anywhere which a wish names ("I want to talk to a human, please").

        Args:
            locale: The contact's; its language comes first.
            wish: What was said, without the words around a choice.
        """
        for language in (self.of(locale), *self.all):
            word = self._bare_words[language.code].get(wish)
            if word is not None:
                return word, language
        return None

    @cached_property
    def _bare_words(self) -> Mapping[str, Mapping[str, Word]]:
        return {one.code: bared(one.meant.items(), self.wording) for one in self.all}

    @cached_property
    def wording(self) -> Wording:
        """How people say which option they mean, in all of them."""
        return Wording(language.choosing for language in self.all)

    def turns_page(self, said: str) -> bool:
        """Tell whether a folded message asks for the next page."""
        return any(said in language.pages for language in self.all)

    @cached_property
    def stops(self) -> frozenset[str]:
        """What stops all messages in any of them, folded."""
        return frozenset().union(*(language.stops for language in self.all))

    def stopped_in(self, locale: str | None, said: str) -> Language | None:
        """Return the language whose word for "no more messages" was said: the contact's own comes first."""
        return next((one for one in (self.of(locale), *self.all) if said in one.stops), None)

    def started_in(self, locale: str | None, said: str) -> Language | None:
        """Return the language whose word for "messages again" was said: the contact's own comes first."""
        return next((one for one in (self.of(locale), *self.all) if said in one.starts), None)

    def ends(self, said: str) -> bool:
        """Tell whether a folded message is a thanks or a goodbye."""
        return any(said in language.endings for language in self.all)


def folded_words(texts: Iterable[str]) -> list[str]:
    """Return the words of texts that hold several, folded."""
    return [fold(word) for text in texts for word in text.split()]


def code_of(locale: str) -> str:
    """Return the language of a locale: `es` of `es-MX` and `es_MX`."""
    return locale.replace("_", "-").partition("-")[0].lower()
