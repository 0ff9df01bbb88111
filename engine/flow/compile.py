"""A flow class becomes a `CompiledFlow`: plain data, one `transitions` machine, and the core's `Script` on top.

`check`, `draw` and `flows.lock` read the data; `walk.py` drives the machine; `code.py` runs the code steps.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from pydantic import ValidationError

from engine.core.closed import Speech
from engine.core.content import Inbound
from engine.core.conversation import OfferedOption, Run
from engine.core.errors import DefinitionError
from engine.core.hours import Times
from engine.core.question import NO_OPTIONS, Options, Question
from engine.core.script import Answer, NotUnderstood, Scene, Unsure, Visit
from engine.core.signals import StepReturned
from engine.core.value import Json
from engine.flow.catalogue import NO_CATALOGUES, Catalogue, Translate, same
from engine.flow.compile_steps import plan_steps
from engine.flow.fields import Field, Flow
from engine.flow.functions import Function, Report, ignore
from engine.flow.here import here_of
from engine.flow.misuse import misuses
from engine.flow.options import offer_options
from engine.flow.plan import Row, Step
from engine.flow.reading import read_answer, retry_words
from engine.flow.restore import restore
from engine.flow.retitle import Retitled
from engine.flow.shows import Eyes, describe, show_value
from engine.flow.steps import Ask, Choose, Option, Say
from engine.flow.table import Table, plan_rows
from engine.flow.telling import reminder
from engine.flow.templates import compile_plan
from engine.flow.text import Template, show
from engine.flow.walk import Walk


class CompiledFlow:
    """One flow, ready to talk; it implements the core's `Script` and keeps nothing between calls."""

    def __init__(
        self,
        cls: type[Flow],
        report: Report = ignore,
        catalogues: Mapping[str, Catalogue] = NO_CATALOGUES,
        *,
        translate: Translate = same,
        retitled: Retitled | None = None,
    ) -> None:
        """Compile a flow class.

        Args:
            cls: The flow class.
            report: Told of plain callables that take too long.
            catalogues: Its translations, by language: the flow is compiled once for each.
            translate: Into the language that this one speaks; the author's own where there is none.
            retitled: What its titles are called in its other languages; made of the catalogues unless it is passed.

        Raises:
            DefinitionError: A part cannot be used, a question's type has no reader, or a name is taken; a line each.
        """
        definition = cls.__flow__
        wrong = list(misuses(definition))
        if wrong:
            raise DefinitionError("\n".join(map(str, wrong)))
        self.cls = cls
        self.definition = definition
        self.name = definition.name
        self.source = definition.source
        self.starts_on = definition.starts_on
        self.start = definition.start
        self.expires = definition.expires
        self.moved: Mapping[str, str] = definition.moved
        """Steps that are gone -> the target that took their place."""
        self.closed = compile_plan(definition.closed, translate)
        """What becomes of what it says when the window is closed; None is as the line says."""
        self.fields: Mapping[str, Field] = definition.fields
        """Every field, those without a question too."""
        self.defaults: Mapping[str, Json] = {
            name: field.adapter.dump_python(field.default, mode="json")
            for name, field in definition.fields.items()
            if field.default is not None
        }
        """What data fields hold, and texts show, before a step has set them."""
        self.untyped = definition.untyped
        """Questions without an annotation."""
        self.names = frozenset(definition.fields) | definition.untyped
        """What placeholders may name, beside `contact`."""
        self.report = report
        self.steps: Mapping[str, Step] = plan_steps(definition, translate)
        """Every step by name, in body order."""
        self.order = tuple(self.steps)
        self.rows: tuple[Row, ...] = tuple(plan_rows(list(self.steps.values())))
        """The machine's table."""
        self.machine = Table(self.steps, self.rows)
        self.was: Mapping[str, str] = {
            step.body.was: name
            for name, step in self.steps.items()
            if isinstance(step.body, Ask) and step.body.was is not None
        }
        """Earlier names of fields -> today's."""
        self.offers: Mapping[str, Options] = {
            name: offer_options(step.options, step.skip)
            for name, step in self.steps.items()
            if not (isinstance(step.options, Function) or step.offers_topics)
        }
        """What questions offer whose options never change."""
        self.conditional = tuple(
            step for step in self.steps.values() if step.when is not None and not step.when.waits
        )
        """The questions whose condition a turn can ask by itself."""
        self.watches = definition.on_failed is not None or any(
            isinstance(step.body, Say | Ask | Choose)
            and (step.body.on_failed or (isinstance(step.body, Say) and step.body.wait))
            for step in self.steps.values()
        )
        """Whether it waits for what becomes of any of its messages."""
        self.timed = any(step.timing is not None for step in self.steps.values())
        """Whether any question waits with reminders or an end."""
        self.translate = translate
        self.catalogues = catalogues
        self.retitled = retitled or Retitled(catalogues)
        self.voices: Mapping[str, CompiledFlow] = {
            code: CompiledFlow(cls, report, translate=catalogue, retitled=self.retitled)
            for code, catalogue in catalogues.items()
        }
        """The same flow in other languages, by ISO 639-1: steps, values and targets are the same, its words differ."""

    @cached_property
    def translated_starts(self) -> Mapping[str, tuple[str, ...]]:
        """The words that begin it in other languages, by ISO 639-1."""
        return {
            code: tuple(map(catalogue, self.starts_on))
            for code, catalogue in self.catalogues.items()
        }

    def voice(self, scene: Scene) -> "CompiledFlow":
        """Return the flow as it speaks to the contact of a scene."""
        return self.voices.get(scene.language.code, self) if self.voices else self

    def begin(self, run: Run, scene: Scene) -> Visit:
        """Walk a new run from the flow's first step."""
        return Walk(self.voice(scene), run, scene).begin()

    def read(self, run: Run, content: Inbound, scene: Scene) -> Answer | Unsure | NotUnderstood:
        """Read a typed answer, media or a place for the open question, by its type."""
        return read_answer(self.voice(scene), run, content, scene)

    def accept(self, run: Run, step: str, answer: Answer, scene: Scene) -> Visit:
        """Store the answer to `step` and walk on."""
        return Walk(self.voice(scene), run, scene).accept(step, answer)

    def go(self, run: Run, target: str, scene: Scene) -> Visit:
        """Move the run to `target` and walk on from there."""
        return Walk(self.voice(scene), run, scene).go(target)

    def resume(self, run: Run, target: str, scene: Scene, *, corrected: Collection[str]) -> Visit:
        """Go on at `target` after people had the chat; a question that corrections made due is asked first."""
        return Walk(self.voice(scene), run, scene).resume(target, corrected)

    def go_on(self, run: Run, scene: Scene) -> Visit:
        """Walk on from the step that waited for its message to arrive."""
        return Walk(self.voice(scene), run, scene).go_on()

    def returned(self, run: Run, signal: StepReturned, scene: Scene) -> Visit:
        """Take in what a code step brought back and walk on from its exit."""
        return Walk(self.voice(scene), run, scene).returned(signal)

    def ask_again(self, run: Run, scene: Scene) -> Question:
        """Ask the open question once more, as a new message."""
        return Walk(self.voice(scene), run, scene).ask_again()

    def called(self, run: Run, scene: Scene) -> Mapping[str, tuple[str, ...]]:
        """Return what the contact may call each question: its name, the titles that lead to it."""
        return self.voice(scene).names_of_questions

    def further(self, run: Run, scene: Scene) -> Mapping[str, tuple[OfferedOption, ...]]:
        """Return the choices that options of the open question lead to without anything between, by their steps."""
        voice = self.voice(scene)
        return {step: voice.offers[step].offered for step in self._menus_beyond[run.asked or ""]}

    @cached_property
    def _menus_beyond(self) -> Mapping[str, tuple[str, ...]]:
        """The questions -> the choices that their options lead to, through each other, none of them twice."""
        menus = {
            name: [target.step for target in step.body.options.values() if target.flow is None]
            for name, step in self.steps.items()
            if isinstance(step.body, Choose)
        }
        beyond: dict[str, tuple[str, ...]] = dict.fromkeys(self.steps, ())
        for name in menus:
            found: list[str] = []
            waiting = [name]
            while waiting:
                for step in menus[waiting.pop()]:
                    if step in menus and step != name and step not in found:
                        found.append(step)
                        waiting.append(step)
            beyond[name] = tuple(found)
        return beyond

    @cached_property
    def names_of_questions(self) -> Mapping[str, tuple[str, ...]]:
        """The questions' names as words, and the titles of choices that lead to them."""
        names = {
            name: [name.replace("_", " "), *_words_of(step)]
            for name, step in self.steps.items()
            if step.question
        }
        for step in self.steps.values():
            if isinstance(step.body, Choose):
                for title, target in step.body.options.items():
                    if (question := self._leads_to(target.step)) in names:
                        names[question].append(self.translate(title))
        return {name: tuple(dict.fromkeys(called)) for name, called in names.items()}

    def _leads_to(self, step: str | None) -> str:
        """Return the question that a target comes to, through code steps that have no other way out."""
        passed: set[str] = set()
        while step is not None and step in self.steps and step not in passed:
            passed.add(step)
            exits = {exit_.target.step for exit_ in self.steps[step].exits}
            if self.steps[step].kind != "code" or self.steps[step].falls or len(exits) != 1:
                break
            step = exits.pop()
        return step or ""

    def retry_text(self, run: Run, reading: NotUnderstood, scene: Scene) -> str:
        """Return the author's `retry` of the open question, or one made from its type."""
        return retry_words(self.voice(scene), run, reading, scene)

    def joins(self, run: Run) -> timedelta | None:
        """Return within what time of each other texts are one answer to the open question, None where each is one."""
        body = self._asked(run)
        return body.join if isinstance(body, Ask) else None

    def lost(self, run: Run) -> str | None:
        """Return where the open question goes on that was not understood three times; None is a person."""
        target = self._asked(run).lost
        return None if target is None else str(target)

    def times(
        self, run: Run, scene: Scene, *, since: datetime, closes: datetime | None
    ) -> Times | None:
        """Return when the open question's reminders and its end are due, None where it has none."""
        timing = self.steps[run.asked or ""].timing
        return None if timing is None else timing.times(scene, since=since, closes=closes)

    def remind(self, run: Run, place: int, scene: Scene) -> Speech | None:
        """Return the words of a reminder of the open question; None asks it once more."""
        return reminder(Walk(self.voice(scene), run, scene), place)

    def _asked(self, run: Run) -> Ask | Choose:
        assert run.asked is not None, "the question is open"
        body = self.steps[run.asked].body
        assert isinstance(body, Ask | Choose), "only these ask"
        return body

    def restore(self, run: Run) -> Run | None:
        """Fit a stored run to today's flow."""
        return restore(self, run)

    def show(self, scene: Scene, name: str, value: Json) -> str:
        """Return a stored value in the contact's words, where the contact saw nothing else for it."""
        field = self.fields.get(name)
        if field is None or value is None:
            return show(value)
        for option in self.offers.get(name, ()):
            if option.offered.value == value:
                return option.offered.title
        try:
            made = show_value(field.parse(value), self.eyes(scene), field.shows)
        except ValidationError:
            made = None
        return show(value) if made is None else made

    def title(self, name: str, value: Json, shown: str) -> str:
        """Return what the contact saw for an answer as it reads in the language now spoken."""
        return self.retitled.say(shown, value, self.offers.get(name, NO_OPTIONS), self.translate)

    def spoken(self, scene: Scene, listed: Iterable[Option]) -> tuple[Option, ...]:
        """Return options that a function listed in the contact's words; their values stay."""
        eyes = self.eyes(scene)
        return tuple(
            replace(
                option,
                title=self.translate(option.title),
                description=describe(option.description, eyes),
                says=tuple(map(self.translate, option.says)),
            )
            for option in listed
        )

    def eyes(self, scene: Scene) -> Eyes:
        """Return whom the flow shows something to."""
        return Eyes(here_of(scene), scene.language, self.translate)

    def valid(self, name: str, value: Json) -> bool:
        """Tell whether a stored value is an answer to the field, as its type stands today."""
        if name in self.untyped:
            return True
        field = self.fields.get(name)
        if field is None:
            return False
        if value is None and field.asked:
            return field.optional or self.steps[name].skip is not None
        try:
            field.parse(value)
        except ValidationError:
            return False
        return True


def _words_of(step: Step) -> list[str]:
    """Return the question itself, where it is a name as well: "How many?"."""
    text = step.text.fixed if isinstance(step.text, Template) else None
    return [text] if text is not None and len(text) <= CALLED_CHARS else []


CALLED_CHARS = 30
"""Characters of a question's text that may name it; a longer one is no name."""
