"""What a bubble shows of one content, as plain data. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict, assert_never

from engine.core.content import (
    Action,
    Actions,
    AddEvent,
    Assignment,
    Button,
    ButtonReply,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    ContactCard,
    Contacts,
    ContactUpdate,
    Content,
    Dial,
    Edited,
    Event,
    FormReply,
    Interaction,
    List,
    ListReply,
    Location,
    LocationRequest,
    Media,
    OpenUrl,
    Order,
    Product,
    Products,
    Reaction,
    ReadMark,
    Revoked,
    Row,
    Section,
    ShowLocation,
    System,
    Template,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
    in_words,
)
from engine.core.previews import FilledButton, FilledCard, FilledTemplate

Widget = Literal["buttons", "list", "location_request", "link", "actions", "slides"]


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
class LinkView:
    """A button that opens something; without `url` it only tells what it would do."""

    title: str
    does: Literal["open", "call", "place", "event"]
    url: str | None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product of the catalogue, of which the page knows the id alone; in a basket how many at which price, too."""

    sku: str
    section: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class SlideView:
    """One card to swipe to."""

    title: str | None
    text: str | None
    media: FileView | None
    options: tuple[OptionView, ...]
    links: tuple[LinkView, ...]


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
    links: tuple[LinkView, ...] = ()
    slides: tuple[SlideView, ...] = ()
    products: tuple[ProductView, ...] = ()


def view_content(
    content: Content,
    *,
    chosen: frozenset[str] = frozenset(),
    file_src: str | None = None,
    filled: FilledTemplate | None = None,
) -> Body:
    """Return what a bubble shows of one content.

    Args:
        content: What the message carries.
        chosen: The options that were tapped on it.
        file_src: The address of its file, where a browser can have it.
        filled: A template's words, where they are known.
    """
    match content:
        case Template() if filled is not None:
            return _template(content, filled, chosen)
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
                **_header(content.header),
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
                **_header(content.header),
                footer=content.footer,
                widget="link",
                label=content.title,
                url=content.url,
            )
        case LocationRequest():
            return Body(text=content.body, widget="location_request")
        case Product():
            product = ProductView(content.sku)
            return Body(text=content.body, footer=content.footer, products=(product,))
        case Products():
            return Body(
                text=content.body,
                header=content.header,
                footer=content.footer,
                products=tuple(
                    ProductView(sku, section.title)
                    for section in content.sections
                    for sku in section.skus
                ),
            )
        case Actions():
            return Body(text=content.body, widget="actions", **_below(content.actions, chosen))
        case Carousel():
            return Body(
                text=content.body,
                widget="slides",
                slides=tuple(_slide(card, chosen) for card in content.cards),
                **_below(content.actions, chosen),
            )
        case Reaction():
            return Body(text=content.emoji)
        case _:
            return _unusual(content)


def _template(content: Template, filled: FilledTemplate, chosen: frozenset[str]) -> Body:
    """Return a template as the phone shows it, with its name in small: it is found by it."""
    header, place = filled.header, None
    if isinstance(header, Location):
        place = PlaceView(header.latitude, header.longitude, header.name, header.address)
        header = None
    return Body(
        text=filled.body,
        **_header(header),
        place=place,
        footer=filled.footer,
        aside=_named(content),
        widget="slides" if filled.cards else "actions",
        slides=tuple(_template_slide(card, chosen) for card in filled.cards),
        **_template_buttons(filled.buttons, chosen),
    )


def _template_slide(card: FilledCard, chosen: frozenset[str]) -> SlideView:
    file = _file(card.header, card.header.url) if isinstance(card.header, Media) else None
    return SlideView(None, card.body, file, **_template_buttons(card.buttons, chosen))


def _template_buttons(buttons: Sequence[FilledButton], chosen: frozenset[str]) -> "_Below":
    quick = [one for one in buttons if one.kind == "quick_reply"]
    return {
        "options": tuple(
            OptionView(id_ := one.value or one.title, one.title, chosen=id_ in chosen)
            for one in quick
        ),
        "links": tuple(_template_link(one) for one in buttons if one.kind != "quick_reply"),
    }


def _template_link(button: FilledButton) -> LinkView:
    if button.kind == "phone":
        return LinkView(button.title, "call", f"tel:{button.phone}", button.phone)
    return LinkView(button.title, "open", button.url, button.value if button.url is None else None)


def _named(content: Template) -> AsideView:
    return AsideView("template", {"name": content.name, "language": content.language})


class _Header(TypedDict, total=False):
    header: str | None
    media: FileView


def _header(header: str | Media | None) -> _Header:
    """Return words above a text, or the file that stands there."""
    return {"media": _file(header, header.url)} if isinstance(header, Media) else {"header": header}


class _Below(TypedDict):
    options: tuple[OptionView, ...]
    links: tuple[LinkView, ...]


def _below(actions: Sequence[Action], chosen: frozenset[str]) -> _Below:
    """Return what stands below a text or a card: what is answered with, and what opens something."""
    return {
        "options": tuple(_button(one, chosen) for one in actions if isinstance(one, Button)),
        "links": tuple(_link(one) for one in actions if not isinstance(one, Button)),
    }


def _slide(card: Card, chosen: frozenset[str]) -> SlideView:
    file = None if card.media is None else _file(card.media, card.media.url)
    return SlideView(card.title, card.body, file, **_below(card.actions, chosen))


def _link(action: OpenUrl | Dial | ShowLocation | AddEvent) -> LinkView:
    match action:
        case OpenUrl(title=title, url=url):
            return LinkView(title, "open", url)
        case Dial(title=title, phone=phone):
            return LinkView(title, "call", f"tel:{phone}", phone)
        case ShowLocation(title=title):
            place = f"{action.latitude:g},{action.longitude:g}"
            return LinkView(title, "place", f"geo:{place}", action.label or place)
        case AddEvent(title=title, event=event):
            return LinkView(title, "event", None, f"{event}, {action.starts_at:%Y-%m-%d %H:%M} UTC")
        case _:
            assert_never(action)


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
            return Body(text="\n".join(content.body) or None, aside=_named(content))
        case Order():
            return _basket(content)
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


def _basket(content: Order) -> Body:
    return Body(
        text=content.text,
        aside=AsideView("order", {"n": str(len(content.items))}),
        products=tuple(
            ProductView(item.sku, detail=f"{item.quantity} × {item.price} {item.currency}")
            for item in content.items
        ),
    )


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
