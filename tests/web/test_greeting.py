"""What the operator reads at start."""

import pytest
from pydantic import SecretStr

from adapters.cbot.settings import CbotLine
from adapters.cloud.settings import CloudLine
from adapters.gupshup.settings import GupshupLine
from adapters.interakt.settings import InteraktLine
from web.greeting import CALLBACKS, PASTE_AT, REGISTERED, UNSIGNED, greeting
from web.settings import ServerSettings, Settings

ORIGIN = "http://127.0.0.1:8080"


def cloud(webhook_secret: str | None = None) -> CloudLine:
    return CloudLine(
        provider="cloud",
        phone_number_id="1065",
        token=SecretStr("line-token"),
        app_secret=SecretStr("line-secret"),
        verify_token=SecretStr("line-verify"),
        webhook_secret=None if webhook_secret is None else SecretStr(webhook_secret),
    )


def read(settings: Settings, *, simulator: bool = False) -> str:
    return "\n".join(greeting(settings, origin=ORIGIN, simulator=simulator))


def test_each_line_is_told_with_its_address_and_where_to_paste_it() -> None:
    server = ServerSettings(public_url="https://bot.example.com")

    told = read(Settings(server=server, lines={"shop": cloud()}))

    assert "webhook https://bot.example.com/webhooks/shop\n" in told
    assert PASTE_AT["cloud"] in told
    assert told.endswith("\nInbox for agents: https://bot.example.com/inbox")
    assert "warning" not in told


@pytest.mark.parametrize(
    ("channel", "where"), [("whatsapp", f"paste it at: {PASTE_AT['interakt']}"), ("rcs", CALLBACKS)]
)
def test_the_channel_of_an_account_decides_where_to_paste_it(channel: str, where: str) -> None:
    table: dict[str, object] = {"provider": "interakt", "api_key": "k", "signing_secret": "s"}
    line = InteraktLine.model_validate(table | {"channel": channel})

    assert f"  {where}" in read(Settings(lines={"shop": line}))


def test_a_secret_address_is_told_whole() -> None:
    assert f"{ORIGIN}/webhooks/shop/s3cret\n" in read(Settings(lines={"shop": cloud("s3cret")}))


def test_without_a_public_address_the_operator_is_warned() -> None:
    assert "warning: providers cannot reach" in read(Settings(lines={"shop": cloud()}))


def test_without_a_line_the_operator_is_warned() -> None:
    assert "warning: no line is configured" in read(Settings())


def test_the_simulator_and_the_inbox_are_told_and_need_no_line() -> None:
    told = read(Settings(), simulator=True).splitlines()

    assert told == [
        f"Parley listens on {ORIGIN}",
        f"Inbox for agents: {ORIGIN}/inbox",
        f"Simulator: {ORIGIN}/simulator",
    ]


def test_who_is_told_the_address_by_a_call_needs_no_paste() -> None:
    line = CbotLine.model_validate({"provider": "360dialog", "api_key": "line-key"})

    told = read(Settings(lines={"shop": line}))

    assert "  set it with: parley lines register shop\n" in told
    assert "paste" not in told


@pytest.mark.parametrize(
    ("other", "warned"),
    [
        pytest.param({}, True, id="the same account"),
        pytest.param({"app": "PizzaBen"}, False, id="another app"),
        pytest.param({"source": "525550000008"}, False, id="another number"),
    ],
)
def test_two_lines_of_one_account_are_told(other: dict[str, object], warned: bool) -> None:
    table: dict[str, object] = {
        "provider": "gupshup",
        "api_key": "k",
        "app": "PizzaAna",
        "source": "525550000009",
    }
    shop, desk = (GupshupLine.model_validate(one) for one in (table, table | other))

    told = read(Settings(lines={"shop": shop, "desk": desk}))

    assert ("lines.shop and lines.desk are one account" in told) is warned


def test_no_secret_of_a_line_is_told() -> None:
    told = read(Settings(lines={"shop": cloud()}))

    assert not any(secret in told for secret in ("line-token", "line-secret", "line-verify"))


def test_whoever_signs_nothing_is_known_to_be_pasted_somewhere() -> None:
    assert PASTE_AT.keys() | REGISTERED >= UNSIGNED


def test_a_line_whose_webhooks_bring_a_password_needs_no_secret_address() -> None:
    table: dict[str, object] = {"provider": "360dialog", "api_key": "line-key"}
    guard = {"webhook_user": "parley", "webhook_password": "word"}

    assert "anyone can post" in read(Settings(lines={"shop": CbotLine.model_validate(table)}))
    guarded = CbotLine.model_validate(table | guard)
    assert "anyone can post" not in read(Settings(lines={"shop": guarded}))
