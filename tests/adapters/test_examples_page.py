"""The page of documented requests is what the tests' tables say; runs without the documents."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.examples import Call, Deviation, Documented, differences
from tests.adapters.examples_page import PAGE, PROVIDERS, TEST, published, render, rewrite

WRITE = "PARLEY_WRITE_EXAMPLES"
"""Set it to publish what the tables say now; `make examples` does."""

ADAPTERS = Path(__file__).parent


def test_the_page_lists_each_example_with_its_test_and_each_deviation_with_its_reason() -> None:
    if os.environ.get(WRITE):
        rewrite()

    assert published() == render(), f"{PAGE.name} says something else: publish by `make examples`"


def test_no_table_of_documented_requests_is_left_out() -> None:
    folders = {path.parent.name for path in ADAPTERS.glob("*/documented.py")}

    assert folders == {provider.folder for provider in PROVIDERS}
    assert folders == {path.parent.name for path in ADAPTERS.glob("*/test_examples.py")} - {
        "sandbox"
    }


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.folder)
def test_the_named_test_stands_where_the_page_says(provider: Documented) -> None:
    text = (ADAPTERS / provider.folder / "test_examples.py").read_text("utf-8")

    assert f"async def {TEST}(" in text
    assert "async def test_every_listed_deviation_occurs(" in text
    assert "def test_every_documented_example_is_in_the_table(" in text


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.folder)
def test_a_deviation_names_a_known_example_once_and_says_why(provider: Documented) -> None:
    places = Counter((known.example, known.path) for known in provider.deviations)

    assert [known for known in provider.deviations if not known.reason.strip()] == []
    assert [
        known.example for known in provider.deviations if known.example not in provider.made_by
    ] == ([known.example for known in provider.deviations if known.example == "*"])
    assert [place for place, times in places.items() if times > 1] == []


# --- the comparison itself ----------------------------------------------------------------------------

SHOWN = Call("POST", "/message", {"text": {"body": "Hi"}, "ttl": 1}, query={"page": "1"})
SPEAKS_OF_TTL = Documented("P", "p", {"one": "`Text`"}, (Deviation("one", "body.ttl", "no need"),))


@pytest.mark.parametrize(
    ("made", "place"),
    [
        pytest.param(SHOWN._replace(method="PUT"), "method", id="method"),
        pytest.param(SHOWN._replace(path="/messages"), "path", id="path"),
        pytest.param(SHOWN._replace(query={}), "query.page", id="query"),
        pytest.param(SHOWN._replace(body={"text": {"body": "Ho"}, "ttl": 1}), "body.text.body", id="value"),
        pytest.param(SHOWN._replace(body={"text": {"body": "Hi"}, "ttl": True}), "body.ttl", id="type"),
        pytest.param(SHOWN._replace(body={"text": {"body": "Hi"}}), "body.ttl", id="missing"),
        pytest.param(
            SHOWN._replace(body={"text": {"body": "Hi"}, "ttl": 1, "to": None}), "body.to", id="added"
        ),
    ],
)  # fmt: skip
def test_any_difference_is_seen(made: Call, place: str) -> None:
    assert list(differences(made, SHOWN)) == [place]


def test_a_fault_of_the_document_is_a_difference() -> None:
    broken = SHOWN._replace(faults={"document.json": "missing comma"})

    assert list(differences(SHOWN, broken)) == ["document.json"]


def test_an_unlisted_difference_is_named_and_a_listed_one_is_not() -> None:
    found = differences(SHOWN._replace(method="PUT", body={"text": {"body": "Hi"}}), SHOWN)

    assert list(SPEAKS_OF_TTL.unlisted("one", found)) == ["method"]


def test_a_deviation_that_does_not_occur_is_named() -> None:
    assert SPEAKS_OF_TTL.idle({"one": differences(SHOWN, SHOWN)}) == list(SPEAKS_OF_TTL.deviations)
