"""Reading what a contact typed or sent as the answer to the open question, and what to say when it is none."""

import re
from functools import partial, reduce
from typing import TYPE_CHECKING

from engine.core.content import Inbound, Text
from engine.core.conversation import Run
from engine.core.language import Language, TextName
from engine.core.question import have_equal_titles
from engine.core.script import Answer, NotUnderstood, Scene, Unsure
from engine.core.words import fold
from engine.flow.answers.boolean import agrees
from engine.flow.answers.literal import listed
from engine.flow.answers.named import understand
from engine.flow.answers.reader import Expected
from engine.flow.here import here_of
from engine.flow.plan import Step
from engine.flow.text import Known, fill

if TYPE_CHECKING:
    from engine.flow.compile import CompiledFlow


def read_answer(
    flow: "CompiledFlow", run: Run, content: Inbound, scene: Scene
) -> Answer | Unsure | NotUnderstood:
    """Return what the content answers to the open question, by the type of its field."""
    step = _asked(flow, run)
    if step.offers_topics and (topic := _topic(content, scene)) is not None:
        return topic
    here = here_of(scene)
    meant = understand(step.readers, content, here, partial(flow.valid, step.name))
    if meant is None and isinstance(content, Text):
        meant = _agreed(step, run, content.body, scene)
    return NotUnderstood(_expected(step, run, scene.language)) if meant is None else meant


_HEAD_ENDS = re.compile("[,،:.!]")


def _agreed(step: Step, run: Run, body: str, scene: Scene) -> Answer | None:
    """Return the option that begins with a yes ("Yes, order") where the text is one in any words, or so with a no."""
    offer = run.offers.get(step.name)
    if offer is None:
        return None
    heads = {fold(_HEAD_ENDS.split(one.title, maxsplit=1)[0]): one for one in offer.options}
    ways = [heads.get(fold(scene.language.texts[name])) for name in ("no", "yes")]
    agreed = agrees(body, here_of(scene)) if any(ways) else None
    option = None if agreed is None else ways[agreed]
    return None if option is None else Answer(option.value, option.title)


def _topic(content: Inbound, scene: Scene) -> Answer | Unsure | None:
    """Return the FAQ's entry that a text asks for; two near ones are asked back, one alone is left to the core."""
    if scene.understand is None or not isinstance(content, Text):
        return None
    found = scene.understand.find(content.body, scene.language.code)
    if found is None:
        return None
    own = (scene.understand.get(known.name, scene.language.code) for known in found.entries)
    answers = tuple(Answer(known.name, known.title) for known in own if known is not None)
    if found.is_sure and answers:
        return answers[0]
    return Unsure(answers) if len(answers) > 1 else None


def retry_words(
    flow: "CompiledFlow",
    run: Run,
    reading: NotUnderstood,
    scene: Scene,
) -> str:
    """Return the author's `retry`, else a sentence made of what the type waits for."""
    step = _asked(flow, run)
    if step.retry is not None:
        answers = {**flow.defaults, **run.answers}
        show = partial(flow.show, scene)
        known = Known(answers, run.shown, scene.contact, flow.names, show, flow.title)
        return fill(step.retry, known)
    return scene.language.texts[_sentence(step, run)].format(expected=reading.expected)


def _sentence(step: Step, run: Run) -> TextName:
    """Return which sentence asks for an answer: choosing, answering and sending are different words."""
    names = {reader.expected.name for reader in step.readers}
    if names == {"one_of"} and not _are_numbered(step, run):
        return "please_choose"
    return "please_answer" if names == {"yes_no"} else "please_send"


def _asked(flow: "CompiledFlow", run: Run) -> Step:
    assert run.asked is not None, "only an open question is read"
    return flow.steps[run.asked]


def _are_numbered(step: Step, run: Run) -> bool:
    offer = run.offers.get(step.name)
    return offer is not None and have_equal_titles(offer.options)


def _expected(step: Step, run: Run, language: Language) -> str:
    """Return what the question waits for, in words; a closed choice names the options as they were offered."""
    offer = run.offers.get(step.name)
    if offer is not None and have_equal_titles(offer.options):
        places = {"least": "1", "most": str(len(offer.options))}
        return Expected("number_between", places).words(language)
    titles = [option.title for option in offer.options] if offer is not None else []
    words = [
        Expected("one_of", {"options": listed(titles, arabic=language.right_to_left)}).words(
            language
        )
        if titles and reader.expected.name == "one_of"
        else reader.expected.words(language)
        for reader in step.readers
    ]
    return reduce(
        lambda first, second: language.expected["or"].format(first=first, second=second), words
    )
