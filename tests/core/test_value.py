"""The base of every value: checked where it comes from outside, shared and copied cheaply inside."""

from dataclasses import FrozenInstanceError

import pytest
from pydantic import ValidationError

from engine.core.content import Text
from tests.builders import make_conversation


def test_a_trusted_value_is_the_same_as_a_checked_one() -> None:
    trusted = Text.trusted(kind="text", body="hi", preview_url=False)
    assert trusted == Text(body="hi")
    assert Text.model_validate_json(trusted.model_dump_json()) == trusted
    assert trusted.model_copy(update={"body": "ho"}) == Text(body="ho")


def test_a_copy_changes_what_it_names_and_shares_the_rest() -> None:
    before = make_conversation(turn=3)
    after = before.model_copy(update={"turn": 4})
    assert (before.turn, after.turn) == (3, 4)
    assert after.contact is before.contact


def test_a_value_is_frozen_and_knows_its_names() -> None:
    with pytest.raises(FrozenInstanceError):
        Text(body="hi").body = "ho"  # type: ignore[misc]  # the point of the test
    with pytest.raises(ValidationError):
        Text.model_validate({"body": "hi", "words": "ho"})


def test_a_value_is_plain_data_without_what_nobody_set() -> None:
    assert Text(body="hi").model_dump(exclude_defaults=True) == {"body": "hi"}
    assert Text(body="hi").model_dump(mode="json", exclude={"preview_url"}) == {
        "kind": "text",
        "body": "hi",
    }
