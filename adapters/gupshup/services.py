"""What Gupshup offers beside the chat: its list of templates; its webhook is set by hand.

Source: Gupshup, reference of `/wa/app/{appId}/template`, read 2026-08.
"""

import time
from collections.abc import Awaitable, Callable, Sequence

from adapters.gupshup.render import Origin
from adapters.gupshup.templates import read_template
from adapters.wire import Wire, objects_of
from engine.core.content import Template
from engine.core.errors import AnswerLost, ContentRejected, ProviderUnreachable
from engine.ports.services import (
    ManualSetup,
    TemplateDraft,
    TemplateInfo,
    TemplateStatus,
)

FRESH_S = 300
"""How long a list of templates is taken as it was: a new one is approved within minutes to hours."""

WHERE_TO_PASTE = """\
Gupshup has no call for this. In its dashboard, open the app, then Webhooks, add a webhook with
  callback URL: {url}
  payload format: Gupshup format (v2)
  events: message, enqueued, failed, sent, delivered, read (the last three are off until you switch them on)
Its first call must be answered 2xx within 10 seconds: let Parley run before you save it."""


class Templates:
    """The line's templates.

    Args:
        load: Asks the provider for all of them.
        hand_in: Where people hand templates in, as no call does.
        monotonic: The clock of their freshness.
    """

    def __init__(
        self,
        load: Callable[[], Awaitable[Wire]],
        *,
        hand_in: str = "on Gupshup's dashboard: the app, Templates, Create",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._hand_in = hand_in
        self._monotonic = monotonic
        self._known: tuple[TemplateInfo, ...] = ()
        self._fresh_until = 0.0

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return all templates, or those with this name or status. Raises SendError."""
        known = await self._all()
        return [
            info for info in known if name in (None, info.name) and status in (None, info.status)
        ]

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Refuse: people hand templates in. Raises ContentRejected."""
        raise ContentRejected(f"no call hands in {draft.name!r}; do it {self._hand_in}")

    async def id_of(self, template: Template) -> str:
        """Return Gupshup's id of a template: its own, or the one that its name and language have in the list.

        Raises:
            ContentRejected: The list knows none, or there is no asking for it.
            SendError: The list could not be asked for.
        """
        if template.id is not None:
            return template.id
        if self._monotonic() >= self._fresh_until:
            self._known = await self._all()
            self._fresh_until = self._monotonic() + FRESH_S
        named = [info for info in self._known if info.name == template.name]
        for info in named:
            if info.language == template.language and info.id is not None:
                return info.id
        self._fresh_until = 0.0  # it may be approved any minute
        languages = ", ".join(sorted(info.language for info in named)) or "no language"
        raise ContentRejected(
            f"the app has no template {template.name!r} in {template.language!r}, only in {languages}"
        )

    async def _all(self) -> tuple[TemplateInfo, ...]:
        try:
            answer = await self._load()
        except AnswerLost as error:
            # A question may be asked twice; as AnswerLost a template's send would count as perhaps made.
            raise ProviderUnreachable(str(error)) from error
        return tuple(read_template(item) for item in objects_of(answer, "templates"))


class Look:
    """Looks at a line by asking for its templates.

    Args:
        templates: The line's list.
        origin: Who sends.
    """

    def __init__(self, templates: Templates, *, origin: Origin) -> None:
        self._templates = templates
        self._origin = origin

    async def check_key(self) -> str:
        """Return that the key may list the app's templates. Raises SendError."""
        found = await self._templates.list()
        return f"the key is good: it lists {len(found)} templates of the app"

    async def check_sender(self) -> str:
        """Refuse: there is no call that tells of a number. Raises ManualSetup."""
        source, app = self._origin
        raise ManualSetup(
            f"no call looks at {source} of the app {app!r}; a test message tells (--to NUMBER)"
        )
