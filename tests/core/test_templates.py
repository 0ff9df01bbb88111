"""What is known of templates: whether a message fits one, in which language it goes, how it reads."""

import pytest

from engine.core.content import ButtonValue, Location, Media, Template, TemplateCard
from engine.core.errors import ContentRejected
from engine.core.previews import preview
from engine.core.templates import (
    ButtonShape,
    CardShape,
    HeaderFormat,
    HeaderShape,
    KnownTemplate,
    TemplateChange,
    TemplateShape,
    changed,
    fit,
    mismatches,
    places,
)

TRACK = ButtonShape(kind="url", title="Track it", url="https://shop.example/{{1}}")
SITE = ButtonShape(kind="url", title="Our site", url="https://shop.example")
CALL = ButtonShape(kind="phone", title="Call us", phone="+525550001111")
YES = ButtonShape(kind="quick_reply", title="Yes")
CODE = ButtonShape(kind="copy_code", title="Copy")
FORM = ButtonShape(kind="other", title="Fill it in")
PICTURE = Media(kind="image", url="https://shop.example/cake.png")
PLACE = Location(latitude=19.4, longitude=-99.1)

READY = TemplateShape(body="{{1}}, order {{2}} is ready.")


def send(*body: str, **more: object) -> Template:
    fields: dict[str, object] = {"name": "ready", "language": "en", "body": body, **more}
    return Template.model_validate(fields)


def known(language: str = "en", **more: object) -> KnownTemplate:
    fields: dict[str, object] = {
        "name": "ready",
        "language": language,
        "status": "approved",
        "shape": READY,
        **more,
    }
    return KnownTemplate.model_validate(fields)


# --- variables --------------------------------------------------------------------------------------


def test_numbered_variables_count_and_named_ones_stand_as_written() -> None:
    assert places("{{2}} of {{1}}, again {{2}}, then {{10}}") == ("1", "2", "10")
    assert places("{{size}} and {{ dish }}") == ("size", "dish")
    assert places("none") == ()


@pytest.mark.parametrize(
    ("shape", "given", "told"),
    [
        pytest.param(READY, send("Ana", "7"), None, id="all-filled"),
        pytest.param(READY, send("Ana"), "2 variables ({{1}}, {{2}}) to fill, 1 given", id="few"),
        pytest.param(TemplateShape(body="Hi"), send("Ana"), "0 variables (none) to", id="many"),
        pytest.param(READY, send("Ana", " "), "variable 2 is empty", id="empty"),
        pytest.param(
            TemplateShape(body="{{who}} {{what}}"),
            send("a", "b", names=("who", "dish")),
            "nothing fills {{what}}; it has no dish; its variables are {{who}}, {{what}}",
            id="names",
        ),
        pytest.param(
            READY, send("Ana", names=("who",)), "2 variables ({{1}}, {{2}}) to fill", id="counted"
        ),
    ],
)
def test_every_variable_is_filled(shape: TemplateShape, given: Template, told: str | None) -> None:
    wrong = "; ".join(mismatches(shape, given))
    assert told in wrong if told else wrong == ""


def test_named_variables_go_in_the_templates_order() -> None:
    named = TemplateShape(body="{{who}}, order {{number}} is ready.")
    given = send("7", "Ana", names=("number", "who"))

    sent = fit([known(shape=named)], given, language=None)

    assert (sent.names, sent.body) == (("who", "number"), ("Ana", "7"))
    assert preview(named, given) == "Ana, order 7 is ready."


def test_variables_given_in_order_get_the_names_of_the_template() -> None:
    named = TemplateShape(body="{{who}}, order {{number}} is ready.")

    sent = fit([known(shape=named)], send("Ana", "7"), language=None)

    assert (sent.names, sent.body) == (("who", "number"), ("Ana", "7"))


def test_wrong_names_are_told_and_nothing_is_moved() -> None:
    named = TemplateShape(body="{{who}}, order {{number}} is ready.")

    with pytest.raises(ContentRejected, match=r"nothing fills \{\{number\}\}; it has no price"):
        fit([known(shape=named)], send("Ana", "7", names=("who", "price")), language=None)


def test_names_for_a_template_that_counts_only_say_which_is_which() -> None:
    sent = fit([known()], send("Ana", "7", names=("who", "number")), language=None)

    assert (sent.names, sent.body) == ((), ("Ana", "7"))


# --- header, buttons, cards -------------------------------------------------------------------------


def above(format: HeaderFormat, text: str = "") -> TemplateShape:
    return TemplateShape(header=HeaderShape(format=format, text=text), body="Hi")


@pytest.mark.parametrize(
    ("shape", "header", "told"),
    [
        pytest.param(TemplateShape(body="Hi"), None, None, id="none"),
        pytest.param(TemplateShape(body="Hi"), "Ana", "leave `header` out", id="none-given"),
        pytest.param(above("text", "For {{1}}"), "Ana", None, id="text"),
        pytest.param(above("text", "For {{1}}"), None, "the value of {{1}}", id="text-missing"),
        pytest.param(above("text", "For you"), None, None, id="text-fixed"),
        pytest.param(above("text", "For you"), "Ana", "has no variable", id="text-too-much"),
        pytest.param(
            above("text", "For {{1}}"), PICTURE, "the value of {{1}}: a text", id="text-not"
        ),
        pytest.param(above("image"), PICTURE, None, id="image"),
        pytest.param(above("image"), None, "give `header` an image", id="image-missing"),
        pytest.param(above("video"), PICTURE, "give `header` a video", id="image-not"),
        pytest.param(above("location"), PLACE, None, id="location"),
        pytest.param(above("location"), "Ana", "give `header` a location", id="location-not"),
        pytest.param(above("other"), PLACE, None, id="other"),
    ],
)
def test_what_stands_above_is_of_the_right_kind(
    shape: TemplateShape, header: object, told: str | None
) -> None:
    wrong = "; ".join(mismatches(shape, send(header=header)))
    assert told in wrong if told else wrong == ""


@pytest.mark.parametrize(
    ("buttons", "values", "told"),
    [
        pytest.param((TRACK,), [(0, "7", "url")], None, id="url"),
        pytest.param(
            (TRACK,),
            [],
            'button 0 needs a value: ButtonValue(index=0, value=..., use="url")',
            id="url-missing",
        ),
        pytest.param((SITE, CALL), [], None, id="nothing-to-fill"),
        pytest.param((SITE,), [(0, "7", "url")], "button 0 takes no value", id="fixed-url"),
        pytest.param((CALL,), [(0, "7", "url")], "button 0 takes no value", id="phone"),
        pytest.param((YES,), [(0, "p", "quick_reply")], None, id="payload"),
        pytest.param((YES,), [(0, "p", "url")], 'filled by use="quick_reply", not "url"', id="use"),
        pytest.param((CODE,), [(0, "SAVE", "copy_code")], None, id="code"),
        pytest.param((CODE,), [], "button 0 needs a value", id="code-missing"),
        pytest.param((FORM,), [(0, "x", "url"), (0, "y", "url")], None, id="other"),
        pytest.param(
            (YES,), [(1, "p", "quick_reply")], "there is no button 1: 1 button, counted", id="index"
        ),
        pytest.param((TRACK,), [(0, "7", "url"), (0, "8", "url")], "filled twice", id="twice"),
    ],
)
def test_buttons_are_filled_by_place_and_use(
    buttons: tuple[ButtonShape, ...], values: list[tuple[int, str, str]], told: str | None
) -> None:
    given = send(buttons=[{"index": i, "value": v, "use": u} for i, v, u in values])
    wrong = "; ".join(mismatches(TemplateShape(body="Hi", buttons=buttons), given))
    assert told in wrong if told else wrong == ""


def test_every_card_is_filled() -> None:
    card = CardShape(header=HeaderShape(format="image"), body="{{1}}", buttons=(TRACK,))
    shape = TemplateShape(body="New:", cards=(card, card))
    whole = TemplateCard(header=PICTURE, body=("Cake",), buttons=(ButtonValue(index=0, value="7"),))

    assert mismatches(shape, send(cards=(whole, whole))) == []
    assert mismatches(shape, send(cards=(whole,))) == ["2 cards to fill, 1 given"]
    assert mismatches(shape, send(cards=(whole, TemplateCard()))) == [
        "card 1: 1 variable to fill, 0 given",
        "give card 1's `header` an image",
        'card 1\'s button 0 needs a value: ButtonValue(index=0, value=..., use="url")',
    ]


# --- language, status, category ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "asked", "line", "sent"),
    [
        pytest.param(("en", "es_MX"), "es-mx", "en", "es_MX", id="as-asked"),
        pytest.param(("en", "es", "es_AR"), "es_MX", "en", "es", id="without-country"),
        pytest.param(("en", "es_AR"), "es", "en", "es_AR", id="another-country"),
        pytest.param(("en_US", "es"), "pt", "en", "en_US", id="the-lines-own"),
        pytest.param(("es",), "pt", "en", None, id="none"),
        pytest.param(("es",), "pt", None, None, id="none-known"),
    ],
)
def test_the_nearest_language_goes_out(
    there: tuple[str, ...], asked: str, line: str | None, sent: str | None
) -> None:
    given = send("Ana", "7", language=asked)
    languages = [known(language) for language in there]
    if sent is None:
        with pytest.raises(ContentRejected, match="none in 'pt', only in es; hand one in"):
            fit(languages, given, language=line)
    else:
        assert fit(languages, given, language=line).language == sent


def test_one_that_may_go_stands_in_for_one_that_may_not() -> None:
    languages = [known("es_MX", status="rejected"), known("es")]

    assert fit(languages, send("Ana", "7", language="es_MX"), language="en").language == "es"


@pytest.mark.parametrize("status", ["pending", "rejected", "paused", "disabled", "draft"])
def test_only_an_approved_one_goes(status: str) -> None:
    with pytest.raises(ContentRejected, match=rf"it is {status} \(too loud\); only approved"):
        fit([known(status=status, reason="too loud")], send("Ana", "7"), language=None)
    with pytest.raises(ContentRejected, match=rf"it is {status}; only approved"):
        fit([known(status=status)], send("Ana", "7"), language=None)


def test_one_of_unknown_status_and_parts_is_the_providers_to_judge() -> None:
    given = send("whatever")

    assert fit([known(status="unknown", shape=None)], given, language=None) == given


def test_the_category_guards_the_price() -> None:
    dearer = known(category="marketing")

    with pytest.raises(ContentRejected, match="approved as marketing, not utility; leave `categ"):
        fit([dearer], send("Ana", "7", category="utility"), language=None)
    accepted = send("Ana", "7", category="marketing")
    guarded = send("Ana", "7", category="utility")
    assert fit([dearer], accepted, language=None) == accepted
    assert fit([dearer], send("Ana", "7"), language=None) == send("Ana", "7")
    assert fit([known(category=None)], guarded, language=None) == guarded


def test_what_does_not_fit_says_of_which_template() -> None:
    with pytest.raises(ContentRejected, match=r"^template 'ready' \(en\): 2 variables"):
        fit([known()], send(), language=None)


def test_the_providers_own_id_pins_the_language() -> None:
    languages = [known("en", id="t-1"), known("es", id="t-2")]

    assert fit(languages, send("Ana", "7", id="t-2"), language=None).language == "es"
    assert fit(languages, send("Ana", "7", id="t-9"), language=None).language == "en"
    unlisted = send("Ana", id="t-9", language="pt")
    assert fit(languages, unlisted, language="en") == unlisted


def test_a_change_is_of_one_language_or_of_all() -> None:
    one, all_, unnamed = (
        TemplateChange(name="ready", language="en-US"),
        TemplateChange(name="ready"),
        TemplateChange(),
    )

    assert one.of("ready", "en_US")
    assert not one.of("ready", "es")
    assert all_.of("ready", "es")
    assert not all_.of("late", "es")
    assert not unnamed.of("ready", "en")


def test_a_change_says_only_what_it_says() -> None:
    rejected = changed(known(), TemplateChange(name="ready", status="rejected", reason="too loud"))
    dearer = changed(rejected, TemplateChange(name="ready", language="en", category="marketing"))

    assert (rejected.status, rejected.reason, rejected.category) == ("rejected", "too loud", None)
    assert (dearer.status, dearer.reason, dearer.category) == ("rejected", "too loud", "marketing")
    assert changed(dearer, TemplateChange(name="ready", status="approved")).reason is None
    assert changed(dearer, TemplateChange(name="late", status="approved")) == dearer


# --- preview ----------------------------------------------------------------------------------------


def test_a_preview_reads_as_the_contact_sees_it() -> None:
    shape = TemplateShape(
        header=HeaderShape(format="text", text="Order {{1}}"),
        body="{{1}}, it is on its way.\nAbout {{2}} minutes.",
        footer="Casa Lumbre",
        buttons=(TRACK, SITE, CALL, YES, CODE),
    )
    given = send(
        "Ana",
        "30",
        header="7",
        buttons=(
            ButtonValue(index=0, value="o7"),
            ButtonValue(index=4, value="SAVE", use="copy_code"),
        ),
    )

    assert preview(shape, given).split("\n") == [
        "Order 7",
        "Ana, it is on its way.",
        "About 30 minutes.",
        "Casa Lumbre",
        "[Track it] -> https://shop.example/o7",
        "[Our site] -> https://shop.example",
        "[Call us] -> +525550001111",
        "[Yes]",
        "[Copy] -> SAVE",
    ]


def test_what_is_not_filled_stays_a_place() -> None:
    shape = TemplateShape(
        header=HeaderShape(format="text", text="For {{1}}"), body="Hi {{1}}", buttons=(TRACK,)
    )

    assert preview(shape, send()) == "For {{1}}\nHi {{1}}\n[Track it] -> https://shop.example/{{1}}"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        pytest.param(PICTURE, "[image] https://shop.example/cake.png", id="file"),
        pytest.param(Media(kind="document"), "[document]", id="nameless"),
        pytest.param(PLACE, "[location] 19.4,-99.1", id="place"),
        pytest.param(PLACE.model_copy(update={"name": "Zoo"}), "[location] Zoo", id="named"),
    ],
)
def test_a_preview_names_what_stands_above(header: Media | Location, shown: str) -> None:
    assert preview(above("image"), send(header=header)) == f"{shown}\nHi"


def test_a_preview_shows_cards_in_their_order() -> None:
    cards = tuple(
        CardShape(header=HeaderShape(format="image"), body="{{1}}", buttons=(YES,)) for _ in "ab"
    )
    filled = (TemplateCard(header=PICTURE, body=("Cake",)), TemplateCard(body=("Bread",)))

    shown = preview(TemplateShape(body="New:", cards=cards), send(cards=filled))

    assert shown.split("\n") == [
        "New:",
        "(1) [image] https://shop.example/cake.png",
        "Cake",
        "[Yes]",
        "(2)",
        "Bread",
        "[Yes]",
    ]
