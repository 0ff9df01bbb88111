"""Runs code steps: on a copy of the answers, three attempts, within their time; a StepReturned says what came of it."""

import asyncio
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from engine.core.content import Template as Approved
from engine.core.conversation import Conversation, Run
from engine.core.errors import FlowError
from engine.core.ids import LineId, VisitId
from engine.core.languages import ENGLISH
from engine.core.limits import STEP_ATTEMPTS, STEP_RETRY_WITHIN
from engine.core.signals import StepReturned
from engine.core.value import Json
from engine.flow.answers.reader import Here
from engine.flow.chat import Chat, Unsure
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow, answers_of, load
from engine.flow.here import country_of
from engine.flow.hours import ANY_HOURS, LineHours
from engine.flow.languages import BY_CODE
from engine.flow.plan import Step
from engine.flow.prepare import prepare
from engine.flow.shows import Eyes, show_value
from engine.flow.steps import Code, Source
from engine.flow.targets import To
from engine.flow.templates import TemplateUse, filled
from engine.flow.text import Known, fill
from engine.ports.desk import Desk

PAUSES_S = (0.5, 2.0)
"""How long to wait before the second and the third attempt."""


class FlowSteps:
    """Runs the authors' `@step` functions; implements `ports.CodeSteps`."""

    def __init__(
        self,
        flows: Mapping[str, CompiledFlow],
        *,
        pauses_s: Sequence[float] = PAUSES_S,
        hours: Mapping[LineId, LineHours] = MappingProxyType({}),
    ) -> None:
        self._flows = flows
        self._hours = hours
        self._pauses_s = pauses_s

    async def perform(self, conversation: Conversation, visit: VisitId, desk: Desk) -> StepReturned:
        """Run the code step the conversation is busy with.

        A step that raises is tried again; one that breaks the flow's own rules (FlowError) or asks for a person
        (Unsure) is not. Only cancellation is raised.
        """
        busy = conversation.busy
        assert busy is not None, "only a busy conversation has a code step to run"
        run = next((run for run in conversation.runs if run.id == busy.run), None)
        flow = self._flows.get(busy.flow)
        step = flow.steps.get(busy.step) if flow is not None else None
        if run is None or flow is None or step is None:
            gone = f"{busy.flow}.{busy.step} is gone"
            return StepReturned(run=busy.run, visit=visit, error=gone)
        hours = self._hours.get(conversation.line, ANY_HOURS)
        performance = _Performance(flow, step, run, visit, conversation, desk, hours)
        try:
            async with desk.within(step.timeout):
                return await self._tried(performance)
        except TimeoutError:
            return performance.failed(f"no end within {step.timeout}")

    async def _tried(self, performance: "_Performance") -> StepReturned:
        """Return what the step brought back, or its last failure."""
        began = time.monotonic()
        error = ""
        for attempt in range(STEP_ATTEMPTS):
            try:
                return await performance.run_once()
            except (FlowError, Unsure) as broken:
                return performance.broken(broken)
            except Exception as raised:  # whatever an author's code raises
                error = describe(raised, performance.step.source)
            pause_s = self._pauses_s[attempt] if attempt < len(self._pauses_s) else None
            spent_s = time.monotonic() - began
            if pause_s is None or spent_s + pause_s > STEP_RETRY_WITHIN.total_seconds():
                break
            await asyncio.sleep(pause_s)
        return performance.failed(error)


@dataclass(frozen=True, slots=True)
class _Performance:
    """One visit of one step, as often as it is tried."""

    flow: CompiledFlow
    step: Step
    run: Run
    visit: VisitId
    conversation: Conversation
    desk: Desk
    hours: LineHours

    async def run_once(self) -> StepReturned:
        """Run the author's code on a fresh copy of the answers."""
        copy = load(self.flow.cls, self.run.answers)
        body = self.step.body
        if not isinstance(body, Code):
            made = await prepare(self.step, copy)
            return StepReturned(run=self.run.id, visit=self.visit, answers=made)
        plan = self._voice.closed
        chat = Chat(
            self.desk,
            self.visit,
            self.conversation.contact,
            fill=self._fill,
            closed=self._fill(plan) if isinstance(plan, TemplateUse) else plan,
            hours=self.hours,
        )
        target = await body.function(copy, chat)
        return StepReturned(
            run=self.run.id,
            visit=self.visit,
            exit=self._exit(target),
            answers=self._assigned(copy),
            forgets=self._deleted(copy),
            said=tuple(chat.said),
            takes_back=tuple(chat.taken_back),
        )

    def failed(self, error: str) -> StepReturned:
        """Return that every attempt failed, with the way out the author gave for that."""
        body = self.step.body
        way_out = body.on_error if isinstance(body, Code) else None
        return StepReturned(
            run=self.run.id,
            visit=self.visit,
            exit=None if way_out is None else str(way_out),
            error=error,
        )

    def broken(self, error: Exception) -> StepReturned:
        """Return that a person has to look: trying again or going elsewhere would not be right."""
        return StepReturned(
            run=self.run.id, visit=self.visit, error=describe(error, self.step.source)
        )

    @property
    def _voice(self) -> CompiledFlow:
        return self.flow.voices.get(self._spoken, self.flow)

    @property
    def _spoken(self) -> str:
        """What the contact is spoken to in, as far as this flow speaks it; ISO 639-1."""
        code = (self.conversation.contact.locale or "").replace("_", "-").partition("-")[0]
        return code if code in self.flow.voices else ENGLISH.code

    def _fill(self, used: TemplateUse) -> Approved:
        """Return a template with its places filled from the answers as they were when the step began."""
        run, contact, flow = self.run, self.conversation.contact, self._voice
        answers = {**flow.defaults, **run.answers}
        zone = self.hours.zone_of(contact)
        here = Here(self.desk.now().astimezone(zone), self._spoken, country_of(contact))
        eyes = Eyes(here, BY_CODE.get(self._spoken, ENGLISH), flow.translate)
        known = Known(answers, run.shown, contact, flow.names)
        return filled(
            used,
            fill=lambda text: fill(text, known),
            say=lambda value: show_value(value, eyes),
            language=self._spoken,
        )

    def _exit(self, target: object) -> str | None:
        if target is None:
            return None
        at = f"{self.flow.name}.{self.step.name}"
        if not isinstance(target, To):
            raise FlowError(f"{at} returned {target!r}; return to.x, END or nothing")
        if target.step is not None and target.step not in self.flow.steps:
            raise FlowError(f"{at} returned to.{target.step}, which is no step of this flow")
        return str(target)

    def _assigned(self, copy: Flow) -> dict[str, Json]:
        """Return the fields that the code gave another value."""
        before = self.run.answers
        after = answers_of(copy)
        return {
            name: value
            for name, value in after.items()
            if name not in before or before[name] != value
        }

    def _deleted(self, copy: Flow) -> tuple[str, ...]:
        """Return the fields whose answer the code took away."""
        after = answers_of(copy)
        return tuple(
            name for name in self.run.answers if name in self.flow.fields and name not in after
        )


def describe(error: Exception, step: Source) -> str:
    """Return an exception as a trace keeps it, with the deepest line of the flow's own folder that it came through.

    Args:
        error: What the author's code raised.
        step: Where the step stands: told where none of its lines took part. Files are named without their folder.
    """
    frames = traceback.extract_tb(error.__traceback__)
    folder = Path(step.file).parent
    own = [frame for frame in frames if Path(frame.filename).parent == folder]
    file, line = (own[-1].filename, own[-1].lineno) if own else (step.file, step.line)
    return f"{type(error).__name__}: {_words(error)} (at {Path(file).name}:{line})"


def _words(error: Exception) -> str:
    """Return an exception's words; pydantic's would quote the value, which may be what a contact wrote."""
    if not isinstance(error, ValidationError):
        return str(error)
    wrong = error.errors(include_url=False, include_input=False)
    told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong)
    return f"{error.title}: {told}"
