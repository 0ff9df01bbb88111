"""Services for tests, in memory: what a provider offers beside the chat. Shipped, as `FakeAdapter` is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.core.errors import ContentRejected, LineRejected, SendError
from engine.core.value import Json
from engine.ports.services import (
    ContactPage,
    Filter,
    ManualSetup,
    Profile,
    Services,
    TemplateDraft,
    TemplateInfo,
    TemplateStatus,
    UploadedFile,
)


class FakeContacts:
    """An address book that knows `eq` on traits alone."""

    def __init__(self) -> None:
        self.profiles: dict[str, Profile] = {}
        """By number, or by id where there is none."""

    async def save(self, profile: Profile) -> None:
        """Add or replace the person."""
        key = profile.phone or profile.user_id
        if key is None:
            raise ContentRejected("a person needs a number or an id")
        self.profiles[key] = profile

    async def find(self, *, phone: str | None = None, user_id: str | None = None) -> Profile | None:
        """Return who has the number or the id."""
        for one in self.profiles.values():
            if (phone and one.phone == phone) or (user_id and one.user_id == user_id):
                return one
        return None

    async def list(
        self, *, filters: Sequence[Filter] = (), offset: int = 0, limit: int = 100
    ) -> ContactPage:
        """Return a page in the order of saving."""
        if any(one.op != "eq" for one in filters):
            raise ContentRejected("this provider compares with eq alone")
        found = [
            profile
            for profile in self.profiles.values()
            if all(profile.traits.get(one.trait) == one.value for one in filters)
        ]
        page = tuple(found[offset : offset + limit])
        return ContactPage(page, len(found), offset + limit < len(found))


class FakeTemplates:
    """Templates that wait for approval for ever."""

    def __init__(self) -> None:
        self.templates: list[TemplateInfo] = []

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return those with this name and status."""
        return [
            one
            for one in self.templates
            if name in (None, one.name) and status in (None, one.status)
        ]

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Take a template in as pending; a name is taken once a language."""
        if any((one.name, one.language) == (draft.name, draft.language) for one in self.templates):
            raise ContentRejected(
                f"there is a template {draft.name!r} in {draft.language!r} already"
            )
        made = TemplateInfo(
            name=draft.name,
            language=draft.language,
            status="pending",
            category=draft.category,
            id=f"template-{len(self.templates) + 1}",
            body=draft.body,
            shape=draft.shape,
        )
        self.templates.append(made)
        return made


@dataclass
class FakeRest:
    """All the small services in one: each remembers what it was told."""

    events: list[tuple[str, dict[str, Json], str | None]] = field(default_factory=list)
    """Name, traits and number."""
    campaigns: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, template and language."""
    assigned: list[tuple[str, str]] = field(default_factory=list)
    """Number and agent."""
    files: dict[str, tuple[bytes, str, str]] = field(default_factory=dict)
    """By handle: bytes, type and name."""
    webhook: str | None = None
    manual: str | None = None
    """What `register` says is to be done by hand."""
    wrong_key: bool = False
    refuses: SendError | None = None
    """What every other call answers."""

    async def track(
        self,
        name: str,
        traits: dict[str, Json],
        *,
        phone: str | None = None,
        user_id: str | None = None,
    ) -> None:
        """Remember the event."""
        self._try()
        self.events.append((name, traits, phone or user_id))

    async def create(self, name: str, *, template: str, language: str) -> str:
        """Remember the campaign."""
        self._try()
        self.campaigns.append((name, template, language))
        return f"campaign-{len(self.campaigns)}"

    async def assign(self, phone: str, *, agent: str) -> None:
        """Remember who has the chat."""
        self._try()
        self.assigned.append((phone, agent))

    async def upload(self, data: bytes, *, mime_type: str, filename: str) -> UploadedFile:
        """Keep the file."""
        self._try()
        handle = f"file-{len(self.files) + 1}"
        self.files[handle] = (data, mime_type, filename)
        return UploadedFile(handle, f"https://files.example.com/{handle}", filename)

    async def register(self, url: str) -> str:
        """Take the address, or say what to do by hand."""
        self._try()
        if self.manual is not None:
            raise ManualSetup(f"{self.manual} {url}")
        self.webhook = url
        return f"webhooks go to {url} now"

    async def check_key(self) -> str:
        """Take every key but a wrong one."""
        if self.wrong_key:
            raise LineRejected("the provider refuses the key")
        return "the key is taken"

    async def check_sender(self) -> str:
        """Know every number."""
        self._try()
        return "+1 555 000 1000, connected"

    def _try(self) -> None:
        if self.refuses is not None:
            raise self.refuses


class FakeServices:
    """Every service there is, in memory.

    `services` is what an adapter is given: `FakeAdapter(line, services=FakeServices().services)`.
    """

    def __init__(self) -> None:
        self.contacts = FakeContacts()
        self.templates = FakeTemplates()
        self.rest = FakeRest()
        rest = self.rest
        self.services = Services(
            contacts=self.contacts,
            events=rest,
            templates=self.templates,
            campaigns=rest,
            desk=rest,
            uploads=rest,
            webhook=rest,
            probe=rest,
        )
