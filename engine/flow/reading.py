"""Reading what a contact typed or sent as the answer to the open question, and what to say when it is none."""

from functools import partial
from typing import TYPE_CHECKING

from engine.core.content import Inbound
from engine.core.conversation import Contact, Run
from engine.core.script import Answer, NotUnderstood, Scene, Unsure, have_equal_titles
from engine.flow.answers.literal import one_of
from engine.flow.answers.named import understand
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
    here = here_of(scene)
    meant = understand(step.readers, content, here, partial(flow.valid, step.name))
    return NotUnderstood(_expected(step, run)) if meant is None else meant


def retry_words(
    flow: "CompiledFlow", run: Run, reading: NotUnderstood, contact: Contact | None
) -> str:
    """Return the author's `retry`, else a sentence made of what the type waits for."""
    retry = _asked(flow, run).retry
    if retry is not None:
        answers = {**flow.defaults, **run.answers}
        return fill(retry, Known(answers, run.shown, contact, flow.names))
    if reading.expected.startswith(one_of([])):
        return f"Please choose {reading.expected}."
    if reading.expected == "yes or no":
        return "Please answer yes or no."
    return f"Please send {reading.expected}."


def _asked(flow: "CompiledFlow", run: Run) -> Step:
    assert run.asked is not None, "only an open question is read"
    return flow.steps[run.asked]


def _expected(step: Step, run: Run) -> str:
    """Return what the question waits for, in words; a closed choice names the options as they were offered."""
    offer = run.offers.get(step.name)
    if offer is not None and have_equal_titles(offer.options):
        return f"a number from 1 to {len(offer.options)}"
    titles = [option.title for option in offer.options] if offer is not None else []
    words = [
        one_of(titles) if titles and reader.expected.startswith(one_of([])) else reader.expected
        for reader in step.readers
    ]
    return " or ".join(words)
