"""A small flow format, written as data: enough to drive the core without the flow layer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, assert_never

from engine.core.book import Book
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed, Planned, Speech
from engine.core.content import Inbound, Media, Text
from engine.core.conversation import OfferedOption, Run
from engine.core.hours import Times
from engine.core.ids import VisitId
from engine.core.known import Understand
from engine.core.language import Languages
from engine.core.languages import IN_ENGLISH
from engine.core.question import Options, Question, ShownOption
from engine.core.scheduled import Saying
from engine.core.script import (
    Answer,
    Asks,
    Awaits,
    Calls,
    Changes,
    Ends,
    HandsOff,
    NotUnderstood,
    Pause,
    Performs,
    Scene,
    Script,
    Unsure,
    Visit,
)
from engine.core.signals import StepReturned
from engine.core.teams import EVERYBODY, Teams
from engine.core.value import Json
from engine.core.watch import Reached, Watch
from tests.builders import PHONE

END = "END"

HOURS = ("6", "7", "8")
"""What an hour is typed as; each may be in the morning or in the evening."""


@dataclass(frozen=True)
class Ask:
    """A question; `routes` makes it a choice of ways, `reads` what may be typed or sent."""

    text: str
    titles: tuple[str, ...] = ()
    reads: Literal["nothing", "number", "words", "photo", "hour"] = "nothing"
    routes: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    wants_location: bool = False
    join: timedelta | None = None
    lost: str | None = None
    on_failed: str | None = None
    remind: tuple[tuple[timedelta, str | None], ...] = ()
    expires: timedelta | None = None
    then: str | None = None
    closed: Closed | None = None
    told: bool = False


@dataclass(frozen=True)
class Tell:
    text: str
    then: str | None = None
    closed: Closed | None = None
    wait: Reached | None = None
    on_failed: str | None = None


@dataclass(frozen=True)
class Code:
    timeout: timedelta = timedelta(seconds=30)


@dataclass(frozen=True)
class Person:
    text: str
    team: str | None = None
    then: str | None = None
    outside: str | None = None
    unclaimed: str | None = None
    unclaimed_after: timedelta | None = None


@dataclass(frozen=True)
class Call:
    flow: str
    then: str


@dataclass(frozen=True)
class Change:
    flow: str


Place = Ask | Tell | Code | Person | Call | Change


@dataclass(frozen=True)
class Small:
    """A flow of places in body order, as a Script."""

    name: str
    places: Mapping[str, Place]
    starts_on: tuple[str, ...] = ()
    start: bool = False
    expires: timedelta | None = None
    moved: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old step -> today's."""
    gone: frozenset[str] = frozenset()
    """Steps whose runs can only begin anew."""
    translated_starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def begin(self, run: Run, scene: Scene) -> Visit:
        return self._walk(run, next(iter(self.places)), scene)

    def read(self, run: Run, content: Inbound, scene: Scene) -> Answer | Unsure | NotUnderstood:
        match self._asked(run).reads, content:
            case "number", Text(body=body) if body.strip().isdecimal():
                return Answer(int(body))
            case "hour", Text(body=body) if body.strip() in HOURS:
                morning, evening = f"{int(body):02}:00", f"{int(body) + 12}:00"
                return Unsure((Answer(evening, f"{body} pm"), Answer(morning, f"{body} am")))
            case "words", Text(body=body):
                return Answer(body)
            case "photo", Media(kind="image", external_id=file):
                return Answer(file, shown="photo")
            case _:
                return NotUnderstood("something else")

    def accept(self, run: Run, step: str, answer: Answer, scene: Scene) -> Visit:
        place = self.places[step]
        assert isinstance(place, Ask)
        if place.routes:
            return self._walk(run, place.routes.get(str(answer.value), step), scene)
        shown = {} if answer.shown is None else {step: answer.shown}
        answered = run.model_copy(
            update={
                "answers": {**run.answers, step: answer.value},
                "shown": {**run.shown, **shown},
            }
        )
        return self._walk(answered, self._after(step), scene)

    def go(self, run: Run, target: str, scene: Scene) -> Visit:
        if target not in self.places:
            return self.begin(run, scene)
        without = {step: value for step, value in run.answers.items() if step != target}
        return self._walk(run.model_copy(update={"answers": without}), target, scene)

    def resume(self, run: Run, target: str, scene: Scene, *, corrected: Collection[str]) -> Visit:
        return self.go(run, target, scene)

    @property
    def watches(self) -> bool:
        return any(
            place.on_failed or (isinstance(place, Tell) and place.wait)
            for place in self.places.values()
            if isinstance(place, Ask | Tell)
        )

    def go_on(self, run: Run, scene: Scene) -> Visit:
        return self._walk(run, self._after(run.step), scene)

    def returned(self, run: Run, signal: StepReturned, scene: Scene) -> Visit:
        answered = run.model_copy(update={"answers": {**run.answers, **signal.answers}})
        return self._walk(answered, signal.exit or self._after(run.step), scene, signal.said)

    def ask_again(self, run: Run, scene: Scene) -> Question:
        assert run.asked is not None
        return self._question(run.asked)

    def called(self, run: Run, scene: Scene) -> Mapping[str, tuple[str, ...]]:
        return {name: (name,) for name in self.places}

    def further(self, run: Run, scene: Scene) -> Mapping[str, tuple[OfferedOption, ...]]:
        asked = self.places[run.asked or ""]
        assert isinstance(asked, Ask)
        ways = {step: self.places.get(step) for step in asked.routes.values()}
        menus = [step for step, way in ways.items() if isinstance(way, Ask) and way.routes]
        return {step: self._question(step).options.offered for step in menus}

    def retry_text(self, run: Run, reading: NotUnderstood, scene: Scene) -> str:
        return f"Please, {reading.expected}."

    def joins(self, run: Run) -> timedelta | None:
        return self._asked(run).join

    def lost(self, run: Run) -> str | None:
        return self._asked(run).lost

    @property
    def timed(self) -> bool:
        return any(
            isinstance(place, Ask) and bool(place.expires or place.remind)
            for place in self.places.values()
        )

    def times(
        self, run: Run, scene: Scene, *, since: datetime, closes: datetime | None
    ) -> Times | None:
        asked = self._asked(run)
        if asked.expires is None and not asked.remind:
            return None
        due = tuple(since + length for length, _ in asked.remind)
        return Times(due, since + asked.expires if asked.expires else None, asked.then)

    def remind(self, run: Run, place: int, scene: Scene) -> Speech | None:
        text = self._asked(run).remind[place][1]
        return None if text is None else Text(body=text)

    def restore(self, run: Run) -> Run | None:
        if run.step in self.gone:
            return None
        if run.step in self.places and all(step in self.places for step in run.offers):
            return run
        today = {step: self.renamed.get(step, step) for step in (run.step, *run.offers)}
        offers = {
            today[step]: offer.model_copy(update={"step": today[step]})
            for step, offer in run.offers.items()
            if today[step] in self.places
        }
        step = today[run.step] if today[run.step] in self.places else next(iter(self.places))
        asked = today.get(run.asked or "")
        return run.model_copy(
            update={"step": step, "asked": asked if asked in offers else None, "offers": offers}
        )

    # --- the walk ---

    def _walk(
        self, run: Run, step: str | None, scene: Scene, said: tuple[Saying, ...] = ()
    ) -> Visit:
        told = list(said)
        path: list[str] = []
        visits = scene.visits
        answers: dict[str, Json] = dict(run.answers)
        while step is not None and step != END and len(path) < scene.budget:
            place = self.places[step]
            if isinstance(place, Ask) and not place.routes and step in answers:
                step = self._after(step)
                continue
            path.append(step)
            visits += 1
            run = run.model_copy(update={"step": step, "visit": VisitId(visits)})
            match place:
                case Tell(text, then, closed):
                    watch = _watch(place, run)
                    tells = Text(body=text)
                    plain = closed is None and watch is None
                    told.append(
                        tells if plain else Planned(content=tells, closed=closed, watch=watch)
                    )
                    if place.wait is not None:
                        return Visit(run, tuple(told), Awaits(place.wait), tuple(path), visits)
                    step = then or self._after(step)
                    continue
                case Ask():
                    question = self._question(step)._replace(watch=_watch(place, run))
                    pause: Pause = Asks(question)
                case Code(timeout):
                    pause = Performs(step, timeout)
                case Person(text, team, then, outside, unclaimed, after):
                    is_open = scene.teams.of(team).opens_at(scene.now) <= scene.now
                    words = text if is_open else outside
                    told += [] if words is None else [Text(body=words)]
                    pause = HandsOff(team, "flow", then, outside, unclaimed, after)
                case Call(flow, then):
                    pause = Calls(flow, then)
                case Change(flow):
                    pause = Changes(flow)
                case _:
                    assert_never(place)
            return Visit(run, tuple(told), pause, tuple(path), visits)
        ended: Pause = Ends() if step in (None, END) else HandsOff(None, "too_many_steps", None)
        return Visit(run, tuple(told), ended, tuple(path), visits)

    def _after(self, step: str) -> str | None:
        names = list(self.places)
        index = names.index(step) + 1
        return names[index] if index < len(names) else None

    def _asked(self, run: Run) -> Ask:
        assert run.asked is not None
        place = self.places[run.asked]
        assert isinstance(place, Ask)
        return place

    def _question(self, step: str) -> Question:
        place = self.places[step]
        assert isinstance(place, Ask)
        titles = place.titles or tuple(place.routes)
        return Question(
            step=step,
            text=place.text,
            options=Options(
                ShownOption(
                    OfferedOption(
                        key=title.lower(), title=title, value=title, says=place.says.get(title, ())
                    ),
                    place.descriptions.get(title),
                )
                for title in titles
            ),
            wants_location=place.wants_location,
            closed=place.closed,
            told=place.told,
        )


def _watch(place: Ask | Tell, run: Run) -> Watch | None:
    wait = place.wait if isinstance(place, Tell) else None
    if wait is None and place.on_failed is None:
        return None
    return Watch(run=run.id, visit=run.visit, failed=place.on_failed, until=wait)


def make_book(
    *scripts: Script,
    start: str | None = None,
    serial: int = 0,
    languages: Languages = IN_ENGLISH,
    understand: Understand | None = None,
    capabilities: Capabilities = PHONE,
    teams: Teams = EVERYBODY,
    helpdesk: bool = False,
) -> Book:
    """Return a book of these flows, or of the shop's if none is named."""
    chosen = scripts or (WELCOME, ORDER)
    by_name = {script.name: script for script in chosen}
    return Book(
        by_name,
        capabilities,
        start,
        serial,
        languages,
        understand,
        teams=teams,
        helpdesk=helpdesk,
    )


ORDER = Small(
    "order",
    {
        "pizza": Ask("Which pizza?", ("Margherita 🍕", "Funghi 🍄", "Diavola 🌶️", "Quattro")),
        "size": Ask("Which size?", ("Small", "Medium", "Large"), says={"Large": ("big", "grande")}),
        "quantity": Ask("How many?", reads="number"),
        "confirm": Ask(
            "Shall we make it?", routes={"Yes": "place", "Change": "size", "Ask a person": "person"}
        ),
        "place": Code(),
        "done": Tell("Thank you!", then=END),
        "person": Person("A colleague is joining.", team="kitchen", then="confirm"),
    },
    starts_on=("order", "Pizza!"),
    expires=timedelta(hours=2),
)

WELCOME = Small(
    "welcome",
    {
        "hello": Ask(
            "Hi! How can we help?",
            routes={"Hours": "hours", "Order a pizza": "order", "Talk to a person": "person"},
        ),
        "hours": Tell("Every day from 11 to 23.", then="more"),
        "order": Call("order", "more"),
        "more": Ask("Anything else?", routes={"Yes": "hello", "No, thanks": END}),
        "person": Person("One moment.", then="more"),
    },
    start=True,
)
