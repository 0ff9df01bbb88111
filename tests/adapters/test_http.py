"""What is kept of a call, and that no secret is among it."""

import pytest

from adapters.http import EXCHANGE_CHARS, SECRET_KEYS, may_hold_secret, redact


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_the_value_of_a_secret_key_is_not_kept(key: str) -> None:
    for text in (
        f'{{"{key}": "hush-hush"}}',
        f'{{"a": 1,"{key.upper()}":"hush-hush","b": 2}}',
        f'{{"{key}": "hush\\"-hush", "b": 2}}',
        f'{{"{key}": "hush-hu',
        f'{{"{key}" : "hush"}}',
        f"https://a.example/x?y=1&{key}=hush-hush&z=2",
    ):
        assert "hush" not in redact(text)
        assert may_hold_secret(text)


def test_a_secret_number_is_not_kept() -> None:
    assert may_hold_secret('{"pin": 123456}')
    assert redact('{"pin": 123456, "b": 2}') == '{"pin": "***", "b": 2}'


def test_a_bearer_token_is_not_kept_wherever_it_stands() -> None:
    said = "you sent Bearer EAAB-secret here"
    assert may_hold_secret(said)
    assert "EAAB" not in redact(said)


@pytest.mark.parametrize(
    "text",
    [
        '{"text": {"body": "The token of our love"}}',
        '{"flow_token": "of-the-flow", "tokens": 3, "title": "Pin it"}',
        "https://a.example/token/1?page=2",
        "plain words",
        "",
    ],
    ids=repr,
)
def test_what_is_no_secret_is_kept(text: str) -> None:
    assert redact(text) == text


def test_nearly_every_text_is_told_to_hold_none_at_once() -> None:
    assert not may_hold_secret('{"type":"text","text":{"body":"2 + 2 = 4, or is it?"}}')


def test_a_long_body_is_cut() -> None:
    assert len(redact("x" * 100_000)) == EXCHANGE_CHARS


def test_a_secret_at_the_cut_is_not_kept() -> None:
    text = "x" * (EXCHANGE_CHARS - 20) + '{"token": "hush-hush"}'
    assert "hush" not in redact(text)
