"""A conversation and what it carries between two turns: the contact, the stack of runs, the open question."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from engine.core.ids import ContactId, ConversationId, ExternalId, LineId, RunId, VisitId
from engine.core.scheduled import Scheduled
from engine.core.value import Json, Utc, Value
from engine.core.watch import Reached

Mode = Literal["bot", "waiting", "agent", "closed"]
"""Who answers: the flows, nobody yet (handed off, unclaimed), an agent, or nobody any more."""


class Contact(Value):
    """The person at the other end, as a flow and the sender know them."""

    id: ContactId
    phone: str | None = None
    """Digits with the country code, without `+`."""
    user_id: str | None = None
    """The business-scoped id where the provider gives one; a contact may have only this."""
    name: str | None = None
    locale: str | None = None
    """A BCP 47 tag such as `es-MX`."""
    opted_out_at: Utc | None = None
    """Since when the contact wants nothing of us."""
    marketing_stopped_at: Utc | None = None
    """Since when the contact wants no marketing: no broadcast, and no template approved as such."""


class OfferedOption(Value):
    """One option as the contact saw it."""

    key: str
    """What stands for the value in the option id; short, stable, unique in its offer."""
    title: str
    value: Json
    """What is stored when it is chosen."""
    says: tuple[str, ...] = ()
    """Other words that mean it."""


class Offer(Value):
    """A question as it was asked: answers are read against this, not against today's options."""

    step: str
    turn: int
    """The turn that asked it last; option ids carry it."""
    options: tuple[OfferedOption, ...] = ()
    first: int = 0
    """Index of the first option on the page shown last; only long lists have further pages."""
    chosen: str | None = None
    """The key of the option that answered it; None while it is open, or where the answer was typed."""


class Waits(Value):
    """What an open question waits with while nobody answers: reminders, and its end."""

    since: Utc
    """What its times are counted from: when it was asked, or the contact's last message that a timer found."""
    said: tuple[int, ...] = ()
    """The reminders said since it was asked, by their place."""
    due_at: Utc
    """When the next of them, or its end, is due."""


class Run(Value):
    """One passage through a flow, with its answers."""

    id: RunId
    flow: str
    step: str
    """Where it stands."""
    visit: VisitId
    """The entry into `step`; signals made for an earlier one are past."""
    began: int = 0
    """The turn it began in; taps on anything asked before belong to an earlier run."""
    answers: dict[str, Json] = Field(default_factory=dict)
    """Answered fields alone; a skipped one is answered with None."""
    shown: dict[str, str] = Field(default_factory=dict)
    """What the contact saw for an answer, where it differs from the value."""
    aside: dict[str, Json] = Field(default_factory=dict)
    """Answers that today's flow no longer knows, kept in case it knows them again."""
    offers: dict[str, Offer] = Field(default_factory=dict)
    """The latest offer of each step asked in this run."""
    asked: str | None = None
    """The step whose question is open; None while nothing is asked."""
    awaits: Reached | None = None
    """What its last message must come to before it goes on; None waits for nothing."""
    failures: int = 0
    """How often it went where a step says for a message that failed."""
    retries: int = 0
    """How often the open question was not understood."""
    waits: Waits | None = None
    """What the open question waits with; None is the contact's answer alone."""
    kept: tuple[str, ...] = ()
    """Texts of the open question's answer, where it may come in several messages; a timer ends the wait for more."""
    returning: str | None = None
    """Where a correction's walk stops and goes on."""
    then: str | None = None
    """The step to go on at when the run above this one ends; None ends this one too."""


class NextFlow(Value):
    """A flow that begins when the talk has ended."""

    flow: str
    answers: dict[str, Json] = Field(default_factory=dict)
    """What is known already."""


class Busy(Value):
    """A code step that runs outside the turn; the contact's messages wait for it."""

    visit: VisitId
    run: RunId
    flow: str
    step: str
    since: Utc


Place = Literal["inbox", "phone", "helpdesk"]
"""Where people have the chat: the agents' inbox, the business's own phone, or another program for agents."""


class Handoff(Value):
    """A chat in people's hands, from the handoff or the takeover until it is released or closed."""

    turn: int
    """The turn that began it: tells one handoff of a conversation from the next."""
    reason: str
    """As the effect HandOff names it; `takeover` where nobody asked for a person, `phone` where the business wrote."""
    since: Utc
    place: Place = "inbox"
    claimed_at: Utc | None = None
    """When an agent took it first; None while it waits for the first time."""
    replied_at: Utc | None = None
    """When an agent wrote to the contact first."""
    told_at: Utc | None = None
    """When the contact was last told that somebody will answer."""
    due_at: Utc | None = None
    """When something happens by itself: nobody claimed it in time, or the pause is over."""
    late: bool = False
    """Whether nobody claimed it in time."""
    outside: str | None = None
    """What the author says outside the team's hours, with `{opens}`; None is the engine's own words."""
    unclaimed: str | None = None
    """What the contact is told when nobody claimed it in time; None is the engine's own words."""
    unclaimed_after: timedelta | None = None
    """The author's time for that; None is the team's."""


class Conversation(Value):
    """The thread of one contact on one line; changed by `step()` alone."""

    id: ConversationId
    line: LineId
    contact: Contact
    version: int = 0
    """Raised by one at every stored change."""
    mode: Mode = "bot"
    turn: int = 0
    """Turns so far; never restarts, because option ids on phones carry it."""
    visits: int = 0
    """Visits and runs so far; the source of `VisitId` and `RunId`."""
    serial: int = 0
    """The published flows' serial under which it was last stepped."""
    runs: tuple[Run, ...] = ()
    """The stack; the last one talks."""
    again: Offer | None = None
    """The engine's own open question: whether an ended flow, the option's value, shall start again."""
    busy: Busy | None = None
    window_closes_at: Utc | None = None
    free_until: Utc | None = None
    """The end of the free entry point; it is about price, not about what may be sent."""
    held: bool = False
    """Whether messages may be held until the contact writes."""
    unseen: int = 0
    """The turn whose question met a closed window and was not seen; 0 if that is not so."""
    scheduled: tuple[Scheduled, ...] = ()
    """What is to be said at a time of its own."""
    last_inbound_at: Utc | None = None
    last_inbound_id: ExternalId | None = None
    unasked_at: Utc | None = None
    """When the contact last sent something that no text is, unasked; what follows at once gets no further retry."""
    ended_at: Utc | None = None
    """When the talk last ended, by the flow's own END or the contact's cancel."""
    cancelled_at: Utc | None = None
    """When a cancel that did not wait for the code step came: what was written before it is past."""
    told_at: Utc | None = None
    """When the contact was last told that no flow answers here."""
    handoff: Handoff | None = None
    """Set while people have the chat: `mode` is `waiting` or `agent`."""
    team: str | None = None
    """The team whose queue it waits in or whose agent holds it."""
    assignee: str | None = None
    """The login of the agent who holds it; None where it waits, or people elsewhere hold it."""
    resume: str | None = None
    """Where the top run goes on after a handoff; None ends it silently. Still set while the flows have the chat: nobody
    gave it back, and the contact's next message goes on there."""
    next_flows: tuple[NextFlow, ...] = ()
    """The flows that the business asked for while a talk went on, in order."""
