"""Walks a compiled flow without the core's turns: what a visit says and where it pauses is all there is to see."""

from engine.core.conversation import Contact, Offer, Run
from engine.core.ids import ContactId, RunId, VisitId
from engine.core.question import Question
from engine.core.script import Answer, Asks, NotUnderstood, Scene, Visit
from engine.core.signals import StepReturned
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow
from engine.flow.functions import Report, ignore
from tests.builders import NOW, PHONE

ANA = Contact(id=ContactId(1), phone="525512345678", name="Ana", locale="es-MX")


class Walker:
    """One run of one flow. Does to the run what the core does: keeps offers, marks the open question."""

    def __init__(
        self,
        cls: type[Flow],
        *,
        contact: Contact = ANA,
        budget: int = 50,
        report: Report = ignore,
        run: Run | None = None,
    ) -> None:
        self.flow = CompiledFlow(cls, report)
        self.scene = Scene(contact, PHONE, NOW, visits=0, budget=budget)
        self.run = run or Run(id=RunId(1), flow=self.flow.name, step="", visit=VisitId(0))
        self.visit: Visit | None = None

    def begin(self) -> Visit:
        return self._took(self.flow.begin(self.run, self.scene))

    def answer(self, value: Json, *, shown: str | None = None, step: str | None = None) -> Visit:
        """Answer the open question, or correct the answer to `step`."""
        name = step or self.run.asked
        assert name is not None
        return self._took(self.flow.accept(self.run, name, Answer(value, shown), self.scene))

    def go(self, target: str) -> Visit:
        return self._took(self.flow.go(self.run, target, self.scene))

    def returns(
        self,
        exit_: str | None = None,
        *,
        answers: dict[str, Json] | None = None,
        error: str | None = None,
    ) -> Visit:
        signal = StepReturned(
            run=self.run.id, visit=self.run.visit, exit=exit_, answers=answers or {}, error=error
        )
        return self._took(self.flow.returned(self.run, signal, self.scene))

    def not_understood(self, expected: str = "something") -> str:
        return self.flow.retry_text(self.run, NotUnderstood(expected), self.scene)

    @property
    def question(self) -> Question:
        """The question it paused at."""
        assert self.visit is not None
        assert isinstance(self.visit.pause, Asks), self.visit.pause
        return self.visit.pause.question

    @property
    def at(self) -> str:
        return self.question.step

    @property
    def titles(self) -> list[str]:
        return [option.offered.title for option in self.question.options]

    @property
    def said(self) -> list[str]:
        assert self.visit is not None
        return [getattr(content, "body", "") for content in self.visit.said]

    def _took(self, visit: Visit) -> Visit:
        self.visit = visit
        offers = dict(self.run.offers)
        asked = None
        if isinstance(visit.pause, Asks):
            question = visit.pause.question
            asked = question.step
            options = tuple(option.offered for option in question.options)
            offers[asked] = Offer(step=asked, turn=1, options=options)
        self.run = visit.run.model_copy(update={"asked": asked, "offers": offers})
        self.scene = self.scene._replace(visits=visit.visits)
        return visit
