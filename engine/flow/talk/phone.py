"""The contact's phone: what it shows, in one readable form, and what can be tapped on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from engine.core.content import (
    Action,
    Actions,
    Assignment,
    Button,
    ButtonReply,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Contacts,
    ContactUpdate,
    Event,
    List,
    ListReply,
    Location,
    LocationRequest,
    Media,
    Outbound,
    Product,
    Products,
    Reaction,
    ReadMark,
    Template,
    Text,
    in_words,
)
from engine.core.effects import Origin
from engine.core.ids import ExternalId
from engine.core.previews import FilledTemplate, frame_of

Mark = Literal["held", "failed", "instead"] | None
"""What a closed window made of a message: not seen yet, never seen, or a template that stands for it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message that reached the phone, or that a closed window keeps from it."""

    id: ExternalId
    content: Outbound
    origin: Origin
    mark: Mark = None
    template: FilledTemplate | None = None
    """A template's words, where they are known."""

    @property
    def is_seen(self) -> bool:
        """Whether it reached the phone."""
        return self.mark in (None, "instead")

    def lines(self) -> list[str]:
        """Return the message as a transcript writes it: `< ` and its text, the options below."""
        if isinstance(self.content, Event | ContactUpdate | Assignment):
            return [f"< ({in_words(self.content)})"]
        body, options = (
            _describe(self.content) if self.template is None else _describe_template(self.template)
        )
        marks = [mark for mark in ("agent" if self.origin == "agent" else None, self.mark) if mark]
        first, *rest = (body or "-").split("\n")
        lead = "".join(f"({mark}) " for mark in marks)
        return [
            f"< {lead}{first}".rstrip(),
            *(f"  {line}".rstrip() or "  ." for line in rest),
            *(f"  {line}" for line in options),
        ]


class Phone:
    """Everything one contact was sent, oldest first."""

    def __init__(self) -> None:
        self.messages: list[Shown] = []

    def show(self, message: Shown) -> None:
        """Add a message; read marks and deeds are no message and leave nothing to see."""
        if not isinstance(message.content, ReadMark | Event | ContactUpdate | Assignment):
            self.messages.append(message)

    def tap(self, title: str) -> ButtonReply | ListReply:
        """Return what the phone sends for a tap on the newest message that has options.

        Raises: AssertionError when that message has no such option, with those it has.
        """
        for message in self._seen():
            if replies := _replies(message.content):
                return _choose(title, replies)
        raise AssertionError(f"there is nothing to tap: no message had options ({title!r} wanted)")

    def tap_older(self, title: str) -> ButtonReply | ListReply:
        """Return what the phone sends for a tap on an older message, the newest that has the title.

        Raises: AssertionError when none before the newest has it.
        """
        widgets = [replies for message in self._seen() if (replies := _replies(message.content))]
        older = [reply for replies in widgets[1:] for reply in replies]
        return _choose(title, older)

    def options(self) -> list[ButtonReply | ListReply]:
        """Return what every option on the phone sends when it is tapped, oldest first; none of them is ever gone."""
        return [
            reply
            for message in self.messages
            if message.is_seen
            for reply in _replies(message.content)
        ]

    def _seen(self) -> Iterator[Shown]:
        return (message for message in reversed(self.messages) if message.is_seen)


def _replies(content: Outbound) -> list[ButtonReply | ListReply]:
    match content:
        case Buttons():
            return [ButtonReply(id=button.id, title=button.title) for button in content.buttons]
        case List():
            return [
                ListReply(id=row.id, title=row.title, description=row.description)
                for section in content.sections
                for row in section.rows
            ]
        case Actions():
            return _quick(content.actions)
        case Carousel():
            return [
                reply
                for actions in (*(card.actions for card in content.cards), content.actions)
                for reply in _quick(actions)
            ]
        case _:
            return []


def _quick(actions: Sequence[Action]) -> list[ButtonReply | ListReply]:
    return [ButtonReply(id=one.id, title=one.title) for one in actions if isinstance(one, Button)]


def _choose(title: str, replies: list[ButtonReply | ListReply]) -> ButtonReply | ListReply:
    for reply in replies:
        if reply.title == title:
            return reply
    titles = ", ".join(repr(reply.title) for reply in replies) or "none"
    raise AssertionError(f"no option {title!r} to tap; there are: {titles}")


def _describe(content: Outbound) -> tuple[str, list[str]]:
    """Return a message's text and the lines below it."""
    match content:
        case Text():
            return content.body, []
        case Buttons():
            row = " ".join(f"[{button.title}]" for button in content.buttons)
            return content.body, [*_around(content.header, content.footer), row]
        case List():
            rows = [
                line
                for section in content.sections
                for line in (
                    *([f"{section.title}:"] if section.title else []),
                    *(_row(row.title, row.description) for row in section.rows),
                )
            ]
            head = _around(content.header, content.footer)
            return content.body, [*head, f"{{{content.label}}}", *rows]
        case CallToAction():
            head = _around(content.header, content.footer)
            return content.body, [*head, f"[{content.title}] -> {content.url}"]
        case LocationRequest():
            return content.body, ["[Send location]"]
        case Media():
            source = content.filename or content.url or content.stored or content.external_id
            return f"[{content.kind}] {content.caption or source or ''}".rstrip(), []
        case Location():
            place = " ".join(part for part in (content.name, content.address) if part)
            return f"[location] {content.latitude},{content.longitude} {place}".rstrip(), []
        case Contacts():
            return f"[contacts] {', '.join(card.name for card in content.cards)}", []
        case Reaction():
            return f"[reaction] {content.emoji or 'taken back'}", []
        case Template():
            variables = ", ".join(content.body)
            return f"[template] {content.name} ({content.language}): {variables}".rstrip(": "), []
        case Product():
            return f"[product] {content.sku} {content.body or ''}".rstrip(), []
        case Products():
            rows = [f"{section.title}: {', '.join(section.skus)}" for section in content.sections]
            return content.body, [*_around(content.header, content.footer), *rows]
        case Actions():
            return content.body, _action_lines(content.actions)
        case Carousel():
            cards = [line for card in content.cards for line in _card_lines(card)]
            return content.body or "[cards]", [*cards, *_action_lines(content.actions)]
        case ReadMark():
            return "[read]", []
        case Event() | ContactUpdate() | Assignment():
            return in_words(content), []
        case _:
            assert_never(content)


def _describe_template(template: FilledTemplate) -> tuple[str, list[str]]:
    above, below = frame_of(template)
    head = [f"(header) {line}" for line in above]
    foot = [f"(footer) {template.footer}"] if template.footer else []
    return f"[template] {template.body}", [*head, *foot, *below]


def _card_lines(card: Card) -> list[str]:
    media = [] if card.media is None else [f"[{card.media.kind}]"]
    told = " - ".join(part for part in (card.title, card.body) if part)
    return [" ".join((*media, told)), *_action_lines(card.actions)]


def _action_lines(actions: Sequence[Action]) -> list[str]:
    return [f"[{action.title}]" for action in actions]


def _around(header: str | Media | None, footer: str | None) -> list[str]:
    above = f"[{header.kind}]" if isinstance(header, Media) else header
    return [
        line for line in (above and f"(header) {above}", footer and f"(footer) {footer}") if line
    ]


def _row(title: str, description: str | None) -> str:
    return f"- {title}: {description}" if description else f"- {title}"
