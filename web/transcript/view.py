"""What the page shows, as plain data: a transcript becomes bubbles, a conversation its facts. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.core.content import (
    ButtonReply,
    Content,
    ListReply,
    Media,
    Reaction,
    ReadMark,
    Template,
    TemplateButton,
)
from engine.core.ids import ExternalId
from engine.core.previews import FilledTemplate
from engine.ports import MessageStatus
from storage.queries import TranscriptMessage
from web.transcript.body import (
    AsideView,
    CardView,
    FileView,
    LinkView,
    OptionView,
    PlaceView,
    ProductView,
    SlideView,
    Widget,
    view_content,
)


@dataclass(frozen=True, slots=True)
class ReactionView:
    """An emoji on a bubble."""

    emoji: str
    mine: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One bubble."""

    id: str
    """As text: a 63-bit number is more than a browser's number holds."""
    mine: bool
    beside: bool
    """No bubble: something that the provider was told."""
    author: str
    kind: str
    status: MessageStatus
    at: datetime
    external_id: str | None
    quote: str | AsideView | None
    instead_of: str | AsideView | None
    """What this template went out for, because the window was closed."""
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
    links: tuple[LinkView, ...]
    slides: tuple[SlideView, ...]
    products: tuple[ProductView, ...]


Words = Callable[[Template], FilledTemplate | None]
"""A template as the contact sees it; None where nothing is known of its parts."""


FileAt = Callable[[TranscriptMessage], str]
"""Where a message's stored file is served."""


def no_words(_: Template) -> None:
    """Know no template."""


def view_transcript(
    messages: Sequence[TranscriptMessage], *, file_at: FileAt, words: Words = no_words
) -> list[MessageView]:
    """Return the bubbles of a transcript, oldest first.

    Reactions stand on the message they are for, read marks nowhere; the option that was tapped is marked.

    Args:
        messages: The transcript, oldest first.
        file_at: Tells where a message's stored file is served.
        words: What a template reads.
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
            file_at=file_at,
            words=words,
        )
        for told in messages
        if not isinstance(told.content, Reaction | ReadMark)
    ]


def summary(content: Content, words: Words = no_words) -> str | AsideView:
    """Return a message as one line: its own words, else the page's words for its kind."""
    body = view_content(content, filled=_filled(content, words))
    if body.text:
        return body.text
    if body.place:
        return body.place.name or AsideView("location")
    if body.media:
        return body.media.name or AsideView(body.media.kind)
    if body.cards:
        return body.cards[0].name
    return body.aside or ""


def _view(
    told: TranscriptMessage,
    *,
    quoted: TranscriptMessage | None,
    chosen: frozenset[str],
    reactions: tuple[ReactionView, ...],
    file_at: FileAt,
    words: Words,
) -> MessageView:
    body = view_content(
        told.content,
        chosen=chosen,
        file_src=_file_src(told, file_at),
        filled=_filled(told.content, words),
    )
    return MessageView(
        id=str(told.id),
        mine=told.direction == "in",
        beside=told.direction == "beside",
        author=told.origin,
        kind=told.content.kind,
        status=told.status,
        at=told.at,
        external_id=told.external_id,
        quote=summary(quoted.content, words) if quoted else None,
        instead_of=None if told.instead_of is None else summary(told.instead_of, words),
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
        links=body.links,
        slides=body.slides,
        products=body.products,
    )


def _filled(content: Content, words: Words) -> FilledTemplate | None:
    return words(content) if isinstance(content, Template) else None


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
            case TemplateButton(payload=payload, title=title) if told.reply_to is not None:
                chosen[told.reply_to] = frozenset({payload or title})
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


def _file_src(told: TranscriptMessage, file_at: FileAt) -> str | None:
    """Return where a browser finds a message's file; an inbound one's own address asks for the provider's token."""
    if not isinstance(told.content, Media):
        return None
    if told.content.stored is not None:
        return file_at(told)
    return told.content.url if told.direction == "out" else None
