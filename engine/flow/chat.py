"""`Chat`: what a code step may do beside reading and setting its flow's fields."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeVar, TypeVarTuple, overload

from engine.core.closed import Closed, Planned, Speech
from engine.core.content import Assignment, ContactUpdate, Event, Media, Outbound, Text
from engine.core.content import Template as Approved
from engine.core.conversation import Contact
from engine.core.errors import FlowError, ParleyError
from engine.core.ids import VisitId
from engine.core.value import Json
from engine.flow.calls import call, fingerprint, load_raised, result_type, store_raised
from engine.flow.templates import Plan, TemplateUse, wrong_plan
from engine.ports import CallRow
from engine.ports.desk import Desk

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Unsure(ParleyError):
    """A call was begun and its end is not known; the author wants a person to look."""

    code = "call_unsure"


class Chat:
    """The conversation, as one visit of a code step sees it."""

    def __init__(
        self,
        desk: Desk,
        visit: VisitId,
        contact: Contact,
        *,
        fill: Callable[[TemplateUse], Approved],
        closed: Closed | None = None,
    ) -> None:
        """Set up.

        Args:
            desk: What the step may reach.
            visit: Which visit of the step this is.
            contact: The person at the other end.
            fill: Fills a template's places.
            closed: The flow's plan for a closed window.
        """
        self.contact = contact
        """The person at the other end: `name`, `phone`, `locale`."""
        self.said: list[Speech] = []
        """What is said when the step has returned, in order."""
        self._fill = fill
        self._closed = closed
        self._desk = desk
        self._visit = visit
        self._said_now = 0
        self._calls: Counter[str] = Counter()

    @property
    def key(self) -> str:
        """An idempotency key for the next `once` of this visit: the same when the step is run again.

        Pass it on to the service, `await chat.once(pay, order, chat.key)`: a service that honours it does the deed
        once, however often it is asked.
        """
        made = self._calls.total()
        return self._desk.key if made == 0 else f"{self._desk.key}:{made}"

    def now(self) -> datetime:
        """Return the line's time, aware UTC."""
        return self._desk.now()

    async def say(
        self,
        content: str | Outbound | TemplateUse,
        *,
        now: bool = False,
        closed: Plan | None = None,
    ) -> None:
        """Say something.

        Args:
            content: A text as it is (nothing is filled in), a `template(...)` whose variables are taken as they are,
                or any other content.
            now: Send it while the step still runs; else it goes out with what the step brings back. What is said
                now is said once, even if the step is run again.
            closed: What becomes of it when the window is closed: "hold", "fail" or a `template(...)` in its place;
                None is as the flow, else the line, says.

        Raises:
            FlowError: `closed` is none of these.
        """
        for what, todo in wrong_plan(closed):
            raise FlowError(f"{what}; {todo}")
        spoken: Outbound = (
            Text(body=content) if isinstance(content, str) else self._approved(content)
        )
        plan = self._fill(closed) if isinstance(closed, TemplateUse) else closed
        if not now:
            self.said.append(spoken if plan is None else Planned(content=spoken, closed=plan))
            return
        self._said_now += 1
        plan = plan or self._closed
        said = spoken if plan is None else Planned(content=spoken, closed=plan)
        await self._desk.say_now(self._said_now, said)

    def _approved(self, content: Outbound | TemplateUse) -> Outbound:
        return self._fill(content) if isinstance(content, TemplateUse) else content

    async def track(self, event: str, traits: Mapping[str, Json] | None = None) -> None:
        """Tell the provider what the contact did, for its campaigns and reports.

        It is told once the step has returned, whoever holds the chat by then, and holds up no message. On a line whose
        provider keeps no events it stands in the story alone; so do `save_contact` and `assign`.

        Args:
            event: Its name, such as `Product added`.
            traits: What is known of it.
        """
        self.said.append(Event(name=event, traits=dict(traits or {})))

    async def save_contact(
        self,
        traits: Mapping[str, Json] | None = None,
        *,
        name: str | None = None,
        tags: Sequence[str] = (),
    ) -> None:
        """Tell the provider's address book what is known of the contact.

        Args:
            traits: What is known, by name.
            name: What the contact is called; None leaves it as it is.
            tags: Labels to add.
        """
        update = ContactUpdate(name=name, traits=dict(traits or {}), tags=tuple(tags))
        self.said.append(update)

    async def assign(self, agent: str) -> None:
        """Give the chat to an agent of the provider's own inbox, by e-mail address.

        The flow goes on; end it, or hand the chat off, where the agent shall speak alone.
        """
        self.said.append(Assignment(agent=agent))

    async def bytes(self, media: Media) -> bytes:
        """Wait, bounded, for a file the contact sent, and return its bytes."""
        return await self._desk.fetch(media)

    @overload
    async def once(
        self,
        function: Callable[[*Arguments], Awaitable[Result]],
        *args: *Arguments,
        raises: Sequence[type[Exception]] = ...,
        unsure: Literal["call", "handoff"] = ...,
    ) -> Result: ...

    @overload
    async def once(
        self,
        function: Callable[[*Arguments], Result],
        *args: *Arguments,
        raises: Sequence[type[Exception]] = ...,
        unsure: Literal["call", "handoff"] = ...,
    ) -> Result: ...

    async def once(
        self,
        function: Callable[..., object],
        *args: object,
        raises: Sequence[type[Exception]] = (),
        unsure: Literal["call", "handoff"] = "call",
    ) -> object:
        """Call a service and store what it returns, so that a repeat of this step does not call it again.

        At least once: if the process dies between the call and its storing, the call is made again with the same
        `key`. Exactly once where the service honours that key. A new visit of the step calls anew. A plain function
        runs in a thread, so that it may wait.

        Args:
            function: What to call; its return annotation says how the result is stored as JSON.
            args: Its arguments; they must be the same when the step is run again.
            raises: Exceptions that are results too: stored, and raised again by a repeat.
            unsure: What to do where an earlier call was begun and did not return: call again, or hand the chat off.

        Raises:
            FlowError: The arguments differ from the stored call's, or the result cannot be stored.
            Unsure: With `unsure="handoff"`, when an earlier call was begun and did not return.
        """
        name = getattr(function, "__qualname__", type(function).__name__)
        self._calls[name] += 1
        key = f"{self._visit}:{name}:{self._calls[name]}"
        arguments = fingerprint(args)
        results = result_type(name, function)
        listed = tuple(raises)
        row = await self._desk.find_call(key)
        if row is not None:
            if row.arguments_hash != arguments:
                raise FlowError(f"{name} was called with other arguments when this step ran before")
            match row.state:
                case "returned":
                    return results.load(row.result)
                case "raised":
                    raise load_raised(row.result, listed)
                case "started" if unsure == "handoff":
                    raise Unsure(f"{name} was begun, and nobody knows whether it ended")
                case "started":
                    pass
        else:
            await self._desk.save_call(key, CallRow("started", arguments_hash=arguments))
        try:
            result = results.store(await call(function, args))
        except listed as raised:
            row = CallRow("raised", store_raised(raised), arguments)
            await self._desk.save_call(key, row)
            raise
        await self._desk.save_call(key, CallRow("returned", result, arguments))
        return results.load(result)
