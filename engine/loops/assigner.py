"""Shares waiting chats out to agents, and puts back into the queue what an agent who is away leaves unanswered.

Whatever it decides enters as any act of an agent does, for the handoff and under a key of what was seen: decided twice,
after a crash or by two processes, it counts once, and where an agent was faster nothing happens.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import structlog

from engine.core.errors import StorageError
from engine.core.hands import BY_RULE
from engine.core.ids import ConversationId, LineId
from engine.core.signals import Arrival, ChatAssigned
from engine.ports import Clock
from engine.ports.people import Assigning, HandoffKey, OnDuty, Unanswered, Unclaimed

log = structlog.get_logger()

SWEEP_S = 5.0
"""How often is looked while anything is open: agents come and go, and no commit tells of it."""

PAUSE_S = 0.05
"""Between two looks, however often is told: what comes within it is shared out together."""

SEEN_WITHIN = timedelta(minutes=2)
"""Who was not seen for longer gets no chats."""

CAPACITY = 5
"""Chats that an agent may be given at once, unless their team or they themselves say otherwise."""

ABSENT_AFTER = timedelta(minutes=10)
"""After this an agent who was not seen is away."""

RETURNED_MOST = 500
"""Chats that one look puts back."""

UNDER_WAY_S = 30.0
"""After this a chat that was given and still waits may be given anew."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

Accept = Callable[[Sequence[Arrival]], Awaitable[None]]

Assign = Literal["manual", "round_robin", "least_busy"]
"""Who of a team gets a chat: whoever takes it; who has waited longest for one; who has the fewest."""


class TeamRule(NamedTuple):
    """How one team's chats are shared out."""

    assign: Assign = "manual"
    capacity: int = CAPACITY
    absent_after: timedelta | None = ABSENT_AFTER
    """None: what an agent holds stays theirs."""


class TeamRules(NamedTuple):
    """How all teams' chats are shared out."""

    teams: Mapping[str, TeamRule]
    others: TeamRule
    """Of chats without a team, and of teams that nobody described; never by itself."""

    def of(self, team: str | None) -> TeamRule:
        """Return a team's rule."""
        return self.others if team is None else self.teams.get(team, self.others)

    @property
    def sharing(self) -> tuple[str, ...]:
        """The teams whose chats are given to agents by themselves."""
        return tuple(name for name, rule in self.teams.items() if rule.assign != "manual")

    @property
    def act(self) -> bool:
        """Whether anything happens by itself."""
        return bool(self.sharing) or self.absent_after is not None

    @property
    def absent_after(self) -> timedelta | None:
        """The shortest absence that counts anywhere."""
        rules = (self.others, *self.teams.values())
        return min(
            (rule.absent_after for rule in rules if rule.absent_after is not None), default=None
        )


NO_TEAMS = TeamRules({}, TeamRule(absent_after=None))
"""Everybody takes what they want, and keeps it."""


class Given(NamedTuple):
    """A chat and who shall have it."""

    chat: Unclaimed
    login: str


class Assigner:
    """Looks at the queue and gives."""

    def __init__(
        self,
        *,
        assigning: Assigning,
        rules: TeamRules,
        accept: Accept,
        clock: Clock,
        lines: Sequence[LineId],
    ) -> None:
        """Set up.

        Args:
            assigning: The queue and who is there.
            rules: How each team's chats are shared out.
            accept: Takes signals in; returns once they are committed.
            clock: Real time for agents, the lines' for contacts.
            lines: Those that this process serves.
        """
        self._assigning = assigning
        self._rules = rules
        self._accept = accept
        self._clock = clock
        self._lines = lines
        self._under_way: dict[HandoffKey, tuple[str, float]] = {}
        """Who was given a chat that is not seen to be theirs, and when: its conversation is busy elsewhere."""
        self._returned: set[str] = set()
        """The keys of what was put back and is held by somebody who is away all the same."""
        self._latest: dict[str, datetime] = {}
        """When this process last gave an agent a chat."""
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look soon: a chat was handed off, or another process wrote."""
        self._more.set()

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping = True
        self._more.set()

    async def run(self) -> None:
        """Look when told to, and every few seconds while chats are open, until stopped."""
        while not self._stopping:
            self._more.clear()
            try:
                wait_s = await self._round()
            except StorageError:
                wait_s = SWEEP_S
            await asyncio.sleep(PAUSE_S)
            try:
                async with asyncio.timeout(wait_s):
                    await self._more.wait()
            except TimeoutError:
                pass

    async def _round(self) -> float | None:
        """Share out what can be; return after how long to look again, None where nothing is open."""
        if not await self._assigning.is_any_open(self._lines):
            return None
        if not await self._assigning.leads():
            return SWEEP_S
        await self._put_back()
        return 0 if await self._share_out() else SWEEP_S

    # --- who gets what ------------------------------------------------------------------------

    async def _share_out(self) -> bool:
        """Give what agents have room for; whether there may be more at once."""
        sharing = self._rules.sharing
        if not sharing:
            return False
        await self._look_after()
        now = self._clock.now()
        found = await self._assigning.on_duty(self._lines, now=now, seen_since=now - SEEN_WITHIN)
        agents = [self._as_it_is(one) for one in found]
        queues = [
            (line, team)
            for team in sharing
            for line in self._lines
            if any(has_room(one, self._rules.of(team), line, team) for one in agents)
        ]
        if not queues:
            return False
        room = sum(self._room(one) for one in agents) + len(self._under_way)
        waiting = await self._assigning.unclaimed(queues, limit=room)
        fresh = [chat for chat in waiting if chat.handoff not in self._under_way]
        given = share(fresh, agents, self._rules, now=now)
        if given:
            await self._accept([self._assigned(one) for one in given])
            at = self._clock.monotonic()
            self._under_way |= {one.chat.handoff: (one.login, at) for one in given}
            self._latest |= {one.login: now for one in given}
            log.info("chats_assigned", count=len(given))
        return bool(given)

    async def _look_after(self) -> None:
        """Forget what came to whom it was given, or will not."""
        if not self._under_way:
            return
        before = self._clock.monotonic() - UNDER_WAY_S
        waiting = await self._assigning.still_unclaimed(self._under_way)
        self._under_way = {
            key: (login, at)
            for key, (login, at) in self._under_way.items()
            if key in waiting and at > before
        }

    def _as_it_is(self, agent: OnDuty) -> OnDuty:
        """Return an agent with what they were given and what the database does not show yet."""
        coming = sum(login == agent.login for login, _ in self._under_way.values())
        times = [at for at in (agent.given_at, self._latest.get(agent.login)) if at is not None]
        return agent._replace(held=agent.held + coming, given_at=max(times, default=None))

    def _room(self, agent: OnDuty) -> int:
        most = max(self._rules.of(team).capacity for team in self._rules.sharing)
        return max(0, (most if agent.capacity is None else agent.capacity) - agent.held)

    def _assigned(self, given: Given) -> Arrival:
        line, conversation, turn = given.chat.handoff
        key = f"assign:{conversation}:{turn}:{given.chat.version}"
        signal = ChatAssigned(by=BY_RULE, agent=given.login, team=given.chat.team, turn=turn)
        return self._arrival(line, conversation, key, signal)

    # --- who is away ----------------------------------------------------------------------------

    async def _put_back(self) -> None:
        """Put what agents who are away have not answered back into its queue."""
        now, shortest = self._clock.now(), self._rules.absent_after
        before = LONG_AGO if shortest is None else now - shortest
        found = await self._assigning.unanswered(
            self._lines, seen_before=before, limit=RETURNED_MOST
        )
        away = [(key, chat) for chat in found if (key := self._absence(chat, now)) is not None]
        arrivals = [
            self._returned_chat(chat, key) for key, chat in away if key not in self._returned
        ]
        if arrivals:
            await self._accept(arrivals)
            log.info("chats_returned", count=len(arrivals))
        self._returned = {key for key, _ in away}

    def _absence(self, chat: Unanswered, now: datetime) -> str | None:
        """Return a key that tells one absence from the next; None where the agent is not away.

        Who was not seen is away since then; who looks and wants no new chats is when what came stays unanswered; who
        was shut out is at once, whatever the rule. What is given to them all the same stays theirs until they were
        seen, or the contact has written, again.
        """
        after = self._rules.of(chat.team).absent_after
        line, conversation, turn = chat.handoff
        place = f"absent:{conversation}:{turn}:{chat.agent}"
        if chat.is_shut_out:
            return f"{place}:{chat.message}"
        if after is None:
            return None
        if chat.seen_at is None or chat.seen_at <= now - after:
            seen = "never" if chat.seen_at is None else chat.seen_at.isoformat()
            return f"{place}:{seen}"
        waited = self._clock.now(line) - chat.said_at
        return f"{place}:{chat.message}" if not chat.is_available and waited >= after else None

    def _returned_chat(self, chat: Unanswered, key: str) -> Arrival:
        line, conversation, turn = chat.handoff
        signal = ChatAssigned(by=BY_RULE, team=chat.team, seen=chat.agent, turn=turn)
        return self._arrival(line, conversation, key, signal)

    def _arrival(
        self, line: LineId, conversation: ConversationId, key: str, signal: ChatAssigned
    ) -> Arrival:
        return Arrival(
            line=line,
            key=key,
            signal=signal,
            received_at=self._clock.now(line),
            conversation=conversation,
        )


def share(
    waiting: Iterable[Unclaimed], agents: Iterable[OnDuty], rules: TeamRules, *, now: datetime
) -> list[Given]:
    """Return who gets which chat; nobody gets more than their capacity, however many wait.

    Args:
        waiting: In the order in which they are given.
        agents: Who is there, with what they have.
        rules: How each team chooses.
        now: Real time.
    """
    there = {one.login: one for one in agents}
    given: list[Given] = []
    for chat in waiting:
        rule = rules.of(chat.team)
        line = chat.handoff[0]
        able = [one for one in there.values() if has_room(one, rule, line, chat.team)]
        if not able:
            continue
        chosen = min(able, key=_least_busy if rule.assign == "least_busy" else _longest_without)
        # A moment later than the one before: among those who got one in this look the first is first again.
        at = now + timedelta(microseconds=len(given))
        there[chosen.login] = chosen._replace(held=chosen.held + 1, given_at=at)
        given.append(Given(chat, chosen.login))
    return given


def has_room(agent: OnDuty, rule: TeamRule, line: LineId, team: str) -> bool:
    """Tell whether an agent may be given a chat of this team's on this line."""
    most = rule.capacity if agent.capacity is None else agent.capacity
    return agent.held < most and agent.serves(line, team)


def _longest_without(agent: OnDuty) -> tuple[datetime, str]:
    return agent.given_at or LONG_AGO, agent.login


def _least_busy(agent: OnDuty) -> tuple[int, datetime, str]:
    return agent.held, *_longest_without(agent)
