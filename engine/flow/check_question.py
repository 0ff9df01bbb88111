"""What `check` finds in a question: its type, its options, and how they fit the lines it is asked on."""

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.core.capabilities import Capabilities
from engine.core.content import Text
from engine.core.conversation import OfferedOption
from engine.core.languages import ENGLISH
from engine.core.lengths import utf16_length
from engine.core.options import make_offer
from engine.core.question import Options, Question, ShownOption
from engine.core.widget import Asked, has_pages, shape
from engine.core.words import fold
from engine.flow.compile import CompiledFlow
from engine.flow.functions import Function
from engine.flow.plan import Step
from engine.flow.problem import Problem, problem_at
from engine.flow.steps import Ask, Choose
from engine.flow.text import Template


def check_question(
    flow: CompiledFlow, step: Step, lines: Sequence[Capabilities]
) -> Iterator[Problem]:
    """Yield the problems of one step as a question, each once for all lines."""
    yield from _answers(flow, step)
    yield from _equal_titles(flow, step)
    yield from _equal_words(flow, step)
    yield from dict.fromkeys(problem for line in lines for problem in _widget(flow, step, line))


def _answers(flow: CompiledFlow, step: Step) -> Iterator[Problem]:
    if step.name in flow.untyped:
        yield problem_at(
            flow,
            step.source,
            step.name,
            "the question has no type",
            f"annotate the field, such as {step.name}: str = ask(...)",
        )
    match step.body:
        case Ask(when=None, skip=None, on_request=False) if step.optional:
            yield problem_at(
                flow,
                step.source,
                step.name,
                "its type allows None, but nothing lets the contact leave it out",
                'add skip="No, thanks", or take None out of the type',
                severity="warning",
            )
        case _:
            pass
    match step.body:
        case Ask(empty=None) if isinstance(step.options, Function):
            yield problem_at(
                flow,
                step.source,
                step.name,
                "its options are listed when asked, and nothing says what happens when there are none",
                "add empty=to.x; until then a person takes over",
                severity="warning",
            )
        case _:
            pass


def _widget(flow: CompiledFlow, step: Step, line: Capabilities) -> Iterator[Problem]:
    """Yield why a question with fixed options falls to numbered text on a line that has something better."""
    question = _fixed_question(step)
    if question is None or not {"buttons", "list"} & line.kinds:
        return
    asked = Asked(flow.name, question, make_offer(question, flow=flow.name, turn=1), ENGLISH)
    if has_pages(asked, line):
        what = f"its {len(question.options)} options are more than the {line.rows} of a list, so they come in pages"
        todo = "offer fewer, or ask for a part of them first"
        yield problem_at(flow, step.source, step.name, what, todo, severity="warning")
    if isinstance(shape(asked, question.text, line)[0], Text):
        for what, todo in _too_long(question, line):
            note = f"{what}, so the options become numbered text"
            yield problem_at(flow, step.source, step.name, note, todo, severity="warning")


def _fixed_question(step: Step) -> Question | None:
    """Return a question as far as it is known before it is asked; None where its options are listed then."""
    if not step.question or isinstance(step.options, Function) or not step.options:
        return None
    body = step.body
    titled = [(option.title, option.description) for option in step.options]
    if isinstance(body, Ask) and body.skip:
        titled.append((body.skip, None))
    shown = Options(
        ShownOption(
            OfferedOption(key=str(index), title=title, value=title),
            None if description is None else str(description),
        )
        for index, (title, description) in enumerate(titled)
    )
    parts = step.text.parts if isinstance(step.text, Template) else ()
    text = "".join(part for part in parts if isinstance(part, str))
    label = body.button if isinstance(body, Ask | Choose) else None
    return Question(step.name, text, shown, label=label)


def _too_long(question: Question, line: Capabilities) -> Iterator[tuple[str, str]]:
    for option in question.options:
        title, description = option.offered.title, option.description or ""
        if utf16_length(title) > line.row_title_length:
            what = f"the title '{title}' is longer than {line.row_title_length} characters"
            yield what, "shorten it, or move the rest to the option's description"
        if utf16_length(description) > line.row_description_length:
            what = f"the description of '{title}' is longer than {line.row_description_length}"
            yield what, "shorten it"
    if utf16_length(question.label or "") > line.list_label_length:
        yield f"button={question.label!r} is longer than {line.list_label_length}", "shorten it"
    if utf16_length(question.text) > line.body_length:
        yield f"the text is longer than {line.body_length} characters", "say part of it before"


def _equal_titles(flow: CompiledFlow, step: Step) -> Iterator[Problem]:
    question = _fixed_question(step)
    options = question.options if question else ()
    for title, count in Counter(fold(option.offered.title) for option in options).items():
        if count > 1:
            yield problem_at(
                flow,
                step.source,
                step.name,
                f"{count} options are called '{title}', which nobody can tell apart by typing",
                "give each option its own title",
                severity="warning",
            )


def _equal_words(flow: CompiledFlow, step: Step) -> Iterator[Problem]:
    """Yield words of `says=` that mean two options, or are another one's title: neither is ever chosen by them."""
    options = () if isinstance(step.options, Function) else step.options
    for option in options:
        for word in option.says:
            others = [
                other.title
                for other in options
                if other is not option and fold(word) in map(fold, (other.title, *other.says))
            ]
            if others:
                yield problem_at(
                    flow,
                    step.source,
                    step.name,
                    f"{word!r} is to mean {option.title!r}, and is a word for {others[0]!r} too",
                    "leave it to one of the two",
                    severity="warning",
                )
