"""What `check` finds in the words of a flow: translations that lack or break, options that collide with words."""

from collections.abc import Iterable, Iterator, Sequence

from engine.core.capabilities import Capabilities
from engine.core.language import Language
from engine.core.languages import STOPS
from engine.core.value import Json
from engine.core.words import Word, fold
from engine.flow.catalogue import Catalogue
from engine.flow.check_question import check_question
from engine.flow.compile import CompiledFlow
from engine.flow.plan import Step
from engine.flow.problem import Problem, problem_at
from engine.flow.targets import parse_target
from engine.flow.text import Template, parse_text
from engine.flow.translatable import texts_of


def check_words(
    flow: CompiledFlow, lines: Sequence[Capabilities], languages: Iterable[Language]
) -> Iterator[Problem]:
    """Yield the problems of what a flow says and of what is said to it.

    Args:
        flow: With its translations.
        lines: What the configured lines can show.
        languages: What the configured lines talk.
    """
    spoken = list(languages)
    for catalogue in flow.catalogues.values():
        yield from _translations(flow, catalogue)
        voice = flow.voices[catalogue.code]
        for step in voice.steps.values():
            for problem in check_question(voice, step, lines):
                yield _in_catalogue(flow, catalogue, step, problem)
    for language in spoken:
        if language.code in flow.catalogues or not flow.catalogues:
            voice = flow.voices.get(language.code, flow)
            yield from _collisions(flow, voice, language)
    lacking = [one for one in spoken[1:] if flow.catalogues and one.code not in flow.catalogues]
    for language in lacking:
        file = f"{flow.source.file.removesuffix('.py')}.{language.code}.po"
        what = f"a line talks {language.name}, and there is no {file.rpartition('/')[2]}"
        todo = f"run parley translate {flow.name} {language.code}"
        yield problem_at(flow, flow.source, None, what, todo, severity="warning")


def check_starting_words(
    flows: Iterable[CompiledFlow], languages: Sequence[Language]
) -> Iterator[Problem]:
    """Yield words that begin a flow, in its own or a translated form, and mean something else already.

    Args:
        flows: All that are loaded together.
        languages: What the configured lines talk.
    """
    owners: dict[str, CompiledFlow] = {}
    for flow in flows:
        for word, catalogue in _starting_words(flow):
            owner = owners.setdefault(fold(word), flow)
            if owner is not flow:
                what = f"{word!r} already starts {owner.name!r} ({owner.source})"
                yield _at_word(flow, word, catalogue, what, "leave the word to one of the two")
            for language in languages:
                meaning = language.meant.get(fold(word))
                if meaning is not None:
                    tongue = "" if language is languages[0] else f" in {language.name}"
                    what = f"{word!r} works anywhere as {meaning!r}{tongue} and comes before any starts_on"
                    yield _at_word(flow, word, catalogue, what, "choose another word")
                    break
            if _stops_messages(word, languages):
                what = f"{word!r} stops all messages to the contact and comes before any starts_on"
                yield _at_word(flow, word, catalogue, what, "choose another word")


def _starting_words(flow: CompiledFlow) -> Iterator[tuple[str, Catalogue | None]]:
    """Yield each word once, as the author wrote it and as each catalogue has it."""
    seen: set[str] = set()
    for catalogue in (None, *flow.catalogues.values()):
        for own in flow.starts_on:
            word = own if catalogue is None else catalogue(own)
            if fold(word) not in seen:
                seen.add(fold(word))
                yield word, catalogue


def _at_word(
    flow: CompiledFlow, word: str, catalogue: Catalogue | None, what: str, todo: str
) -> Problem:
    if catalogue is None:
        return problem_at(flow, flow.source, None, what, todo)
    own = next(text for text in flow.starts_on if catalogue(text) == word)
    line = catalogue.lines.get(own, 1)
    return Problem(str(catalogue.file), line, flow.name, None, what, todo)


def _translations(flow: CompiledFlow, catalogue: Catalogue) -> Iterator[Problem]:
    for text, place in texts_of(flow.definition):
        line = catalogue.lines.get(text, 1)
        step = None if place == flow.name else place.partition(".")[2]
        if text not in catalogue.texts:
            what = f"{_short(text)} has no translation"
            todo = "translate it; until then the author's own words are said"
            yield Problem(str(catalogue.file), line, flow.name, step, what, todo, "warning")
            continue
        lost = sorted(_placeholders(text) ^ _placeholders(catalogue.texts[text]))
        if lost:
            what = f"the translation of {_short(text)} does not have the same placeholders: {', '.join(lost)}"
            todo = "write each {placeholder} of the text, unchanged, and no other"
            yield Problem(str(catalogue.file), line, flow.name, step, what, todo)


def _in_catalogue(
    flow: CompiledFlow, catalogue: Catalogue, step: Step, problem: Problem
) -> Problem:
    """Return a question's problem as one of its translation."""
    own = flow.steps[step.name].text
    text = "".join(map(str, own.parts)) if isinstance(own, Template) else ""
    line = catalogue.lines.get(text, 1)
    return Problem(
        str(catalogue.file),
        line,
        flow.name,
        step.name,
        problem.what,
        problem.todo,
        problem.severity,
    )


def _collisions(flow: CompiledFlow, voice: CompiledFlow, language: Language) -> Iterator[Problem]:
    """Yield options that sound like a word that works anywhere: where the question is open, the option is meant."""
    for step in voice.steps.values():
        for option in voice.offers.get(step.name, ()):
            for said in (option.offered.title, *option.offered.says):
                word = language.meant.get(fold(said))
                if word is not None and not _is_the_same(flow, option.offered.value, word):
                    yield problem_at(
                        flow,
                        step.source,
                        step.name,
                        f"the option {said!r} is also the word for {word!r} in {language.name}; here it is the option",
                        "call the option otherwise, unless that is meant",
                        severity="warning",
                    )
                if _stops_messages(said, [language]):
                    what = f"the option {said!r} is also a word that stops all messages; here it is the option"
                    todo = "call the option otherwise: who writes it wants no more messages"
                    yield problem_at(flow, step.source, step.name, what, todo, severity="warning")


def _stops_messages(said: str, languages: Iterable[Language]) -> bool:
    """Tell whether it ends all messages, in the engine's own words for it or in those of an author's file."""
    folded = fold(said)
    return folded in STOPS or any(folded in language.stops for language in languages)


def _is_the_same(flow: CompiledFlow, chosen: Json, word: Word) -> bool:
    """Tell whether the option does what the word does: lead to a person."""
    target = flow.steps.get(parse_target(str(chosen)).step or "")
    return word == "agent" and target is not None and target.kind == "handoff"


def _placeholders(text: str) -> frozenset[str]:
    """Return the placeholders of a text without what stands in for them where nothing is known."""
    return frozenset(
        f"{{{part.name}{'' if part.part is None else f'.{part.part}'}}}"
        for part in parse_text(text).placeholders
    )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= 40 else f"{plain[:39]}…")
