"""The walk inside one flow: from an answer, a target or a code step's exit to the next place that waits.

One rule for every move to a field: the field is asked again; then the walk goes on in body order, passing over what
is answered, asking what has come due, clearing what no longer applies. See docs/rules.md, rules 1 and 2.
"""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, assert_never

from engine.core.conversation import Run
from engine.core.ids import VisitId
from engine.core.question import Question
from engine.core.scheduled import Saying
from engine.core.script import (
    Answer,
    Asks,
    Awaits,
    Calls,
    Changes,
    Ends,
    HandsOff,
    Pause,
    Performs,
    Scene,
    Visit,
)
from engine.core.signals import StepReturned
from engine.core.value import Json
from engine.flow.anew import corrected_before_code
from engine.flow.fields import Flow, Unanswered, load
from engine.flow.options import SKIP, offer_options, store_option
from engine.flow.plan import BACK, BEGIN, ENDED, NEXT, Step, move
from engine.flow.prepare import PREPARED
from engine.flow.steps import Ask, Choose, Code, Handoff, Option, Say
from engine.flow.targets import To, parse_target
from engine.flow.telling import (
    TEXT_MADE,
    handed,
    listed_by,
    question_of,
    said_by,
    said_by_flow,
    say_later,
    say_outside,
    watch_for,
)
from engine.flow.watching import awaited, watched, watched_later

if TYPE_CHECKING:
    from engine.flow.compile import CompiledFlow


class Walk:
    """One visit through one flow: changes while it lasts, then gives the run back as a value."""

    def __init__(self, flow: "CompiledFlow", run: Run, scene: Scene) -> None:
        self.flow = flow
        self.run = run
        self.scene = scene
        self.state = run.step
        """Where the walk stands; the machine reads and writes it."""
        self.returning = run.returning
        """Where the walk of a correction stops."""
        self.answers = dict(run.answers)
        self.shown = dict(run.shown)
        self.said: list[Saying] = []
        self.path: list[str] = []
        self.prepared: dict[str, Json] = {}
        """What the async callables of the step it stands on brought back."""
        self._loaded: Flow | None = None

    # --- the ways in -----------------------------------------------------------------------------

    def begin(self) -> Visit:
        """Walk from the first step."""
        self.state = BEGIN
        return self._finish(self._fall())

    def accept(self, step: str, answer: Answer) -> Visit:
        """Store an answer, then walk on from the question it answers."""
        if step != self.run.asked:
            self.returning = None  # an old button: that correction is a walk of its own
        self.state = step
        self.shown.pop(TEXT_MADE, None)
        body = self.flow.steps[step].body
        if isinstance(body, Choose):
            offered = {option.offered.value for option in self.flow.offers[step]}
            if answer.value not in offered:
                return self._finish(self._move(To(step=step)))  # that way has been closed since
            if body.returning is not None:
                self.returning = body.returning.step
            return self._finish(self._move(parse_target(str(answer.value))))
        if not self._store(step, answer.value, answer.shown):
            return self._finish(self._move(To(step=step)))  # offered before its type was narrowed
        if self.flow.steps[step].offers_topics and not self._say_topic(answer.value):
            return self._finish(self._move(To(step=step)))  # offered before it was taken out
        self._clear_undue()
        return self._finish(self._fall())

    def go(self, target: str) -> Visit:
        """Move to a stored target."""
        self._clear_undue()
        return self._finish(self._move(parse_target(target)))

    def resume(self, target: str, corrected: Collection[str]) -> Visit:
        """Move to where people gave the chat back; first to what a correction made due.

        That is a question before it that has come due, or the code that works with the corrected answers.
        """
        self._clear_undue()
        goal = self.flow.steps.get(parse_target(target).step or "")
        if goal is None or not corrected:
            return self._finish(self._move(parse_target(target)))
        due, first = self._come_due(goal), corrected_before_code(self.flow.steps, corrected, goal)
        if due is None and first is None:
            return self._finish(self._move(parse_target(target)))
        self.returning = goal.name
        if due is None and first is not None:
            self.state = first.name
        return self._finish(self._fall() if due is None else self._move(To(step=due.name)))

    def go_on(self) -> Visit:
        """Walk on from the step that waited for its message to arrive."""
        step = self.flow.steps.get(self.state)
        if step is None or not isinstance(step.body, Say):
            return self.go(self.state)  # another step took its place since
        then = step.body.then
        return self._finish(self._fall() if then is None else self._move(then))

    def returned(self, signal: StepReturned) -> Visit:
        """Take in what a code step brought back, or what had to be waited for before a question."""
        step = self.flow.steps[self.state]
        if step.kind != "code" and step.waiting:
            self.prepared = signal.answers
            return self._finish(None)
        for name in signal.forgets:
            self._forget(name)
        if signal.forgets:  # their old buttons belong to what is no longer asked about
            offers = {k: offer for k, offer in self.run.offers.items() if k not in signal.forgets}
            self.run = self.run.model_copy(update={"offers": offers})
        for name, value in signal.answers.items():
            self._store(name, value, None)
        watch = watch_for(self, None)
        self.said += (watched_later(said_by_flow(self, said), watch) for said in signal.said)
        self._clear_undue()
        exit_ = signal.exit
        return self._finish(self._fall() if exit_ is None else self._move(parse_target(exit_)))

    def ask_again(self) -> Question:
        """Make the open question anew; what had to be waited for stays as it was asked."""
        asked = self.run.asked
        assert asked is not None, "ask_again needs an open question"
        step = self.flow.steps[asked]
        offer = self.run.offers.get(asked)
        if "text" in step.waiting:
            self.prepared[PREPARED + "text"] = self.shown.get(TEXT_MADE, "")
        if "options" in step.waiting and offer is not None:
            self.prepared[PREPARED + "options"] = [
                store_option(Option(option.value, option.title, None, option.says))
                for option in offer.options
                if option.key != SKIP
            ]
        options = self.flow.offers.get(step.name)
        if options is None:
            options = offer_options(listed_by(self, step), step.skip)
        return question_of(self, step, options)

    # --- what the machine's conditions ask --------------------------------------------------------

    def is_due(self, name: str) -> bool:
        """Tell whether the walk stops at a question: unanswered and its condition met, or where a correction ends."""
        step = self.flow.steps[name]
        if name == self.returning or (step.when is not None and step.when.waits):
            return True
        if name in self.answers or step.on_request:
            return False
        return step.when is None or self._applies(step) is True

    def stops_at(self, name: str) -> bool:
        """Tell whether the walk of this correction stops at the step."""
        return name == self.returning

    # --- moving ----------------------------------------------------------------------------------

    def _move(self, target: To) -> Pause | None:
        """Go to a named target; None where a step is entered next."""
        if target.flow is not None:
            return (
                Changes(target.flow)
                if target.back is None
                else Calls(target.flow, str(target.back))
            )
        if target.step is None:
            return Ends()
        step = self.flow.steps.get(target.step) or self.flow.steps.get(
            self.flow.moved.get(target.step, "")
        )
        if step is None:  # from an older flow, or an agent's: the first question still open
            step = self._first_open()
        for later in self._forgotten_by(step, target.clears):
            self._forget(later)
        self.prepared = {}
        if not self._trigger(move(step.name)):
            self.state = step.name  # a correction, an agent or a restored run jumps
        return None

    def _fall(self) -> Pause | None:
        """Go to the next place in body order, or to where this correction's walk stops."""
        self.prepared = {}
        stop = self.flow.steps.get(self.returning) if self.returning is not None else None
        if stop is not None and stop.index <= self._index() and self._trigger(BACK):
            return None
        if not self._trigger(NEXT) or self.state == ENDED:
            return Ends() if stop is None else self._move(To(step=stop.name))
        return None

    def _trigger(self, trigger: str) -> bool:
        """Fire a trigger of the table; False where no row leads on from here."""
        event = self.flow.machine.events.get(trigger)
        return event is not None and event.trigger(self)

    def _index(self) -> int:
        return -1 if self.state == BEGIN else self.flow.steps[self.state].index

    def _enter(self) -> Pause | None:
        """Do what the step it stands on does; None where the walk has moved on."""
        if len(self.path) >= self.scene.budget:
            return HandsOff(team=None, reason="too_many_steps", then=None)
        step = self.flow.steps[self.state]
        self.path.append(step.name)
        if step.name == self.returning:
            self.returning = None
            self._forget(step.name)
        if step.waiting and self._must_wait(step):
            return Performs(step.name, step.timeout)
        match step.body:
            case Ask():
                return self._enter_ask(step, step.body)
            case Choose():
                return Asks(question_of(self, step, self.flow.offers[step.name]))
            case Say(then=then):
                if self._say(step) and (status := awaited(step.body, self.scene)):
                    return Awaits(status)
                return self._fall() if then is None else self._move(then)
            case Handoff():
                return self._hand_off(step, step.body)
            case Code():
                return Performs(step.name, step.timeout)
            case _:
                assert_never(step.body)

    def _enter_ask(self, step: Step, body: Ask) -> Pause | None:
        applies = self._applies(step)
        if applies is False:
            self._forget(step.name)
            return self._fall()
        if step.name in self.answers:  # an async condition had to be asked first
            return self._fall()
        options = self.flow.offers.get(step.name)
        if options is None:
            listed = listed_by(self, step)
            if not listed and body.empty is not None:
                return self._move(body.empty)
            if not listed:
                return HandsOff(team=None, reason="no_options", then=step.name)
            options = offer_options(listed, step.skip)
        return Asks(question_of(self, step, options))

    def _must_wait(self, step: Step) -> bool:
        """Tell whether a question applies, as far as is known, and an async part of it is still to come."""
        return self._applies(step) is not False and any(
            PREPARED + part not in self.prepared for part in step.waiting
        )

    def _hand_off(self, step: Step, body: Handoff) -> Pause:
        """Say what leads to a person: outside the team's hours, when it answers again."""
        scene = self.scene
        opens_at = scene.teams.of(body.team).opens_at(scene.now)
        outside = None if step.outside is None else handed(self, step.outside)
        if opens_at <= scene.now:
            self._say(step)
        elif outside is not None:
            self.said.append(say_outside(self, step, outside, opens_at))
        then = None if body.then is None else str(body.then)
        unclaimed = None if step.unclaimed is None else handed(self, step.unclaimed)
        return HandsOff(body.team, "flow", then, outside, unclaimed, body.unclaimed_after)

    # --- answers ---------------------------------------------------------------------------------

    def load(self) -> Flow:
        """Return the author's own class with the answers so far."""
        if self._loaded is None:
            self._loaded = load(self.flow.cls, self.answers)
        return self._loaded

    def _applies(self, step: Step) -> bool | None:
        """Tell whether a question's condition is met; None where that cannot be told yet."""
        if step.when is None:
            return True
        if step.when.waits:
            made = self.prepared.get(PREPARED + "when")
            return made if isinstance(made, bool) else None
        try:
            return bool(step.when(self.load, self.flow.report))
        except Unanswered:
            return None

    def _store(self, name: str, value: Json, shown: str | None) -> bool:
        """Take in an answer if it is valid."""
        if not self.flow.valid(name, value):
            return False
        self._forget(name)
        self.answers[name] = value
        if shown is not None and value is not None and shown != value:  # a skip shows as nothing
            self.shown[name] = shown
        return True

    def _forget(self, name: str) -> None:
        self.answers.pop(name, None)
        self.shown.pop(name, None)
        self._loaded = None

    def _clear_undue(self) -> None:
        """Forget answers whose question does not apply any more."""
        for step in self.flow.conditional:
            if step.name in self.answers and self._applies(step) is False:
                self._forget(step.name)

    def may_ask(self, step: Step) -> bool:
        """Tell whether the run may be led to a question from outside: it was asked before, or is the next to be."""
        if self._applies(step) is False:
            return False
        return step.name in self.run.offers or step.name == self._first_open().name

    def _come_due(self, goal: Step) -> Step | None:
        """Return the first question with a condition before a step that has to be asked by now."""
        before = (step for step in self.flow.conditional if step.index < goal.index)
        return next((step for step in before if self.is_due(step.name)), None)

    def _forgotten_by(self, step: Step, clears: bool) -> list[str]:
        """Return the answers a move to this step takes back: its own, and with `.fresh` all that follow."""
        if clears:
            return [name for name in self.answers if self._follows(name, step)]
        return [step.name] if step.kind == "ask" else []

    def _follows(self, name: str, step: Step) -> bool:
        question = self.flow.steps.get(name)
        return question is not None and question.index >= step.index

    def _first_open(self) -> Step:
        """Return the first question without an answer, else the flow's first step."""
        steps = self.flow.steps
        asks = (step for step in steps.values() if step.kind == "ask")
        due = (ask for ask in asks if ask.name not in self.answers and self.is_due(ask.name))
        return next(due, next(iter(steps.values())))

    # --- talking ---------------------------------------------------------------------------------

    def _say(self, step: Step) -> bool:
        """Say what the step says; False where that is nothing, or comes later."""
        said = said_by(self, step)
        if said is None:
            return False
        said = watched(said, watch_for(self, step.body))
        if step.at is not None:
            say_later(self, step, said)
            return False
        self.said.append(said)
        return True

    def _say_topic(self, name: Json) -> bool:
        """Say the answer of the FAQ's entry; False where it is gone. Whoever skips the question hears nothing."""
        understand = self.scene.understand
        if name is None:
            return True
        known = understand.get(str(name), self.scene.language.code) if understand else None
        if known is None:
            return False
        self.said += map(partial(said_by_flow, self), known.says)
        return True

    # --- the way out -----------------------------------------------------------------------------

    def _finish(self, pause: Pause | None) -> Visit:
        """Walk on until something waits, and give the run back as it then stands."""
        while pause is None:
            pause = self._enter()
        visits = self.scene.visits + len(self.path)
        run = self.run.model_copy(
            update={
                "step": self.state,
                "visit": VisitId(visits) if self.path else self.run.visit,
                "answers": self.answers,
                "shown": self.shown,
                "returning": self.returning,
            }
        )
        return Visit(run, tuple(self.said), pause, tuple(self.path), visits)
