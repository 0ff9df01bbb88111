"""What the public API does with broadcasts: begins one, tells of it, stops it, goes on with it."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from engine.core.addresses import canonical_phone
from engine.core.content import ButtonValue, Category, Media, Template
from engine.core.errors import ContentRejected, DefinitionError
from engine.core.ids import BroadcastId, LineId
from engine.core.templates import fit
from storage.broadcasts import Recipient, StoredBroadcast, StoredBroadcasts
from storage.templates import stored_templates
from web.api.errors import BodyInvalid, BroadcastUnknown
from web.api.handlers import LARGEST_ID, answer_of, file_problems, line_of, may_use
from web.api.models import ByPhone, LineField, Model
from web.api.once import Deed, Done, once
from web.api.table import Answer, Asked
from web.keys import DATABASE, ENGINE

CONTACTS_MOST: Final = 10_000
BODY_BYTES: Final = 2 * 1024 * 1024
"""For as many contacts with a few words each."""

PROBLEMS_TOLD: Final = 5

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

    def content(self) -> Template:
        """Return it as it is sent."""
        return Template(
            name=self.name,
            language=self.language,
            body=self.body,
            header=self.header,
            buttons=self.buttons,
            category=self.category,
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
    request = asked.body
    assert isinstance(request, BroadcastRequest)
    line = line_of(asked, request.line)
    problems = [
        *file_problems(request.template.model_dump(mode="json"), "template"),
        *await _template_problems(asked, line, request),
    ]
    if problems:
        raise BodyInvalid("; ".join(problems[:PROBLEMS_TOLD]))
    recipients, duplicates = _recipients(request)

    async def do(deed: Deed) -> Done:
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


async def read_broadcast(asked: Asked) -> Answer:
    """Tell how far a broadcast has come."""
    return await _told(asked, await _found(asked))


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
    update = {name: value for name, value in given.items() if value is not None}
    return template.model_copy(update=update)


async def _template_problems(asked: Asked, line: LineId, request: BroadcastRequest) -> list[str]:
    """Return what does not fit the template as it was last synced; nothing where it is not known."""
    found = await stored_templates(asked.app[DATABASE], line, name=request.template.name)
    known = [one.known for one in found.templates]
    problems: list[str] = []
    for place, contact in enumerate(request.contacts if known else ()):
        try:
            fit(known, _filled(request.template.content(), contact), language=None)
        except ContentRejected as rejected:
            problems.append(f"contacts.{place}: {rejected}")
            if len(problems) == PROBLEMS_TOLD:
                break
    return problems


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
