"""What a contact could tell of a talk afterwards: every question as it was shown, and what an answer to it may do.

Nothing here asks the engine what a tap means. A question is known by the option ids that its message carried, or, where
it came as numbered text, by its words in the flow file; what an answer may lead to is read from the flow class.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.core.content import ButtonReply, Buttons, List, ListReply, Outbound, Text
from engine.core.ids import RunId
from engine.core.language import TextName
from engine.core.languages import LANGUAGES
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from engine.flow.exits import read_exits
from engine.flow.steps import Ask, Choose, Code, Handoff, Say
from engine.flow.talk.phone import Phone, Shown
from engine.flow.targets import END, To

if TYPE_CHECKING:
    from engine.flow.talk import Talk

ENGINE = "!"
"""What the option ids of the engine's own questions have in place of a flow."""

_OPTION_ID = re.compile(r"p1:\d+:([^.:]*)\.([^:]*):(.*)", re.DOTALL)
_NUMBERED = re.compile(r"^(\d+)\. (.+?)(?: - .*)?$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\\\{.*?\\\}")
_OWN_TEXTS: tuple[TextName, ...] = ("switch", "tap_ended", "near", "language")
_WHICH = {language.texts["which"] for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Option:
    """One option as it stood on the phone."""

    title: str
    key: str | None = None
    """What its id carried behind the step; numbered text carries none."""

    @property
    def turns_page(self) -> bool:
        """Whether it answers nothing and only shows more options."""
        return self.key is not None and self.key.startswith("!more")


@dataclass(frozen=True, slots=True)
class Asked:
    """One message that asked something."""

    run: RunId | None
    """Whose question it was; None for the engine's own."""
    flow: str
    step: str
    options: tuple[Option, ...]
    asks_back: bool
    """It asked which of several answers was meant: there the title is the answer, the key only counts."""


@dataclass(frozen=True, slots=True)
class Tap:
    """An option that can still be tapped, and the message it stands on."""

    reply: ButtonReply | ListReply
    asked: Asked
    option: Option


@dataclass(slots=True)
class Reach:
    """What may follow an answer before the next question, as far as the flow class tells."""

    by_code: set[str] = field(default_factory=set)
    """Fields that a code step on the way assigns or deletes."""
    anew: set[str] = field(default_factory=set)
    """Questions that may be asked anew, or are due no longer: their answers may go, never change."""
    ends: bool = False
    """Whether this run may be over."""


class Form:
    """A flow as its author wrote it."""

    def __init__(self, flow: CompiledFlow) -> None:
        self.name = flow.name
        self.body = flow.definition.body
        self.order = list(self.body)
        self.cls = flow.cls
        self.conditional = {
            name for name, part in self.body.items() if isinstance(part, Ask) and part.when
        }
        says: list[Callable[[str], str]] = [str, *flow.catalogues.values()]
        self.texts = [
            (
                re.compile(_PLACEHOLDER.sub(".*?", re.escape(_plain(say(part.text)))), re.DOTALL),
                name,
            )
            for name, part in self.body.items()
            for say in says
            if isinstance(part, Ask | Choose) and isinstance(part.text, str)
        ]

    def asks(self, step: str) -> bool:
        """Tell whether the step's answer is a field."""
        return isinstance(self.body[step], Ask)

    def by_code(self, function: Callable[..., object]) -> set[str]:
        """Return what the source of a code step assigns or deletes, methods it calls included."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        found: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
                method = getattr(self.cls, node.attr, None)
                if not isinstance(node.ctx, ast.Load):
                    found.add(node.attr)
                elif inspect.isfunction(method):
                    found |= self.by_code(method)
        return found

    def step_of(self, text: str) -> str | None:
        """Return the step whose question stands in a message, the last one where it also says other things."""
        found = [
            (match.end(), name)
            for said, name in self.texts
            for match in said.finditer(_plain(text))
        ]
        return max(found)[1] if found else None

    def reach(self, step: str, title: str) -> Reach:
        """Return what may follow when the option `title` of a question is taken."""
        reach = Reach(anew=set(self.conditional))
        part = self.body[step]
        if isinstance(part, Choose):
            if part.returning is not None:
                self._move(part.returning, reach, set())
            ways = [part.options[title]] if title in part.options else part.options.values()
            for way in ways:
                self._move(way, reach, set())
        else:
            self._fall(step, reach, set())
        return reach

    def _move(self, target: To, reach: Reach, seen: set[str]) -> None:
        if target == END or (target.flow is not None and target.back is None):
            reach.ends = True
        if target.back is not None:
            self._move(target.back, reach, seen)
        if target.step is None:
            return
        after = self.order[self.order.index(target.step) :]
        asked = after if target.clears else after[:1]
        reach.anew |= {name for name in asked if self.asks(name)}
        self._pass(target.step, reach, seen)

    def _fall(self, step: str, reach: Reach, seen: set[str]) -> None:
        index = self.order.index(step) + 1
        if index == len(self.order):
            reach.ends = True
        else:
            self._pass(self.order[index], reach, seen)

    def _pass(self, step: str, reach: Reach, seen: set[str]) -> None:
        """Go through a step as far as it does not wait for the contact; answered questions are passed over."""
        if step in seen:
            return
        seen.add(step)
        match self.body[step]:
            case Choose() | Handoff():
                pass
            case Say(then=To() as then):
                self._move(then, reach, seen)
            case Code(function=function, on_error=on_error):
                reach.by_code |= self.by_code(function)
                exits = read_exits(function)
                for target in (*exits.targets, *([on_error] if on_error else [])):
                    self._move(target, reach, seen)
                if exits.falls:
                    self._fall(step, reach, seen)
            case Ask(empty=To() as empty):
                self._move(empty, reach, seen)
                self._fall(step, reach, seen)
            case _:
                self._fall(step, reach, seen)


class Memory(Phone):
    """A phone that remembers of each message whose question it was."""

    def __init__(self, talk: "Talk", flows: Mapping[str, CompiledFlow]) -> None:
        super().__init__()
        self.talk = talk
        self.forms = {name: Form(flow) for name, flow in flows.items()}
        self.taps: list[Tap] = []
        self.last: Asked | None = None
        """What the newest message asked; None where it asked nothing."""

    def show(self, message: Shown) -> None:
        """Keep a message, with what it asked of whom at that moment."""
        super().show(message)
        if not message.is_seen:
            return
        replies = list(_replies(message.content))
        if replies:
            self.last = self._by_ids(replies, message.content)
            self.taps += [
                Tap(reply, self.last, option)
                for reply, option in zip(replies, self.last.options, strict=True)
            ]
        else:
            self.last = self._by_words(getattr(message.content, "body", ""))

    def answers(self, asked: Asked, option: Option) -> bool:
        """Tell whether the option is a field's answer, and no way on or page of a list."""
        return self.forms[asked.flow].asks(asked.step) and not option.turns_page

    def _by_ids(self, replies: list[ButtonReply | ListReply], content: Outbound) -> Asked:
        parts = [_OPTION_ID.fullmatch(reply.id or "") for reply in replies]
        taken = [part.groups() for part in parts if part is not None]
        assert len(taken) == len(replies), "an option without an id of ours"
        (flow, step), *others = {(flow, step) for flow, step, _ in taken}
        assert not others, "one message asks one question"
        options = tuple(
            Option(reply.title, key) for reply, (_, _, key) in zip(replies, taken, strict=True)
        )
        run = self.talk.conversation.runs[-1] if flow != ENGINE else None
        assert run is None or run.flow == flow
        body = getattr(content, "body", "")
        return Asked(
            run.id if run is not None else None,
            flow,
            step,
            options,
            any(body.endswith(which) for which in _WHICH),
        )

    def _by_words(self, text: str) -> Asked | None:
        options = tuple(Option(title) for _, title in _NUMBERED.findall(text))
        own = any(language.texts[name] in text for language in LANGUAGES for name in _OWN_TEXTS)
        if own and options:
            return Asked(None, ENGINE, "", options, asks_back=False)
        run = self.talk.conversation.runs[-1] if self.talk.conversation.runs else None
        step = self.forms[run.flow].step_of(text) if run is not None else None
        if run is None or step is None:
            return None
        return Asked(run.id, run.flow, step, options, any(which in text for which in _WHICH))


Answers = Mapping[RunId, Mapping[str, Json]]
"""What every live run holds."""


def answers_of(talk: "Talk") -> Answers:
    """Return the answers of every live run."""
    return {run.id: dict(run.answers) for run in talk.conversation.runs}


def given(before: Answers, after: Answers) -> set[tuple[RunId, str]]:
    """Return the fields that have another value than before; one that lost its value is not among them."""
    return {
        (run, name)
        for run, answers in after.items()
        for name, value in answers.items()
        if run in before and (name not in before[run] or before[run][name] != value)
    }


def lost(before: Answers, after: Answers) -> set[tuple[RunId, str]]:
    """Return the fields of live runs that have no value any more."""
    return {
        (run, name)
        for run, answers in before.items()
        for name in answers
        if run in after and name not in after[run]
    }


def check_answer(
    asked: Asked, option: Option, forms: Mapping[str, Form], before: Answers, after: Answers
) -> None:
    """Check that nothing changed but what the message asked, and what the flow's own form lets follow from it."""
    ended = {run for run, answers in before.items() if answers and run not in after}
    new, gone = given(before, after), lost(before, after)
    if asked.run is None or asked.run not in before:
        assert not new, f"{option} of {asked} changed {new}"
        assert not gone, f"{option} of {asked} took {gone}"
        starts = asked.run is None and (option.key is None or not _stays(option.key))
        assert starts or not ended, f"{option} of {asked} ended {ended}"
        return
    if option.turns_page:
        changed = (*new, *gone, *ended)
        assert not changed, f"a page of {asked} changed {changed}"
        return
    reach = forms[asked.flow].reach(asked.step, option.title)
    own = {asked.step} if forms[asked.flow].asks(asked.step) else set()
    assert new <= _in(asked.run, own | reach.by_code), f"{option} of {asked} changed {new}"
    if ended:
        assert reach.ends, f"{option} of {asked} ended {ended}"
        return  # what was below goes on where it was left
    assert gone <= _in(asked.run, own | reach.anew | reach.by_code), (
        f"{option} of {asked} took {gone}"
    )
    for _, step in new & _in(asked.run, own - reach.by_code):
        value = after[asked.run][step]
        # What is asked back carries the value behind a sign; a date's title is read once more.
        meant = (option.title, option.key and option.key.removeprefix("?"))
        said = meant if asked.asks_back else meant[1:]
        assert value is None or option.key is None or str(value) in said, (
            f"{option} of {asked} gave {value}"
        )


def _plain(text: str) -> str:
    """Return a text without markup, which not every line shows."""
    return re.sub("[*_~]", "", text)


def _stays(key: str) -> bool:
    return key.startswith(("stay:", "language:", "faq:"))


def _in(run: RunId, names: Iterable[str]) -> set[tuple[RunId, str]]:
    return {(run, name) for name in names}


def _replies(content: Outbound) -> Iterator[ButtonReply | ListReply]:
    match content:
        case Buttons():
            for button in content.buttons:
                yield ButtonReply(id=button.id, title=button.title)
        case List():
            for section in content.sections:
                for row in section.rows:
                    yield ListReply(id=row.id, title=row.title, description=row.description)
        case Text():
            pass
