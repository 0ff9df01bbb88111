"""Amounts and yes or no beyond the cases: bounds, what is stored and shown, and that nothing raises."""

from datetime import UTC, datetime
from decimal import Decimal
from time import thread_time
from typing import Annotated, Any

import pytest
from annotated_types import Ge, Gt, Interval, Lt
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from engine.core.content import ButtonReply, Text
from engine.core.script import Answer, Unsure
from engine.core.value import Json
from engine.flow.answers import readers_for
from engine.flow.answers.heard.lexicon import LANGUAGES
from engine.flow.answers.heard.lexicon import read as read_lexicon
from engine.flow.answers.reader import Here
from parley import Currency, Money, Quantity

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
KINDS = (bool, int, Decimal, Money, Quantity)


def read(
    annotation: object, said: str, language: str = "en", country: str | None = None
) -> Answer | Unsure | None:
    (reader,) = readers_for(annotation)
    return reader.read(Text(body=said), Here(NOW, language, country))


def values(read: Answer | Unsure | None) -> list[Json]:
    match read:
        case Answer(value=value):
            return [value]
        case Unsure(answers=answers):
            return [one.value for one in answers]
        case None:
            return []


@pytest.mark.parametrize(
    ("annotation", "said", "meant"),
    [
        pytest.param(Annotated[Decimal, Ge(Decimal("1.5"))], "1.4", [], id="decimal-below"),
        pytest.param(Annotated[Decimal, Gt(1)], "one and a half", ["1.5"], id="decimal-above"),
        pytest.param(Annotated[Decimal, Lt(2)], "2", [], id="decimal-not-most"),
        pytest.param(Annotated[Decimal, Field(le=2.5)], "2.5", ["2.5"], id="decimal-pydantic"),
        pytest.param(Annotated[Decimal, Ge(100)], "three fifty", ["350"], id="bounds-decide"),
        pytest.param(Annotated[int, Gt(2.5)], "2", [], id="int-above-a-half"),
        pytest.param(Annotated[int, Interval(ge=1, le=9)], "a dozen", [], id="int-above"),
        pytest.param(
            Annotated[Money, Ge(5)], "5 €", [{"amount": "5", "currency": "EUR"}], id="money-least"
        ),
        pytest.param(Annotated[Money, Ge(5)], "4,99 €", [], id="money-below"),
        pytest.param(
            Annotated[Quantity, Interval(gt=0, le=10)],
            "10 kg",
            [{"amount": "10", "unit": "kg"}],
            id="quantity-most",
        ),
        pytest.param(Annotated[Quantity, Interval(gt=0, le=10)], "11 kg", [], id="quantity-above"),
    ],
)
def test_bounds_of_the_type_hold(annotation: Any, said: str, meant: list[Json]) -> None:
    found = values(read(annotation, said))

    assert found == meant
    for value in found:
        TypeAdapter(annotation).validate_python(value)


def test_a_stored_amount_out_of_bounds_is_no_answer_any_more() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Annotated[Money, Ge(5)]).validate_python({"amount": "4", "currency": "EUR"})


@pytest.mark.parametrize(
    ("country", "said", "meant"),
    [
        pytest.param(None, "20", ["EUR"], id="marker-alone"),
        pytest.param("US", "20", ["EUR"], id="marker-before-country"),
        pytest.param("US", "20 dollars", ["USD"], id="said"),
        pytest.param(None, "20 cents", ["EUR"], id="small"),
    ],
)
def test_a_marker_says_the_currency(country: str | None, said: str, meant: list[str]) -> None:
    found = values(read(Annotated[Money, Currency("EUR")], said, "en", country))

    assert [value["currency"] for value in found if isinstance(value, dict)] == meant


def test_a_marker_must_be_a_currency() -> None:
    with pytest.raises(ValueError, match="no currency 'EURO'"):
        Currency("EURO")


@pytest.mark.parametrize(
    ("annotation", "said", "language", "country", "shown"),
    [
        pytest.param(int, "1200", "en", "US", "1,200", id="int"),
        pytest.param(Decimal, "2.5", "de", "DE", "2,5", id="decimal"),
        pytest.param(Money, "12.50", "en", "IE", "€12.50", id="money"),
        pytest.param(Money, "doce euros", "es", "ES", "12,00\xa0€", id="money-es"),
        pytest.param(Quantity, "two kilos", "en", "GB", "2 kg", id="quantity"),
        pytest.param(Quantity, "ein halber Liter", "de", "DE", "0,5 l", id="quantity-de"),
        pytest.param(Quantity, "6 eggs", "en", None, "6", id="pieces"),
    ],
)
def test_an_answer_is_shown_as_the_country_writes_it(
    annotation: Any, said: str, language: str, country: str | None, shown: str
) -> None:
    found = read(annotation, said, language, country)

    assert isinstance(found, Answer)
    assert found.shown == shown


def test_each_choice_has_a_title_for_its_button() -> None:
    found = read(Money, "three fifty dollars")

    assert isinstance(found, Unsure)
    titles = [one.shown for one in found.answers]
    assert len(set(titles)) == len(titles) == 4
    assert all(title and len(title) <= 20 for title in titles)


def test_only_text_is_read() -> None:
    for kind in KINDS:
        (reader,) = readers_for(kind)
        assert reader.read(ButtonReply(id=None, title="2 kg"), Here(NOW)) is None


def test_a_language_without_a_file_reads_as_english_does() -> None:
    assert values(read(int, "two", "sv")) == [2]
    assert values(read(bool, "yes", "sv")) == [True]
    assert values(read(Quantity, "2 kilos", "sv")) == [{"amount": "2", "unit": "kg"}]
    assert values(read(Money, "2 euros", "sv")) == [{"amount": "2", "currency": "EUR"}]


def test_every_language_knows_the_same_parts() -> None:
    english = read_lexicon("en")
    for language in LANGUAGES:
        data = read_lexicon(language)
        assert data.keys() == english.keys(), language
        assert data["yes_no"].keys() == english["yes_no"].keys(), language
        needed = {"ask", "ask_first", "request", "unsure", "vague", "not", "but", "correct", "or"}
        assert needed <= data["speech"].keys(), language


# --- nothing raises, nothing takes long ----------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        "2",
        "1.234",
        "12,5",
        "½",
        "٣",
        "1/2",
        "-",
        "+",
        ".",
        ",",
        "?",
        "!",
        "$",
        "€",
        "k",
        "x",
        "one",
        "a",
        "half",
        "and",
        "two",
        "hundred",
        "million",
        "y",
        "medio",
        "un",
        "mil",
        "kilo",
        "euros",
        "con",
        "halb",
        "und",
        "ein",
        "zwei",
        "tausend",
        "demi",
        "et",
        "saadhe",
        "teen",
        "sau",
        "lakh",
        "و",
        "نص",
        "كيلو",
        "خمسة",
        "no",
        "not",
        "sí",
        "nein",
        "👍",
        "\n",
        "5kg",
        "R$",
        ":",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(_PIECES, max_size=12).map(" ".join),
        st.lists(_PIECES, max_size=12).map("".join),
    ),
    st.sampled_from(LANGUAGES),
    st.sampled_from([None, "US", "MX", "IN", "CH", "KW", "EG", "XX"]),
)
def test_whatever_is_said_is_read_or_not(said: str, language: str, country: str | None) -> None:
    for kind in KINDS:
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        for value in values(read(kind, said, language, country)):
            assert adapter.dump_python(adapter.validate_python(value), mode="json") == value


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("a" * 4096, id="long"),
        pytest.param("9" * 4096, id="digits"),
        pytest.param("one " * 75, id="number-words"),
        pytest.param("einundzwanzig" * 23, id="one-long-word"),
        pytest.param("1.2," * 75, id="separators"),
        pytest.param("\ud800\udfff\x00\x1b\u202e" * 60, id="control-and-surrogates"),
        pytest.param("-" * 300, id="signs"),
        pytest.param("half of a " * 30, id="of-of-of"),
    ],
)
def test_odd_texts_are_no_answer_and_take_no_time(said: str) -> None:
    for language in LANGUAGES:
        for kind in KINDS:
            read(kind, "2", language)
            began = thread_time()  # other processes' turns do not count
            assert values(read(kind, said, language)) == []
            assert thread_time() - began < 0.05
