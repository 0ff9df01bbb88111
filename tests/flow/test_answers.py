"""The answer types: what each reads, what it waits for, what it says to what it does not understand."""

from enum import StrEnum
from types import new_class
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Gt, Interval, Lt, MinLen
from pydantic import Field

from engine.core.content import ButtonReply, Inbound, Media, Reaction, Text
from engine.core.errors import DefinitionError
from engine.core.ids import ExternalId
from engine.core.script import Answer, NotUnderstood
from engine.flow.compile import CompiledFlow
from parley import Audio, Document, Flow, Image, Location, Option, Video, ask
from parley import Media as AnyMedia
from tests.flow.walking import Walker

HERE = Location(latitude=38.71, longitude=-9.14, name="Home")
PHOTO = Media(kind="image", external_id="1", caption="Look")
VOICE = Media(kind="voice", external_id="2")
PHOTO_FILE = Media(kind="document", external_id="3", mime_type="image/png", filename="a.png")
BROKEN = Media(kind="image", error="too large")


def asking(annotation: Any, **how: Any) -> Walker:
    """Return a run that has just been asked for a value of the type."""
    body = {"__module__": __name__, "__annotations__": {"it": annotation}, "it": ask("?", **how)}
    cls = new_class("One", (Flow,), exec_body=lambda namespace: namespace.update(body))
    walker = Walker(cls)
    walker.begin()
    return walker


def read(walker: Walker, content: Inbound) -> object:
    """Return the value that the content is, or what was waited for."""
    match walker.flow.read(walker.run, content, walker.scene):
        case Answer(value=value):
            return value
        case NotUnderstood(expected=expected):
            return expected
        case unsure:
            return [answer.value for answer in unsure.answers]


NUMBER = Annotated[int, Interval(ge=1, le=20)]


@pytest.mark.parametrize(
    ("annotation", "said", "meant"),
    [
        pytest.param(int, "3", 3, id="int"),
        pytest.param(int, " 3 please", 3, id="int-in-words"),
        pytest.param(int, "-4", -4, id="int-negative"),
        pytest.param(int, "٣", 3, id="int-arabic"),
        pytest.param(int, "three", 3, id="int-words"),
        pytest.param(int, "2.5", "a number", id="int-decimal"),
        pytest.param(int, "1/2", "a number", id="int-half"),
        pytest.param(int, "12:30", "a number", id="int-time"),
        pytest.param(int, "2 or 3", "a number", id="int-two"),
        pytest.param(int, "9" * 30, "a number", id="int-too-long"),
        pytest.param(NUMBER, "20", 20, id="bounds-most"),
        pytest.param(NUMBER, "21", "a number from 1 to 20", id="bounds-above"),
        pytest.param(NUMBER, "0", "a number from 1 to 20", id="bounds-below"),
        pytest.param(Annotated[int, Gt(2)], "2", "a number, 3 or more", id="greater"),
        pytest.param(Annotated[int, Lt(2)], "2", "a number, 1 or less", id="less"),
        pytest.param(Annotated[int, Field(ge=5)], "4", "a number, 5 or more", id="pydantic-field"),
        pytest.param(
            Annotated[int, Interval(ge=1)] | None, "0", "a number, 1 or more", id="optional"
        ),
        pytest.param(bool, "Yes.", True, id="yes"),
        pytest.param(bool, "nope", False, id="no"),
        pytest.param(bool, "👍", True, id="thumb"),
        pytest.param(bool, "maybe", "yes or no", id="maybe"),
        pytest.param(str, "  hello ", "hello", id="text"),
        pytest.param(str, "   ", "a text", id="spaces"),
        pytest.param(Annotated[str, MinLen(3)], "ab", "a text", id="text-too-short"),
        pytest.param(Location, "here", "your location 📍", id="typed-place"),
        pytest.param(Location | str, "Rua 1", "Rua 1", id="typed-address"),
        pytest.param(int | str, "4", 4, id="number-before-text"),
        pytest.param(int | str, "a few", "a few", id="text-after-number"),
        pytest.param(str | int, "4", 4, id="free-text-is-always-last"),
        pytest.param(Image, "look", "a photo", id="typed-photo"),
        pytest.param(Location | Image, "x", "your location 📍 or a photo", id="either"),
    ],
)
def test_a_text_is_read_by_the_type(annotation: Any, said: str, meant: object) -> None:
    assert read(asking(annotation), Text(body=said)) == meant


@pytest.mark.parametrize(
    ("annotation", "content", "meant"),
    [
        pytest.param(Image, PHOTO, True, id="photo"),
        pytest.param(Image, PHOTO_FILE, True, id="photo-as-document"),
        pytest.param(Image, VOICE, False, id="voice-is-no-photo"),
        pytest.param(Image, BROKEN, False, id="photo-that-failed"),
        pytest.param(Audio, VOICE, True, id="voice"),
        pytest.param(Video, PHOTO, False, id="photo-is-no-video"),
        pytest.param(Document, PHOTO_FILE, True, id="document"),
        pytest.param(AnyMedia, VOICE, True, id="any"),
        pytest.param(Location, HERE, True, id="place"),
        pytest.param(str, PHOTO, False, id="photo-is-no-text"),
        pytest.param(int, ButtonReply(id=None, title="3"), False, id="a-tap-is-not-typed"),
        pytest.param(str, Reaction(to=ExternalId("m"), emoji="👍"), False, id="reaction"),
    ],
)
def test_files_and_places_are_read_by_the_type(
    annotation: Any, content: Inbound, meant: bool
) -> None:
    walker = asking(annotation)
    reading = walker.flow.read(walker.run, content, walker.scene)
    assert isinstance(reading, Answer) is meant
    if isinstance(reading, Answer):
        walker.answer(reading.value, shown=reading.shown)
        assert walker.run.answers["it"] == reading.value


def test_a_place_is_shown_by_its_name() -> None:
    walker = asking(Location)
    reading = walker.flow.read(walker.run, HERE, walker.scene)
    assert isinstance(reading, Answer)
    assert reading.shown == "Home"
    assert walker.question.wants_location


class Size(StrEnum):
    SMALL = "Small"
    LARGE = "Large"


@pytest.mark.parametrize(
    ("annotation", "titles"),
    [
        pytest.param(Literal["Small", "Large"], ["Small", "Large"], id="literal"),
        pytest.param(Literal[1, 2], ["1", "2"], id="numbers"),
        pytest.param(Size, ["Small", "Large"], id="enum"),
        pytest.param(bool, ["Yes", "No"], id="bool"),
        pytest.param(str, [], id="text"),
    ],
)
def test_a_type_brings_its_options(annotation: Any, titles: list[str]) -> None:
    assert asking(annotation).titles == titles


def test_only_an_option_answers_a_closed_choice() -> None:
    assert read(asking(Literal["Small", "Large"]), Text(body="Small")) == "one of: Small, Large"
    walker = asking(str, options=["Red, dark", "Blue"])
    assert read(walker, Text(body="green")) == "one of: Red, dark; Blue"


def test_options_beside_a_type_are_suggestions() -> None:
    walker = asking(int, options=[2, 4])
    assert walker.titles == ["2", "4"]
    assert read(walker, Text(body="3")) == 3


def test_equal_titles_wait_for_a_number() -> None:
    walker = asking(str, options=[Option("a", "Kim"), Option("b", "kim")])
    assert walker.question.numbered
    assert read(walker, Text(body="x")) == "a number from 1 to 2"


def test_retry_is_the_authors_else_made_from_the_type() -> None:
    assert asking(int, retry="A number, {contact.name|please}!").not_understood() == (
        "A number, Ana!"
    )
    for annotation, said in [
        (NUMBER, "Please send a number from 1 to 20."),
        (bool, "Please answer yes or no."),
        (Literal["A", "B"], "Please choose one of: A, B."),
        (Image, "Please send a photo."),
    ]:
        walker = asking(annotation)
        assert walker.not_understood(str(read(walker, Text(body="?")))) == said


def test_a_type_that_nothing_reads_is_refused_with_its_line() -> None:
    class Odd(Flow):
        at: dict[str, int] = ask("When?")

    with pytest.raises(DefinitionError, match=r"test_answers\.py:\d+: odd\.at: no answer type"):
        CompiledFlow(Odd)
