"""What a question does while nobody answers it, and when a scheduled message leaves: times worked out for a contact."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.core import limits
from engine.core.hours import Times
from engine.core.script import Scene
from engine.flow.catalogue import Translate
from engine.flow.functions import Function, compile_function
from engine.flow.hours import hours_of
from engine.flow.steps import Ask, Choose, Say
from engine.flow.targets import To
from engine.flow.templates import TemplateUse, compile_use
from engine.flow.text import Template, parse_text
from engine.flow.times import BeforeClose, Reminder, When, due_at


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one question."""

    reminders: tuple[Reminder, ...]
    """As the author wrote them, with the texts of the language spoken."""
    texts: tuple[Template | TemplateUse | None, ...]
    """Theirs, taken apart; None asks the question once more."""
    expires: timedelta | None
    then: To | None

    def times(self, scene: Scene, *, since: datetime, closes: datetime | None) -> Times:
        """Return when all of it is due; what was due before `scene.now` is due now, or after the quiet hours."""
        due = tuple(_due(one, scene, since, closes) for one in self.reminders)
        if self.expires is None:
            return Times(due)
        expires_at = since + self.expires
        if self.then is None:
            return Times(due, expires_at)
        return Times(due, _awake(scene, expires_at), str(self.then))


def plan_timing(body: Ask | Choose, translate: Translate) -> Timing | None:
    """Return the times of a question, None where it waits for the answer alone."""
    if not body.reminders and body.expires is None:
        return None
    texts = tuple(_taken_apart(one.text, translate) for one in body.reminders)
    return Timing(body.reminders, texts, body.expires, body.then)


def _taken_apart(
    text: str | TemplateUse | None, translate: Translate
) -> Template | TemplateUse | None:
    if isinstance(text, TemplateUse):
        return compile_use(text, translate)
    return None if text is None else parse_text(translate(text))


def plan_at(name: str, body: Say) -> When | Function | None:
    """Return when a step says what it says; None is at once."""
    return compile_function(name, body.at) if callable(body.at) else body.at


def moment_of(when: When, scene: Scene) -> datetime:
    """Return when a scheduled message leaves: its time where the contact is, once the quiet hours are over."""
    hours = hours_of(scene)
    at = due_at(when, scene.now, hours.zone_of(scene.contact))
    return hours.awake(scene.contact, at) if at > scene.now else at


def _due(
    reminder: Reminder, scene: Scene, since: datetime, closes: datetime | None
) -> datetime | None:
    hours, contact = hours_of(scene), scene.contact
    if not isinstance(reminder.due, BeforeClose):
        return _awake(scene, due_at(reminder.due, since, hours.zone_of(contact)))
    if closes is None or scene.capabilities.window is None:
        return None
    at = hours.before_quiet(contact, closes - reminder.due.length)
    if at <= since:
        return None
    at = max(at, scene.now)
    # It is for the open window alone: what is too late for that, or would wake the contact, does not come.
    is_open = at + limits.WINDOW_MARGIN < closes
    return at if is_open and hours.awake(contact, at) == at else None


def _awake(scene: Scene, at: datetime) -> datetime:
    """Return when something unasked may be said that is due at a time."""
    return hours_of(scene).awake(scene.contact, max(at, scene.now))
