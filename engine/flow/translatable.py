"""What a translator may translate of a flow: every text that says something, with where it stands."""

from collections.abc import Iterable
from functools import partial

from engine.flow.compile_steps import plan_step
from engine.flow.fields import Definition
from engine.flow.functions import Function
from engine.flow.options import as_options, translate_options
from engine.flow.steps import Option
from engine.flow.text import parse_text


def texts_of(flow: Definition) -> Iterable[tuple[str, str]]:
    """Return every text that a translator may translate, each once, with where it stands, such as `order.size`."""
    found: dict[str, str] = {}

    def note(text: str, name: str) -> str:
        if _says_something(text):
            found.setdefault(text, f"{flow.name}.{name}" if name else flow.name)
        return text

    for word in flow.starts_on:
        note(word, "")
    for name, field in flow.fields.items():
        if field.shows is not None:
            note(field.shows, name)
    for index, name in enumerate(flow.body):
        of_step = partial(note, name=name)
        step = plan_step(flow, name, index, of_step)
        if isinstance(step.options, Function):
            translate_options(_listed_now(step.options), of_step)
    return found.items()


def _says_something(text: str) -> bool:
    """Tell whether a text has words, or placeholders whose order may differ in another language."""
    template = parse_text(text)
    words = "".join(part for part in template.parts if isinstance(part, str))
    return len(template.placeholders) > 1 or any(map(str.isalpha, words))


def _listed_now(options: Function) -> tuple[Option, ...]:
    """Return what a function lists that needs no answers; nothing where it cannot tell outside a talk."""
    if options.takes_flow or options.waits:
        return ()
    try:
        return as_options(options.call(), options.name)
    except Exception:  # whatever an author's code raises; a talk will tell
        return ()
