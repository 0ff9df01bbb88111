"""All that a line knows to talk with: its flows, and the words that each begins on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import chain

from engine.core import limits
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed
from engine.core.hours import Hours
from engine.core.known import Understand
from engine.core.language import Languages
from engine.core.languages import IN_ENGLISH
from engine.core.script import Script
from engine.core.teams import EVERYBODY, Teams
from engine.core.wording import bared
from engine.core.words import fold


@dataclass(frozen=True)
class Book:
    """All that `step()` needs to know beside the conversation: the flows and the line they talk on."""

    scripts: Mapping[str, Script]
    capabilities: Capabilities
    start: str | None
    """The flow that begins when nothing else matches on this line."""
    serial: int = 0
    """The published flows' serial."""
    languages: Languages = IN_ENGLISH
    """What the line talks and understands."""
    understand: Understand | None = None
    """What is known beside the flows, such as a FAQ."""
    closed: Closed = "hold"
    """What becomes of a message that meets a closed window, where neither it nor its flow says so."""
    hold_ttl: timedelta = limits.HOLD_TTL
    """What was held for longer is dropped when the contact writes again."""
    hours: Hours | None = None
    """The line's clock; None is each contact's own zone, and never quiet."""
    teams: Teams = EVERYBODY
    """Who chats are handed to, and when these answer."""
    helpdesk: bool = False
    """Whether chats are handed to another program for agents, which does not tell when it is done with one."""
    resume_after: timedelta = limits.RESUME_AFTER
    """How long after such a handoff the flows answer again by themselves."""

    @cached_property
    def has_expiring(self) -> bool:
        """Whether any flow's runs end by themselves."""
        return any(script.expires is not None for script in self.scripts.values())

    @cached_property
    def watches(self) -> bool:
        """Whether any flow waits for what becomes of its messages."""
        return any(script.watches for script in self.scripts.values())

    @cached_property
    def has_timed(self) -> bool:
        """Whether any flow has a question that waits with reminders or an end."""
        return any(script.timed for script in self.scripts.values())

    @cached_property
    def starts_on(self) -> Mapping[str, str]:
        """The words that flows begin on, folded -> the flow; the first flow that names a word has it."""
        starts: dict[str, str] = {}
        for name, script in self.scripts.items():
            for word in (*script.starts_on, *chain(*script.translated_starts.values())):
                starts.setdefault(fold(word), name)
        return starts

    def flow_within(self, wish: str) -> str | None:
        """Return the flow that a wish names, by one of its words or by several: "order pizza".

        Args:
            wish: What was said, without the words around a choice.
        """
        flow = self._bare_starts.get(wish)
        if flow is not None or not wish:
            return flow
        flows = {self._bare_starts.get(word) for word in wish.split()}
        return flows.pop() if len(flows) == 1 else None

    def language_within(self, wish: str) -> str | None:
        """Return ISO 639-1 of the language whose words name a flow in a wish, where no other has them."""
        codes = {self._bare_codes.get(said) for said in (wish, *wish.split())} - {None, ""}
        return codes.pop() if len(codes) == 1 else None

    @cached_property
    def _bare_starts(self) -> Mapping[str, str]:
        return bared(self.starts_on.items(), self.languages.wording)

    @cached_property
    def _bare_codes(self) -> Mapping[str, str]:
        """The words that flows begin on, bare -> the one language that has them; empty for the author's own."""
        scripts = self.scripts.values()
        own = ((fold(word), "") for script in scripts for word in script.starts_on)
        others = (
            (fold(word), code)
            for script in scripts
            for code, words in script.translated_starts.items()
            for word in words
        )
        return bared(chain(own, others), self.languages.wording)

    @cached_property
    def starts_in(self) -> Mapping[str, str]:
        """The words that flows begin on in one language alone, folded -> ISO 639-1."""
        own = {fold(word) for script in self.scripts.values() for word in script.starts_on}
        languages: dict[str, set[str]] = {}
        for script in self.scripts.values():
            for code, words in script.translated_starts.items():
                for word in words:
                    languages.setdefault(fold(word), set()).add(code)
        return {
            word: next(iter(codes))
            for word, codes in languages.items()
            if len(codes) == 1 and word not in own
        }
