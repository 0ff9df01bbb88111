r"""Talks as text files that anyone can review: read, played through `Talk`, and written back with what the bot said.

flows: ../flows/pizza.py          header: which flows, on which `line:`, which of them is the `start:`,
                                      in which `locale:` the contact speaks and from which `phone:` number,
                                      what the line does with what meets a `closed:` window (hold, which is the
                                      default, or fail), its `quiet:` hours and its time `zone:`;
                                      `team: kitchen mon-fri 09:00-18:00` a line for each team, or without a name
                                      for handoffs that name none, and `helpdesk: yes`
# A comment.
> order                           the contact writes; `\n` is a line break
< Which size?                     the bot answers; everything that begins with `<` or two spaces is its part
  [Small] [Medium] [Large]
> [tap] Large                     a tap on the newest options; `[old tap]` on older ones,
                                      `[tap ID]` with any option id, `[title tap]` without one
> [image] caption                 also video, audio, voice, document, sticker
> [location] 19.4,-99.1 Name      also reaction, contacts, edited, revoked, system, order, form, welcome
> [late 25h] order                the provider says it was sent 25 hours ago
> [group] hello                   written in a group
@ +25h                            time passes
= agent                           an agent, Ben, takes the chat; `= agent: text` writes in it
= agent Cleo                      another one takes it, who saw that nobody has it; `= agent Cleo: text` writes
= give to Cleo                    who has it gives it to another; `= give to team kitchen`, `= give to everybody`
= bot                             the agent gives it back; `= bot at confirm with {"quantity": 3}`
= close reason                    the agent ends the talk
= phone: text                     the business writes from its own phone
! steps wait                      code steps keep running until `! steps return`
! delivered                       the newest message that a flow waits for is delivered; also read, played,
                                      failed CODE
! flows changed.py                other flows are deployed under the live chat; `serial 1` names their serial
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue, TypeAdapter

from engine.core.capabilities import Capabilities
from engine.core.content import (
    ButtonReply,
    ContactCard,
    Contacts,
    Edited,
    FormReply,
    Inbound,
    Interaction,
    Location,
    Media,
    Order,
    OrderItem,
    Phone,
    Reaction,
    Revoked,
    System,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.conversation import Conversation
from engine.core.errors import DefinitionError
from engine.core.hands import HELD_BY
from engine.core.ids import ExternalId
from engine.core.teams import EVERYBODY, Teams
from engine.flow.compile import CompiledFlow
from engine.flow.hours import ANY_HOURS, LineHours, read_hours
from engine.flow.opening import DAYS, EVERY_DAY, teams_with
from engine.flow.talk.people import read_click
from engine.flow.talk.talk import ANA, Talk
from engine.flow.times import after

Flows = Mapping[str, CompiledFlow]

SIGNS = (">", "@", "=", "!")
"""What begins a line that is played; all others are comments, the header, or what the bot said."""

_HEADER = re.compile(r"(flows|line|start|locale|quiet|zone|phone|closed|team|helpdesk): *(.+)")
_BRACKET = re.compile(r"\[(old tap|title tap|[a-z]+)(?: ([^\]]+))?\] ?(.*)", re.DOTALL)
_TEAM = re.compile(rf"(.*?)((?:{'|'.join((*DAYS, EVERY_DAY))})[a-z, -]* \d.*)?")
_AN_OBJECT = TypeAdapter(dict[str, JsonValue])


class TranscriptError(AssertionError):
    """A line of a transcript cannot be played."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True, slots=True)
class Header:
    """What a transcript says of itself before the talk begins."""

    flows: tuple[str, ...] = ()
    """Folders relative to the transcript; none means its own folder."""
    line: str | None = None
    """The kind of line it is talked on, by a name the caller knows; None is the caller's default."""
    start: str | None = None
    locale: str | None = None
    """The contact's, such as `es-MX`; None is Ana's own."""
    hours: LineHours = ANY_HOURS
    """The line's quiet hours and time zone."""
    phone: str | None = None
    """The contact's number, which may tell the time zone; None is Ana's own."""
    closed: Literal["hold", "fail"] = "hold"
    """The line's plan for what meets a closed window."""
    teams: Teams = EVERYBODY
    """Who chats are handed to; their hours are meant in the line's zone."""
    helpdesk: bool = False
    """Whether chats are handed to another program for agents."""


def read_header(text: str) -> Header:
    """Return what stands before the first line of the talk."""
    found: dict[str, str] = {}
    teams: list[str] = []
    for line in text.splitlines():
        if line.startswith(("<", *SIGNS)):
            break
        if header := _HEADER.fullmatch(line.strip()):
            found[header[1]] = header[2].strip()
            teams += [found["team"]] if header[1] == "team" else []
    flows = tuple(found.get("flows", "").split())
    return Header(
        flows=flows,
        line=found.get("line"),
        start=found.get("start"),
        locale=found.get("locale"),
        hours=read_hours(found.get("zone"), found.get("quiet")),
        phone=found.get("phone"),
        closed="fail" if found.get("closed") == "fail" else "hold",
        teams=_read_teams(teams, found.get("zone")),
        helpdesk=found.get("helpdesk") == "yes",
    )


def _read_teams(written: Iterable[str], zone: str | None) -> Teams:
    """Return the teams of a header: each a name, if it has one, and its hours, if it has any."""
    found = [named for one in written if (named := _TEAM.fullmatch(one)) is not None]
    hours = {team[1].strip(): (team[2] or "").split(";") for team in found}
    return teams_with({name: filter(None, each) for name, each in hours.items()}, zone)


async def play(
    text: str, *, load: Callable[[tuple[str, ...]], Flows], lines: Mapping[str | None, Capabilities]
) -> str:
    """Play a transcript and return it with the bot's part as it was said now; equal when all is as before.

    Args:
        text: The transcript.
        load: Returns the compiled flows of the folders that the header or a `! flows` line names.
        lines: What each kind of line can show; None is the default one.

    Raises:
        TranscriptError: A line cannot be read, or taps what is not there.
    """
    header = read_header(text)
    given = {"locale": header.locale, "phone": header.phone}
    contact = ANA.model_copy(update={key: value for key, value in given.items() if value})
    talk = Talk(
        load(header.flows),
        capabilities=lines[header.line],
        start=header.start,
        contact=contact,
        hours=header.hours,
        closed=header.closed,
        teams=header.teams,
        helpdesk=header.helpdesk,
    )
    played: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(("<", "  ")):
            continue
        played.append(line.rstrip())
        if not line.startswith(SIGNS):
            continue
        before = talk.conversation
        try:
            await _act(talk, line, load)
        except (ValueError, AssertionError, DefinitionError) as wrong:
            said = "\n".join(played)
            raise TranscriptError(number, f"{wrong}\n--- played so far:\n{said}") from wrong
        played += [row for reply in talk.replies for row in reply.lines()]
        played += _refused(talk) if line.startswith("=") else []
        played += _hands(line, before, talk.conversation)
    return "\n".join(played).rstrip() + "\n"


def _refused(talk: Talk) -> list[str]:
    """Tell why a click of an agent did nothing."""
    note = talk.traces[-1].note
    return [f"< ({note})"] if note is not None and note.startswith(HELD_BY) else []


def _hands(line: str, before: Conversation, after: Conversation) -> list[str]:
    """Tell who holds the chat now, where the line itself does not say it."""
    told = next((mode for sign, mode in _TOLD.items() if line.startswith(sign)), None)
    if after.mode == (told or before.mode):
        return []
    match after.mode:
        case "waiting":
            return [f"< (waits for {after.team or 'a person'})"]
        case mode:
            return [f"< (now with the {mode})"]


_TOLD = {"= agent": "agent", "= phone": "agent", "= bot": "bot", "= close": "closed"}
"""Lines that say themselves who has the chat afterwards."""


async def _act(talk: Talk, line: str, load: Callable[[tuple[str, ...]], Flows]) -> None:
    sign, words = line[0], line[1:].strip()
    match sign:
        case ">":
            await _contact(talk, words.replace("\\n", "\n"))
        case "@":
            await talk.waits(words.removeprefix("+"))
        case "=":
            await talk.click(read_click(words, talk.conversation, talk.now))
        case _:
            await _deploy(talk, words, load)


async def _contact(talk: Talk, words: str) -> None:
    if not words.startswith("["):
        await talk.says(words)
        return
    bracket = _BRACKET.fullmatch(words)
    if bracket is None:
        raise ValueError(f"{words!r} begins like [kind] and is none")
    match bracket.groups():
        case "tap", str(option_id), title:
            await talk.sends(ButtonReply(id=option_id, title=title))
        case ("tap" | "old tap") as kind, None, title:
            await talk.taps(title, older=kind == "old tap")
        case "title tap", None, title:
            await talk.sends(ButtonReply(id=None, title=title))
        case "late", str(length), body:
            await talk.sends(Text(body=body), late=after(length))
        case "group", None, body:
            await talk.sends(Text(body=body), group="group-1")
        case kind, None, rest:
            await talk.sends(_content(kind, rest))
        case kind, detail, _:
            raise ValueError(
                f"[{kind} {detail}]: only [tap ID] and [late LENGTH] have a second word"
            )


def _content(kind: str, rest: str) -> Inbound:
    match kind:
        case "image" | "video" | "audio" | "voice" | "document" | "sticker":
            return Media(kind=kind, external_id=f"file-{rest or kind}", caption=rest or None)
        case "location":
            point, _, name = rest.partition(" ")
            latitude, longitude = (float(number) for number in point.split(","))
            return Location(latitude=latitude, longitude=longitude, name=name or None)
        case "reaction":
            return Reaction(to=ExternalId("out-1"), emoji=rest or None)
        case "contacts":
            name, _, phone = rest.rpartition(" ")
            return Contacts(cards=(ContactCard(name=name, phones=(Phone(phone=phone),)),))
        case "edited":
            return Edited(original=ExternalId("in-1"), body=rest)
        case "revoked":
            return Revoked(original=ExternalId("in-1"))
        case "system":
            return System(event=rest)
        case "welcome":
            return Welcome()
        case "order":
            item = OrderItem(sku=rest, quantity=1, price="1", currency="EUR")
            return Order(catalog_id="catalog-1", items=(item,))
        case "form":
            return FormReply(name="form", body=None, response=_AN_OBJECT.validate_json(rest))
        case "interaction":
            return Interaction(type=rest, data=None)
        case "unsupported":
            return Unsupported(type=rest)
        case _:
            raise ValueError(f"the contact cannot send [{kind}]; the kinds stand in transcript.py")


async def _deploy(talk: Talk, words: str, load: Callable[[tuple[str, ...]], Flows]) -> None:
    match words.split():
        case ["steps", "wait"]:
            talk.steps_wait = True
            talk.replies = []
        case ["steps", "return"]:
            await talk.run_steps()
        case ["delivered" | "read" | "played" | "failed" as status, *error]:
            await talk.reports(status, " ".join(error) or None)
        case ["flows", *paths, "serial", serial]:
            await talk.publish(load(tuple(paths)), serial=int(serial))
        case ["flows", *paths]:
            await talk.publish(load(tuple(paths)))
        case _:
            raise ValueError(
                f"'! {words}' is none of: ! steps wait, ! steps return, ! flows FOLDER, ! delivered,"
                " ! read, ! failed CODE"
            )
