"""What the public API does with broadcasts: begins one, tells of it, stops it, goes on with it."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from engine.core.addresses import canonical_phone
from engine.core.content import ButtonValue, Category, Media, Sms, Template
from engine.core.errors import ContentRejected, DefinitionError
from engine.core.ids import BroadcastId, LineId
from engine.core.templates import fit
from engine.ports import MessageStatus
from storage.broadcasts import TYPED_MOST, Recipient, Result, StoredBroadcast, StoredBroadcasts
from storage.people import silent_phones
from storage.templates import stored_templates
from web.api.errors import BodyInvalid, BroadcastUnknown, SmsUnavailable, TemplateRefused
from web.api.handlers import LARGEST_ID, file_problems
from web.api.models import ByPhone, LineField, Model
from web.api.once import Deed, Done, once
from web.api.replies import answer_of, line_of, may_use
from web.api.table import Answer, Asked
from web.api.templates import refuse_sms
from web.keys import DATABASE, ENGINE

CONTACTS_MOST: Final = 10_000
BODY_BYTES: Final = 2 * 1024 * 1024
"""For as many contacts with a few words each."""

PROBLEMS_TOLD: Final = 5
RESULTS_MOST: Final = 1000

BEGUN = "broadcast_begun"
CHANGED = "broadcast_changed"

Word = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class BroadcastContact(ByPhone):
    """One contact with what differs from the template that all get."""

    body: tuple[Word, ...] | None = None
    """The body's variables, in order."""
    header: Word | None = None
    """The header's variable."""
    buttons: tuple[ButtonValue, ...] | None = None
    sms_variables: tuple[Word, ...] | None = None
    """The variables of the template's `sms`, in order."""


class BroadcastTemplate(Model):
    """What all of them get, but for what differs."""

    name: Word
    language: Annotated[str, StringConstraints(min_length=2, max_length=16)]
    body: tuple[Word, ...] = ()
    """The body's variables, in order."""
    header: Word | Media | None = None
    """The header's variable, or its file."""
    buttons: tuple[ButtonValue, ...] = ()
    category: Category | None = None
    """Send it only while it is approved as this."""
    sms: Sms | None = None
    """What goes out by SMS where the message cannot be delivered, with a provider that does so."""

    def content(self) -> Template:
        """Return it as it is sent."""
        return Template(
            name=self.name,
            language=self.language,
            body=self.body,
            header=self.header,
            buttons=self.buttons,
            category=self.category,
            sms=self.sms,
        )


class BroadcastRequest(Model):
    """A template to many contacts."""

    line: LineField
    """The line to send on, as the configuration names it."""
    template: BroadcastTemplate
    contacts: Annotated[tuple[BroadcastContact, ...], Field(min_length=1, max_length=CONTACTS_MOST)]


class BroadcastAccepted(Model):
    """The broadcast is stored and will be sent, after everything else on its line."""

    ok: Literal[True] = True
    id: str
    contacts: int
    """How many get a message."""
    duplicates: tuple[int, ...]
    """Places of contacts whose number stands before them: they get one message."""


class ContactProblem(Model):
    """A contact that would get nothing."""

    contact: int
    """Its place in the list, from 0."""
    problem: str


class BroadcastChecked(Model):
    """What a broadcast would come to; nothing is stored or sent."""

    ok: Literal[True] = True
    contacts: int
    """How many would get a message."""
    duplicates: tuple[int, ...]
    """Places of contacts whose number stands before them."""
    opted_out: tuple[int, ...]
    """Places of contacts that want no broadcasts: they would get nothing, and the rest would go out."""
    problems: tuple[ContactProblem, ...]
    """Every contact whose message does not fit the template: with one of them nothing goes out."""


class BroadcastResult(Model):
    """What became of one contact."""

    contact: int
    """Its place in the list, from 0; in one that the command began the line of the file."""
    phone: str
    status: MessageStatus | Literal["waiting", "invalid"]
    """The message's; `waiting` while it is not in the outbox, `invalid` where it gets none."""
    at: datetime | None = None
    """When it came to that."""
    message: str | None = None
    """For `GET /api/v1/messages/{id}`."""
    external_id: str | None = None
    error_code: str | None = None
    error: str | None = None


class BroadcastResults(Model):
    """What became of contacts, in the order of the list."""

    ok: Literal[True] = True
    results: tuple[BroadcastResult, ...]
    next: str | None
    """What to ask with for those that follow; none at the end."""


class BroadcastChange(Model):
    """What is to become of a broadcast."""

    state: Literal["running", "stopped"]
    """Go on with it; or hand out no more of it: what is in the outbox leaves."""


class BroadcastState(Model):
    """How far a broadcast has come."""

    ok: Literal[True] = True
    id: str
    line: str
    template: str
    language: str
    state: str
    """`running`, `stopped` or `done`."""
    at: datetime
    """When it was begun."""
    finished_at: datetime | None = None
    counts: dict[str, int]
    """How many contacts are in each state: a message's, or `waiting`."""


async def send_broadcast(asked: Asked) -> Answer:
    """Store a broadcast; the engine hands it out."""
    line, request = _asked_for(asked)
    recipients, duplicates = _recipients(request)

    async def do(deed: Deed) -> Done:
        problems = await _problems(asked, line, request, most=PROBLEMS_TOLD)
        if problems:
            told = (f"contacts.{one.contact}: {one.problem}" for one in problems)
            raise TemplateRefused("; ".join(told))
        # A repeat has the same id, and is stored once.
        id_ = await StoredBroadcasts(asked.app[DATABASE]).begin(
            line,
            recipients,
            template=request.template.name,
            language=request.template.language,
            source=f"api:{asked.token.name}",
            now=asked.now,
            id_=BroadcastId(deed.id),
        )
        asked.app[ENGINE].wake()
        answer = BroadcastAccepted(
            id=str(id_), contacts=len(recipients), duplicates=tuple(duplicates)
        )
        return Done(answer_of(202, answer), BEGUN, str(id_))

    return await once(asked, line, do)


async def check_broadcast(asked: Asked) -> Answer:
    """Say what a broadcast would come to; nothing is stored or sent."""
    line, request = _asked_for(asked)
    recipients, duplicates = _recipients(request)
    problems = await _problems(asked, line, request)
    silent = await silent_phones(asked.app[DATABASE], line, [one.phone for one in recipients])
    opted_out = tuple(one.number - 1 for one in recipients if one.phone in silent)
    wrong = {one.contact for one in problems}
    checked = BroadcastChecked(
        contacts=sum(one.number - 1 not in wrong.union(opted_out) for one in recipients),
        duplicates=tuple(duplicates),
        opted_out=opted_out,
        problems=tuple(problems),
    )
    return answer_of(200, checked)


async def read_broadcast(asked: Asked) -> Answer:
    """Tell how far a broadcast has come."""
    return await _told(asked, await _found(asked))


async def read_broadcast_contacts(asked: Asked) -> Answer:
    """Tell what became of a broadcast's contacts, a page at a time."""
    found = await _found(asked)
    shown = asked.path["after"]
    if not shown.isdecimal() or int(shown) > LARGEST_ID:
        raise BroadcastUnknown
    broadcasts = StoredBroadcasts(asked.app[DATABASE])
    page = await broadcasts.results_after(found, int(shown), limit=RESULTS_MOST)
    # Ours count from 1 in the database, so that "after 0" is the beginning.
    first = 0 if found.id <= TYPED_MOST else 1
    told = BroadcastResults(
        results=tuple(_result(one, one.number - first) for one in page),
        next=str(page[-1].number) if len(page) == RESULTS_MOST else None,
    )
    return answer_of(200, told)


async def change_broadcast(asked: Asked) -> Answer:
    """Stop a broadcast or go on with it; one that is done stays so."""
    request = asked.body
    assert isinstance(request, BroadcastChange)
    found = await _found(asked)

    async def do(deed: Deed) -> Done:
        broadcasts = StoredBroadcasts(asked.app[DATABASE])
        change = broadcasts.stop if request.state == "stopped" else broadcasts.resume
        await change(found)
        asked.app[ENGINE].wake()
        now = await broadcasts.find(found.id)
        return Done(await _told(asked, now), CHANGED, f"{found.id} {request.state}")

    return await once(asked, found.line, do)


# --- how ---------------------------------------------------------------------------------------------


def _asked_for(asked: Asked) -> tuple[LineId, BroadcastRequest]:
    """Return the line and the request, where nothing is wrong with it that never changes. Raises ApiError."""
    request = asked.body
    assert isinstance(request, BroadcastRequest)
    line = line_of(asked, request.line)
    for problem in file_problems(request.template.model_dump(mode="json"), "template"):
        raise BodyInvalid(problem)
    if request.template.sms is None:
        if any(one.sms_variables is not None for one in request.contacts):
            raise SmsUnavailable(
                "contacts: sms_variables fill the template's sms, and there is none."
            )
        return line, request
    for contact in request.contacts:
        refuse_sms(asked, line, _filled(request.template.content(), contact))
    return line, request


def _recipients(request: BroadcastRequest) -> tuple[list[Recipient], list[int]]:
    recipients: list[Recipient] = []
    duplicates: list[int] = []
    known: set[str] = set()
    template = request.template.content()
    for place, contact in enumerate(request.contacts):
        phone = contact.phone.removeprefix("+")
        number = canonical_phone(phone)
        if number in known:
            duplicates.append(place)
            continue
        known.add(number)
        recipients.append(Recipient(place + 1, phone, _filled(template, contact)))
    return recipients, duplicates


def _filled(template: Template, contact: BroadcastContact) -> Template:
    given = {"body": contact.body, "header": contact.header, "buttons": contact.buttons}
    update: dict[str, object] = {n: value for n, value in given.items() if value is not None}
    if template.sms is not None and contact.sms_variables is not None:
        update["sms"] = template.sms.model_copy(update={"variables": contact.sms_variables})
    return template.model_copy(update=update)


async def _problems(
    asked: Asked, line: LineId, request: BroadcastRequest, *, most: int = CONTACTS_MOST
) -> list[ContactProblem]:
    """Return what does not fit the template as it was last synced; nothing where it is not known."""
    found = await stored_templates(asked.app[DATABASE], line, name=request.template.name)
    known = [one.known for one in found.templates]
    template = request.template.content()
    problems: list[ContactProblem] = []
    for place, contact in enumerate(request.contacts if known else ()):
        try:
            fit(known, _filled(template, contact), language=None)
        except ContentRejected as rejected:
            problems.append(ContactProblem(contact=place, problem=str(rejected)))
            if len(problems) == most:
                break
    return problems


def _result(one: Result, place: int) -> BroadcastResult:
    return BroadcastResult(
        contact=place,
        phone=one.phone,
        status="invalid" if one.problem is not None else one.status or "waiting",
        at=one.at,
        message=None if one.message is None or one.status is None else str(one.message),
        external_id=one.external_id,
        error_code=one.error_code,
        error=one.problem or one.error,
    )


async def _found(asked: Asked) -> StoredBroadcast:
    shown = asked.path["broadcast"]
    if not shown.isdecimal() or int(shown) > LARGEST_ID:
        raise BroadcastUnknown
    try:
        found = await StoredBroadcasts(asked.app[DATABASE]).find(BroadcastId(int(shown)))
    except DefinitionError:
        raise BroadcastUnknown from None
    may_use(asked, found.line)
    return found


async def _told(asked: Asked, found: StoredBroadcast) -> Answer:
    state = BroadcastState(
        id=str(found.id),
        line=found.line,
        template=found.template,
        language=found.language,
        state=found.state,
        at=found.created_at,
        finished_at=found.finished_at,
        counts=await StoredBroadcasts(asked.app[DATABASE]).counts(found),
    )
    return answer_of(200, state)
