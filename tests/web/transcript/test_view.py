"""What a transcript looks like on the page."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from engine.core.content import (
    DEEDS,
    Button,
    ButtonReply,
    Buttons,
    ButtonValue,
    CallToAction,
    Card,
    Carousel,
    ContactCard,
    Contacts,
    Content,
    Edited,
    FormReply,
    Interaction,
    List,
    ListReply,
    Location,
    LocationRequest,
    Media,
    OpenUrl,
    Order,
    OrderItem,
    Phone,
    Reaction,
    ReadMark,
    Revoked,
    Row,
    Section,
    System,
    Template,
    TemplateButton,
    TemplateCard,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId
from engine.core.previews import fill
from engine.core.templates import ButtonShape, CardShape, HeaderShape, TemplateShape
from engine.ports import MessageStatus
from storage.queries import TranscriptMessage
from tests.adapters.samples import EVERY_OUTBOUND
from web.simulator.texts import ENGLISH
from web.transcript.body import AsideView, FileView, LinkView, ProductView
from web.transcript.view import summary, view_transcript

AT = datetime(2026, 8, 1, 12, tzinfo=UTC)
SIZES = Buttons(
    body="Which size?", buttons=(Button(id="s", title="Small"), Button(id="l", title="Large"))
)
PIZZAS = List(
    body="Which pizza?",
    label="Choose",
    sections=(
        Section(title="Classics", rows=(Row(id="m", title="Margherita", description="tomato"),)),
        Section(title="More", rows=(Row(id="f", title="Funghi"),)),
    ),
)


def file_at(message: TranscriptMessage) -> str:
    return f"/m/{message.conversation}/{message.id}"


def told(
    content: Content,
    *,
    number: int = 1,
    mine: bool = False,
    status: MessageStatus = "sent",
    reply_to: int | None = None,
    error: str | None = None,
) -> TranscriptMessage:
    return TranscriptMessage(
        id=MessageId(number),
        line=LineId("simulator"),
        conversation=ConversationId(7),
        direction="in" if mine else "beside" if content.kind in DEEDS else "out",
        origin="contact" if mine else "flow",
        content=content,
        status=status,
        at=AT,
        status_at=AT,
        external_id=ExternalId(f"wamid.{number}"),
        turn=0,
        reply_to=None if reply_to is None else ExternalId(f"wamid.{reply_to}"),
        extra=None,
        attempts=0,
        retry_at=None,
        maybe_twice=False,
        error_code=None,
        error=error,
    )


def test_an_id_travels_as_text_because_a_browser_rounds_long_numbers() -> None:
    (view,) = view_transcript([told(Text(body="hi"), number=2**62 + 1)], file_at=file_at)
    assert view.id == "4611686018427387905"


def test_the_option_tapped_last_is_marked() -> None:
    transcript = [
        told(SIZES),
        told(ButtonReply(id="s", title="Small"), number=2, mine=True, reply_to=1),
        told(ButtonReply(id="l", title="Large"), number=3, mine=True, reply_to=1),
    ]
    question, *_ = view_transcript(transcript, file_at=file_at)
    assert [(option.title, option.chosen) for option in question.options] == [
        ("Small", False),
        ("Large", True),
    ]


def test_a_lists_rows_keep_their_section_and_the_chosen_one_is_marked() -> None:
    transcript = [
        told(PIZZAS),
        told(ListReply(id="f", title="Funghi"), number=2, mine=True, reply_to=1),
    ]
    question, answer = view_transcript(transcript, file_at=file_at)
    rows = [(row.section, row.title, row.description, row.chosen) for row in question.options]
    assert rows == [
        ("Classics", "Margherita", "tomato", False),
        ("More", "Funghi", None, True),
    ]
    assert (question.widget, question.label) == ("list", "Choose")
    assert answer.quote == "Which pizza?"


ORDER = Template(
    name="ready",
    language="en",
    body=("7",),
    buttons=(ButtonValue(index=2, value="stop", use="quick_reply"),),
)
YES, STOP = (ButtonShape(kind="quick_reply", title=title) for title in ("Yes", "Stop"))
SHOP = ButtonShape(kind="url", title="Our shop", url="https://shop.example")
CALL = ButtonShape(kind="phone", title="Call us", phone="+525550001111")


def test_a_template_shows_its_words_and_its_buttons_can_be_tapped() -> None:
    shape = TemplateShape(
        header=HeaderShape(format="text", text="Good news"),
        body="Order {{1}} is ready.",
        footer="Casa Lumbre",
        buttons=(YES, SHOP, STOP, CALL),
    )
    tap = told(TemplateButton(payload="stop", title="Stop"), number=2, mine=True, reply_to=1)

    order, answer = view_transcript(
        [told(ORDER), tap], file_at=file_at, words=lambda template: fill(shape, template)
    )

    assert (order.header, order.text, order.footer) == (
        "Good news",
        "Order 7 is ready.",
        "Casa Lumbre",
    )
    assert [(one.id, one.title, one.chosen) for one in order.options] == [
        ("Yes", "Yes", False),
        ("stop", "Stop", True),
    ]
    assert [(one.title, one.does, one.url) for one in order.links] == [
        ("Our shop", "open", "https://shop.example"),
        ("Call us", "call", "tel:+525550001111"),
    ]
    assert order.aside == AsideView("template", {"name": "ready", "language": "en"})
    assert answer.quote == "Order 7 is ready."


def test_a_template_of_cards_is_swiped_and_a_place_stands_above() -> None:
    picture = Media(kind="image", url="https://shop.example/cake.png")
    card = CardShape(header=HeaderShape(format="image"), body="{{1}}", buttons=(YES,))
    shape = TemplateShape(header=HeaderShape(format="location"), body="New:", cards=(card,))
    content = Template(
        name="new",
        language="en",
        header=Location(latitude=19.4, longitude=-99.1),
        cards=(TemplateCard(header=picture, body=("Cake",)),),
    )

    (view,) = view_transcript(
        [told(content)], file_at=file_at, words=lambda template: fill(shape, template)
    )

    assert view.place is not None
    assert view.widget == "slides"
    (slide,) = view.slides
    assert (slide.text, slide.options[0].title) == ("Cake", "Yes")
    assert slide.media is not None
    assert slide.media.src == "https://shop.example/cake.png"


def test_a_template_of_unknown_parts_shows_its_variables() -> None:
    (view,) = view_transcript([told(ORDER)], file_at=file_at)

    assert (view.text, view.widget, view.options) == ("7", None, ())


CARDS = Carousel(
    body="Made by hand",
    cards=(
        Card(
            title="Blue",
            body="Small",
            media=Media(kind="image", url="https://files.example/blue.jpg"),
            actions=(Button(id="blue", title="I take it"),),
        ),
        Card(title="Tall", actions=(OpenUrl(id="see", title="See", url="https://x.example"),)),
    ),
    actions=(Button(id="later", title="Later"),),
)


def test_cards_stand_side_by_side_and_the_tapped_button_is_marked() -> None:
    tap = told(ButtonReply(id="blue", title="I take it"), number=2, mine=True, reply_to=1)
    shelf, _ = view_transcript([told(CARDS), tap], file_at=file_at)
    blue, tall = shelf.slides
    assert (shelf.widget, shelf.text) == ("slides", "Made by hand")
    assert (blue.title, blue.text) == ("Blue", "Small")
    assert blue.media == FileView("image", "https://files.example/blue.jpg", None, None, None)
    assert [(option.title, option.chosen) for option in blue.options] == [("I take it", True)]
    assert tall.links == (LinkView("See", "open", "https://x.example"),)
    assert [option.title for option in shelf.options] == ["Later"]


def test_a_button_that_does_more_than_answer_says_what() -> None:
    (view,) = view_transcript([told(EVERY_OUTBOUND["actions"])], file_at=file_at)
    assert view.widget == "actions"
    assert view.links == (
        LinkView("Call", "call", "tel:+525550000009", "+525550000009"),
        LinkView("Map", "place", "geo:19.4326,-99.1332", "Shop"),
        LinkView("Remind me", "event", None, "Tasting, 2026-09-21 15:00 UTC"),
    )


def test_products_keep_their_sections() -> None:
    one, many = view_transcript(
        [told(EVERY_OUTBOUND["product"]), told(EVERY_OUTBOUND["products"], number=2)],
        file_at=file_at,
    )
    assert one.products == (ProductView("pizza-1"),)
    assert many.products == (ProductView("pizza-1", "Red"), ProductView("pizza-2", "Red"))


def test_a_basket_tells_what_is_in_it_and_at_which_price() -> None:
    basket = Order(
        catalog_id="1", items=(OrderItem(sku="pizza-1", quantity=2, price="8.50", currency="EUR"),)
    )
    (view,) = view_transcript([told(basket, mine=True)], file_at=file_at)
    assert view.products == (ProductView("pizza-1", detail="2 × 8.50 EUR"),)
    assert view.aside == AsideView("order", {"n": "1"})


def test_a_picture_stands_above_buttons() -> None:
    picture = Media(kind="image", url="https://files.example/1.jpg")
    asked = SIZES.model_copy(update={"header": picture})
    (view,) = view_transcript([told(asked)], file_at=file_at)
    assert (view.header, view.widget) == (None, "buttons")
    assert view.media == FileView("image", "https://files.example/1.jpg", None, None, None)


def test_what_the_provider_is_told_is_no_bubble() -> None:
    (view,) = view_transcript([told(EVERY_OUTBOUND["event"], status="noted")], file_at=file_at)
    assert (view.beside, view.status) == (True, "noted")
    assert view.aside == AsideView("deed", {"what": "event Ordered: total=17"})


def test_reactions_stand_on_their_message_and_the_last_one_counts() -> None:
    to = ExternalId("wamid.1")
    transcript = [
        told(Text(body="Done")),
        told(Reaction(to=to, emoji="👍"), number=2, mine=True),
        told(Reaction(to=to, emoji="🎉"), number=3, mine=True),
        told(Reaction(to=to, emoji="❤️"), number=4),
    ]
    (view,) = view_transcript(transcript, file_at=file_at)
    assert {(one.emoji, one.mine) for one in view.reactions} == {("🎉", True), ("❤️", False)}


def test_a_reaction_taken_back_is_gone() -> None:
    to = ExternalId("wamid.1")
    transcript = [
        told(Text(body="Done")),
        told(Reaction(to=to, emoji="👍"), number=2, mine=True),
        told(Reaction(to=to, emoji=None), number=3, mine=True),
    ]
    (view,) = view_transcript(transcript, file_at=file_at)
    assert view.reactions == ()


def test_read_marks_are_no_bubbles() -> None:
    assert view_transcript([told(ReadMark(message=ExternalId("wamid.1")))], file_at=file_at) == []


def test_a_file_is_served_by_its_message_once_it_is_stored() -> None:
    wanted = Media(kind="image", external_id="77", url="https://provider.example/77")
    stored = wanted.model_copy(update={"stored": "ab" * 32})
    first, second = view_transcript(
        [told(wanted, mine=True), told(stored, number=2, mine=True)], file_at=file_at
    )
    assert first.media is not None
    assert second.media is not None
    assert (first.media.src, second.media.src) == (None, "/m/7/2")


def test_a_file_that_a_flow_sends_by_its_address_is_shown_from_there() -> None:
    (view,) = view_transcript(
        [told(Media(kind="image", url="https://example.org/menu.png"))], file_at=file_at
    )
    assert view.media is not None
    assert view.media.src == "https://example.org/menu.png"


def test_a_failure_says_why() -> None:
    (view,) = view_transcript(
        [told(Text(body="hi"), status="failed", error="131026: undeliverable")], file_at=file_at
    )
    assert (view.status, view.error) == ("failed", "131026: undeliverable")


EVERY_KIND: tuple[Content, ...] = (
    Text(body="words"),
    ButtonReply(id="a", title="Large"),
    ListReply(id="a", title="Large"),
    TemplateButton(payload="a", title="Yes"),
    *(Media(kind=kind, caption="c") for kind in ("image", "video", "audio")),
    Media(kind="voice"),
    Media(kind="document", filename="a.pdf"),
    Media(kind="sticker"),
    Location(latitude=1, longitude=2, name="Here"),
    Contacts(cards=(ContactCard(name="Noor", phones=(Phone(phone="15550100"),)),)),
    Reaction(to=ExternalId("wamid.9"), emoji="👍"),
    Order(catalog_id="1", items=()),
    FormReply(name="f", body="Sent", response={}),
    Interaction(type="call_permission_reply", data={}),
    System(event="number_changed", body="changed"),
    Welcome(),
    Edited(original=ExternalId("wamid.9"), body="new"),
    Revoked(original=ExternalId("wamid.9")),
    Unsupported(type="poll"),
    SIZES,
    PIZZAS,
    CallToAction(body="See", title="Open", url="https://example.org"),
    LocationRequest(body="Where?"),
    Template(name="hello", language="en_US", body=("Ana",)),
    *(EVERY_OUTBOUND[kind] for kind in ("product", "products", "actions", "carousel")),
    *(EVERY_OUTBOUND[kind] for kind in sorted(DEEDS)),
    ReadMark(message=ExternalId("wamid.9")),
)


def test_the_examples_hold_every_kind_of_content() -> None:
    kinds = {type(content) for content in EVERY_KIND}
    assert kinds == set(get_args(get_args(Content)[0]))


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: content.kind)
def test_every_kind_of_content_shows_something(content: Content) -> None:
    views = view_transcript([told(content)], file_at=file_at)
    if isinstance(content, Reaction | ReadMark):
        assert views == []
        return
    (view,) = views
    assert view.text or view.aside or view.media or view.place or view.cards or view.products
    assert view.aside is None or view.aside.key in ENGLISH


def test_a_summary_is_the_words_or_the_name() -> None:
    assert summary(SIZES) == "Which size?"
    assert summary(Location(latitude=1, longitude=2, name="Here")) == "Here"
    assert summary(Media(kind="document", filename="a.pdf")) == "a.pdf"
    assert summary(Media(kind="image")) == AsideView("image")
    assert summary(Welcome()) == AsideView("welcome")
