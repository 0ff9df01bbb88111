"""What providers offer beside the chat: address books, events, templates, campaigns, assignment, webhooks, uploads.

One protocol each. An adapter gives those that its provider has; the commands and the flows' deeds use them and know no
provider. Every method may raise SendError: its kind says whether to try again, and its text what to do.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple, Protocol

from pydantic import Field

from engine.core.content import Category
from engine.core.errors import ParleyError
from engine.core.templates import (
    ButtonShape,
    CardShape,
    HeaderShape,
    KnownTemplate,
    TemplateShape,
)
from engine.core.templates import TemplateStatus as TemplateStatus
from engine.core.value import Json, Utc, Value

# --- contacts ----------------------------------------------------------------------------------------


class Profile(Value):
    """One person in a provider's address book. Fields that a provider does not keep are left out, never refused."""

    phone: str | None = None
    """Digits with country code."""
    user_id: str | None = None
    """The business's own id of the person."""
    name: str | None = None
    email: str | None = None
    gender: Literal["male", "female"] | None = None
    born_on: date | None = None
    links: dict[Literal["facebook", "linkedin", "twitter"], str] = Field(default_factory=dict)
    """Addresses of profiles elsewhere."""
    traits: dict[str, Json] = Field(default_factory=dict)
    """Whatever else is known, by name."""
    tags: tuple[str, ...] = ()
    created_at: Utc | None = None
    sales_cycle: bool | None = None
    """Whether the person shall enter the provider's sales pipeline; None leaves it as it is."""


class Filter(Value):
    """One condition on a trait; `value` is compared as the provider keeps it."""

    trait: str
    op: Literal["eq", "ne", "gt", "lt", "gte", "lte", "contains"] = "eq"
    value: Json
    joined_by: Literal["and", "or"] = "and"
    """How it is joined to the one before; unused on the first."""


class ContactPage(NamedTuple):
    """One page of an address book."""

    profiles: tuple[Profile, ...]
    total: int | None
    """How many there are in all, where the provider tells."""
    more: bool
    """Whether another page follows."""


class ContactBook(Protocol):
    """The provider's address book."""

    async def save(self, profile: Profile) -> None:
        """Add the person, or update who has the number already."""

    async def find(self, *, phone: str | None = None, user_id: str | None = None) -> Profile | None:
        """Return the person with this number (digits with country code) or id; None if nobody has it."""

    async def list(
        self, *, filters: Sequence[Filter] = (), offset: int = 0, limit: int = 100
    ) -> ContactPage:
        """Return a page of people; conditions that the provider cannot ask raise ContentRejected."""


# --- events ------------------------------------------------------------------------------------------


class EventTracker(Protocol):
    """The provider's record of what people did."""

    async def track(
        self,
        name: str,
        traits: dict[str, Json],
        *,
        phone: str | None = None,
        user_id: str | None = None,
    ) -> None:
        """Record an event of the person with this number (digits with country code) or id."""


# --- templates ---------------------------------------------------------------------------------------


class HeaderDraft(Value):
    """The header of a template to be approved."""

    format: Literal["text", "image", "video", "document"]
    text: str | None = None
    """With `{{1}}` for its variable."""
    example: str | None = None
    """What may stand for the variable."""
    handle: str | None = None
    """The uploaded example file's handle, where the provider wants one."""
    url: str | None = None
    """The example file's address."""
    filename: str | None = None

    @property
    def shape(self) -> HeaderShape:
        """The same as what a send has to fill."""
        return HeaderShape(format=self.format, text=self.text or "")


class ButtonDraft(Value):
    """One button of a template to be approved."""

    kind: Literal["quick_reply", "url", "phone"]
    text: str
    url: str | None = None
    """With `{{1}}` at its end for a variable."""
    example: str | None = None
    """A whole address as it may come to be."""
    phone: str | None = None

    @property
    def shape(self) -> ButtonShape:
        """The same as what a send has to fill."""
        return ButtonShape(kind=self.kind, title=self.text, url=self.url, phone=self.phone)


class CardDraft(Value):
    """One card of a carousel template to be approved."""

    header: HeaderDraft
    body: str
    title: str | None = None
    examples: tuple[str, ...] = ()
    buttons: tuple[ButtonDraft, ...] = ()

    @property
    def shape(self) -> CardShape:
        """The same as what a send has to fill."""
        buttons = tuple(button.shape for button in self.buttons)
        return CardShape(header=self.header.shape, body=self.body, buttons=buttons)


class TemplateDraft(Value):
    """A template to be approved."""

    name: str
    language: str
    """ISO 639-1, perhaps with a country: `en`, `pt_BR`."""
    category: Category
    body: str
    """With `{{1}}`, `{{2}}`, … for its variables."""
    examples: tuple[str, ...] = ()
    """What may stand for each variable."""
    header: HeaderDraft | None = None
    footer: str | None = None
    buttons: tuple[ButtonDraft, ...] = ()
    cards: tuple[CardDraft, ...] = ()

    @property
    def shape(self) -> TemplateShape:
        """The same as what a send has to fill."""
        return TemplateShape(
            header=None if self.header is None else self.header.shape,
            body=self.body,
            footer=self.footer,
            buttons=tuple(button.shape for button in self.buttons),
            cards=tuple(card.shape for card in self.cards),
        )

    @property
    def known(self) -> KnownTemplate:
        """What is known of it as if it were approved."""
        return KnownTemplate(
            name=self.name,
            language=self.language,
            status="approved",
            category=self.category,
            shape=self.shape,
        )


class TemplateInfo(Value):
    """A template as the provider has it."""

    name: str
    language: str
    status: TemplateStatus
    category: str | None = None
    id: str | None = None
    body: str | None = None
    namespace: str | None = None
    reason: str | None = None
    """Why it was rejected."""
    shape: TemplateShape | None = None
    """Its parts, as the adapter reads them; None where the provider does not tell."""
    raw: Json = None
    """All that the provider said of it."""

    @property
    def known(self) -> KnownTemplate:
        """What is to be kept in mind of it."""
        return KnownTemplate(
            name=self.name,
            language=self.language,
            status=self.status,
            category=self.category,
            id=self.id,
            reason=self.reason,
            shape=self.shape,
        )


class TemplateBook(Protocol):
    """The provider's templates."""

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return all templates, or those with this name or status."""

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Hand a template in for approval."""


# --- the rest ----------------------------------------------------------------------------------------


class Campaigns(Protocol):
    """The provider's campaigns, which template sends may count for."""

    async def create(self, name: str, *, template: str, language: str) -> str:
        """Return the id of a new campaign."""


class ChatDesk(Protocol):
    """The provider's own inbox."""

    async def assign(self, phone: str, *, agent: str) -> None:
        """Give the chat of this number to the agent with this e-mail address."""


class UploadedFile(NamedTuple):
    """A file the provider keeps."""

    handle: str
    url: str | None = None
    filename: str | None = None


class Uploads(Protocol):
    """The provider's store of files."""

    async def upload(self, data: bytes, *, mime_type: str, filename: str) -> UploadedFile:
        """Hand a file over, to be named in templates or messages."""


class WebhookSetup(Protocol):
    """Tells the provider where its webhooks go."""

    async def register(self, url: str) -> str:
        """Set the address; return what was done, in a sentence.

        Raises ManualSetup with what to paste where, if the provider has no call for it.
        """


class ManualSetup(ParleyError):
    """The provider has no call for this; the text says what to do by hand."""

    code = "manual_setup"


class Probe(Protocol):
    """Looks whether a line works, without sending anything."""

    async def check_key(self) -> str:
        """Return what the provider says of the key, in a sentence. Raises LineRejected for a wrong one."""

    async def check_sender(self) -> str:
        """Return what the provider says of the number that sends, in a sentence.

        Raises ManualSetup with how to find out, if the provider has no call for it.
        """


class Services(NamedTuple):
    """What one line's provider offers beside the chat; None for what it has not."""

    contacts: ContactBook | None = None
    events: EventTracker | None = None
    templates: TemplateBook | None = None
    campaigns: Campaigns | None = None
    desk: ChatDesk | None = None
    uploads: Uploads | None = None
    webhook: WebhookSetup | None = None
    probe: Probe | None = None


NO_SERVICES = Services()
