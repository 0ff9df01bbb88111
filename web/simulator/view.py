"""What the page shows, as plain data: a transcript becomes bubbles, a conversation its facts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, assert_never

from engine.core.content import (
    Actions,
    Assignment,
    Button,
    ButtonReply,
    Buttons,
    CallToAction,
    Carousel,
    ContactCard,
    Contacts,
    ContactUpdate,
    Content,
    Edited,
    Event,
    FormReply,
    Interaction,
    List,
    ListReply,
    Location,
    LocationRequest,
    Media,
    Order,
    Product,
    Products,
    Reaction,
    ReadMark,
    Revoked,
    Row,
    Section,
    System,
    Template,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
    in_words,
)
from engine.core.ids import ExternalId
from engine.ports import MessageStatus
from storage.queries import TranscriptMessage

Widget = Literal["buttons", "list", "location_request", "link"]


@dataclass(frozen=True, slots=True)
class OptionView:
    """Something that can be tapped."""

    id: str
    title: str
    description: str | None = None
    section: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """A file on a bubble; without `src` it is still being fetched, or never will be (`error`)."""

    kind: str
    src: str | None
    name: str | None
    mime: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place on a bubble."""

    latitude: float
    longitude: float
    name: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class CardView:
    """A person's card on a bubble."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AsideView:
    """Words of the page's own in place of a text: a key of the page's texts and what fills it."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReactionView:
    """An emoji on a bubble."""

    emoji: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What a message carries, whoever wrote it."""

    text: str | None = None
    header: str | None = None
    footer: str | None = None
    aside: AsideView | None = None
    media: FileView | None = None
    place: PlaceView | None = None
    cards: tuple[CardView, ...] = ()
    widget: Widget | None = None
    label: str | None = None
    url: str | None = None
    options: tuple[OptionView, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageView:
    """One bubble."""

    id: str
    """As text: a 63-bit number is more than a browser's number holds."""
    mine: bool
    author: str
    kind: str
    status: MessageStatus
    at: datetime
    external_id: str | None
    quote: str | AsideView | None
    error: str | None
    reactions: tuple[ReactionView, ...]
    text: str | None
    header: str | None
    footer: str | None
    aside: AsideView | None
    media: FileView | None
    place: PlaceView | None
    cards: tuple[CardView, ...]
    widget: Widget | None
    label: str | None
    url: str | None
    options: tuple[OptionView, ...]


def view_transcript(messages: Sequence[TranscriptMessage], *, media_base: str) -> list[MessageView]:
    """Return the bubbles of a transcript, oldest first.

    Reactions stand on the message they are for, read marks nowhere; the option that was tapped is marked.

    Args:
        messages: The transcript, oldest first.
        media_base: The address under which stored files are served, by conversation and message.
    """
    by_external = {told.external_id: told for told in messages if told.external_id is not None}
    chosen = _chosen(messages)
    reactions = _reactions(messages)
    return [
        _view(
            told,
            quoted=_quoted(told, by_external),
            chosen=chosen.get(told.external_id, frozenset()) if told.external_id else frozenset(),
            reactions=reactions.get(told.external_id, ()) if told.external_id else (),
            media_base=media_base,
        )
        for told in messages
        if not isinstance(told.content, Reaction | ReadMark)
    ]


def summary(content: Content) -> str | AsideView:
    """Return a message as one line: its own words, else the page's words for its kind."""
    body = view_content(content)
    if body.text:
        return body.text
    if body.place:
        return body.place.name or AsideView("location")
    if body.media:
        return body.media.name or AsideView(body.media.kind)
    if body.cards:
        return body.cards[0].name
    return body.aside or ""


def view_content(
    content: Content, *, chosen: frozenset[str] = frozenset(), file_src: str | None = None
) -> Body:
    """Return what a bubble shows of one content.

    Args:
        content: What the message carries.
        chosen: The options that were tapped on it.
        file_src: The address of its file, where a browser can have it.
    """
    match content:
        case Text():
            return Body(text=content.body)
        case ButtonReply() | ListReply() | TemplateButton():
            return Body(text=content.title)
        case Media():
            return Body(text=content.caption, media=_file(content, file_src))
        case Location():
            place = PlaceView(content.latitude, content.longitude, content.name, content.address)
            return Body(place=place)
        case Contacts():
            return Body(cards=tuple(_card(card) for card in content.cards))
        case Buttons():
            return Body(
                text=content.body,
                header=_header(content.header),
                footer=content.footer,
                widget="buttons",
                options=tuple(_button(button, chosen) for button in content.buttons),
            )
        case List():
            return Body(
                text=content.body,
                header=content.header,
                footer=content.footer,
                widget="list",
                label=content.label,
                options=tuple(_rows(content.sections, chosen)),
            )
        case CallToAction():
            return Body(
                text=content.body,
                header=_header(content.header),
                footer=content.footer,
                widget="link",
                label=content.title,
                url=content.url,
            )
        case LocationRequest():
            return Body(text=content.body, widget="location_request")
        case Product():
            return Body(text=content.body or content.sku, footer=content.footer, url=content.url)
        case Products():
            return Body(text=content.body, header=content.header, footer=content.footer)
        case Actions() | Carousel():
            return Body(text=content.body)
        case Reaction():
            return Body(text=content.emoji)
        case _:
            return _unusual(content)


def _header(header: str | Media | None) -> str | None:
    return header.filename or header.kind if isinstance(header, Media) else header


Unusual = (
    Template
    | Order
    | FormReply
    | Interaction
    | System
    | Welcome
    | Edited
    | Revoked
    | Unsupported
    | ReadMark
    | Event
    | ContactUpdate
    | Assignment
)


def _unusual(content: Unusual) -> Body:
    """Return what the page says in its own words of a content that no phone shows as such."""
    match content:
        case Template():
            named = AsideView("template", {"name": content.name, "language": content.language})
            return Body(text="\n".join(content.body) or None, aside=named)
        case Order():
            return Body(text=content.text, aside=AsideView("order", {"n": str(len(content.items))}))
        case FormReply():
            return Body(text=content.body, aside=AsideView("form_reply"))
        case Interaction():
            return Body(aside=AsideView("interaction", {"type": content.type}))
        case System():
            return Body(text=content.body, aside=AsideView("system", {"event": content.event}))
        case Welcome():
            return Body(aside=AsideView("welcome"))
        case Edited():
            return Body(aside=AsideView("edited", {"text": content.body or ""}))
        case Revoked():
            return Body(aside=AsideView("revoked"))
        case Unsupported():
            return Body(text=content.reason, aside=AsideView("unsupported", {"type": content.type}))
        case Event() | ContactUpdate() | Assignment():
            return Body(aside=AsideView("deed", {"what": in_words(content)}))
        case ReadMark():
            return Body()
        case _:
            assert_never(content)


def _view(
    told: TranscriptMessage,
    *,
    quoted: TranscriptMessage | None,
    chosen: frozenset[str],
    reactions: tuple[ReactionView, ...],
    media_base: str,
) -> MessageView:
    body = view_content(told.content, chosen=chosen, file_src=_file_src(told, media_base))
    return MessageView(
        id=str(told.id),
        mine=told.direction == "in",
        author=told.origin,
        kind=told.content.kind,
        status=told.status,
        at=told.at,
        external_id=told.external_id,
        quote=summary(quoted.content) if quoted else None,
        error=_failure(told),
        reactions=reactions,
        text=body.text,
        header=body.header,
        footer=body.footer,
        aside=body.aside,
        media=body.media,
        place=body.place,
        cards=body.cards,
        widget=body.widget,
        label=body.label,
        url=body.url,
        options=body.options,
    )


def _failure(told: TranscriptMessage) -> str | None:
    """Return what is known of a failure: the provider's words, else its code."""
    return told.error or told.error_code


def _quoted(
    told: TranscriptMessage, by_external: Mapping[ExternalId, TranscriptMessage]
) -> TranscriptMessage | None:
    """Return the message that this one answers, as phones show it above the words."""
    return by_external.get(told.reply_to) if told.reply_to is not None else None


def _chosen(messages: Iterable[TranscriptMessage]) -> dict[ExternalId, frozenset[str]]:
    """Return, by message, the ids of the options that the contact tapped last on it."""
    chosen: dict[ExternalId, frozenset[str]] = {}
    for told in messages:
        match told.content:
            case ButtonReply(id=str(id_)) | ListReply(id=str(id_)) if told.reply_to is not None:
                chosen[told.reply_to] = frozenset({id_})
            case _:
                pass
    return chosen


def _reactions(messages: Iterable[TranscriptMessage]) -> dict[ExternalId, tuple[ReactionView, ...]]:
    """Return the emoji that stand on each message: the last one of each side, unless it was taken back."""
    latest: dict[tuple[ExternalId, bool], str | None] = {}
    for told in messages:
        if isinstance(told.content, Reaction):
            latest[told.content.to, told.direction == "in"] = told.content.emoji
    standing: dict[ExternalId, tuple[ReactionView, ...]] = {}
    for (to, mine), emoji in latest.items():
        if emoji:
            standing[to] = (*standing.get(to, ()), ReactionView(emoji, mine))
    return standing


def _file_src(told: TranscriptMessage, media_base: str) -> str | None:
    """Return where a browser finds a message's file; an inbound one's own address asks for the provider's token."""
    if not isinstance(told.content, Media):
        return None
    if told.content.stored is not None:
        return f"{media_base}/{told.conversation}/{told.id}"
    return told.content.url if told.direction == "out" else None


def _file(media: Media, src: str | None) -> FileView:
    return FileView(media.kind, src, media.filename, media.mime_type, media.error)


def _card(card: ContactCard) -> CardView:
    organization = (card.organization,) if card.organization else ()
    phones = tuple(phone.phone for phone in card.phones)
    return CardView(card.name, organization + phones + card.emails)


def _button(button: Button, chosen: frozenset[str]) -> OptionView:
    return OptionView(button.id, button.title, chosen=button.id in chosen)


def _rows(sections: Iterable[Section], chosen: frozenset[str]) -> Iterable[OptionView]:
    return (_row(row, section.title, chosen) for section in sections for row in section.rows)


def _row(row: Row, section: str | None, chosen: frozenset[str]) -> OptionView:
    return OptionView(row.id, row.title, row.description, section, row.id in chosen)
